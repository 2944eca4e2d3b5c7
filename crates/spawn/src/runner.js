"use strict";
// Runs the cases of one submission, for deem-spawn. Evaluated by node -e, deno eval or bun -e, with one argument: what
// is fresh for each case ("process", "context" or "shared"; "compile" where no case will come).
//
// Descriptor 0 is a socket. Frames there are a length in four bytes, big-endian, and that many bytes of JSON. The first
// one read is the program with its rules, which is answered by "ready" unless the one case of a process comes with it; every
// other is a case's arguments. Each case, and a program that does not compile, gets one frame in reply.
// Values are written as crates/case/src/value/json.rs says.
{
  // Later changes to built-ins are the submission's, and must not reach what follows.
  const load = typeof require === "function" ? require : process.getBuiltinModule;
  const { String, Number, Buffer, Map, Promise, Error, setImmediate: immediate, queueMicrotask, Deno } = globalThis;
  const { TextEncoder, TextDecoder } = globalThis;
  const [vm, { types }] = [load("vm"), load("util")];
  const isolation = process.argv.at(-1);
  const { parse, stringify } = JSON;
  const { apply, getPrototypeOf, getOwnPropertyDescriptor: own } = Reflect;
  const { keys, is, hasOwn, assign } = Object;
  const { isArray } = Array;
  const { isFinite } = Number;
  const { exec } = RegExp.prototype;
  const methods = (prototype, ...names) => names.map((name) => prototype[name]);
  const [mapGet, mapSet, mapDelete, mapForEach] = methods(Map.prototype, "get", "set", "delete", "forEach");
  const [setForEach] = methods(Set.prototype, "forEach");
  const [getTime] = methods(Date.prototype, "getTime");
  const [charCodeAt, slice, indexOf, split] = methods(String.prototype, "charCodeAt", "slice", "indexOf", "split");
  const { replaceAll } = String.prototype;
  const typedArrayName = own(getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

  const SOURCE_NAME = "solution.js";
  const MAX_DEPTH = 1000; // deem_case::MAX_DEPTH
  const MAX_HOLES = 1 << 20; // as the in-process executor's
  const UNCLONEABLE = ["Promise", "WeakMap", "WeakSet", "MapIterator", "SetIterator", "GeneratorObject", "SharedArrayBuffer"]
    .filter((name) => types[`is${name}`])
    .map((name) => [types[`is${name}`], name]);
  const BOXED = ["Number", "String", "Boolean", "BigInt"].map((name) => [types[`is${name}Object`], globalThis[name].prototype.valueOf]);
  const ERRORS = ["EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"];

  // ---- frames

  const nodeChannel = () => {
    const fs = load("fs");
    return { read: (bytes) => fs.readSync(0, bytes), write: (bytes) => fs.writeSync(0, bytes) };
  };

  // Deno refuses to write to descriptor 0, whatever it is, so libc does; and its fs takes a tenth of its start to load.
  const denoChannel = () => {
    const { stdin } = Deno;
    const signature = { parameters: ["i32", "buffer", "usize"], result: "isize" };
    const libc = Deno.dlopen("libc.so.6", { write: signature }).symbols;
    const write = (bytes) => {
      const written = Number(libc.write(0, bytes, bytes.length));
      if (written < 0) throw new Error("write failed");
      return written;
    };
    return { read: (bytes) => stdin.readSync(bytes) ?? 0, write };
  };

  const channel = Deno ? denoChannel() : nodeChannel();

  const readBytes = (length) => {
    const buffer = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const read = channel.read(buffer.subarray(at));
      if (read === 0) process.exit(0); // deem is done, or gone
      at += read;
    }
    return buffer;
  };

  const readFrame = () => readBytes(readBytes(4).readUInt32BE(0)).toString("utf8");

  const reply = (json) => {
    const body = Buffer.from(json, "utf8");
    const frame = Buffer.allocUnsafe(4 + body.length);
    frame.writeUInt32BE(body.length, 0);
    body.copy(frame, 4);
    try {
      for (let at = 0; at < frame.length; ) at += channel.write(frame.subarray(at));
    } catch {
      process.exit(0); // deem is gone; to throw would not end this, as beforeExit replies too
    }
  };

  // ---- what a case writes

  // A lone surrogate has no place in UTF-8, nor in JSON as deem reads it.
  const wellFormed = (text) => Buffer.from(text, "utf8").toString("utf8");

  const CONSOLE_KEPT = 64 << 10; // deem_case::Console::KEPT
  let written, kept, keptBytes;
  let printed, printedBytes; // a program's standard output
  const write = (said, isError) => {
    const text = wellFormed(said);
    const bytes = Buffer.byteLength(text);
    if (written + printedBytes + bytes > rules.output) {
      written += bytes;
      // Nothing here can stop the case, but the end of the process.
      reply(stringify({ outcome: "outputExceeded", console: kept, written }));
      process.exit(0);
    }
    if (isProgram && !isError) {
      printed += text;
      printedBytes += bytes;
      return;
    }
    written += bytes;
    if (written === keptBytes + bytes) {
      let part = text;
      if (written > CONSOLE_KEPT) {
        const whole = Buffer.from(text, "utf8");
        let end = CONSOLE_KEPT - keptBytes;
        while (end > 0 && (whole[end] & 0xc0) === 0x80) end--;
        part = whole.toString("utf8", 0, end);
      }
      kept += part;
      keptBytes += Buffer.byteLength(part);
    }
  };

  // ---- values out

  // Ends a case with this outcome. What a case throws is only ever compared with it: anything else might run code of a proxy.
  let ended;
  const end = (outcome) => {
    ended = { outcome };
    throw ended;
  };

  const encodeString = (string) => {
    // A lone surrogate has no place in UTF-8.
    if (!apply(exec, /[\ud800-\udfff]/, [string]) || Buffer.from(string, "utf8").toString("utf8") === string) {
      return stringify(string);
    }
    let units = "";
    for (let i = 0; i < string.length; i++) units += (i ? "," : "") + apply(charCodeAt, string, [i]);
    return `{"$utf16":[${units}]}`;
  };

  const encodeNumber = (number) => {
    if (is(number, -0)) return '{"$number":"-0"}';
    return isFinite(number) ? String(number) : `{"$number":"${number}"}`;
  };

  const unrepresentable = (what) => stringify({ unrepresentable: what });
  const encode = (value) => {
    const seen = new Map();
    let objects = 0;
    const room = rules.output - written;
    const list = (length, item) => {
      let text = "";
      for (let i = 0; i < length; i++) {
        text += (i ? "," : "") + item(i);
        // As it grows: a list may be longer than the longest string.
        if (text.length > room) end('"outputExceeded"');
      }
      return text;
    };
    const write = (value, depth) => {
      switch (typeof value) {
        case "undefined":
          return '{"$undefined":true}';
        case "boolean":
          return value ? "true" : "false";
        case "number":
          return encodeNumber(value);
        case "bigint":
          return `{"$bigint":"${value}"}`;
        case "string":
          return encodeString(value);
        case "symbol":
          end(unrepresentable(depth ? String(value) : "a symbol"));
        case "function":
          end(unrepresentable(depth ? apply(slice, String(value), [0, 80]) : "a function"));
      }
      if (value === null) return "null";
      if (types.isSymbolObject(value)) end(unrepresentable("#<Symbol>"));
      for (let i = 0; i < BOXED.length; i++) if (BOXED[i][0](value)) return write(apply(BOXED[i][1], value, []), depth);
      const before = apply(mapGet, seen, [value]);
      if (before !== undefined) return `{"$ref":${before}}`;
      if (depth === MAX_DEPTH) end(unrepresentable(`something nested deeper than ${MAX_DEPTH} levels`));
      apply(mapSet, seen, [value, objects++]);

      if (types.isProxy(value)) end(unrepresentable("#<Object>"));
      if (isArray(value)) {
        if (value.length > MAX_HOLES && value.length - keys(value).length > MAX_HOLES) {
          end(unrepresentable(`an array of ${value.length} elements, most of them holes`));
        }
        const item = (i) => (hasOwn(value, i) ? write(value[i], depth + 1) : '{"$hole":true}');
        return `[${list(value.length, item)}]`;
      }
      if (types.isMap(value)) {
        const entries = [];
        apply(mapForEach, value, [(each, key) => (entries[entries.length] = [key, each])]);
        const item = (i) => `[${write(entries[i][0], depth + 1)},${write(entries[i][1], depth + 1)}]`;
        return `{"$map":[${list(entries.length, item)}]}`;
      }
      if (types.isSet(value)) {
        const members = [];
        apply(setForEach, value, [(each) => (members[members.length] = each)]);
        return `{"$set":[${list(members.length, (i) => write(members[i], depth + 1))}]}`;
      }
      if (types.isDate(value)) {
        const time = apply(getTime, value, []);
        return `{"$date":${time === time ? time : "null"}}`;
      }
      if (types.isRegExp(value)) return `{"$regexp":[${encodeString(value.source)},${stringify(value.flags)}]}`;
      if (types.isNativeError(value)) {
        const name = value.name;
        let known = "Error";
        for (let i = 0; i < ERRORS.length; i++) if (ERRORS[i] === name) known = name;
        const message = own(value, "message");
        return `{"$error":["${known}",${message && "value" in message ? encodeString(String(message.value)) : '""'}]}`;
      }
      if (types.isArrayBufferView(value) || types.isArrayBuffer(value)) {
        const view = types.isArrayBufferView(value);
        const kind = view ? (apply(typedArrayName, value, []) ?? "DataView") : "ArrayBuffer";
        const bytes = view ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : Buffer.from(value);
        return `{"$bytes":["${kind}","${bytes.toString("base64")}"]}`;
      }
      for (let i = 0; i < UNCLONEABLE.length; i++) {
        if (UNCLONEABLE[i][0](value)) end(unrepresentable(`#<${UNCLONEABLE[i][1]}>`));
      }

      const names = keys(value);
      let [dollar, lone] = [false, false];
      const parts = [];
      for (let i = 0; i < names.length; i++) {
        const name = names[i];
        const text = encodeString(name);
        dollar ||= name[0] === "$";
        lone ||= text[0] === "{";
        parts[parts.length] = [text, write(value[name], depth + 1)];
      }
      if (lone) return `{"$object":[${list(parts.length, (i) => `[${parts[i][0]},${parts[i][1]}]`)}]}`;
      const text = `{${list(parts.length, (i) => `${parts[i][0]}:${parts[i][1]}`)}}`;
      return dollar ? `{"$lit":${text}}` : text;
    };
    const text = write(value, 0);
    if (text.length > room) end('"outputExceeded"');
    return text;
  };

  // ---- arguments in

  // Evaluated in the realm that the arguments are for, before the submission runs there; must not refer to anything here.
  const makeDecoder = (bytesOf) => {
    const { parse } = JSON;
    const { keys, defineProperty } = Object;
    const constructors = {};
    for (const name of ["ArrayBuffer", "DataView", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array"]
      .concat(["Int32Array", "Uint32Array", "Float16Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"])
      .concat(["EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError", "Error"])) {
      constructors[name] = globalThis[name];
    }
    const decodeOne = (json) => {
      const objects = [];
      const begin = (object) => (objects.push(object), object);
      const define = (object, name, value) => {
        if (name !== "__proto__") object[name] = value;
        else defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
      };
      const text = (json) => (typeof json === "string" ? json : String.fromCharCode.apply(null, json.$utf16));
      const plain = (json) => {
        const object = begin({});
        for (const name of keys(json)) define(object, name, decode(json[name]));
        return object;
      };
      const tagged = (tag, payload) => {
        switch (tag) {
          case "$undefined":
            return undefined;
          case "$number":
            return Number(payload);
          case "$bigint":
            return BigInt(payload);
          case "$utf16":
            return payload.reduce((string, unit) => string + String.fromCharCode(unit), "");
          case "$ref":
            return objects[payload];
          case "$date":
            return begin(new Date(payload ?? NaN));
          case "$regexp":
            return begin(new RegExp(text(payload[0]), payload[1]));
          case "$error":
            return begin(new (constructors[payload[0]] ?? Error)(text(payload[1])));
          case "$bytes": {
            const bytes = bytesOf(payload[1]);
            const buffer = new ArrayBuffer(bytes.length);
            const copy = new Uint8Array(buffer);
            for (let i = 0; i < bytes.length; i++) copy[i] = bytes[i];
            return begin(payload[0] === "ArrayBuffer" ? buffer : new constructors[payload[0]](buffer));
          }
          case "$map": {
            const map = begin(new Map());
            for (const [key, value] of payload) map.set(decode(key), decode(value));
            return map;
          }
          case "$set": {
            const set = begin(new Set());
            for (const member of payload) set.add(decode(member));
            return set;
          }
          case "$object": {
            const object = begin({});
            for (const [name, value] of payload) define(object, decode(name), decode(value));
            return object;
          }
          case "$lit":
            return plain(payload);
        }
      };
      const decode = (json) => {
        if (typeof json !== "object" || json === null) return json;
        if (Array.isArray(json)) {
          const array = begin([]);
          array.length = json.length;
          for (let i = 0; i < json.length; i++) if (!json[i]?.$hole) array[i] = decode(json[i]);
          return array;
        }
        const names = keys(json);
        return names.length === 1 && names[0][0] === "$" ? tagged(names[0], json[names[0]]) : plain(json);
      };
      return decode(json);
    };
    return (text) => {
      const args = parse(text);
      return text.includes('{"$') ? args.map(decodeOne) : args;
    };
  };
  const makeDecoderIn = new vm.Script(`(${makeDecoder})`, { filename: "deem" });
  const bytesOf = (base64) => Buffer.from(base64, "base64");

  // ---- what was thrown, without running any of its code (but for an accessor named stack)

  const dataProperty = (object, name) => {
    for (let holder = object, hops = 0; holder && !types.isProxy(holder) && hops < 1000; hops++) {
      const property = own(holder, name);
      if (property) return { value: property.value, last: getPrototypeOf(holder) === null };
      holder = getPrototypeOf(holder);
    }
    return {};
  };

  const shown = (value) => (typeof value === "object" || typeof value === "function" ? "" : wellFormed(String(value)));

  const describe = (thrown) => {
    if (!types.isNativeError(thrown)) {
      if ((typeof thrown !== "object" && typeof thrown !== "function") || thrown === null) {
        return { name: "", message: String(thrown), stack: [] };
      }
      const constructor = dataProperty(thrown, "constructor").value;
      const name = typeof constructor === "function" ? dataProperty(constructor, "name").value : undefined;
      const plain = dataProperty(thrown, "toString").last;
      return { name: "", message: plain ? `#<${shown(name) || "Object"}>` : "[object Object]", stack: [] };
    }
    const name = dataProperty(thrown, "name").value;
    const message = dataProperty(thrown, "message").value;
    const exception = {
      name: name === undefined ? "Error" : shown(name),
      message: message === undefined ? "" : shown(message),
      stack: [],
    };
    const text = own(thrown, "stack")?.value ?? (own(thrown, "stack")?.get && thrown.stack);
    if (typeof text !== "string") return exception;
    const lines = apply(split, text, ["\n"]);
    for (let i = 0; i < lines.length; i++) {
      const frame = apply(exec, /^ +at (?:(.*) \()?solution\.js:(\d{1,9}):(\d{1,9})\)?$/, [lines[i]]);
      if (!frame) continue;
      const place = `${SOURCE_NAME}:${frame[2]}:${frame[3]}`;
      exception.stack[exception.stack.length] = frame[1] ? `${frame[1]} (${place})` : place;
      exception.line ??= +frame[2];
      exception.column ??= +frame[3];
    }
    // A syntax error has no frame: its place is the head of the text, with a caret under the column.
    const head = exception.line === undefined && apply(exec, /^solution\.js:(\d{1,9})$/, [lines[0]]);
    if (head) {
      exception.line = +head[1];
      for (let i = 0; i < lines.length && exception.column === undefined; i++) {
        if (apply(exec, /^\s*\^+$/, [lines[i]])) exception.column = apply(indexOf, lines[i], ["^"]) + 1;
      }
    }
    return exception;
  };

  // ---- the host of the guest's prelude: see crates/case/src/guest/prelude.js

  const makeConsole = ({ write, now }) => {
    // The runner's own frames are none of the submission's.
    const clean = (text) => apply(replaceAll, text, [/\n +at (?!.*solution\.js:\d+:\d+\)?$).*$/gm, ""]);
    const [stdout, stderr] = [false, true].map((isError) => ({ write: (text) => write(clean(text), isError) }));
    const made = new (load("console").Console)({ stdout, stderr, ignoreErrors: false, colorMode: false });
    const started = new Map();
    const lasted = (label) => `${label}: ${now() - (started.get(label) ?? now())}ms`;
    made.time = (label = "default") => void started.set(`${label}`, now());
    made.timeLog = (label = "default", ...more) => made.log(lasted(`${label}`), ...more);
    made.timeEnd = (label = "default") => {
      made.log(lasted(`${label}`));
      started.delete(`${label}`);
    };
    return made;
  };

  // A message port that belongs to a context makes the objects that it receives there.
  const makeClone = (context, absent) => {
    const { MessageChannel, moveMessagePortToContext, receiveMessageOnPort } = load("worker_threads");
    const { port1, port2 } = new MessageChannel();
    // Node looks for all built-ins of the context, those that cases do not have as well.
    if (context) assign(context, absent);
    const receiver = context ? moveMessagePortToContext(port2, context) : port2;
    if (context) for (const name of keys(absent)) delete context[name];
    port1.unref();
    if (receiver.unref) receiver.unref();
    return (value, transfer) => {
      try {
        port1.postMessage({ value }, transfer);
      } catch (error) {
        if (error?.constructor?.name === "DOMException") return error.message;
        throw error;
      }
      return [receiveMessageOnPort(receiver).message.value];
    };
  };

  const makeHost = (context, absent) => {
    let clone;
    const decoders = new Map();
    const encoder = new TextEncoder();
    const label = (label) => {
      try {
        return new TextDecoder(label).encoding;
      } catch {
        return undefined;
      }
    };
    const decode = (name, bytes, fatal, ignoreBOM, stream, id) => {
      const decoder = decoders.get(id) ?? new TextDecoder(name, { fatal, ignoreBOM });
      if (stream) decoders.set(id, decoder);
      else decoders.delete(id);
      try {
        return decoder.decode(bytes, { stream });
      } catch {
        return undefined;
      }
    };
    const encodeInto = (text, bytes) => {
      const { read, written } = encoder.encodeInto(text, bytes);
      return [read, written];
    };
    const clones = (value, transfer) => (clone ??= makeClone(context, absent))(value, transfer);
    const enqueue = (callback) => queueMicrotask(() => callback());
    const length = (text) => Buffer.byteLength(text);
    const builtIn = (name) => {
      try {
        return load(`node:${name}`);
      } catch {
        return undefined;
      }
    };
    const ops = [
      ...[write, () => [makeConsole], clones, length, label, decode, undefined, encodeInto, enqueue, undefined, exit],
      builtIn,
    ];
    return (op, ...args) => apply(ops[op], undefined, args);
  };

  // ---- cases

  const rules = parse(readFrame());
  const { entry } = rules;
  const isProgram = rules.makers !== null;
  const fail = (why) => {
    reply(stringify(why));
    process.exit(0);
  };
  let script, name, cachedData;
  const compileProgram = (options) => {
    return vm.compileFunction(rules.source, rules.parameters, { filename: SOURCE_NAME, ...options });
  };
  try {
    if (isProgram) {
      ({ cachedData } = compileProgram({ produceCachedData: true }));
    } else if (rules.module) {
      if (!vm.SourceTextModule) fail({ failed: "this runtime runs no ES modules for deem" });
      const imports = new vm.SourceTextModule(rules.source, { identifier: SOURCE_NAME }).dependencySpecifiers;
      const message = `a submission cannot import: ${imports[0]}`;
      if (imports.length > 0) fail({ compileError: { name: "SyntaxError", message, stack: [] } });
    } else {
      script = new vm.Script(rules.source, { filename: SOURCE_NAME });
    }
  } catch (error) {
    fail({ compileError: describe(error) });
  }
  try {
    if (script !== undefined && entry !== null) name = new vm.Script(entry, { filename: "deem" });
  } catch {
    // It is a reserved word, to which nothing can be bound: without this script there is no such function.
  }
  const prelude = new vm.Script(rules.prelude, { filename: "deem" });
  const intrinsics = new vm.Script(rules.intrinsics, { filename: "deem" });
  const calling = new vm.Script(rules.calling, { filename: "deem" });
  const makers = isProgram ? new vm.Script(rules.makers, { filename: "deem" }) : undefined;
  const absentBuiltIns = new vm.Script("({ WeakRef, FinalizationRegistry })", { filename: "deem" });
  if (isolation !== "process") reply('"ready"');

  const makeRealm = () => {
    const codeGeneration = { strings: rules.eval, wasm: rules.webassembly };
    // A program always has a context: the globals of node's process are none of its own.
    const context = isolation === "context" || isProgram ? vm.createContext({}, { codeGeneration }) : undefined;
    const run = context ? (each) => each.runInContext(context) : (each) => each.runInThisContext();
    const absent = context && run(absentBuiltIns);
    const parts = [run(intrinsics), run(calling), isProgram ? run(makers) : undefined];
    const [begin, advance, reset, used, adapt, start] = run(prelude)(...parts);
    begin(makeHost(context, absent), rules.seed[0], rules.seed[1], rules.webassembly);
    const decode = run(makeDecoderIn)(bytesOf);
    return { global: context ?? globalThis, context, decode, run, advance, reset, used, adapt, start };
  };

  const functionOr = (answer) => {
    if (typeof answer !== "function") end(stringify({ noEntry: `the program's ${entry} is not a function` }));
    return answer;
  };

  // The entry, and what calling.js makes of it where it is not simply called.
  const define = async (realm) => {
    const adapter = rules.plain ? undefined : realm.adapt(rules.convention);
    const entry = await defineEntry(realm);
    // Of all functions classes alone have a prototype that cannot be set.
    const isClass = rules.module && own(entry, "prototype")?.writable === false;
    return { entry, adapter: adapter ?? (isClass ? realm.adapt(rules.convention) : undefined) };
  };

  const defineEntry = async (realm) => {
    if (rules.module) {
      const module = new vm.SourceTextModule(rules.source, { identifier: SOURCE_NAME, context: realm.context });
      await module.link(() => {});
      await settle(realm, module.evaluate());
      const exported = module.namespace[entry] ?? module.namespace.default;
      if (exported === undefined) end(stringify({ noEntry: `the program exports no function ${entry}` }));
      return functionOr(exported);
    }
    realm.run(script);
    let answer;
    try {
      answer = realm.run(name); // which throws where there is none
    } catch {
      end(stringify({ noEntry: `the program has no function ${entry}` }));
    }
    return functionOr(answer);
  };

  let idle, wake; // called when nothing is left to do, and when what is awaited has settled
  const turn = () => new Promise((done) => immediate(done));

  // What `await` would give, after as many turns and timers of virtual time as it takes.
  const settle = async (realm, promise) => {
    let state = 0;
    let result;
    (async () => {
      try {
        result = await promise;
        state = 1;
      } catch (error) {
        result = error;
        state = 2;
      }
      wake?.();
    })();
    while (state === 0) {
      await turn();
      if (state !== 0 || realm.advance()) continue;
      // Node may have something under way of which the prelude does not know.
      await new Promise((done) => (idle = wake = done));
      if (state === 0) end('"neverSettled"');
    }
    idle = wake = undefined;
    if (state === 2) throw result;
    return result;
  };

  // In an object, for what is returned from an async function is awaited once more.
  const awaited = async (realm, value) => {
    const mayBeThenable = (typeof value === "object" && value !== null) || typeof value === "function";
    return { value: mayBeThenable ? await settle(realm, value) : value };
  };

  // Runs a program until nothing is left for it to do: see crates/case/src/guest/program/start.js
  const runProgram = async (realm, text) => {
    const [run, tick, proceed, finish] = realm.start(realm.decode(text));
    run(compileProgram({ cachedData, parsingContext: realm.context }));
    for (;;) {
      await turn();
      if (tick()) continue;
      if (uncaught || unhandled.size > 0) return {}; // which is its outcome
      if (proceed()) continue;
      await new Promise((done) => (idle = done)); // as in settle
      idle = undefined;
      if (!tick() && !proceed()) break;
    }
    const code = finish();
    if (code !== 0) end(exitOutcome(code));
    return { value: printed };
  };
  const exitOutcome = (code) => stringify({ threw: { name: "", message: `exit code ${code}`, stack: [] } });

  // Nothing here can end a program that has other code around it, but the end of the process.
  const exit = (code) => {
    const outcome = code === 0 ? `{"returned":${encodeString(printed)}}` : exitOutcome(code);
    reply(caseReply(outcome, true));
    process.exit(0);
  };

  let shared;
  const answer = async (text) => {
    const realm = shared?.realm ?? makeRealm();
    if (realm.used[0] !== 0) realm.reset();
    if (isProgram) return await runProgram(realm, text);
    if (entry === null) {
      realm.global.args = realm.decode(text);
      return await awaited(realm, realm.run(script));
    }
    const callee = shared?.callee ?? (await define(realm));
    if (isolation === "shared") shared = { realm, callee };
    const args = realm.decode(text);
    const { adapter } = callee;
    if (adapter === undefined) return await awaited(realm, apply(callee.entry, undefined, args));
    const { value } = await awaited(realm, adapter[0](callee.entry, args));
    const left = adapter[1](value, args);
    if (typeof left === "string") end(unrepresentable(left));
    return { value: left[0] };
  };

  let uncaught;
  let unhandled;
  const outcome = async (text) => {
    let returned;
    try {
      returned = `{"returned":${encode((await answer(text)).value)}}`;
    } catch (thrown) {
      const outcome = ended !== undefined && thrown === ended ? ended.outcome : stringify({ threw: describe(thrown) });
      await turn(); // what the case has queued is its own
      return outcome;
    }
    await turn(); // what the case has queued runs, and node says what was left unhandled
    if (uncaught) return stringify({ threw: describe(uncaught[0]) });
    let first;
    apply(mapForEach, unhandled, [(reason) => (first ??= [reason])]);
    return first ? stringify({ unhandledRejection: describe(first[0]) }) : returned;
  };

  let cpuBefore;
  const caseReply = (outcome, last) => {
    const used = cpuBefore && process.cpuUsage(cpuBefore);
    const cpu = used ? used.user + used.system : null;
    return `{"outcome":${outcome},"console":${stringify(kept)},"written":${written},"cpuMicros":${cpu},"last":${last}}`;
  };

  const serve = async () => {
    for (;;) {
      const text = readFrame();
      written = keptBytes = printedBytes = 0;
      kept = printed = "";
      uncaught = undefined;
      unhandled = new Map();
      cpuBefore = process.cpuUsage?.();
      reply(caseReply(await outcome(text), false));
      if (isolation === "process") process.exit(0);
    }
  };

  process.on("unhandledRejection", (reason, promise) => apply(mapSet, unhandled, [promise, reason]));
  process.on("rejectionHandled", (promise) => apply(mapDelete, unhandled, [promise]));
  process.on("uncaughtException", (error) => (uncaught ??= [error]));
  process.on("beforeExit", () => {
    // The event loop must have something to do to come here again.
    immediate(() => {});
    idle?.();
  });
  serve();
}
