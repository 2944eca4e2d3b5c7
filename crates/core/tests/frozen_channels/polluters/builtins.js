// Ways to change what built-ins do, and the hidden state of some. The format is described in polluters.rs.

//@ a method of arrays
//: leave
Array.prototype.push = function () { return "mark" };
//: look
[].push(1)

//@ a method of arrays, redefined
//: leave
Object.defineProperty(Array.prototype, "map", { value: () => "mark" });
//: look
[1].map((x) => x)

//@ the iteration of arrays
//: leave
Array.prototype[Symbol.iterator] = function* () { yield "mark" };
//: look
[...[1]]

//@ the steps of the iteration of arrays
//: leave
Object.getPrototypeOf([].values()).next = () => ({ done: true });
//: look
[...[1, 2]]

//@ the species of arrays
//: leave
Object.defineProperty(Array, Symbol.species, { value: function () { return { mark: 1 } } });
//: look
Array.isArray([1].map((x) => x))

//@ an index that all arrays inherit
//: leave
Array.prototype[2] = "mark";
//: look
[, , ,][2] ?? null

//@ an index that all objects inherit, with a setter
//: leave
Object.defineProperty(Object.prototype, 1, { get: () => "mark", set() {} });
//: look
[[][1] ?? null, [, ,].map((x) => x).length]

//@ then, which all objects inherit
//: leave
Object.prototype.then = function (done) { done("mark") };
//: look
[1]

//@ toJSON, which all objects inherit
//: leave
Object.prototype.toJSON = () => "mark";
//: look
JSON.stringify({ a: 1 })

//@ what instanceof says
//: leave
Object.defineProperty(Array, Symbol.hasInstance, { value: () => true });
Object.defineProperty(Function.prototype, Symbol.hasInstance, { value: () => true });
//: look
[{} instanceof Array, {} instanceof Map]

//@ what dates and symbols become
//: leave
Object.defineProperty(Date.prototype, Symbol.toPrimitive, { value: () => "mark" });
Object.defineProperty(Symbol.prototype, Symbol.toPrimitive, { value: () => "mark" });
//: look
[`${new Date(0)}`.length, Object.getOwnPropertyDescriptor(Symbol.prototype, Symbol.toPrimitive).value.name]

//@ JSON
//: leave
JSON.stringify = () => "mark";
JSON.parse = () => "mark";
//: look
[JSON.stringify({ a: 1 }), JSON.parse("1")]

//@ Math
//: leave
Math.max = () => -1;
Math.PI = 3;
Math.random = () => 0.5;
//: look
[Math.max(1, 2), Math.PI, Math.random()]

//@ call, apply and bind
//: leave
Function.prototype.call = () => "mark";
Function.prototype.apply = () => "mark";
Function.prototype.bind = () => () => "mark";
//: look
[Math.abs.call(0, -1), Math.abs.apply(0, [-1]), Math.abs.bind(0)(-1)]

//@ promises
//: leave
Promise.prototype.then = function () { return "mark" };
Promise.resolve = () => "mark";
//: look
Promise.resolve(1) instanceof Promise ? Promise.resolve(1).then((x) => x + 1) : "mark"

//@ the constructor of promises
//: leave
Object.defineProperty(Promise.prototype, "constructor", { get: () => ({ [Symbol.species]: function () { return "mark" } }) });
//: look
(() => { try { return (async () => 1)().then((x) => x + 1) } catch (e) { return String(e) } })()

//@ sets and maps
//: leave
Map.prototype.get = () => "mark";
Set.prototype.has = () => "mark";
Object.defineProperty(Map.prototype, "size", { get: () => 99 });
//: look
[new Map([[1, 2]]).get(1), new Set([1]).has(1), new Map().size]

//@ what the constructor of maps calls
//: leave
Map.prototype.set = function () { return this };
//: look
new Map([[1, 2]]).size

//@ methods of strings
//: leave
String.prototype.split = () => ["mark"];
String.prototype[Symbol.iterator] = function* () {};
String.raw = () => "mark";
//: look
["a,b".split(","), [..."ab"], String.raw`x`]

//@ methods of regular expressions
//: leave
RegExp.prototype.exec = () => null;
RegExp.prototype[Symbol.replace] = () => "mark";
//: look
[/a/.test("a"), "a".replace(/a/, "b")]

//@ numbers and big integers
//: leave
Number.prototype.toString = () => "mark";
BigInt.asIntN = () => "mark";
Number.MAX_SAFE_INTEGER = 1;
//: look
[(7).toString(), typeof BigInt.asIntN(3, 1n), Number.MAX_SAFE_INTEGER]

//@ the prototype of errors, name and message
//: leave
Error.prototype.name = "mark";
TypeError.prototype.message = "mark";
RangeError.prototype.constructor = null;
//: look
[String(new Error("a")), String(new TypeError()), RangeError.prototype.constructor === RangeError]

//@ the name of the errors that V8 throws
//: leave
TypeError.prototype.name = "mark";
RangeError.prototype.name = "mark";
//: look
(() => { try { null.x } catch (e) { return String(e) } })()

//@ the name of an error that ends the case
//: leave
TypeError.prototype.name = "mark";
Error.prototype.toString = () => "mark";
//: look
null.x

//@ toString and valueOf of objects
//: leave
Object.prototype.toString = () => "mark";
Object.prototype.valueOf = () => 7;
Object.prototype.toLocaleString = () => "mark";
Object.prototype.hasOwnProperty = () => "mark";
Object.prototype.isPrototypeOf = () => "mark";
Object.prototype.propertyIsEnumerable = () => "mark";
Object.prototype.constructor = "mark";
//: look
[`${{}}`, {} + 1, ({}).toLocaleString(), ({}).hasOwnProperty("a"), ({}).isPrototypeOf({}), ({}).propertyIsEnumerable("a"), ({}).constructor.name]

//@ toString and constructor of functions
//: leave
Function.prototype.toString = () => "mark";
Function.prototype.constructor = "mark";
//: look
[(() => 1).toString(), (() => 1).constructor === Function]

//@ toString of errors
//: leave
Error.prototype.toString = () => "mark";
//: look
String(new RangeError("a"))

//@ what stays writable is made constant
//: leave
Object.defineProperty(Error.prototype, "name", { value: "mark", writable: false });
//: look
(() => { class E extends Error { constructor() { super("m"); this.name = "Mine" } } return String(new E()) })()

//@ what stays writable is made constant, as it was
//: leave
Object.defineProperty(Error.prototype, "name", { writable: false });
Object.defineProperty(Object.prototype, "toString", { writable: false });
//: look
(() => { const e = new Error(); e.name = "mine"; const o = {}; o.toString = () => "mine"; return [e.name, `${o}`] })()

//@ what stays writable is frozen
//: leave
Object.freeze(Object.prototype); Object.freeze(Error.prototype); Object.freeze(TypeError.prototype); Object.freeze(Function.prototype); Object.freeze(Error);
//: look
(() => { const e = new TypeError(); e.name = "mine"; const o = {}; o.toString = () => "mine"; Error.stackTraceLimit = 3; return [e.name, `${o}`, Error.stackTraceLimit] })()

//@ what stays writable is frozen, by a descriptor for each
//: leave
Object.defineProperties(Object.prototype, { toString: { writable: false }, valueOf: { writable: false } });
Reflect.defineProperty(Function.prototype, "toString", { writable: false });
Reflect.defineProperty(Error, "stackTraceLimit", { writable: false });
//: look
(() => { const o = {}; o.toString = () => "mine"; o.valueOf = () => 1; const f = () => 1; f.toString = () => "f"; Error.stackTraceLimit = 1; return [`${o}`, o + 1, `${f}`, Error.stackTraceLimit] })()

//@ what stays writable is redefined as an accessor
//: leave
Object.defineProperty(Error.prototype, "message", { get: () => "mark", set() {} });
Object.defineProperty(Object.prototype, "valueOf", { get: () => () => "mark", set() {} });
//: look
[new Error().message, {} + 1]

//@ what stays writable is deleted
//: leave
delete Error.prototype.name; delete Object.prototype.toString; delete Error.stackTraceLimit; delete Function.prototype.toString;
//: look
[Object.hasOwn(Error.prototype, "name"), `${{}}`, Error.stackTraceLimit, Object.hasOwn(Function.prototype, "toString")]

//@ the depth of stacks
//: leave
Error.stackTraceLimit = 1;
//: look
[Error.stackTraceLimit, (() => (() => new Error().stack.split("\n").length)())()]

//@ no stacks
//: leave
Error.stackTraceLimit = 0;
//: look
[Error.stackTraceLimit, new Error("x").stack]

//@ the depth of stacks is no number
//: leave
Error.stackTraceLimit = { valueOf() { return 1 } };
//: look
[typeof Error.stackTraceLimit, new Error().stack.split("\n").length]

//@ how stacks are written
//: leave
Error.prepareStackTrace = () => "mark";
//: look
[typeof Error.prepareStackTrace, new Error("x").stack.split("\n")[0]]

//@ the accessors of an error's stack
//: leave
for (const object of [new Error(), (() => { const o = {}; Error.captureStackTrace(o); return o })()]) {
  const { get, set } = Object.getOwnPropertyDescriptor(object, "stack");
  if (get) get.mark = 1;
  if (set) { set.mark = 1; Object.setPrototypeOf(set, { mark: 2 }); }
}
//: unshared where V8 makes it a data property there is nothing to mark
//: look
[new Error(), (() => { const o = {}; Error.captureStackTrace(o); return o })()].map((object) => {
  const { get, set } = Object.getOwnPropertyDescriptor(object, "stack");
  return [get?.mark ?? null, set?.mark ?? null];
})

//@ the function that throws where callee is read
//: leave
const poison = Object.getOwnPropertyDescriptor((function () { "use strict"; return arguments })(), "callee").get;
poison.mark = 1;
Object.setPrototypeOf(poison, { mark: 2 });
//: unshared it is frozen in every realm
//: look
Object.getOwnPropertyDescriptor((function () { "use strict"; return arguments })(), "callee").get.mark ?? null

//@ the last match
//: leave
/(m)(a)(r)k/.exec("-mark-");
//: look
[RegExp.$1, RegExp.$2, RegExp.$3, RegExp.lastMatch, RegExp.lastParen, RegExp.leftContext, RegExp.rightContext, RegExp.input, RegExp["$_"], RegExp["$&"]]

//@ the input of the last match
//: leave
RegExp.input = "mark";
//: look
[RegExp.input, RegExp["$_"]]

//@ the last match, by other ways
//: leave
"mark".replace(/(a)/g, () => "x"); "mark".split(/(r)/); "mark".matchAll(/(k)/g).next(); /(m)/y.test("mark"); "mark".search(/(r)(k)/);
//: look
[RegExp.$1, RegExp.$2, RegExp.lastMatch, RegExp.leftContext]

//@ a last match in a timer, and in a microtask
//: leave
return Promise.resolve().then(() => /(mark)/.exec("mark")).then(() => new Promise((done) => setTimeout(() => { /(later)/.exec("later"); done(null) }, 5)));
//: look
[RegExp.$1, RegExp.lastMatch]

//@ the last match, by a getter of the answer
//: leave
return { get a() { /(mark)/.exec("mark"); return 1 } };
//: look
[RegExp.$1, RegExp.lastMatch]

//@ where a regular expression goes on
//: top
const pattern = /a/g;
//: leave
pattern.exec("aaa");
//: look
pattern.lastIndex

//@ a regular expression that is compiled anew
//: top
const pattern = /a/;
//: leave
pattern.compile("b");
//: look
pattern.source

//@ a literal in a function, compiled anew
//: top
const literal = () => /a/g;
//: unshared a literal is another object each time
//: leave
literal().compile("b"); literal().lastIndex = 5; Object.freeze(literal());
//: look
[literal().source, literal().lastIndex, Object.isFrozen(literal())]

//@ the constructor of regular expressions
//: leave
RegExp.mark = 1;
RegExp.prototype.flags = "mark";
Object.defineProperty(RegExp.prototype, "flags", { get: () => "g" });
Object.defineProperty(RegExp, "$1", { value: "mark" });
//: look
[RegExp.mark, /a/.flags, RegExp.$1]

//@ how far Math.random is
//: unshared deem resets it there, too
//: leave
for (let i = 0; i < 3; i++) Math.random();
//: look
[Math.random(), Math.random()]

//@ the clock
//: unshared deem resets it there, too
//: leave
return new Promise((done) => setTimeout(done, 5000));
//: look
[Date.now(), new Date().getTime(), new Intl.DateTimeFormat("en", { timeStyle: "long" }).format()]

//@ timers that are never due
//: unshared deem resets them there, too
//: leave
setTimeout(() => { globalThis.mark = 1 }, 1); setInterval(() => { globalThis.mark = 2 }, 1);
//: look
new Promise((done) => setTimeout(() => done([typeof mark, setTimeout(() => {}, 1)]), 100))

//@ a timer's number
//: unshared deem resets them there, too
//: leave
for (let i = 0; i < 9; i++) clearTimeout(setTimeout(() => {}, 1));
//: look
setTimeout(() => {}, 1)

//@ a microtask that goes on after the answer
//: leave
(async () => { for (let i = 0; i < 100; i++) await null; globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }) })();
//: look
[typeof mark, typeof hidden]

//@ promises for ever pending
//: top
let resume;
const gate = new Promise((done) => { resume = done });
//: leave
gate.then(() => { globalThis.mark = 1 }); (async () => { await gate; globalThis.other = 1 })(); globalThis.gate = gate; globalThis.resume = resume;
//: look
(globalThis.resume?.(), Promise.resolve().then(() => null).then(() => [typeof mark, typeof other]))

//@ how often the console has counted
//: leave
console.count(); console.count(); console.count("mark");
//: look
(console.count(), console.count("mark"), null)

//@ how deep the console is indented
//: leave
console.group("mark"); console.group(); console.log("deep");
//: look
(console.log("x"), null)

//@ since when the console takes time
//: leave
console.time("mark");
//: look
(console.timeEnd("mark"), console.timeLog("mark"), null)

//@ methods of the console
//: leave
console.log = () => {}; console.mark = 1; Object.getPrototypeOf(console).other = 1; Object.freeze(console); console.error.mark = 1;
//: look
(console.log("x"), [console.mark, console.other, console.error.mark])

//@ what the console passes to a value's own hook
//: leave
console.log({ [Symbol.for("nodejs.util.inspect.custom")](depth, options, inspect) {
  for (const object of [options, options.stylize, inspect, Object.getPrototypeOf(inspect)]) {
    try { object.mark = 1 } catch {}
    try { Object.setPrototypeOf(object, { mark: 2 }) } catch {}
  }
  return "left";
} });
//: unshared its console is made once; that what it passes is new each time is no matter of realms
//: look
(() => {
  let seen;
  console.log({ [Symbol.for("nodejs.util.inspect.custom")](depth, options, inspect) {
    seen = [options, options.stylize, inspect].map((object) => object.mark ?? null);
    return "seen";
  } });
  return seen;
})()

//@ a console on which the case fails
//: leave
try { console.log({ get [Symbol.toStringTag]() { throw 1 } }) } catch {} console.table([[1, 2]]); console.trace("x"); console.dir({ a: 1 }, { depth: 0 });
//: unshared it leaves nothing
//: look
(console.log({ a: [1, { b: "x" }] }), console.table([{ a: 1 }]), null)

//@ a decoder in the middle of a stream
//: top
const decoder = new TextDecoder();
//: leave
decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true });
//: unshared deem drops streams there, too
//: look
[decoder.decode(new Uint8Array([0xac])), new TextDecoder().decode(new Uint8Array([0xac]))]

//@ streams of decoders, counted
//: leave
for (let i = 0; i < 900; i++) new TextDecoder().decode(new Uint8Array([0xe2]), { stream: true });
//: unshared deem drops streams there, too
//: look
(() => { const all = []; for (let i = 0; i < 200; i++) all.push(new TextDecoder().decode(new Uint8Array([0xe2]), { stream: true })); return all.join("").length })()

//@ the classes of encoders
//: leave
TextEncoder.prototype.encode = () => "mark"; TextDecoder.mark = 1; TextDecoder.prototype.decode = () => "mark"; TextEncoder = 1;
Object.getOwnPropertyDescriptor(TextDecoder.prototype, "fatal").get.mark = 1;
//: look
[typeof TextEncoder, TextDecoder.mark, new TextDecoder().decode(new Uint8Array([65])), Object.getOwnPropertyDescriptor(TextDecoder.prototype, "fatal").get.mark]

//@ the registry of symbols
//: unshared a symbol holds nothing
//: leave
Symbol.for("mark"); try { Object.assign(Symbol.for("mark"), { mark: 1 }) } catch {}
//: look
[Symbol.keyFor(Symbol.for("mark")), Symbol.for("mark").mark ?? null]

//@ symbols themselves
//: leave
Symbol.prototype.mark = 1; Symbol.iterator = 1; Symbol.mark = 2;
//: look
[Symbol.for("x").mark, typeof Symbol.iterator, Symbol.mark]

//@ the object of a tagged template
//: top
const tag = (strings) => strings;
const site = () => tag`a${1}b`;
//: unshared it is frozen in every realm
//: leave
const strings = site(); try { strings.mark = 1 } catch {} try { strings.raw.mark = 1 } catch {} try { strings[0] = "mark" } catch {} try { Object.setPrototypeOf(strings, null) } catch {}
//: look
[site().mark ?? null, site().raw.mark ?? null, site()[0], site() === site()]

//@ which object a tagged template has, remembered
//: top
const tag = (strings) => strings;
const site = () => tag`a`;
const seen = new WeakMap();
//: leave
seen.set(site(), "mark");
//: look
seen.get(site()) ?? null

//@ which object a tagged template has, marked privately
//: top
const tag = (strings) => strings;
const site = () => tag`a`;
class Base { constructor(o) { return o } }
class Stamp extends Base { #mark = 1; static has(o) { return #mark in o } }
//: unshared V8 keeps private fields from what is frozen
//: leave
new Stamp(site());
//: look
Stamp.has(site())

//@ proxies, atomics, reflection
//: leave
Proxy.mark = 1; Reflect.ownKeys = () => ["mark"]; Atomics.mark = 1; Reflect.mark = 1; Proxy.revocable = 1;
//: look
[Proxy.mark, Reflect.ownKeys({ a: 1 }), Atomics.mark, Reflect.mark, typeof Proxy.revocable]

//@ Intl
//: leave
Intl.mark = 1; Intl.NumberFormat.prototype.format = 1; Intl.Collator = 1; Intl.DateTimeFormat.prototype.resolvedOptions = () => "mark";
Object.defineProperty(Intl.NumberFormat.prototype, "format", { get: () => () => "mark" });
//: look
[Intl.mark, new Intl.NumberFormat("en").format(1), typeof Intl.Collator, typeof new Intl.DateTimeFormat().resolvedOptions()]

//@ options of Intl, and what is made by default
//: unshared what was made before is nobody's default
//: leave
new Intl.NumberFormat("de", { style: "currency", currency: "EUR" }).format(1); (1.5).toLocaleString("de"); new Date(0).toLocaleString("de"); "a".localeCompare("b", "sv"); new Intl.Segmenter("th");
//: look
[(1234.5).toLocaleString(), new Date(0).toLocaleString(), "a".localeCompare("B"), Intl.DateTimeFormat().resolvedOptions().locale]

//@ buffers and views
//: leave
ArrayBuffer.isView = () => "mark"; DataView.prototype.getInt8 = () => "mark"; Object.getPrototypeOf(Uint8Array).from = () => "mark"; Object.getPrototypeOf(Uint8Array.prototype).at = () => "mark"; Uint8Array.BYTES_PER_ELEMENT = 9;
//: look
[ArrayBuffer.isView(1), new DataView(new ArrayBuffer(1)).getInt8(0), Uint8Array.from([1]).length, new Uint8Array([5]).at(0), Uint8Array.BYTES_PER_ELEMENT]

//@ iterator helpers
//: leave
Iterator.prototype.map = () => "mark"; Object.getPrototypeOf([].values().map((x) => x)).next = () => ({ done: true }); Object.getPrototypeOf(Iterator.from({ next() {} })).mark = 1;
//: look
[typeof [1].values().map((x) => x), [...[1].values().filter(() => true)], Iterator.from({ next() {} }).mark]

//@ properties of the iterators' prototype, set where they are inherited
//: leave
Iterator.prototype.constructor = "mark"; Iterator.prototype[Symbol.toStringTag] = "mark";
//: unshared its setters refuse that in every realm
//: look
[Iterator.prototype.constructor === Iterator, Iterator.prototype[Symbol.toStringTag]]

//@ generators
//: leave
const prototype = Object.getPrototypeOf(function* () {}).prototype; prototype.next = () => ({ done: true }); prototype.mark = 1; Object.getPrototypeOf(prototype).other = 1;
//: look
[[...(function* () { yield 1 })()], (function* () {})().mark, [].values().other]

//@ generators that await
//: leave
const prototype = Object.getPrototypeOf(async function* () {}).prototype; prototype.next = () => Promise.resolve({ done: true }); Object.getPrototypeOf(prototype)[Symbol.asyncIterator] = () => ({ next: () => ({ done: true }) });
//: look
(async () => { const all = []; for await (const x of (async function* () { yield 1 })()) all.push(x); return all })()

//@ functions that await
//: leave
Object.getPrototypeOf(async () => 1).mark = 1; Object.getPrototypeOf(async () => 1).constructor.other = 2;
//: look
[(async () => 1).mark, (async () => 1).constructor.other]

//@ what is disposed of
//: leave
DisposableStack.prototype.use = () => "mark"; Symbol.dispose = 1; SuppressedError.prototype.name = "mark"; AsyncDisposableStack.mark = 1;
//: look
[typeof new DisposableStack().use(null), typeof Symbol.dispose, SuppressedError.prototype.name, AsyncDisposableStack.mark]

//@ weak collections that hold built-ins
//: top
const seen = new WeakSet();
//: leave
seen.add(Math).add(Array.prototype).add(globalThis);
//: look
[Math, Array.prototype, globalThis].map((o) => seen.has(o))

//@ Object itself
//: leave
Object.keys = () => ["mark"]; Object.mark = 1; Object.defineProperty.mark = 1; Object.freeze = (o) => o; Object.setPrototypeOf.mark = 1; Error.captureStackTrace.mark = 1; Reflect.defineProperty.mark = 1;
//: look
[Object.keys({ a: 1 }), Object.mark, Object.defineProperty.mark, Object.isFrozen(Object.freeze({ a: 1 })), Object.setPrototypeOf.mark, Error.captureStackTrace.mark, Reflect.defineProperty.mark]

//@ the accessor of __proto__
//: leave
const { get, set } = Object.getOwnPropertyDescriptor(Object.prototype, "__proto__"); get.mark = 1; set.mark = 1; Object.defineProperty(Object.prototype, "__proto__", { get: () => "mark" });
//: look
[typeof ({}).__proto__, Object.prototype.__lookupGetter__("__proto__").mark, Object.prototype.__lookupSetter__("__proto__")?.mark]

//@ WebAssembly
//: webassembly
//: leave
WebAssembly.mark = 1; WebAssembly.Module.prototype.mark = 1; WebAssembly.CompileError.prototype.name = "mark"; WebAssembly.validate = () => "mark"; WebAssembly = 1;
//: look
[typeof WebAssembly, WebAssembly.mark, WebAssembly.Module.prototype.mark, WebAssembly.CompileError.prototype.name, WebAssembly.validate(new Uint8Array(1))]

//@ a module that is compiled later
//: webassembly
//: leave
WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => { globalThis.mark = 1 });
//: unshared V8 has no time for it
//: look
new Promise((done) => setTimeout(() => done(typeof mark), 10))

//@ a constructor of functions
//: eval
//: leave
(function* () {}).constructor.mark = 1; Function.mark = 1; (async function* () {}).constructor.prototype.mark = 1; eval.mark = 1;
//: look
[(function* () {}).constructor.mark, Function.mark, (async function* () {}).mark, eval.mark, (() => {}).mark ?? null]

//@ a template in code made of strings
//: eval
//: leave
const strings = (0, eval)("((s) => s)`mark`"); new WeakMap().set(strings, 1);
//: unshared its object is frozen in every realm
//: look
(0, eval)("((s) => s)`mark`").mark ?? null
