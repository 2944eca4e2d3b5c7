// Ways to a property, a prototype or an attribute of the global object. The format is described in polluters.rs.

//@ an assignment
//: leave
globalThis.mark = 1;
//: look
typeof mark

//@ an assignment to what is not declared
//: leave
mark = 1;
//: look
typeof mark

//@ an assignment to this, at the top level
//: top
const outer = this;
//: leave
outer.mark = 1;
//: look
[typeof mark, "mark" in outer]

//@ a hidden property
//: leave
Object.defineProperty(globalThis, "mark", { value: 1, configurable: true });
//: look
typeof mark

//@ a property that cannot be deleted
//: leave
Object.defineProperty(globalThis, "mark", { value: 1 });
//: look
typeof mark

//@ hidden properties, several at once
//: leave
Object.defineProperties(globalThis, { mark: { value: 1 }, other: { get: () => 1 } });
//: look
[typeof mark, typeof other]

//@ a hidden property, by Reflect
//: leave
Reflect.defineProperty(globalThis, "mark", { value: 1, writable: true });
//: look
typeof mark

//@ a hidden symbol that cannot be deleted
//: leave
Reflect.defineProperty(globalThis, Symbol.for("mark"), { value: 1 });
//: look
typeof globalThis[Symbol.for("mark")]

//@ a symbol
//: leave
globalThis[Symbol.for("mark")] = 1;
//: look
typeof globalThis[Symbol.for("mark")]

//@ a tag
//: leave
globalThis[Symbol.toStringTag] = "mark";
//: look
String(globalThis)

//@ an index
//: leave
globalThis[0] = 1;
globalThis[4294967294] = 1;
globalThis[4294967295] = 1;
globalThis[-1] = 1;
//: look
[0 in globalThis, 4294967294 in globalThis, 4294967295 in globalThis, -1 in globalThis]

//@ a hidden index
//: leave
Object.defineProperty(globalThis, 7, { value: 1 });
//: look
7 in globalThis

//@ a getter
//: leave
globalThis.__defineGetter__("mark", () => 1);
//: look
typeof mark

//@ a setter that sees what is assigned later
//: leave
globalThis.__defineSetter__("mark", function (value) { Object.defineProperty(this, "seen", { value, configurable: true }); });
//: look
(mark = 5, [typeof seen, Object.getOwnPropertyDescriptor(globalThis, "mark").value])

//@ a trace of the stack
//: leave
Error.captureStackTrace(globalThis);
//: look
"stack" in globalThis

//@ a trace of the stack, by a function kept apart
//: leave
const { captureStackTrace } = Error;
captureStackTrace.call(undefined, globalThis, () => 1);
//: look
"stack" in globalThis

//@ the symbol of Intl's old constructors
//: leave
Object.setPrototypeOf(Object.getPrototypeOf(globalThis), Intl.DateTimeFormat.prototype);
Object.setPrototypeOf(globalThis, Intl.DateTimeFormat.prototype);
Intl.DateTimeFormat.call(globalThis);
Intl.NumberFormat.call(globalThis);
//: look
Object.getOwnPropertySymbols(globalThis).map(String)

//@ the fields of a class whose base returns the global object
//: leave
class Base { constructor() { return globalThis } }
new class extends Base { mark = 1; ["__proto__"] = 2; [Symbol.for("mark")] = 3; 0 = 4 }();
//: look
[typeof mark, Object.hasOwn(globalThis, "__proto__"), Symbol.for("mark") in globalThis, 0 in globalThis]

//@ an array that is the global object
//: leave
Array.from.call(function () { return globalThis }, ["a", "b"]);
Array.of.call(function () { return globalThis }, 1, 2, 3);
//: look
[0 in globalThis, 2 in globalThis, "length" in globalThis]

//@ an array made in time that is the global object
//: leave
return Array.fromAsync.call(function () { return globalThis }, [1, 2]).then(() => null);
//: look
[0 in globalThis, "length" in globalThis]

//@ what species makes is the global object
//: leave
const list = [1, 2];
list.constructor = { [Symbol.species]: function () { return globalThis } };
list.map((x) => x);
list.concat([3]);
//: look
[0 in globalThis, 2 in globalThis, "length" in globalThis]

//@ array methods on the global object
//: leave
Array.prototype.push.call(globalThis, 1, 2);
Array.prototype.unshift.call(globalThis, 1);
Array.prototype.reverse.call(globalThis);
Array.prototype.splice.call(globalThis, 0, 1);
//: look
[0 in globalThis, "length" in globalThis]

//@ a setter of the iterators' prototype
//: leave
const { set } = Object.getOwnPropertyDescriptor(Iterator.prototype, Symbol.toStringTag);
set.call(globalThis, "mark");
Object.getOwnPropertyDescriptor(Iterator.prototype, "constructor").set.call(globalThis, "mark");
//: look
[Symbol.toStringTag in globalThis, Object.hasOwn(globalThis, "constructor")]

//@ a receiver
//: leave
Reflect.set({}, "mark", 1, globalThis);
Reflect.set([], "length", 1, globalThis);
//: look
[typeof mark, "length" in globalThis]

//@ an assignment of many
//: leave
Object.assign(globalThis, { mark: 1, get other() { return 2 } });
//: look
[typeof mark, typeof other]

//@ a proxy of the global object
//: leave
const proxy = new Proxy(globalThis, {});
proxy.mark = 1;
Object.defineProperty(proxy, "other", { value: 1 });
//: look
[typeof mark, typeof other]

//@ a proxy whose trap defines on the global object
//: leave
const proxy = new Proxy({}, { defineProperty: (_, key, d) => Reflect.defineProperty(globalThis, key, { ...d, enumerable: false }) });
proxy.mark = 1;
//: look
typeof mark

//@ the revived value of JSON is the global object
//: leave
globalThis.inner = { mark: 1 };
JSON.parse('{"a":1}', function (key, value) { return key === "a" ? globalThis : key === "mark" ? "revived" : value });
//: look
typeof inner

//@ a with statement
//: leave
globalThis.mark = 1;
with (globalThis) { mark = 2; var stays = 3; }
//: look
[typeof mark, globalThis.stays]

//@ destructuring into the global object
//: leave
({ a: globalThis.mark, ...globalThis.rest } = { a: 1, b: 2 });
[globalThis[0]] = [1];
for (globalThis.each of [1]);
for (globalThis.key in { a: 1 });
//: look
[typeof mark, typeof rest, 0 in globalThis, typeof each, typeof key]

//@ super in an object whose prototype is the global object
//: leave
({ __proto__: globalThis, go() { super.mark = 1; super.__proto__ = { mark: 2 } } }).go.call(globalThis);
//: look
typeof mark

//@ functions in blocks, and var, where the top level is global
//: top
{ function inBlock() {} }
var atTop = 1;
//: leave
atTop = 2;
inBlock.mark = 1;
//: look
[atTop, inBlock.mark]

//@ another prototype of the global object
//: leave
Object.setPrototypeOf(globalThis, { mark: 1 });
//: look
typeof mark

//@ another prototype of the global object, by Reflect
//: leave
Reflect.setPrototypeOf(globalThis, { mark: 1 });
//: look
typeof mark

//@ another prototype of the global object, by assignment
//: leave
globalThis.__proto__ = { mark: 1 };
//: look
typeof mark

//@ another prototype of the global object, by the setter of __proto__
//: leave
Object.prototype.__lookupSetter__("__proto__").call(globalThis, { mark: 1 });
//: look
typeof mark

//@ another prototype of the global object, by a proxy
//: leave
Object.setPrototypeOf(new Proxy(globalThis, {}), { mark: 1 });
//: look
typeof mark

//@ the prototype of the global object
//: leave
Object.getPrototypeOf(globalThis).mark = 1;
Object.setPrototypeOf(Object.getPrototypeOf(globalThis), { other: 1 });
//: look
[typeof mark, typeof other]

//@ a global object that takes no more
//: leave
Object.preventExtensions(globalThis);
//: look
(() => { try { globalThis.fresh = 1 } catch {} return typeof fresh })()

//@ a global object that takes no more, by Reflect
//: leave
Reflect.preventExtensions(new Proxy(globalThis, {}));
//: look
(() => { try { globalThis.fresh = 1 } catch {} return typeof fresh })()

//@ a sealed global object
//: leave
globalThis.mark = 1;
Object.seal(globalThis);
//: look
[typeof mark, Reflect.set(globalThis, "fresh", 1)]

//@ a frozen global object
//: leave
globalThis.mark = 1;
Object.freeze(globalThis);
//: look
[typeof mark, Reflect.set(globalThis, "fresh", 1)]

//@ a deleted global
//: leave
delete globalThis.Map;
delete globalThis.isNaN;
//: look
[typeof Map, typeof isNaN]

//@ an overwritten global
//: leave
Map = 1;
parseInt = () => 7;
//: look
[typeof Map, parseInt("3")]

//@ an overwritten console
//: leave
console = { log() {} };
//: look
(console.log("x"), typeof console.error)

//@ a console that is redefined
//: leave
Object.defineProperty(globalThis, "console", { value: { log() {} }, configurable: true, writable: true });
//: look
(console.log("x"), typeof console.error)

//@ an overwritten Date
//: leave
Date = class { static now() { return 1 } };
//: look
Date.now()

//@ undefined, NaN and Infinity
//: unshared they are constant in every realm
//: leave
undefined = 1; NaN = 2; Infinity = 3; globalThis.undefined = 4;
//: look
[typeof undefined, String(NaN), String(Infinity)]

//@ a redefined global that only hides
//: leave
Object.defineProperty(globalThis, "Map", { value: Map, enumerable: true });
//: look
Object.keys(globalThis).includes("Map")

//@ timers' functions
//: leave
setTimeout.mark = 1;
setTimeout = 1;
clearTimeout.mark = 1;
queueMicrotask.mark = 1;
structuredClone.mark = 1;
//: look
[typeof setTimeout, setTimeout.mark, clearTimeout.mark, queueMicrotask.mark, structuredClone.mark]

//@ names that the realm's own code might use
//: leave
for (const name of ["f", "args", "maker", "exports", "module", "ListNode", "TreeNode", "__proto__", "host"]) {
  Reflect.defineProperty(globalThis, name, { value: "mark", writable: true, configurable: true });
}
//: look
["args", "maker", "exports", "module", "ListNode", "TreeNode", "host"].map((name) => typeof globalThis[name])

//@ a property for each of very many names
//: leave
for (let i = 0; i < 5000; i++) globalThis["mark" + i] = i;
Object.defineProperty(globalThis, "hidden", { value: 1, configurable: true });
//: look
[typeof mark0, typeof mark4999, typeof hidden]

//@ a property that is first enumerable, and then is not
//: leave
globalThis.mark = 1;
Object.defineProperty(globalThis, "mark", { enumerable: false, configurable: false });
//: look
typeof mark

//@ private fields of the global object
//: unshared the class is another one in each case; here it is seen that it is
//: leave
class Base { constructor() { return globalThis } }
new class extends Base { #mark = 1 }();
//: look
(() => {
  class Base { constructor() { return globalThis } }
  class Stamp extends Base { #mark = 1; static has(o) { return #mark in o } }
  return Stamp.has(globalThis);
})()

//@ private fields, by a class at the top level
//: top
class Base { constructor(o) { return o } }
class Stamp extends Base { #mark = 1; static has(o) { return #mark in o } }
//: leave
for (const o of [globalThis, Array.prototype, Object.prototype, Math, JSON]) try { new Stamp(o) } catch {}
//: look
[globalThis, Array.prototype, Object.prototype, Math, JSON].map(Stamp.has)

//@ a global made by indirect eval
//: eval
//: leave
(0, eval)("var mark = 1; function other() {} let third = 1;");
//: look
[typeof mark, typeof other, typeof third]

//@ a global made by a function of a string
//: eval
//: leave
Function("this.mark = 1; other = 2")();
Object.defineProperty(Function("return this")(), "third", { value: 3 });
//: look
[typeof mark, typeof other, typeof third]

//@ a global made by a generator, an async function and a getter
//: leave
[...(function* () { globalThis.a = 1; yield 1 })()];
(async () => { globalThis.b = 1; await null; globalThis.c = 1 })();
({ get x() { return (globalThis.d = 1) } }).x;
//: look
[typeof a, typeof b, typeof c, typeof d]
