// Is the guest's console node's, to the character? Run by node 20, whose util.format and Console are the oracle: for a
// corpus of expressions, random values (for where lines break), and programs that use a console. Then comes what node has
// not: built-ins that the submission has changed, and a bound on the text.
import { spawnSync } from "node:child_process";
import { Console } from "node:console";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import util, { types } from "node:util";
import vm from "node:vm";

const FLAGS = ["--expose-internals", "--no-warnings"];
if (!process.execArgv.includes(FLAGS[0])) {
  const { status } = spawnSync(process.execPath, [...FLAGS, fileURLToPath(import.meta.url)], { stdio: "inherit" });
  process.exit(status ?? 1);
}
if (!process.versions.node.startsWith("20.")) {
  process.stdout.write(`nothing was tested: the format is that of node 20, and this is ${process.version}\n0 passed, 0 failed\n`);
  process.exit(0);
}
const require = createRequire(import.meta.url);
const internal = require("internal/test/binding").internalBinding("util");
const { formatTime } = require("internal/console/constructor");

const urlOf = (name) => new URL(`../../src/guest/${name}`, import.meta.url);
const script = (name) => new vm.Script(readFileSync(urlOf(name), "utf8"), { filename: name });
const [intrinsics, inspector, console_] = ["intrinsics.js", "inspect.js", "console.js"].map(script);

// ---- the host's part

const KINDS = Object.entries({
  isMap: "map", isSet: "set", isWeakMap: "weakMap", isWeakSet: "weakSet", isDate: "date", isRegExp: "regexp",
  isNativeError: "error", isArrayBuffer: "arrayBuffer", isSharedArrayBuffer: "sharedArrayBuffer", isDataView: "dataView",
  isTypedArray: "typedArray", isArgumentsObject: "arguments", isGeneratorObject: "generator", isBoxedPrimitive: "boxed",
  isModuleNamespaceObject: "module",
});

const detailsIn = (list) => (value) => {
  if (types.isProxy(value)) return list("proxy", ...internal.getProxyDetails(value, true));
  if (types.isPromise(value)) return list("promise", ...internal.getPromiseDetails(value));
  if (types.isMapIterator(value) || types.isSetIterator(value)) {
    const [entries, isKeyValue] = internal.previewEntries(value, true);
    const kind = types.isMapIterator(value) ? "mapIterator" : "setIterator";
    return list(kind, Reflect.apply(list, undefined, entries), isKeyValue);
  }
  const isAsync = types.isAsyncFunction(value);
  if (types.isGeneratorFunction(value)) return list(isAsync ? "asyncGeneratorFunction" : "generatorFunction");
  if (isAsync) return list("asyncFunction");
  const kind = KINDS.find(([is]) => types[is](value));
  return kind && list(kind[1]);
};

// A realm of its own, or node's; with the host's keys(), or without.
class Realm {
  text = "";
  time = 0;
  constructor(context = vm.createContext(), hasKeys = true) {
    const isMain = context === globalThis;
    this.run = (source) => (isMain ? (0, eval)(source) : vm.runInContext(source, context));
    this.load = (script) => (isMain ? script.runInThisContext() : script.runInContext(context));
    this.intrinsics = this.load(intrinsics)();
    this.list = this.run("(...items) => items");
    const { ALL_PROPERTIES, ONLY_ENUMERABLE } = internal.constants;
    const keys = (value, all) => internal.getOwnNonIndexProperties(value, all ? ALL_PROPERTIES : ONLY_ENUMERABLE);
    this.keys = hasKeys ? keys : undefined;
  }
  makeConsole() {
    return this.load(console_)({
      write: (text) => (this.text += text),
      details: detailsIn(this.list),
      keys: this.keys,
      now: () => this.time,
      intrinsics: this.intrinsics,
      inspector: this.load(inspector),
    });
  }
  written() {
    const { text } = this;
    this.text = "";
    return text;
  }
}

// ---- counting

let [passed, failed] = [0, 0];
const normal = (text) => text.replace(/\n +at .*?( \{)?$/gm, "$1"); // without frames
const check = (what, actual, expected) => {
  if (actual === expected) return passed++;
  const short = (value) => JSON.stringify(value).slice(0, 2000);
  if (failed++ >= 20) return;
  process.stdout.write(`FAILED ${what}\n  expected ${short(expected)}\n  actual   ${short(actual)}\n`);
};
const attempt = (run) => {
  try {
    return normal(run());
  } catch (error) {
    return `threw ${error?.name}: ${error?.message}`;
  }
};

// ---- expressions, each a list of console.log's arguments

const CORPUS = String.raw`
1, -0, 0, 1.5, NaN, -Infinity, 1e21, 1e-7, 10n, -5n
true, null, undefined, Symbol("s"), Symbol(), Symbol.iterator, Symbol("a\nb")
"plain", "two"
"it's", ["it's", 'say "x"', "it's \"x\"", "it's \"x\" \u0060", "$" + "{'\"}"]
[""], ["\n\t\b\f\r\v\0\x1b\x7f\x9f\xa0"], ["\\"], ["\u2028é日本"]
["\ud83d"], ["\udc00x"], ["😀"], ["x\ud83dy"]
[-0, [0], 1n]
["a".repeat(200)]
"a".repeat(20000).length, ["a".repeat(10001)]
["a".repeat(10002) + "\n"]
[("line".repeat(10) + "\n").repeat(3)]
{ a: ("line".repeat(10) + "\n").repeat(3) + "end" }
["\n".repeat(90)]
["short\nline"]
{ a: "x".repeat(70) }, { a: "x".repeat(71) }, { a: "x".repeat(72) }, { a: "x".repeat(73) }, { a: "x".repeat(60), b: 1 }
{}, [], { a: {} }, { a: [] }
{ a: 1, b: "two", c: null, d: undefined, e: true }
{ "a-b": 1, "1a": 2, a1: 3, _x: 4, $y: 5, "": 6, "é": 7, 12: 8, "it's": 9, "a\nb": 10 }
{ [Symbol("k")]: 1, [Symbol()]: 2, [Symbol("x y\n")]: 3, [Symbol.iterator]: 4 }
{ ["__proto__"]: 1 }
JSON.parse('{"__proto__": {"a": 1}}')
Object.defineProperty({ a: 1 }, "hidden", { value: 2 })
Object.defineProperty({}, Symbol("hidden"), { value: 2 })
{ a: { b: { c: {} } } }, { a: { b: { c: { d: 1 } } } }, [[[[]]]], [[[[1]]]]
{ a: { b: { c: [] , d: [1], e: new Map(), f: new Map([[1, 2]]), g: new Set([1]), h: () => {}, i: class {}, j: /x/g, k: new Date(0) } } }
{ a: { b: { c: Object.assign(() => {}, { z: 1 }), d: Object.assign(/x/, { z: 1 }), e: Object.assign(new Date(0), { z: 1 }) } } }
{ a: { b: { c: Object.assign(Object(1), { z: 1 }), d: Object(1), e: Promise.resolve(1), f: new WeakMap(), g: new Uint8Array(2), h: new ArrayBuffer(1) } } }
{ a: { b: { c: Object.create(null), d: Object.assign(Object.create(null), { z: 1 }), e: new (class Foo {})(), f: new (class Foo { a = 1 })() } } }
{ a: { b: { c: new Proxy([1], {}), d: (function* () {})(), e: [1].values(), f: new Map([[1, 2]]).entries(), g: Object(Symbol("s")) } } }
{ a: { b: { d: new (class extends Array {})(3), e: (function () { return arguments; })(1) } } }
[[[new Error("deep")]]]
[[[Object.assign(new Error("deep"), { code: 1 })]]]
[[[[Object.assign(new Error("deep"), { code: 1 })]]]]
[1, 2, 3], ["a", "b"], [1, "a", null, undefined, {}, []]
[1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7]
Array.from({ length: 27 }, (_, i) => i * 3)
Array.from({ length: 100 }, (_, i) => i), Array.from({ length: 101 }, (_, i) => i)
Array.from({ length: 102 }, (_, i) => i ** 3)
Array.from({ length: 250 }, (_, i) => "s" + i)
Array.from({ length: 30 }, (_, i) => "x".repeat(i))
Array.from({ length: 30 }, (_, i) => "x".repeat(i % 7))
Array.from({ length: 12 }, (_, i) => [i, i * i])
Array.from({ length: 12 }, (_, i) => ({ i, s: "v" + i }))
Array.from({ length: 7 }, (_, i) => i % 2 ? i : "s" + i)
Array.from({ length: 20 }, (_, i) => BigInt(i) ** 9n)
Array.from({ length: 20 }, (_, i) => i % 3 ? i : -0.5 * i)
{ matrix: [[1, 2, 3], [4, 5, 6], [7, 8, 9]] }
[[1, 2, [3, 4, [5, [6]]]], { a: [1, { b: [2, { c: 3 }] }] }]
Array.from({ length: 10 }, () => Array.from({ length: 10 }, (_, i) => i))
Array.from({ length: 8 }, (_, i) => "日本語".slice(0, i % 4))
["😀", "a", "b", "c", "d", "e", "f", "日本"]
["e\u0301", "\u200b", "👨‍👩‍👧", "a", "b", "c", "d", "한국", "🇩🇪", "👍🏽", "Ａ", "ｱ", "©", "☃", "⌚"]
["multi\nline", "b", "c", "d", "e", "f", "g"]
[1, , 3], [, ], [, , 1], [1, , , ], Array(3), Array(200)
(() => { const a = []; a[5] = 1; a[9] = 2; return a; })()
(() => { const a = []; a[1000000000] = 1; return a; })()
(() => { const a = Array(150); for (let i = 0; i < 150; i += 2) a[i] = i; return a; })()
(() => { const a = Array(300); for (let i = 0; i < 300; i += 3) a[i] = i; return a; })()
Object.assign([1, 2], { x: 1 }), Object.assign([], { x: 1, [Symbol("s")]: 2 }), Object.assign([1], { "-1": 1, "01": 2, 4294967295: 3 })
Object.assign([1, 2, 3, 4, 5, 6, 7, 8], { x: 1 })
Object.assign(Array.from({ length: 120 }, (_, i) => i), { x: 1, y: 2 })
Object.defineProperty([1, 2, 3], 1, { get() { throw 1; }, enumerable: true })
Object.defineProperty([1, 2, 3, 4, 5, 6, 7], 1, { value: "hidden", enumerable: false })
() => {}, function () {}, function f() {}, async () => {}, async function g() {}, function* h() {}, async function* i() {}
[() => {}, function f() {}], { f() {}, get g() { return 1; }, set s(v) {}, get gs() { return 1; }, set gs(v) {} }
{ f: function () {}, g: () => {}, h: class {}, async i() {}, *j() {}, async *k() {} }
class A {}, class {}, class B extends Array {}, class C extends null {}, class D { static x = 1; static m() {} }
class E extends (class F {}) {}, class /* ( */ G {}, class H extends (0, Array) { }
({ class() {} }).class, ({ class: 1, classy() {} }).classy, ({ "class x"() {} })["class x"]
class { static name = "renamed" }, class N { static name = 5 }, class M { static name() {} }
Object.assign(function f() {}, { a: 1 }), Object.assign(() => {}, { b: [1] }), Object.assign(class X {}, { y: 1 })
Object.setPrototypeOf(function f() {}, null), Object.setPrototypeOf(class A {}, null), Object.setPrototypeOf(() => {}, Object.create(null))
Object.defineProperty(function f() {}, "name", { value: "" }), Object.defineProperty(function f() {}, "name", { value: "a b" })
function f() {}.bind(null), (class K {}).bind, Math.max, Array, Proxy, Symbol, parseInt
Object.assign(function f() {}, { [Symbol.toStringTag]: "Tagged" }), Object.defineProperty(() => {}, Symbol.toStringTag, { value: "T" })
Object.setPrototypeOf(() => {}, class P {}), Object.setPrototypeOf(() => {}, (class Q extends Function {}).prototype)
new Function("a", "return a"), Function.prototype
new (class Foo {})(), new (class Foo { a = 1; #b = 2 })(), new (class extends Array {})(), new (class Foo extends Array {})(3)
new (class Foo extends Map {})([[1, 2]]), new (class Foo extends Set {})([1]), new (class Foo extends Date {})(0), new (class Foo extends RegExp {})("x")
new (class Foo extends Error {})("m"), new (class Foo extends Promise {})(() => {}), new (class Foo extends Uint8Array {})(2)
new (class Foo extends Number {})(3), new (class Foo extends String {})("s"), new (class Foo extends Function {})()
new (class Foo extends WeakMap {})(), new (class Foo extends ArrayBuffer {})(1), new (class Foo extends DataView {})(new ArrayBuffer(1))
new (class A { constructor() { this.left = null; this.right = null; this.value = 1; } })()
(() => { class ListNode { constructor(val, next) { this.val = val; this.next = next; } } return new ListNode(1, new ListNode(2, new ListNode(3, new ListNode(4, null)))); })()
(() => { function Old() { this.a = 1; } return new Old(); })(), new (function () { this.b = 1; })()
(() => { function Old() {} Old.prototype = { m() {} }; return new Old(); })()
new (class { get [Symbol.toStringTag]() { return "Tag"; } })(), new (class A { get [Symbol.toStringTag]() { return "A"; } })()
{ [Symbol.toStringTag]: "Tag" }, Object.create({ [Symbol.toStringTag]: "Tag" }), { get [Symbol.toStringTag]() { return "T"; } }
Object.assign(Object.create({ [Symbol.toStringTag]: "Tag" }), { a: 1 }), { [Symbol.toStringTag]: "" }, { [Symbol.toStringTag]: 5 }
new (class Foo extends Map { get [Symbol.toStringTag]() { return "bar"; } })([[1, 2]])
new (class Foo extends Array { get [Symbol.toStringTag]() { return "bar"; } })(1, 2)
Object.defineProperty([1], Symbol.toStringTag, { value: "T" }), Object.defineProperty(new Error("x"), Symbol.toStringTag, { value: "T" })
Object.create(null), Object.assign(Object.create(null), { a: 1 }), Object.create({}), Object.create({ a: 1 }), Object.create(Array.prototype)
Object.create(Object.create(null)), Object.create(Object.create(Object.create(null))), Object.assign(Object.create(Object.create(null)), { a: 1 })
Object.create(Object.assign(Object.create(null), { a: 1 })), [[[Object.create(Object.create(null))]]], [[[[Object.create(Object.create(null))]]]]
Object.setPrototypeOf([1, 2], null), Object.setPrototypeOf(new Map([[1, 2]]), null), Object.setPrototypeOf(new Set([1]), null)
Object.setPrototypeOf([1, 2], Object.create(null)), Object.setPrototypeOf(new Map([[1, 2]]), Object.create(null))
Object.setPrototypeOf(new Date(0), null), Object.setPrototypeOf(/x/, null), Object.setPrototypeOf(Object(1), null), Object.setPrototypeOf(Object("s"), null)
Object.setPrototypeOf(new Uint8Array(2), null), Object.setPrototypeOf(Promise.resolve(1), null)
Object.setPrototypeOf(new Error("x"), null), Object.setPrototypeOf(new RangeError("x"), null)
Object.setPrototypeOf([1], Object.prototype), Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype), Object.setPrototypeOf(new Error("e"), Object.prototype)
Object.setPrototypeOf({ a: 1 }, Array.prototype), Object.setPrototypeOf({ a: 1 }, Map.prototype), Object.setPrototypeOf({ a: 1 }, Date.prototype)
{ constructor: 1 }, { constructor: Array }, { constructor: class Foo {} }, { constructor: { name: "Fake" } }, { hasOwnProperty: 1, toString: 2 }
Object.prototype, Array.prototype, Map.prototype, Function.prototype, Date.prototype, RegExp.prototype, Promise.prototype, Symbol.prototype, Number.prototype
Error.prototype, TypeError.prototype, (class A { m() {} get g() { return 1; } }).prototype, (class A extends Array {}).prototype
new (class A { static [Symbol.hasInstance]() { return false; } })(), new (class A { static [Symbol.hasInstance]() { throw 1; } })()
new Map(), new Map([[1, 2], ["a", { b: 1 }]]), new Map([[{ a: 1 }, [1, 2, 3]]]), new Map([[NaN, -0]])
new Set(), new Set([1, "a", { b: 1 }, [1]]), new Set([[1, 2], new Set([3])]), { m: new Map([[new Map([[1, 2]]), new Set([new Map()])]]) }
new Map(Array.from({ length: 30 }, (_, i) => [i, "v".repeat(i)])), new Set(Array.from({ length: 30 }, (_, i) => i))
new Map(Array.from({ length: 130 }, (_, i) => [i, i])), new Set(Array.from({ length: 130 }, (_, i) => i))
Object.assign(new Map([[1, 2]]), { x: 1 }), Object.assign(new Set(), { x: 1 })
new Map([["k".repeat(40), "v".repeat(40)], ["k", "v"]]), new Map([["nested", new Map([["deep", new Map([["deeper", new Map()]])]])]])
new Map([[1, 2]]).keys(), new Map([[1, 2]]).values(), new Map([[1, 2]]).entries(), new Set([1, 2]).values(), new Set([1, 2]).entries(), new Map().entries()
new Map([[1, { a: 1 }], [2, [1, 2]]]).entries(), Object.assign(new Set([1]).values(), { x: 1 })
new Map(Array.from({ length: 130 }, (_, i) => [i, i])).entries(), new Set(Array.from({ length: 130 }, (_, i) => i)).values()
[1, 2].values(), "ab"[Symbol.iterator](), "ab".matchAll(/a/g), (function* gen() {})(), (async function* () {})(), (function* () { yield 1; })().next()
new WeakMap(), new WeakSet(), Object.assign(new WeakMap(), { a: 1 }), new WeakRef({}).constructor.name
Promise.resolve(1), Promise.resolve({ a: [1, 2] }), new Promise(() => {}), Object.assign(Promise.resolve(), { x: 1 })
(() => { const p = Promise.reject(5); p.catch(() => {}); return p; })(), (() => { const p = Promise.reject(new Error("no")); p.catch(() => {}); return p; })()
new Date(0), new Date(NaN), new Date(8.64e15), new Date(-1), Object.assign(new Date(0), { x: 1 }), [new Date(0)], { d: new Date(NaN) }
/x/, /a\/b/gimsuy, new RegExp(""), new RegExp("/"), Object.assign(/x/g, { x: 1 }), [/x/]
Object(1), Object(-0), Object("str"), Object(true), Object(1n), Object(Symbol("s")), Object("")
Object.assign(Object(1), { a: 1 }), Object.assign(Object("ab"), { x: 1 }), [Object("it's")], Object("a\nb".repeat(40))
Object.defineProperty(Object(1), Symbol.toStringTag, { value: "T" })
new Uint8Array(0), new Uint8Array([1, 2, 3]), new Float64Array([1.5, -0, NaN]), new BigInt64Array([1n, -2n]), new Int16Array(10), new Uint8ClampedArray(3)
new Uint8Array(150), new Float32Array(200).fill(0.1), Object.assign(new Uint8Array(2), { x: 1 })
new ArrayBuffer(0), new ArrayBuffer(3), new Uint8Array([1, 255, 16]).buffer, new ArrayBuffer(150), Object.assign(new ArrayBuffer(1), { x: 1 })
(() => { const b = new ArrayBuffer(4); structuredClone(b, { transfer: [b] }); return b; })()
new SharedArrayBuffer(2), new DataView(new ArrayBuffer(4), 1, 2), Object.assign(new DataView(new ArrayBuffer(1)), { x: 1 })
(function () { return arguments; })(), (function () { return arguments; })(1, "a", [2]), (function () { "use strict"; return arguments; })(1)
new Error("msg"), new Error(""), new Error(), new TypeError("t"), new RangeError("multi\nline"), [new Error("in array")], { e: new Error("in object") }
Object.assign(new Error("msg"), { code: "E", info: { a: 1 } }), new Error("outer", { cause: new Error("inner") }), new Error("o", { cause: "text" })
new Error("outer", { cause: { a: { b: { c: { d: 1 } } } } }), new AggregateError([new Error("a"), 1], "many"), new AggregateError([])
(() => { const make = (n) => n === 0 ? new Error("deep") : make(n - 1); const inner = make(8); try { throw inner; } catch (e) { return new Error("outer", { cause: e }); } })()
Object.assign(new Error("msg"), { name: "Custom" }), Object.assign(new Error("msg"), { name: "CustomError" }), Object.assign(new Error("x"), { message: "changed" })
Object.assign(new Error("msg"), { stack: "own text" }), Object.assign(new Error("msg"), { stack: 5 }), Object.assign(new Error("msg"), { stack: undefined })
Object.assign(new Error("msg"), { stack: "Error: msg\n    at somewhere" }), Object.assign(new Error("m"), { stack: "" }), Object.assign(new Error("m"), { name: undefined })
Object.assign(new Error("msg"), { stack: { toString() { return "stack object"; } } }), Object.assign(new Error("msg"), { message: 5 })
new (class ValidationError extends Error {})("v"), new (class Oops extends Error {})("v"), new (class ValidationError extends TypeError {})("v")
new (class E2 extends Error { constructor(m) { super(m); this.name = "E2"; this.extra = [1]; } })("v"), new (class E3 extends Error { name = "Three" })("x")
new (class E4 extends Error { get name() { return "Four"; } })("x"), new (class A extends Error { toString() { return "custom"; } })("x")
Object.defineProperty(new Error("x"), "name", { value: "Hidden" }), Object.defineProperty(new Error("x"), "message", { value: "shown", enumerable: true })
Object.assign(new Error("x"), { name: "A name that is new", errors: [1] }), Object.assign(new TypeError("x"), { constructor: 5 })
(() => { function Old(m) { this.message = m; } Old.prototype = Object.create(Error.prototype); return new Old("x"); })(), Object.create(Error.prototype)
(() => { function OldError(m) { this.message = m; } OldError.prototype = Object.create(Error.prototype, { constructor: { value: OldError } }); return new OldError("x"); })()
Object.defineProperty(new Error("x"), "stack", { get() { return "Error: x\n    at place"; } }), (() => { const e = new Error("x"); delete e.stack; return e; })()
[new Error("a"), new Error("b", { cause: new Error("c") })], new Map([[new Error("key"), new Error("value")]]), { nested: { e: Object.assign(new Error("m"), { code: 1 }) } }
(() => { const e = new Error("self"); e.cause = e; return e; })(), (() => { const e = new Error("self"); e.me = e; return e; })()
{ a: 1, get b() { throw new Error(); }, set c(v) {} }, Object.defineProperty({}, "x", { get: undefined, set: undefined, enumerable: true })
(() => { const a = { name: "a" }; a.self = a; return a; })(), (() => { const a = [1]; a.push(a); return a; })()
(() => { const a = {}, b = { a }; a.b = b; return { a, b, list: [a, b] }; })(), (() => { const m = new Map(); m.set(m, m); return m; })()
(() => { const s = new Set(); s.add(s); return s; })(), (() => { const f = () => {}; f.f = f; return f; })(), (() => { const a = {}; a.b = { c: a, d: {} }; a.b.d.e = a.b; return a; })()
(() => { const a = {}; return [a, a, { a }]; })(), (() => { const p = {}; p.q = Promise.resolve(p); return p; })()
(() => { class Node { constructor() { this.next = this; } } return new Node(); })(), (() => { const r = /x/; r.r = r; return r; })(), (() => { const a = Object(1); a.a = a; return a; })()
new Proxy({ a: 1 }, {}), new Proxy([1, 2], {}), new Proxy(() => {}, {}), new Proxy(class A {}, {}), new Proxy(new Map([[1, 2]]), {}), [new Proxy({}, {})]
new Proxy({ a: 1 }, { get() { throw 1; }, ownKeys() { throw 1; }, getPrototypeOf() { throw 1; } }), new Proxy(new Proxy({ a: 1 }, {}), {})
(() => { const r = Proxy.revocable({}, {}); r.revoke(); return [r.proxy, { p: r.proxy }]; })(), (() => { const r = Proxy.revocable({}, {}); r.revoke(); return r.proxy; })()
{ [inspect]() { return "custom"; } }, { a: { [inspect]() { return "two\nlines"; } } }, { [inspect]() { return { a: 1 }; } }, { [inspect]() { return this; } }
{ a: { [inspect](depth, options) { return depth + " " + options.depth + " " + options.stylize("x", "y") + Object.keys(options); } } }
{ a: { b: { [inspect](depth, options, inspect) { return inspect({ x: { y: { z: {} } } }, { depth: 0 }) + inspect([1, 2]) + inspect(this.c, options); }, c: [[[1]]] } } }
[[[[{ [inspect]() { return "deep"; } }]]]], { [inspect]: 5 }, { [inspect]() { return 5; } }, { [inspect]() { return null; } }, { [inspect]() { return undefined; } }
new (class P { [inspect]() { return "P!"; } })(), (class P { [inspect]() { return "P!"; } }).prototype, class { static [inspect]() { return "static"; } }
{ [inspect]() { throw new TypeError("hook"); } }
{ [inspect]() { return Symbol("s"); } }
{ a: { [inspect](d, o, i) { return i(new Map([["key", { nested: [1, 2, { deep: {} }] }]]), { ...o, breakLength: 20 }); } } }
{ a: { [inspect](d, o, i) { return i({ p: "x".repeat(30), q: [1, 2, 3, 4, 5, 6, 7, 8], r: { s: 1 } }, { compact: false }); } } }
{ a: { [inspect](d, o, i) { return i({ p: [1, [2]], q: new Map([[1, { a: 1 }]]) }, { compact: 1, maxArrayLength: 1 }) + i([1, 2], { maxArrayLength: 0 }) + i("abcdef", { maxStringLength: 3 }); } } }
{ a: { [inspect](d, o, i) { return i([1, { a: { b: { c: { d: { e: 1 } } } } }], { depth: null }) + i([1, 2, 3], { maxArrayLength: null }) + i(new Proxy({}, {}), { showProxy: true }); } } }
{ a: 1, b: { c: 2 }, d: "x".repeat(50) }, { a: 1, b: { c: { d: { e: 1 } } } }, { a: { b: 1 }, c: { d: { e: 2 } } }
{ alpha: 1, beta: 2, gamma: 3, delta: 4, epsilon: 5, zeta: 6, eta: 7, theta: 8 }, { a: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27] }
[{ a: 1, b: 2 }, { a: 3, b: 4 }], [["a", 1], ["b", 2], ["c", 3]], { users: [{ id: 1, name: "Ann", tags: ["x", "y"] }, { id: 2, name: "Bob", tags: [] }], total: 2 }
"%s", "a"
"%s %s %s %s %s %s", 1, -0, 5n, Symbol("x"), null, undefined
"%s|%s|%s|%s", {}, [1, [2, [3]]], { a: { b: {} } }, new Map([[1, { a: {} }]])
"%s|%s|%s", () => 1, class A {}, function f() { return 1; }
"%s|%s|%s|%s", new Error("e").message, new Date(0), /x/, Object(1)
"%s|%s", { toString() { return "own"; } }, new (class A { toString() { return "inherited"; } })()
"%s|%s|%s", new (class A extends Array {})(2), new (class B extends Date {})(0), Object.create(null)
"%s|%s", { [Symbol.toPrimitive]() { return "primitive"; } }, new (class A { get [Symbol.toStringTag]() { return "T"; } })()
"%s", new Proxy({}, { get() { throw 1; } })
"%s", new (class A extends (class B { toString() { return "B"; } }) {})()
"%s", new Error("as text")
"%s", { toString: 5 }
"%s|%s", Object.create({ toString() { return "proto"; } }), "text"
"%d|%d|%d|%d|%d|%d|%d", 1, "0x10", "a", -0, 5n, Symbol("s"), {}
"%d|%d|%d|%d", [4], null, undefined, { valueOf() { return 3; } }
"%i|%i|%i|%i|%i", 1.9, "12px", 5n, Symbol("s"), {}
"%f|%f|%f|%f|%f", 1.5, "1.5x", 5n, Symbol("s"), "-0"
"%j|%j|%j|%j", { a: [1] }, "s", undefined, () => {}
"%j", { toJSON() { return { json: 1 }; } }
"%j", (() => { const a = {}; a.a = a; return a; })()
"%j", 1n
"%j", { toJSON() { throw new Error("toJSON"); } }
"%o", { a: { b: { c: { d: { e: { f: 1 } } } } } }
"%o|%o|%o", 1, "s", [1, { a: 2 }]
"%o", function f() {}
"%o", class A { static x = 1; m() {} }
"%o", new (class A { a = 1; get g() { return 1; } })()
"%o", new (class B extends (class A { get inherited() { return 1; } set own(v) {} }) { get own() { return 1; } })()
"%o|%o", new Proxy({ a: 1 }, { get() {} }), [new Proxy([], {})]
"%o", new Uint8Array([1, 2])
"%o|%o|%o", new Map([[1, 2]]), new Set([1]), new Date(0)
"%o|%o", /x/, Object("ab")
"%o", Object.create({ data: 1, nested: { a: 1 } })
"%o", Object.create(Object.create({ far: 1 }, { near: { value: [1, 2] } }), { own: { value: 1 } })
"%o", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
"%o", { get a() { return 1; }, [Symbol("s")]: 1, ["__proto__"]: 2 }
"%O", { a: { b: { c: { d: 1 } } } }
"%O|%O", [1, 2], "s"
"%c|%cx", "css", "more"
"%%|%s|%%", 1
"%%"
"100%"
"100%", 5
"%", 5
"%s%"
"%s%", 1
"%x %s", 1, 2
"%s", 1, 2, "three", { a: 1 }
"%s %s", 1
"%d %d", 1
"no directives", 1, "two", { three: 3 }
"%%s", 1
"%%%s", 1
"a%", "b%", "%s", 3
5, "%s", 6
{}, "%s", 1
"", 1
"%s", ""
"%S %D", 1, 2
"%s\n%s", "a", { b: "c\nd" }
"é%s日", "ü"
globalThis.undefined
Math, JSON, Reflect, Atomics, Intl.constructor === Object
new (class A { constructor() { this.map = new Map([["a", new Set([1, 2])]]); this.nested = { a: [{ b: 1 }] }; } })()
[undefined, null, , NaN], [[], [[]], [[[]]]], [{}, [{}]], { a: [{}], b: {} }
[1.0, 2.50, 1e100, 123456789.123], ["a\\b", 'q"q', "q'q", "q\u0060q"]
Object.freeze({ a: 1 }), Object.freeze([1]), Object.seal(new Map())
Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i))
Array.from({ length: 26 }, (_, i) => ({ [String.fromCharCode(97 + i)]: i }))
Array.from({ length: 7 }, () => null), Array.from({ length: 7 }), Array.from({ length: 20 }, (_, i) => i % 2 === 0)
Object.fromEntries(Array.from({ length: 40 }, (_, i) => ["key" + i, i])), Object.fromEntries(Array.from({ length: 150 }, (_, i) => ["k" + i, i]))
Array.from({ length: 9 }, (_, i) => "item number " + i), Array.from({ length: 9 }, (_, i) => "a much longer item, whose number is " + i)
{ a: Array.from({ length: 9 }, (_, i) => "item number " + i), b: { c: Array.from({ length: 40 }, (_, i) => i * 1000) } }
[["x".repeat(30), "y".repeat(30)], ["z"]], [["x".repeat(30), "y".repeat(40)], ["z"]], { k: ["x".repeat(30), "y".repeat(30), 1] }
`
  .trim()
  .split("\n");

const sources = CORPUS.map((line) => `[${line}]`);
{
  // In node's realm, as node takes objects of others for strangers.
  globalThis.inspect = util.inspect.custom;
  for (const realm of [new Realm(globalThis), new Realm(globalThis, false)]) {
    const { log } = realm.makeConsole();
    for (const source of sources) {
      const mine = attempt(() => (log(...realm.run(source)), realm.written().slice(0, -1)));
      const theirs = attempt(() => util.formatWithOptions({}, ...realm.run(source)));
      check(`console.log(${source.slice(1, -1)})`, mine, theirs);
    }
  }
}

// ---- random values, for where lines break

const generator = (seed) => {
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(random() * n);
  const pick = (...items) => items[below(items.length)];
  const many = (most, make) => Array.from({ length: below(most + 1) }, make);
  const word = () => {
    const start = pick("a", "id", "name", "it's", 'q"', "日本", "😀", "é", "x y", "line\nbreak", "");
    return start + "x".repeat(below(pick(3, 12, 40)));
  };
  class Point {
    constructor(...of) {
      Object.assign(this, { x: of[0], y: of[1] });
    }
  }
  const scalar = () =>
    pick(
      () => below(10), () => below(100000), () => -random() * 1000, () => word(), () => word(), () => random() < 0.5,
      () => null, () => undefined, () => BigInt(below(1000)), () => -0, () => Symbol(word()), () => /r/g,
      () => new Date(below(1e9)), () => function f() {}, () => Object(below(10)), () => word().repeat(below(6)),
    )();
  const value = (depth) => {
    if (depth === 0 || random() < 0.3) return scalar();
    const inner = () => value(depth - 1);
    return pick(
      () => many(9, inner),
      () => many(40, () => below(pick(10, 100, 1000000))),
      () => many(30, word),
      () => many(130, () => below(2)),
      () => Object.fromEntries(many(8, () => [word(), inner()])),
      () => Object.fromEntries(many(8, () => [word(), inner()])),
      () => new Map(many(6, () => [random() < 0.8 ? scalar() : inner(), inner()])),
      () => new Set(many(6, inner)),
      () => new Point(inner(), inner()),
      () => Object.assign(many(8, inner), random() < 0.3 ? { extra: inner() } : {}),
      () => { const holes = many(9, inner); for (const i of many(3)) delete holes[below(9)]; return holes; },
      () => new Map(many(4, () => [word(), inner()])).entries(),
      () => Promise.resolve(inner()),
      () => { const self = { of: inner() }; self.self = { self, again: [self] }; return self; },
      () => new Float64Array(many(20, () => below(1000) / 8)),
      () => Object.assign(() => {}, Object.fromEntries(many(3, () => [`f${word()}`, inner()]))),
    )();
  };
  return { value, below };
};
{
  const realm = new Realm(globalThis);
  const { log, dir } = realm.makeConsole();
  for (let seed = 1; seed <= 3000; seed++) {
    const { value, below } = generator(seed);
    const made = value(2 + below(5));
    log(made);
    check(`random value ${seed}`, realm.written(), `${util.format(made)}\n`);
    const options = {
      depth: [0, 1, 3, 5, Infinity, null][below(6)],
      breakLength: [40, 60, 80, 120, Infinity][below(5)],
      compact: [1, 2, 3, 4, false][below(5)],
      maxArrayLength: [0, 3, 100, null][below(4)],
      maxStringLength: [5, 100, null][below(3)],
      showHidden: below(3) === 0,
    };
    dir(made, options);
    check(`random value ${seed}, ${util.format(options)}`, realm.written(), `${util.inspect(made, options)}\n`);
  }
}

// ---- programs

const PROGRAMS = String.raw`
console.log(); console.log(""); console.log(undefined); console.info("i", 1); console.debug({ a: 1 }); console.warn("w %d", 5); console.error("e")
console.group(); console.log("in"); console.log(); console.log({ a: "x".repeat(40), b: "y".repeat(40) }); console.groupEnd(); console.log("out")
console.group("title %s", 1, { a: 1 }); console.group("inner\nlines"); console.log("a\nb\n"); console.groupEnd(); console.groupEnd(); console.groupEnd(); console.log("x")
console.groupCollapsed("c"); console.error("e\ne"); console.table([1]); console.dir({ a: { b: { c: { d: 1 } } } }); console.groupEnd(); console.log(1)
console.count(); console.count(); console.count("x"); console.count("default"); console.count(undefined); console.count(null); console.countReset(); console.count(); console.count("__proto__"); console.count({})
console.assert(true, "no"); console.assert(false); console.assert(false, "text %s", 1); console.assert(0, { a: 1 }); console.assert("", "a", "b"); console.assert(); console.assert(false, undefined)
console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 }); console.dir({ a: { b: { c: { d: { e: 1 } } } } }, { depth: null }); console.dir("text"); console.dir([1], { showHidden: true }); console.dir(5, null)
console.dir({ [inspect]() { return "hook"; } }); console.dirxml({ a: 1 }, "b", [1]); console.dir(); console.dir("%s", "x")
console.trace("here %s", 1); console.trace(); console.trace({ a: 1 })
console.table([[1, 2], [3, 4]]); console.table([{ a: 1, b: "x" }, { a: 2, c: true }]); console.table([1, "two", { three: 3 }, [4], null])
console.table({ x: { a: 1 }, y: { b: 2 } }); console.table({ a: 1, b: "s" }); console.table([]); console.table({}); console.table("text"); console.table(null); console.table(5); console.table()
console.table(new Map([["a", 1], ["b", { c: 2 }]])); console.table(new Set([1, "x", { y: 1 }])); console.table(new Map()); console.table(new Set())
console.table(new Map([["a", 1]]).entries()); console.table(new Map([["a", 1]]).keys()); console.table(new Set(["a"]).values()); console.table(new Set(["a"]).entries())
console.table([{ a: 1, b: 2 }, { a: 3, b: 4 }], ["b"]); console.table([{ a: 1 }, { b: 2 }], ["a", "z"]); console.table([1, { a: 2 }], ["a"]); console.table([{ a: 1 }], [])
console.table([{ name: "日本", v: 1 }, { name: "é", v: "😀" }]); console.table([["multi\nline", { a: { b: 1 } }, [1, 2, 3, 4, 5]]]); console.table([{ o: { a: 1, b: 2 }, p: { a: 1, b: 2, c: 3 } }])
console.table([{ 2: "two", 1: "one", a: "a" }]); console.table(Object.assign([[1]], { extra: [2] })); console.table([() => {}, function f() {}, class A {}, Symbol("s"), 1n, -0, undefined])
console.table([new Map([[1, 2]]), new Date(0), /x/]); console.table(new Proxy([[1, 2]], {})); console.table([{ get g() { return 5; } }]); console.table([new (class A { x = 1 })()]); console.table(new (class B { y = [1] })())
console.table([Object.create(null)]); console.table([Object.assign(Object.create(null), { a: 1 })]); console.table(new Uint8Array([1, 2])); console.table([[, 1]]); console.table([, [1]]); console.table([[1, [2, [3]]]])
console.table([["a".repeat(200), "b"]]); console.table(Array.from({ length: 12 }, (_, i) => ({ i, sq: i * i, s: "v".repeat(i) })))
const { log } = console; log("destructured"); [1, 2].forEach(console.log); ["a"].map(console.info); Promise.resolve; log.call(null, 1); log.apply(5, [1, 2])
console.clear(); console.log(typeof console.log, Object.prototype.toString.call(console), String(console)); console.log(Object.getOwnPropertyDescriptor(console, "log").writable, console.log.name, console.error.name)
console.log("%s", { toString() { console.log("nested"); return "outer"; } }); console.log({ [inspect]() { console.log("hook"); return "h"; } })
for (const level of ["log", "info", "debug", "warn", "error", "dirxml"]) console[level](level, { level }, "%s")
console.log("a".repeat(5), [["x"]], new Error("e"), "\t", '"', "\u001b[31m")
`
  .trim()
  .split("\n");

{
  const realm = new Realm(globalThis);
  for (const program of PROGRAMS) {
    let text = "";
    const stream = new Writable({ write: (chunk, _, done) => ((text += chunk), done()) });
    const run = realm.run(`(console) => { ${program} }`);
    const theirs = new Console({ stdout: stream, stderr: stream, colorMode: false });
    Object.defineProperty(theirs, Symbol.toStringTag, { value: "console", configurable: true }); // as the global one's
    const mine = realm.makeConsole();
    const expected = attempt(() => (run(theirs), text));
    const actual = attempt(() => (run(mine), realm.written()));
    check(program, actual, expected);
  }
}

{
  const realm = new Realm(globalThis);
  const mine = realm.makeConsole();
  const shape = (console) => util.inspect([
    Object.getOwnPropertyDescriptor(console, Symbol.toStringTag),
    Object.keys(Object.getPrototypeOf(console)),
    Object.getPrototypeOf(Object.getPrototypeOf(console)) === Object.prototype,
    ...Object.keys(mine).flatMap((name) => [name, console[name].name, Object.getOwnPropertyDescriptor(console, name)]),
  ], { depth: 9 });
  check("the console itself", shape(mine), shape(console));
  check("its properties", Object.keys(mine).join(), Object.keys(console).slice(0, 19).join());

  mine.time();
  mine.time("a");
  for (const passing of [0, 1, 999, 1000, 2345, 59999, 60000, 61001, 754321, 3599999, 3600000, 45296789, 360000000]) {
    realm.time = passing;
    mine.timeLog();
    mine.timeLog("a", passing, { a: 1 }, "%s");
    const line = formatTime(passing);
    const logged = util.format("a: %s", line, passing, { a: 1 }, "%s");
    check(`${passing} ms`, realm.written(), `default: ${line}\n${logged}\n`);
  }
  mine.timeEnd("a");
  mine.timeEnd("a");
  mine.time();
  mine.timeLog("b");
  mine.countReset("c");
  const warnings = [
    "a: 100:00:00.000 (h:mm:ss.mmm)",
    "Warning: No such label 'a' for console.timeEnd()",
    "Warning: Label 'default' already exists for console.time()",
    "Warning: No such label 'b' for console.timeLog()",
    "Warning: Count for 'c' does not exist",
  ];
  check("warnings", realm.written(), `${warnings.join("\n")}\n`);

  mine.log = 5;
  mine.group("g");
  delete mine.log;
  mine.info("still");
  mine.groupEnd();
  check("a console that has lost its log", realm.written(), "g\n  still\n");
}

// ---- built-ins that the submission has changed

// Makes every function and accessor of a realm throw, and whatever an object would inherit by a name of `words`; but for
// what is read of values by node's rules.
const changeAll = (realm, words) => {
  const fail = (what) => () => {
    throw new Error(`${String(what)} was used`);
  };
  const { ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
  const [global, object] = [realm.run("globalThis"), realm.run("Object.prototype")];
  const kept = [
    ...["constructor", "name", "message", "stack", "cause", "errors", "toString", "prototype", "__proto__", Symbol.toStringTag],
    ...["source", "flags", "hasIndices", "global", "ignoreCase", "multiline", "dotAll", "unicode", "unicodeSets", "sticky"],
  ];
  const names = Object.getOwnPropertyNames(global).filter((name) => !["globalThis", "inspect"].includes(name));
  const iterators = "[].values(), new Map().values(), new Set().values(), 'x'.matchAll(/x/g), ''[Symbol.iterator]()";
  const queue = [...names.map((name) => global[name]), ...realm.run(`[${iterators}, (function* () {})()]`)];
  const seen = new Set();
  for (const target of queue) {
    if ((typeof target !== "object" && typeof target !== "function") || target === null || seen.has(target)) continue;
    seen.add(target);
    queue.push(Reflect.getPrototypeOf(target));
    for (const key of ownKeys(target)) {
      const descriptor = getOwnPropertyDescriptor(target, key);
      queue.push(descriptor.value, descriptor.get);
      if (!descriptor.configurable || kept.includes(key)) continue;
      if (typeof descriptor.value === "function") defineProperty(target, key, { value: fail(key) });
      else if (descriptor.get) defineProperty(target, key, { get: fail(key) });
    }
  }
  for (const name of names) if (getOwnPropertyDescriptor(global, name).writable) global[name] = fail(name);
  for (const word of [...words, ...Array(30).keys()]) {
    if (kept.includes(word) || getOwnPropertyDescriptor(object, word)) continue;
    const use = fail(`inherited ${word}`);
    defineProperty(object, word, { get: use, set: use, configurable: true });
  }
};

{
  const text = ["intrinsics.js", "inspect.js", "console.js"].map((name) => readFileSync(urlOf(name), "utf8")).join("\n");
  const words = [...new Set(text.match(/[A-Za-z_]\w*/g))];
  const realm = new Realm();
  // Without what runs code of the realm.
  const own = /%j|%d|\b(Intl|structuredClone|Atomics|matchAll|Iterator|inspect)\b|\w\.prototype[,\]]/;
  const calls = sources.filter((source) => !own.test(source)).map((source) => ["log", source]);
  for (const data of [
    ...["[[1, 2], [3, 4]]", "[{ a: 1, b: 'x' }, 5]", "{ x: { y: [1] } }", "new Map([['a', 1]])", "new Set([1])"],
    ...["new Map([[1, 2]]).entries()", "new Set([1]).values()"],
  ]) {
    calls.push(["table", `[${data}]`], ["table", `[${data}, ["a"]]`], ["dir", `[${data}, { depth: 0, showHidden: true }]`]);
  }
  for (const method of [
    ...["group", "count", "count", "countReset", "countReset", "time", "time", "timeLog", "timeEnd", "timeEnd"],
    ...["assert", "trace", "groupEnd"],
  ]) {
    calls.push([method, '["label\\nof two lines"]'], [method, "[]"]);
  }
  calls.push(["assert", "[false]"], ["assert", '[false, "%s", 1]'], ["log", '["%d %i %f", "5", "6x", "7.5x"]']);
  const made = calls.map(([method, source]) => [method, realm.run(source)]);
  const run = (console) =>
    made.map(([method, values]) => attempt(() => (Reflect.apply(console[method], undefined, values), realm.written())));
  const expected = run(realm.makeConsole());
  changeAll(realm, words);
  const actual = run(realm.makeConsole());
  calls.forEach((call, i) => check(`with changed built-ins, ${call.join(" ")}`, actual[i], expected[i]));
}

// ---- code that must not run, and text that would not end

{
  const realm = new Realm(globalThis);
  const console = realm.makeConsole();
  const ran = [];
  const trap = new Proxy({}, { get: (_, name) => ran.push(`trap ${name}`) });
  const spied = {
    get a() {
      return ran.push("getter");
    },
  };
  for (const name of ["toString", "toJSON", "valueOf"]) spied[name] = () => ran.push(name);
  console.log(spied, [spied], new Map([[spied, spied]]), new Proxy(spied, trap), [new Proxy(new Proxy([1], trap), trap)]);
  console.log(Object.create(spied), Object.assign(new Error("e"), { spied }), Object.assign(() => {}, { spied }));
  console.dir(spied, { showHidden: true });
  console.log("%O %o", spied, new Proxy([spied], trap));
  check("code run by formatting", ran.join(), "");
  realm.written();
}

const LARGE = String.raw`
log([Object.fromEntries(Array.from({ length: 300000 }, (_, i) => ["key" + i, i]))])
dir(Array.from({ length: 9 }).reduce((inner) => Array(100).fill(inner), [1]), { depth: null, maxArrayLength: null })
dir(Array.from({ length: 60 }).reduce((inner) => ({ a: inner, b: inner }), {}), { depth: null })
dir(Array.from({ length: 100000 }).reduce((next) => ({ next }), null), { depth: Infinity })
dir(Array.from({ length: 2000 }, (_, i) => "x".repeat(5000)), { maxArrayLength: null })
dir(new Map(Array.from({ length: 500000 }, (_, i) => [i, i])), { maxArrayLength: null })
dir(Array.from({ length: 500000 }, (_, i) => i), { maxArrayLength: null })
dir(new ArrayBuffer(5e6), { maxArrayLength: Infinity })
dir("x".repeat(5e6), { maxStringLength: null })
dir(Array.from({ length: 99 }, () => ({ a: Array.from({ length: 99 }, () => ({ b: Array(99).fill("x".repeat(30)) })) })), { depth: null })
log({ ["k".repeat(3e6)]: 1 })
log(Object.assign(new Error("e"), { stack: "Error: e\n    at x\n".repeat(1e6) }))
log({ a: { b: { [inspect]: () => "line\n".repeat(1e6) } } })
log(...Array.from({ length: 1000 }, () => Array.from({ length: 99 }, () => "x".repeat(200))))
table(Array.from({ length: 20000 }, () => ({ a: 1, b: "x".repeat(9000) })))
table(Array(20000).fill(Object.fromEntries(Array.from({ length: 2000 }, (_, i) => ["k" + i, i]))))
table([[ "x".repeat(9000) ], ...Array.from({ length: 20000 }, () => [1])])
table(Array.from({ length: 2000 }, () => 1), Array.from({ length: 50000 }, (_, i) => "p" + i))
table(new Set(Array.from({ length: 500000 }, (_, i) => i)))
`.trim().split("\n");
{
  const realm = new Realm(globalThis);
  for (const call of LARGE) {
    const console = realm.makeConsole();
    const run = realm.run(`({ log, dir, table }) => { ${call} }`);
    const start = performance.now();
    run(console);
    const [took, text] = [performance.now() - start, realm.written()];
    const fine = text.length < 4e6 && text.length > 2e5 && text.includes("...") && took < 5000;
    check(call, fine ? "bounded" : `${text.length} characters in ${took | 0} ms`, "bounded");
  }
  const console = realm.makeConsole();
  for (let i = 0; i < 10000; i++) console.group();
  console.log("\n".repeat(1e6));
  check("lines in groups", realm.written().length < 4e6, true);

  const endless = () => ({ [util.inspect.custom]: endless });
  check("an endless hook", attempt(() => console.log(endless())), "threw RangeError: Maximum call stack size exceeded");
  const large = [new Array(1e6).fill(7), new Uint8Array(1e6)];
  const start = performance.now();
  console.log(...large);
  check("a long array takes little", performance.now() - start < 1000, true);
}

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);
