"use strict";
// The console of a case: node's.
//
// Evaluated when the case first asks for it; inspect.js says what that demands of the code. The host's are write(text,
// isError), now() in milliseconds, `intrinsics`, which is what the function of intrinsics.js has returned in this realm,
// `inspector`, the function of inspect.js, and what that wants: details(value) and keys(value, all).
((host) => {
  const { write, details, now, intrinsics, inspector } = host;
  const captured = intrinsics();
  const { apply, getPrototypeOf, hasOwn, isArray, Symbol, Number, List, cut, find, times, spaces, textOf } = captured;
  const { inspect, show, ...tools } = inspector(host);
  const { BUDGET, keysOf, dataOf, kindOf, isBuiltIn, each, indent, number, width } = tools;

  // ---- format

  // Is an object's conversion to text a built-in one? Then it is inspected, for that says little.
  const hasBuiltInText = (object) => {
    while (kindOf(object, details(object)) === "proxy") {
      object = details(object)[1];
      if (object === null) return true;
    }
    const isBuiltInMethod = (key) => {
      let holder = object;
      while (holder !== null && !hasOwn(holder, key)) holder = getPrototypeOf(holder);
      return holder !== object && holder !== null && isBuiltIn(dataOf(holder, "constructor"));
    };
    if (typeof object[Symbol.toPrimitive] === "function" && !isBuiltInMethod(Symbol.toPrimitive)) return false;
    return typeof object.toString !== "function" || isBuiltInMethod("toString");
  };

  const toJSON = (value) => {
    try {
      return textOf(captured.stringify(value));
    } catch (thrown) {
      const isObject = typeof thrown === "object" && thrown !== null;
      const message = isObject && details(thrown)?.[0] === "error" ? dataOf(thrown, "message") : undefined;
      if (typeof message !== "string" || find(message, "Converting circular structure to JSON") !== 0) throw thrown;
      return "[Circular]";
    }
  };

  // What a directive makes of its argument; undefined if it is none.
  const directed = (directive, value, budget) => {
    const type = typeof value;
    const read = (parse) => (type === "symbol" ? "NaN" : number(parse(value)));
    switch (directive) {
      case "s":
        if (type === "number") return number(value);
        if (type === "bigint") return `${value}n`;
        if (type !== "object" || value === null || !hasBuiltInText(value)) return textOf(value);
        return show(value, { __proto__: null, depth: 0 }, budget);
      case "d":
        return type === "bigint" ? `${value}n` : read(Number);
      case "i":
        return type === "bigint" ? `${value}n` : read(captured.parseInt);
      case "f":
        return read(captured.parseFloat);
      case "j":
        return toJSON(value);
      case "O":
        return show(value, undefined, budget);
      case "o":
        return show(value, { __proto__: null, showHidden: true, showProxy: true, depth: 4 }, budget);
      case "c":
        return "";
    }
    return undefined;
  };

  const format = (values) => {
    const budget = { left: BUDGET };
    let text = "";
    let next = 0;
    if (values.length > 1 && typeof values[0] === "string") {
      const first = values[next++];
      let from = 0;
      for (let at = find(first, "%"); at !== -1 && at + 1 < first.length; at = find(first, "%", at + 2)) {
        const literal = first[at + 1] === "%";
        const shown = literal ? "%" : next < values.length ? directed(first[at + 1], values[next], budget) : undefined;
        if (shown === undefined) continue;
        text += cut(first, from, at) + shown;
        from = at + 2;
        if (!literal) next++;
      }
      text += cut(first, from);
    }
    for (; next < values.length; next++) {
      if (next > 0) text += " ";
      const value = values[next];
      const type = typeof value; // programs print numbers by the thousand
      text += type === "string" ? value : type === "number" ? number(value) : show(value, undefined, budget);
    }
    return text;
  };

  // ---- output

  let indentation = "";
  const print = (text, isError = false) => {
    write(indentation === "" ? `${text}\n` : `${indentation}${indent(text, indentation)}\n`, isError);
  };
  const log = (values) => print(format(values));
  const logError = (values) => print(format(values), true);
  const warn = (text) => print(`Warning: ${text}`, true); // node writes the process's id with it

  // ---- table

  const draw = (heads, columns, rows) => {
    const widths = new List();
    for (let i = 0; i < columns.length; i++) {
      let widest = width(heads[i]);
      for (let row = 0; row < rows; row++) {
        const needed = width(columns[i][row] ?? "");
        if (needed > widest) widest = needed;
      }
      widths.push(widest + 2);
    }
    const line = (left, middle, right, cell) => {
      const cells = new List();
      for (let i = 0; i < widths.length; i++) cells.push(cell(i));
      return left + cells.join(middle) + right;
    };
    const rule = (left, middle, right) => line(left, middle, right, (i) => times("─", widths[i]));
    const row = (cell) => line("│", "│", "│", (i) => ` ${cell(i)}${spaces(widths[i] - width(cell(i)) - 1)}`);
    let text = `${rule("┌", "┬", "┐")}\n${row((i) => heads[i])}\n${rule("├", "┼", "┤")}\n`;
    for (let j = 0; j < rows; j++) {
      if (text.length > BUDGET) return print(`${text}...`);
      text += `${row((i) => columns[i][j] ?? "")}\n`;
    }
    print(text + rule("└", "┴", "┘"));
  };

  const namesOf = (object) => {
    const names = new List();
    const keys = keysOf(object);
    for (let i = 0; i < keys.length; i++) if (typeof keys[i] === "string") names.push(keys[i]);
    return names;
  };

  const table = (data, properties) => {
    if (typeof data !== "object" || data === null) return log(new List().push(data));
    if (properties !== undefined && !isArray(properties)) {
      throw new captured.TypeError('The "properties" argument must be an instance of Array');
    }
    const budget = { left: BUDGET };
    const cell = (value) => {
      const flat = typeof value === "object" && value !== null && !isArray(value) && namesOf(value).length > 2;
      return show(value, { __proto__: null, depth: flat ? -1 : 0, maxArrayLength: 3, breakLength: Infinity }, budget);
    };
    const info = details(data);
    const kind = kindOf(data, info);
    const heads = new List();
    const columns = new List();
    const indices = new List();
    const values = new List();
    if (kind === "map" || kind === "set" || kind === "mapIterator" || kind === "setIterator") {
      const keys = kind === "map" || (kind === "mapIterator" && info[2]) ? new List() : undefined;
      const add = (value, key) => {
        indices.push(`${indices.length}`);
        keys?.push(cell(key));
        values.push(cell(value));
        return budget.left <= 0;
      };
      if (kind === "map" || kind === "set") each(kind, data, add);
      else if (keys === undefined) for (let i = 0; i < info[1].length && !add(info[1][i]); i++);
      else for (let i = 0; i < info[1].length && !add(info[1][i + 1], info[1][i]); i += 2);
      heads.push("(iteration index)");
      columns.push(indices);
      if (keys !== undefined) {
        heads.push("Key");
        columns.push(keys);
      }
    } else {
      const rows = namesOf(data);
      const cells = { __proto__: null }; // of each column
      heads.push("(index)");
      columns.push(indices);
      for (let i = 0; i < rows.length && budget.left > 0; i++) {
        const item = data[rows[i]];
        indices.push(rows[i]);
        const primitive = item === null || (typeof item !== "object" && typeof item !== "function");
        if (primitive && properties === undefined) {
          values[i] = cell(item);
          values.length = i + 1;
          continue;
        }
        const names = properties ?? namesOf(item);
        for (let j = 0; j < names.length && budget.left > 0; j++) {
          const column = (cells[names[j]] ??= new List());
          if (!primitive && hasOwn(item, names[j])) column[i] = cell(item[names[j]]);
          budget.left--;
        }
      }
      const names = namesOf(cells);
      for (let i = 0; i < names.length; i++) {
        heads.push(names[i]);
        columns.push(cells[names[i]]);
      }
    }
    if (values.length > 0 || heads[0] !== "(index)") {
      heads.push("Values");
      columns.push(values);
    }
    draw(heads, columns, indices.length);
  };

  // ---- counts and times, by label

  const counts = { __proto__: null };
  const timers = { __proto__: null };

  const durationOf = (elapsed) => {
    const fixed = (value) => apply(captured.toFixed, value, [3]);
    if (elapsed < 1000) return `${Number(fixed(elapsed))}ms`;
    if (elapsed < 60000) return `${fixed(elapsed / 1000)}s`;
    const padded = (text) => (find(`${text}.`, ".") < 2 ? `0${text}` : text);
    const hours = (elapsed - (elapsed % 3600000)) / 3600000;
    const minutes = ((elapsed % 3600000) - (elapsed % 60000)) / 60000;
    const seconds = padded(fixed((elapsed % 60000) / 1000));
    return hours > 0 ? `${hours}:${padded(minutes)}:${seconds} (h:mm:ss.mmm)` : `${minutes}:${seconds} (m:ss.mmm)`;
  };

  const report = (method, label, values) => {
    if (timers[label] === undefined) return warn(`No such label '${label}' for console.${method}()`);
    const shown = new List().push("%s: %s").push(label).push(durationOf(now() - timers[label]));
    for (let i = 0; i < values.length; i++) shown.push(values[i]);
    log(shown);
  };

  const open = (values) => {
    if (values.length > 0) log(values);
    indentation += "  ";
  };

  function trace(...values) {
    const traced = { __proto__: null, name: "Trace", message: format(values) };
    captured.captureStackTrace(traced, trace);
    print(textOf(traced.stack), true);
  }

  const console = {
    __proto__: {},
    log(...values) {
      log(values);
    },
    warn(...values) {
      logError(values);
    },
    dir(value, options) {
      print(inspect(value, { __proto__: null, customInspect: false, ...options }));
    },
    time(label = "default") {
      const name = `${label}`;
      if (timers[name] === undefined) timers[name] = now();
      else warn(`Label '${name}' already exists for console.time()`);
    },
    timeEnd(label = "default") {
      const name = `${label}`;
      report("timeEnd", name, []);
      delete timers[name];
    },
    timeLog(label = "default", ...values) {
      report("timeLog", `${label}`, values);
    },
    trace,
    assert(condition, ...values) {
      if (condition) return;
      if (values.length === 0) return print("Assertion failed", true);
      values[0] = `Assertion failed: ${values[0]}`;
      logError(values);
    },
    clear() {},
    count(label = "default") {
      const name = `${label}`;
      counts[name] = (counts[name] ?? 0) + 1;
      print(`${name}: ${counts[name]}`);
    },
    countReset(label = "default") {
      const name = `${label}`;
      if (counts[name] === undefined) warn(`Count for '${name}' does not exist`);
      delete counts[name];
    },
    group(...values) {
      open(values);
    },
    groupEnd() {
      indentation = cut(indentation, 2);
    },
    table,
    debug(...values) {
      log(values);
    },
    info(...values) {
      log(values);
    },
    dirxml(...values) {
      log(values);
    },
    error(...values) {
      logError(values);
    },
    groupCollapsed(...values) {
      open(values);
    },
  };
  captured.defineProperty(console, Symbol.toStringTag, { __proto__: null, value: "console", configurable: true });
  return console;
});
