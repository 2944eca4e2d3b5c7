// Everything that can be reached in a realm, as a text that differs where two realms do: from the global object, and from what
// syntax makes. Objects are numbered as they are met, so that the text has their identity; of functions it has what they are
// written as, and of the realm's hidden state what can be asked for. No accessor is called but those of the last match.
function walk() {
  "use strict";
  const lines = [];
  const matched = ["$1", "$2", "$9", "lastMatch", "lastParen", "leftContext", "rightContext", "input"];
  lines.push(`matched ${JSON.stringify(matched.map((name) => RegExp[name]))}`);
  lines.push(`state ${[Math.random(), Math.random(), Date.now(), new Date().getTime(), setTimeout(() => {}, 1)]}`);
  console.count();
  console.log("%o", { a: 1 });
  const inherited = [];
  for (const key in {}) inherited.push(key);
  for (const key in globalThis) inherited.push(key);
  lines.push(`enumerable ${inherited}`);

  const { getOwnPropertyDescriptor, getPrototypeOf, isExtensible, ownKeys } = Reflect;
  const { toString } = Function.prototype;
  const objects = [];
  const numbers = new Map();
  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";
  const show = (value) => {
    if (typeof value === "symbol") return String(value);
    if (!isObject(value)) return typeof value === "string" ? JSON.stringify(value) : Object.is(value, -0) ? "-0" : String(value);
    if (!numbers.has(value)) numbers.set(value, objects.push(value) - 1);
    return `#${numbers.get(value)}`;
  };

  const traced = {};
  Error.captureStackTrace(traced);
  const iterator = [].values();
  const segments = new Intl.Segmenter("en").segment("a");
  const thrown = (run) => {
    try {
      return run();
    } catch (error) {
      return error;
    }
  };
  const program = thrown(() => arguments.callee.caller);
  const { proxy } = Proxy.revocable({}, {});
  const syntax = {
    global: globalThis, console, self: walk, function() {}, arrow: () => {}, generator: function* () {},
    async: async () => {}, asyncGenerator: async function* () {}, class: class {}, arguments, sloppy: program,
    array: [], regexp: /a/, string: "".__proto__, number: (0).__proto__, boolean: true.__proto__, symbol: Symbol().__proto__,
    bigint: 0n.__proto__, error: new Error(), traced, null: thrown(() => null.x), range: thrown(() => [].length = -1),
    template: ((strings) => strings)`a`, promise: Promise.resolve(), iterator, helper: iterator.map((x) => x),
    concatenated: Iterator.concat([1]), wrapped: Iterator.from({ next() {} }), map: new Map().entries(), set: new Set().values(),
    text: ""[Symbol.iterator](), matches: "a".matchAll(/a/g), segments, segment: segments[Symbol.iterator](), match: /(?<a>a)/d.exec("a"),
    clone: structuredClone({}), clonedArray: structuredClone([]), clonedError: structuredClone(new RangeError()),
    clonedMap: structuredClone(new Map()), clonedDate: structuredClone(new Date(0)), clonedBytes: structuredClone(new Uint8Array(1)),
    proxy, parsed: JSON.parse('{"a":[]}'), grouped: Object.groupBy([1], () => "a"), resolvers: Promise.withResolvers(),
    format: new Intl.DateTimeFormat("en").format, compare: new Intl.Collator("en").compare, parts: new Intl.NumberFormat("en").formatToParts(1),
    encoded: new TextEncoder().encode("a"), decoder: new TextDecoder(), result: iterator.next(), descriptor: getOwnPropertyDescriptor([], "length"),
  };
  // What differs from case to case though the realm does not: where the errors were thrown.
  const isText = (object, key) => key === "stack" && typeof getOwnPropertyDescriptor(object, key).value === "string";
  show(syntax);

  const flag = (is, letter) => (is ? letter : "-");
  for (let at = 0; at < objects.length; at++) {
    const object = objects[at];
    let kind = typeof object;
    if (kind === "function") {
      const text = toString.call(object);
      kind = text.endsWith("{ [native code] }") ? "native" : `function of ${text.length}`;
    }
    lines.push(`#${at} ${kind} ${Array.isArray(object)} of ${show(getPrototypeOf(object))} ${isExtensible(object) ? "open" : "closed"}`);
    for (const key of ownKeys(object)) {
      const descriptor = getOwnPropertyDescriptor(object, key);
      const { value, get, set, writable, enumerable, configurable } = descriptor;
      const attributes = flag(writable, "w") + flag(enumerable, "e") + flag(configurable, "c");
      const holds = "value" in descriptor ? (isText(object, key) ? "a stack" : show(value)) : `get ${show(get)} set ${show(set)}`;
      lines.push(`#${at} ${String(key)} ${attributes} ${holds}`);
    }
  }
  return { text: lines.join("\n"), objects };
}
