"use strict";
// Values as text, as node's util.inspect writes them, to the character.
//
// Evaluated in a case's realm when its console is first used, perhaps after the submission has changed the built-ins.
// Hence nothing is called but what `intrinsics` has captured; lists are no arrays, which accessors on Array.prototype
// would reach; no array is spread, destructured or iterated, as that calls what can be changed; and of what inherits
// from the realm's objects only own properties are read. For the inspected value node's rules hold: getters are not
// called, but what names it (constructor, Symbol.toStringTag, an error's stack) is simply read, and its hook is called.
//
// The host's are details(value), [kind, ...more] of an object with a brand, and keys(value, all), own keys that are no
// indices: all, or the enumerable ones. Without that, to pick them from all keys takes half a second for a million
// elements. Neither runs any code.
((host) => {
  const { details, intrinsics } = host;
  const captured = intrinsics();
  const { apply, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, hasOwn, isArray, Symbol, sqrt } = captured;
  const { List, cut, find, has, match, spaces, textOf } = captured;
  const BUDGET = 1e6; // characters that a call makes; "..." is in place of what would be more
  const DEFAULTS = {
    __proto__: null, showHidden: false, depth: 2, colors: false, customInspect: true, showProxy: false,
    maxArrayLength: 100, maxStringLength: 10000, breakLength: 80, compact: 3, sorted: false, getters: false,
    numericSeparator: false,
  };

  // ---- text

  const plural = (count, unit) => `${count} ${unit}${count > 1 ? "s" : ""}`;

  const linesOf = (text) => {
    const lines = new List();
    let from = 0;
    for (let at; (at = find(text, "\n", from)) !== -1; from = at + 1) lines.push(cut(text, from, at));
    return lines.push(cut(text, from));
  };

  // All lines but the first.
  const indent = (text, indentation) => {
    let indented = "";
    let from = 0;
    for (let at; (at = find(text, "\n", from)) !== -1; from = at + 1) {
      if (indented.length > from + BUDGET) return `${indented}...`;
      indented += cut(text, from, at + 1) + indentation;
    }
    return from === 0 ? text : indented + cut(text, from);
  };

  const ESCAPES = {
    __proto__: null, "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "'": "\\'", "\\": "\\\\",
  };
  const HEX = "0123456789abcdef0123456789ABCDEF";
  const ESCAPED = /[\x00-\x1f'\\\x7f-\x9f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

  const escapeUnit = (unit) => {
    if (ESCAPES[unit] !== undefined) return ESCAPES[unit];
    const code = apply(captured.charCodeAt, unit, [0]);
    const digit = (shift) => HEX[((code >> shift) & 15) + (code < 256 ? 16 : 0)];
    return code < 256 ? `\\x${digit(4)}${digit(0)}` : `\\u${digit(12)}${digit(8)}${digit(4)}${digit(0)}`;
  };

  const escape = (text, mark = "'") => {
    let escaped = "";
    let from = (ESCAPED.lastIndex = 0);
    for (let found; (found = match(ESCAPED, text)) !== null; from = ESCAPED.lastIndex) {
      escaped += cut(text, from, found.index) + (found[0] === "'" && mark !== "'" ? "'" : escapeUnit(found[0]));
    }
    return from === 0 ? text : escaped + cut(text, from);
  };

  const quote = (text) => {
    let mark = "'";
    if (has(text, "'")) {
      if (!has(text, '"')) mark = '"';
      else if (!has(text, "`") && !has(text, "${")) mark = "`";
    }
    return mark + escape(text, mark) + mark;
  };

  const least = (a, b) => (a < b ? a : b);
  const most = (a, b) => (a > b ? a : b);
  const floor = (value) => (value < Infinity ? value - (value % 1) : value); // of what is not negative
  const number = (value) => (value === 0 && 1 / value < 0 ? "-0" : `${value}`);

  // In a terminal: two columns for what is wide in East Asia, and for emoji; none for marks.
  const CHARACTERS = new captured.RegExp(
    "([ -~]+)|([\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\u33ff\u3400-\ua4cf\ua960-\ua97c\uac00-\ud7a3" +
      "\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6b\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18d08}\u{1b000}-\u{1b2fb}" +
      "\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}\\p{Emoji_Presentation}])|((?!\u00ad)[\\p{Cc}\\p{Cf}\\p{Me}\\p{Mn}])|[^]",
    "gu",
  );
  const NARROW = /^[ -~]*$/;
  const width = (text) => {
    if (match(NARROW, text) !== null) return text.length;
    let columns = (CHARACTERS.lastIndex = 0);
    for (let found; (found = match(CHARACTERS, text)) !== null; ) {
      columns += found[1]?.length ?? (found[2] !== undefined ? 2 : found[3] !== undefined ? 0 : 1);
    }
    return columns;
  };

  // ---- objects

  // The value of an own property that no getter makes.
  const dataOf = (object, key) => {
    const descriptor = getOwnPropertyDescriptor(object, key);
    return descriptor !== undefined && hasOwn(descriptor, "value") ? descriptor.value : undefined;
  };

  const isIndex = (key) => typeof key === "string" && `${key >>> 0}` === key && key !== "4294967295";
  const namedKeys = hasOwn(host, "keys") ? host.keys : undefined;

  const keysOf = (object, all = false, indices = true) => {
    const keys = new List();
    const native = !indices && namedKeys !== undefined;
    const found = native ? namedKeys(object, all) : ownKeys(object);
    for (let i = 0; i < found.length; i++) {
      if (!native && !indices && isIndex(found[i])) continue;
      if (native || all || getOwnPropertyDescriptor(object, found[i])?.enumerable) keys.push(found[i]);
    }
    return keys;
  };

  const CLASSES = {
    __proto__: null, array: "Array", map: "Map", set: "Set", weakMap: "WeakMap", weakSet: "WeakSet", date: "Date",
    regexp: "RegExp", error: "Error", promise: "Promise", arrayBuffer: "ArrayBuffer", dataView: "DataView",
    sharedArrayBuffer: "SharedArrayBuffer", module: "Module", function: "Function", asyncFunction: "AsyncFunction",
    generatorFunction: "GeneratorFunction", asyncGeneratorFunction: "AsyncGeneratorFunction",
  };
  const ITERABLES = { __proto__: null, array: 1, map: 1, set: 1, typedArray: 1, mapIterator: 1, setIterator: 1 };
  const BUILT_INS =
    " AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error " +
    "EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Int16Array Int32Array Int8Array " +
    "Intl Iterator Map Number Object Promise Proxy RangeError ReferenceError RegExp Set SharedArrayBuffer String " +
    "Symbol SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef " +
    "WeakSet ";
  const isBuiltIn = (value) => typeof value === "function" && has(BUILT_INS, ` ${textOf(value.name)} `);

  const attempt = (run, otherwise) => {
    try {
      return run();
    } catch {
      return otherwise;
    }
  };

  const isInstance = (object, constructor) => attempt(() => object instanceof constructor, false);

  const kindOf = (object, info) => {
    if (info !== undefined) return info[0];
    if (typeof object === "function") return "function";
    return isArray(object) ? "array" : isInstance(object, captured.Error) ? "error" : "object";
  };

  const classOf = (object, kind) =>
    kind === "typedArray" ? apply(captured.typedArrayName, object, []) : (CLASSES[kind] ?? "Object");

  // What stands before an object's brace, with a space behind it.
  const titleOf = (name, tag, fallback = "Object", size = "") => {
    const known = name ?? fallback;
    const title = name === null ? `[${fallback}${size}: null prototype] ` : `${name}${size} `;
    return tag === "" || tag === known ? title : `${title}[${tag}] `;
  };

  const NAME = /^[a-zA-Z_][a-zA-Z_0-9]*$/;
  const labelOf = (key, enumerable) => {
    if (typeof key === "symbol") return `[${escape(textOf(key))}]`;
    if (key === "__proto__") return "['__proto__']";
    if (!enumerable) return `[${escape(key)}]`;
    return match(NAME, key) === null ? quote(key) : key;
  };

  const dateText = (date) => attempt(() => apply(captured.toISOString, date, []), "Invalid Date");
  const bytesOf = (buffer) => attempt(() => new captured.Uint8Array(buffer)); // undefined if the buffer is detached
  const lengthOf = (typedArray) => (typedArray === undefined ? 0 : apply(captured.typedArrayLength, typedArray, []));
  const sizeOf = (object, kind) => apply(kind === "map" ? captured.mapSize : captured.setSize, object, []);

  const unbox = (object) => {
    const { numberValue, stringValue, booleanValue, bigIntValue, symbolValue } = captured;
    const types = ["Number", numberValue, "String", stringValue, "Boolean", booleanValue, "BigInt", bigIntValue];
    for (let i = 0; i < types.length; i += 2) {
      const primitive = attempt(() => apply(types[i + 1], object, []));
      if (primitive !== undefined) return { of: types[i], primitive };
    }
    return { of: "Symbol", primitive: apply(symbolValue, object, []) };
  };

  // Visits a Map's or Set's entries until a visit returns true: by throwing, for forEach knows no other end.
  const STOP = { __proto__: null };
  const each = (kind, collection, visit) => {
    const step = (value, key) => {
      if (visit(value, key)) throw STOP;
    };
    try {
      apply(kind === "map" ? captured.mapForEach : captured.setForEach, collection, [step]);
    } catch (thrown) {
      if (thrown !== STOP) throw thrown;
    }
  };

  // A class if its brace comes before any parenthesis, outside of comments.
  const CLASS = /^class(?![\w$])(?:\/\/.*\n|\/\*[^]*?\*\/|[^({/]|\/(?![/*]))*\{/;
  const functionTitle = (fn, type, name, suffix) => {
    if (match(CLASS, apply(captured.functionText, fn, [])) !== null) {
      const own = (hasOwn(fn, "name") && fn.name) || "(anonymous)";
      const odd = name === "Function" || name === null ? "" : ` [${name}]`;
      const parent = name === null ? "[null prototype]" : getPrototypeOf(fn)?.name;
      return `[class ${own}${odd}${suffix}${parent ? ` extends ${parent}` : ""}]`;
    }
    const own = fn.name === "" ? " (anonymous)" : `: ${fn.name}`;
    const odd = name === type || name === null ? "" : ` ${name}`;
    return `[${type}${name === null ? " (null prototype)" : ""}${own}]${odd}${suffix}`;
  };

  // ---- errors

  const stackOf = (error) => {
    const { stack } = error;
    return stack ? textOf(stack) : apply(captured.errorText, error, []);
  };

  // A stack begins with what the error was called when it was made; put there what it is called now.
  const retitled = (stack, error, name, tag) => {
    const called = error.name === undefined || error.name === null ? "Error" : textOf(error.name);
    let length = called.length;
    let fallback = "Error";
    if (name === null) {
      const title = match(/^([A-Z][\w ()[\]-]+)(?::|\n\s+at)/, stack) ?? match(/^([\w-]*Error)$/, stack);
      length = title === null ? 0 : title[1].length;
      if (length > 0) fallback = title[1];
    } else {
      const plain = cut(called, -5) === "Error" && cut(stack, 0, length) === called;
      const after = cut(stack, length, length + 1);
      if (!plain || (after !== "" && after !== ":" && after !== "\n")) return stack;
    }
    const title = cut(titleOf(name, tag, fallback), 0, -1);
    if (called === title) return stack;
    if (!has(title, called)) return `${title} [${called}]${cut(stack, length)}`;
    return length === 0 ? `${title}: ${stack}` : title + cut(stack, length);
  };

  // Frames, without those (more than three) that the cause's stack has too.
  const framesOf = (error, frames) => {
    const { cause } = error;
    if (typeof cause !== "object" || cause === null || kindOf(cause, details(cause)) !== "error") return frames;
    const stack = stackOf(cause);
    const start = find(stack, "\n    at");
    if (start === -1) return frames;
    const lines = linesOf(frames);
    const others = linesOf(cut(stack, start + 1));
    for (let i = 0; i < lines.length - 3; i++) {
      const at = others.indexOf(lines[i]);
      const longest = at === -1 ? 0 : least(lines.length - i, others.length - at);
      let same = 0;
      while (same < longest && lines[i + same] === others[at + same]) same++;
      if (same <= 3) continue;
      const kept = new List();
      for (let j = 0; j < lines.length; j++) {
        if (j <= i || j >= i + same - 1) kept.push(lines[j]);
        else if (j === i + 1) kept.push(`    ... ${same - 2} lines matching cause stack trace ...`);
      }
      return kept.join("\n");
    }
    return frames;
  };

  // ---- the inspection of one value

  class Inspection {
    seen = new List(); // the objects around this one
    circular = new List(); // those that were met again inside of themselves
    indentation = 0;
    deepest = 0; // where the last object with contents was
    options;
    budget;
    depth;
    maxItems;

    constructor(options, budget) {
      this.options = { __proto__: null, ...DEFAULTS, ...options };
      this.budget = budget;
      const { depth, maxArrayLength } = this.options;
      this.depth = depth === null ? Infinity : depth;
      this.maxItems = maxArrayLength === null ? Infinity : most(maxArrayLength, 0);
    }

    // Takes `text` from what may still be written.
    spend(text) {
      const { left } = this.budget;
      this.budget.left -= text.length + this.indentation + 2;
      return text.length <= left ? text : `${cut(text, 0, most(left, 0))}...`;
    }

    isSpent(output) {
      if (this.budget.left > 0) return false;
      output.push("...");
      return true;
    }

    value(value, level, inBuffer = false) {
      if (this.budget.left <= 0) return "...";
      const isObject = (typeof value === "object" && value !== null) || typeof value === "function";
      if (!isObject) return this.spend(this.primitive(value));
      let object = value;
      let info = details(object);
      while (info !== undefined && info[0] === "proxy") {
        if (info[1] === null) return this.spend("<Revoked Proxy>");
        if (this.options.showProxy) return this.proxy(info, level);
        object = info[1];
        info = details(object);
      }
      if (this.options.customInspect) {
        const hook = object[captured.customInspect];
        // A prototype has its instances' hook.
        if (typeof hook === "function" && hook !== inspect && object.constructor?.prototype !== object) {
          const left = this.options.depth === null ? null : this.options.depth - level;
          const shown = apply(hook, value, [left, { stylize, ...this.options }, inspect]);
          if (shown !== value) {
            const text = typeof shown === "string" ? this.spend(shown) : this.value(shown, level);
            const indented = indent(text, spaces(this.indentation));
            this.budget.left -= indented.length - text.length;
            return indented;
          }
        }
      }
      if (this.seen.indexOf(object) === -1) return this.object(object, info, level, inBuffer);
      if (this.circular.indexOf(object) === -1) this.circular.push(object);
      return this.spend(`[Circular *${this.circular.indexOf(object) + 1}]`);
    }

    primitive(value) {
      if (typeof value === "number") return number(value);
      if (typeof value === "bigint") return `${value}n`;
      if (typeof value !== "string") return textOf(value);
      const { maxStringLength, breakLength } = this.options;
      const text = value.length > (maxStringLength ?? Infinity) ? cut(value, 0, maxStringLength) : value;
      const trailer = text === value ? "" : `... ${plural(value.length - text.length, "more character")}`;
      if (text.length <= 16 || text.length <= breakLength - this.indentation - 4) return quote(text) + trailer;
      const quoted = new List();
      let from = 0;
      for (let at; (at = find(text, "\n", from)) !== -1; from = at + 1) quoted.push(quote(cut(text, from, at + 1)));
      if (from < text.length) quoted.push(quote(cut(text, from)));
      return quoted.join(` +\n${spaces(this.indentation + 2)}`) + trailer;
    }

    proxy(info, level) {
      if (level > this.depth) return this.spend("Proxy [Array]");
      this.indentation += 2;
      const output = new List().push(this.value(info[1], level + 1)).push(this.value(info[2], level + 1));
      this.indentation -= 2;
      return this.assemble(output, "", "Proxy [", "]", level + 1, true);
    }

    object(object, info, level, inBuffer) {
      const { showHidden } = this.options;
      const isCut = level > this.depth;
      const inherited = new List();
      const name = this.nameOf(object, info, level, showHidden && !isCut ? inherited : undefined);
      let tag = object[Symbol.toStringTag];
      if (typeof tag !== "string") tag = "";
      else if (hasOwn(object, Symbol.toStringTag)) {
        // As one of the properties it would be there twice.
        if (showHidden || getOwnPropertyDescriptor(object, Symbol.toStringTag).enumerable) tag = "";
      }
      let kind = kindOf(object, info);
      if (ITERABLES[kind] === 1) {
        if (name !== null && !object[Symbol.iterator]) kind = "object";
      } else if (typeof object !== "function" && (name === "Object") !== (kind === "arguments")) kind = "object";

      const { open, close, base, filled, keys } = this.frame(object, info, kind, name, tag);
      if (keys.length + inherited.length === 0) {
        if (!filled) return this.spend(base === "" ? open + close : base);
        if (inBuffer) return this.spend(`${open} byteLength: ${lengthOf(bytesOf(object))} }`);
      }
      if (isCut) {
        if (kind === "regexp") return this.spend(base);
        if (name === null) return this.spend(cut(titleOf(name, tag, classOf(object, kind)), 0, -1));
        return this.spend(`[${cut(titleOf(name, tag), 0, -1)}]`);
      }

      const output = new List();
      let start = this.spend(base);
      this.seen.push(object);
      this.deepest = level + 1;
      this.indentation += 2;
      if (filled) this.fill(output, kind, object, info, level + 1);
      for (let i = 0; i < keys.length && !this.isSpent(output); i++) {
        output.push(this.property(object, keys[i], level + 1));
      }
      for (let i = 0; i < inherited.length; i++) output.push(inherited[i]);
      this.indentation -= 2;
      this.seen.length--;
      const reference = this.circular.indexOf(object) + 1;
      if (reference > 0) start = `<ref *${reference}>${start === "" ? "" : ` ${start}`}`;
      return this.assemble(output, start, open, close, level + 1, kind === "array" || kind === "typedArray", object);
    }

    // What stands around an object's properties; `filled` if there is more than properties.
    frame(object, info, kind, name, tag) {
      const { showHidden } = this.options;
      const keys = keysOf(object, showHidden, kind !== "array" && kind !== "typedArray" && kind !== "boxed");
      const frame = { __proto__: null, base: "", open: "{", close: "}", filled: false, keys };
      const type = CLASSES[kind];
      const suffix = tag === "" || tag === name ? "" : ` [${tag}]`;
      switch (typeof object === "function" ? "function" : kind) {
        case "function":
          frame.base = functionTitle(object, type, name, suffix);
          break;
        case "array":
          frame.filled = object.length > 0;
          frame.open = `${name === type && tag === "" ? "" : titleOf(name, tag, type, `(${object.length})`)}[`;
          frame.close = "]";
          break;
        case "typedArray":
          frame.filled = lengthOf(object) > 0 || showHidden;
          frame.open = `${titleOf(name, tag, name === null ? classOf(object, kind) : "", `(${lengthOf(object)})`)}[`;
          frame.close = "]";
          break;
        case "map":
        case "set":
          frame.filled = sizeOf(object, kind) > 0;
          frame.open = `${titleOf(name, tag, type, `(${sizeOf(object, kind)})`)}{`;
          break;
        case "mapIterator":
        case "setIterator": {
          const iterated = kind === "mapIterator" ? "Map" : "Set";
          const tagged = tag === "" || tag === `${iterated} Iterator` ? "" : `${tag}] [`;
          frame.filled = true;
          frame.open = `[${tagged}${iterated} ${info[2] ? "Entries" : "Iterator"}] {`;
          break;
        }
        case "regexp":
        case "date": {
          const title = titleOf(name, tag, type);
          const regExp = () => apply(captured.regExpText, name === null ? new captured.RegExp(object) : object, []);
          const text = kind === "date" ? dateText(object) : regExp();
          frame.base = title === `${type} ` ? text : title + text;
          break;
        }
        case "error":
          frame.base = this.error(object, name, tag, keys);
          break;
        case "boxed": {
          const { of, primitive } = unbox(object);
          const odd = of === name ? "" : name === null ? " (null prototype)" : ` (${name})`;
          frame.base = `[${of}${odd}: ${this.primitive(primitive)}]${suffix}`;
          break;
        }
        case "arguments":
          frame.open = "[Arguments] {";
          break;
        case "object":
        case "generator":
        case "module":
          if (name !== "Object" || tag !== "") frame.open = `${titleOf(name, tag, type)}{`;
          break;
        default:
          frame.filled = true;
          frame.open = `${titleOf(name, tag, type)}{`;
      }
      return frame;
    }

    // The name of the constructor that an object is an instance of; null without any prototype.
    nameOf(object, info, level, inherited) {
      let first;
      for (let holder = object; holder !== null; first = first === undefined ? holder : first) {
        const constructor = dataOf(holder, "constructor");
        const name = typeof constructor === "function" ? constructor.name : "";
        if (name !== "" && isInstance(object, constructor)) {
          const foreign = first !== holder || !isBuiltIn(constructor);
          if (inherited !== undefined && foreign) this.inherit(inherited, object, first ?? object, level);
          return textOf(name);
        }
        holder = getPrototypeOf(holder);
      }
      if (first === null) return null;
      const own = classOf(object, kindOf(object, info));
      if (level > this.depth) return `${own} <Complex prototype>`;
      const parent = this.nameOf(first, details(first), level + 1, inherited);
      const bare = { ...this.options, customInspect: false, depth: -1 };
      return `${own} <${parent ?? new Inspection(bare, this.budget).value(first, 0)}>`;
    }

    // The properties, but for functions, of an object's next prototypes that are no built-ins.
    inherit(output, object, first, level) {
      let prototype = first;
      const nearer = new List();
      for (let hops = 0; hops < 3; hops++) {
        if (hops > 0 || prototype === object) {
          prototype = getPrototypeOf(prototype);
          if (prototype === null || isBuiltIn(dataOf(prototype, "constructor"))) return;
        }
        const keys = ownKeys(prototype);
        this.seen.push(object);
        this.indentation += 2;
        for (let i = 0; i < keys.length && this.budget.left > 0; i++) {
          if (keys[i] === "constructor" || hasOwn(object, keys[i]) || nearer.indexOf(keys[i]) !== -1) continue;
          nearer.push(keys[i]);
          if (typeof dataOf(prototype, keys[i]) !== "function") output.push(this.property(prototype, keys[i], level));
        }
        this.indentation -= 2;
        this.seen.length--;
      }
    }

    // An error's stack; `keys` is changed to those of what that does not tell.
    error(error, name, tag, keys) {
      const own = stackOf(error);
      const { length } = keys;
      keys.length = 0;
      for (let i = 0; i < length; i++) {
        const known = keys[i] === "name" || keys[i] === "message" || keys[i] === "stack";
        if (!known || this.options.showHidden || !has(own, textOf(error[keys[i]]))) keys.push(keys[i]);
      }
      if ("cause" in error && keys.indexOf("cause") === -1) keys.push("cause");
      if (isArray(error.errors) && keys.indexOf("errors") === -1) keys.push("errors");

      const stack = retitled(own, error, name, tag);
      const { message } = error;
      const at = typeof message === "string" && message !== "" ? find(stack, message) : -1;
      const frames = find(stack, "\n    at", at === -1 ? 0 : at + message.length);
      const text = frames === -1 ? `[${stack}]` : cut(stack, 0, frames + 1) + framesOf(error, cut(stack, frames + 1));
      return indent(text, spaces(this.indentation));
    }

    property(object, key, level) {
      const descriptor = getOwnPropertyDescriptor(object, key) ?? { value: object[key], enumerable: true };
      const label = this.spend(labelOf(key, descriptor.enumerable));
      return `${label}: ${this.described(descriptor, level)}`;
    }

    described(descriptor, level) {
      if (hasOwn(descriptor, "value")) return this.value(descriptor.value, level);
      const { get, set } = descriptor;
      if (get === undefined) return set === undefined ? "undefined" : "[Setter]";
      return set === undefined ? "[Getter]" : "[Getter/Setter]";
    }

    // What an object contains besides properties.
    fill(output, kind, object, info, level) {
      const get = (getter) => apply(captured[getter], object, []);
      switch (kind) {
        case "array":
          return this.elements(output, object, level);
        case "typedArray": {
          const length = lengthOf(object);
          this.items(output, length, (i) => this.value(object[i], level));
          if (!this.options.showHidden) return;
          const bytes = match(/\d+/, classOf(object, kind))[0] / 8;
          output.push(`[BYTES_PER_ELEMENT]: ${bytes}`).push(`[length]: ${length}`);
          output.push(`[byteLength]: ${length * bytes}`).push(`[byteOffset]: ${get("typedArrayOffset")}`);
          return output.push(`[buffer]: ${this.value(get("typedArrayBuffer"), level, true)}`);
        }
        case "map":
        case "set":
          each(kind, object, (value, key) => {
            if (output.length >= this.maxItems || this.isSpent(output)) return true;
            const text = kind === "set" ? "" : `${this.value(key, level)} => `;
            output.push(text + this.value(value, level));
          });
          return this.more(output, sizeOf(object, kind) - this.maxItems);
        case "mapIterator":
        case "setIterator":
          if (!info[2]) return this.items(output, info[1].length, (i) => this.value(info[1][i], level));
          return this.items(output, info[1].length / 2, (i) => {
            const entry = new List().push(this.value(info[1][2 * i], level));
            return this.assemble(entry.push(this.value(info[1][2 * i + 1], level)), "", "[", "]", level, true);
          });
        case "promise": {
          const result = info[1] === 0 ? "<pending>" : this.value(info[2], level);
          return output.push(info[1] === 2 ? `<rejected> ${result}` : result);
        }
        case "arrayBuffer":
        case "sharedArrayBuffer": {
          const bytes = bytesOf(object);
          const length = lengthOf(bytes);
          let shown = "";
          let i = 0;
          for (; i < length && i < this.maxItems && shown.length < BUDGET; i++) {
            shown += `${i === 0 ? "" : " "}${HEX[bytes[i] >> 4]}${HEX[bytes[i] & 15]}`;
          }
          if (i < length) shown += ` ... ${plural(length - i, "more byte")}`;
          output.push(bytes === undefined ? "(detached)" : `[Uint8Contents]: <${this.spend(shown)}>`);
          return output.push(`byteLength: ${length}`);
        }
        case "dataView":
          output.push(`byteLength: ${get("viewLength")}`).push(`byteOffset: ${get("viewOffset")}`);
          return output.push(`buffer: ${this.value(get("viewBuffer"), level)}`);
        default: // weak collections, of which the host knows nothing
          output.push("<items unknown>");
      }
    }

    elements(output, array, level) {
      const { length } = array;
      const shown = least(length, this.maxItems);
      let keys;
      let next = 0; // element
      for (let at = 0; output.length < shown && next < length && !this.isSpent(output); ) {
        const descriptor = getOwnPropertyDescriptor(array, next);
        if (descriptor !== undefined) {
          output.push(this.described(descriptor, level));
          next++;
          continue;
        }
        // Where a hole ends, the keys say: indices come first, and in order.
        keys ??= ownKeys(array);
        while (at < keys.length && isIndex(keys[at]) && +keys[at] < next) at++;
        const end = at < keys.length && isIndex(keys[at]) ? +keys[at] : length;
        output.push(`<${plural(end - next, "empty item")}>`);
        next = end;
      }
      this.more(output, length - next);
    }

    items(output, count, item) {
      let i = 0;
      for (; i < count && i < this.maxItems && !this.isSpent(output); i++) output.push(item(i));
      this.more(output, count - i);
    }

    more(output, count) {
      if (count > 0) output.push(`... ${plural(count, "more item")}`);
    }

    // ---- lines

    assemble(entries, base, open, close, level, isList, object) {
      const { breakLength, compact } = this.options;
      const start = base === "" ? open : `${base} ${open}`;
      const output = isList && compact >= 1 && entries.length > 6 ? this.grouped(entries, object) : entries;
      // On one line, if it is short and what it contains is not too deep.
      if (compact >= 1 && this.deepest - level < compact && output === entries && !has(base, "\n")) {
        let length = output.length * 2 + this.indentation + open.length + base.length + 10;
        for (let i = 0; i < output.length && length <= breakLength; i++) length += output[i].length;
        if (length <= breakLength) {
          const line = output.join(", ");
          if (!has(line, "\n")) return `${start} ${line} ${close}`;
        }
      }
      const margin = `\n${spaces(this.indentation)}`;
      return `${start}${margin}  ${output.join(`,${margin}  `)}${margin}${close}`;
    }

    // Many short elements, in columns that would fill a square.
    grouped(entries, object) {
      const { breakLength, compact } = this.options;
      const count = entries.length > this.maxItems ? entries.length - 1 : entries.length; // not "... more"
      const widths = new List();
      let total = 0;
      let widest = 0;
      for (let i = 0; i < count; i++) {
        widths.push(width(entries[i]) + 2);
        total += widths[i];
        if (widths[i] > widest) widest = widths[i];
      }
      if (widest * 3 + this.indentation >= breakLength || (total / widest <= 5 && widest > 8)) return entries;
      const biased = most(widest - 3 - sqrt(widest - total / entries.length), 1);
      const square = floor(sqrt(2.5 * biased * count) / biased + 0.5);
      const columns = least(least(square, floor((breakLength - this.indentation) / widest)), least(compact * 4, 15));
      if (columns <= 1) return entries;

      const columnWidths = new List();
      for (let i = 0; i < count; i++) columnWidths[i % columns] = most(columnWidths[i % columns] ?? 0, widths[i]);
      let numeric = object !== undefined; // and so aligned at the end
      for (let i = 0; numeric && i < entries.length; i++) {
        const type = typeof dataOf(object, i);
        numeric = type === "number" || type === "bigint";
      }
      const lines = new List();
      let line = "";
      for (let i = 0; i < count; i++) {
        const last = i % columns === columns - 1 || i === count - 1;
        const padding = spaces(columnWidths[i % columns] - widths[i]);
        line += (numeric ? padding : "") + entries[i] + (last ? "" : ", ") + (numeric || last ? "" : padding);
        if (!last) continue;
        lines.push(line);
        line = "";
      }
      if (count < entries.length) lines.push(entries[count]);
      return lines;
    }
  }

  const stylize = (text) => `${text}`; // in no colour
  const show = (value, options, budget) => new Inspection(options, budget).value(value, 0);
  const inspect = (value, options) => show(value, options, { left: BUDGET });

  return { __proto__: null, inspect, show, BUDGET, keysOf, dataOf, kindOf, isBuiltIn, each, indent, number, width };
});
