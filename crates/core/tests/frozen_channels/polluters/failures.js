// Marks left by cases that fail, and use of what all cases have together. The format is described in polluters.rs.

//@ an exception after the mark
//: escapes
//: leave
globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }); Error.prototype.name = "mark"; throw new Error("left");
//: look
[typeof mark, typeof hidden, Error.prototype.name]

//@ an exception that is no error, after the mark
//: escapes
//: leave
globalThis.mark = 1; throw { toString() { globalThis.other = 1; return "x" }, get name() { globalThis.third = 1 }, get stack() { globalThis.fourth = 1 } };
//: look
[typeof mark, typeof other, typeof third, typeof fourth]

//@ an exception from a microtask
//: escapes
//: leave
queueMicrotask(() => { Object.defineProperty(globalThis, "mark", { value: 1 }); throw new Error("left") }); return 1;
//: look
typeof mark

//@ an exception from a timer
//: escapes
//: leave
setTimeout(() => { Object.defineProperty(globalThis, "mark", { value: 1 }); throw new Error("left") }); return new Promise((done) => setTimeout(done, 5));
//: look
typeof mark

//@ an exception while the answer is read
//: escapes
//: leave
return { get a() { globalThis.mark = 1; Error.stackTraceLimit = 0; throw new Error("left") } };
//: look
[typeof mark, Error.stackTraceLimit]

//@ an exception while the answer's marks are still to come
//: escapes
//: leave
Promise.resolve().then(() => null).then(() => { Object.defineProperty(globalThis, "mark", { value: 1 }) }); throw new Error("left");
//: look
typeof mark

//@ a rejection that nobody handles
//: escapes
//: leave
globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }); Promise.reject(new Error("left")); return 1;
//: look
[typeof mark, typeof hidden]

//@ a rejection that is handled later
//: escapes
//: leave
const rejected = Promise.reject(new Error("left")); setTimeout(() => rejected.catch(() => { globalThis.mark = 1 }), 5); return new Promise((done) => setTimeout(done, 10));
//: look
typeof mark

//@ a promise that never settles
//: escapes
//: leave
globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }); return new Promise(() => {});
//: look
[typeof mark, typeof hidden]

//@ an answer that is none
//: escapes
//: leave
globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }); return () => 1;
//: look
[typeof mark, typeof hidden]

//@ an answer nested too deeply
//: escapes
//: leave
Object.defineProperty(globalThis, "mark", { value: 1 }); let deep = []; for (let i = 0; i < 1e5; i++) deep = [deep]; return deep;
//: look
typeof mark

//@ a stack that overflows
//: leave
globalThis.mark = 1; (function deeper() { try { deeper() } finally { globalThis.other = 1; Error.prototype.name = "mark" } })();
//: look
[typeof mark, typeof other, Error.prototype.name]

//@ a stack that overflows while the mark is defined
//: leave
(function deeper() { try { deeper() } catch { Object.defineProperty(globalThis, "mark", { value: 1 }); Object.setPrototypeOf(globalThis, { other: 1 }) } })();
//: look
[typeof mark, typeof other]

//@ a stack that overflows in deem's own functions
//: leave
let depth = 0; const deeper = () => { depth++; try { deeper() } catch (e) { console.log(depth); Math.random(); setTimeout(() => {}, 1); throw e } };
try { deeper() } catch {} globalThis.mark = 1; try { deeper() } finally { Error.captureStackTrace(globalThis) }
//: look
(console.log("x"), [typeof mark, "stack" in globalThis, Math.random(), setTimeout(() => {}, 1)])

//@ a stack that overflows in what notes changes
//: leave
const change = [
  () => Object.defineProperty(globalThis, "mark", { value: 1 }), () => Reflect.defineProperty(globalThis, "other", { value: 1 }),
  () => Error.captureStackTrace(globalThis), () => { globalThis.__proto__ = { third: 1 } }, () => Object.defineProperties(globalThis, { fourth: { value: 1 } }),
];
for (const each of change) {
  let isDone = false;
  const deeper = () => { try { deeper() } catch (e) { if (!isDone) { each(); isDone = true } throw e } };
  try { deeper() } catch {}
}
//: look
[typeof mark, typeof other, "stack" in globalThis, typeof third, typeof fourth]

//@ a stack that overflows while Math.random begins
//: unshared whether it does at the worst point depends on the size of V8's frames
//: leave
// At each depth a little further from the end, by frames of every size.
for (let size = 0; size < 10; size++) {
  let isDone = false;
  const attempt = () => { if (!isDone) { Math.random(); isDone = true } };
  const padded = (n, ...rest) => { try { padded(n, ...rest) } catch (e) { attempt(); throw e } };
  try { padded(size, ...Array(size)) } catch {}
}
//: look
[Math.random(), Math.random()]

//@ a stack that overflows while a timer is set
//: leave
for (let size = 0; size < 10; size++) {
  let isDone = false;
  const attempt = () => { if (!isDone) { setTimeout(() => { globalThis.mark = 1 }, 1); isDone = true } };
  const padded = (n, ...rest) => { try { padded(n, ...rest) } catch (e) { attempt(); throw e } };
  try { padded(size, ...Array(size)) } catch {}
}
//: unshared deem resets them there, too
//: look
[setTimeout(() => {}, 1), new Promise((done) => setTimeout(done, 100))][1].then(() => typeof mark)

//@ a stack that overflows while the console is made
//: leave
for (let size = 0; size < 10; size++) {
  let isDone = false;
  const attempt = () => { if (!isDone) { console.log({ a: [new Map([[1, { b: size }]])] }); isDone = true } };
  const padded = (n, ...rest) => { try { padded(n, ...rest) } catch (e) { attempt(); throw e } };
  try { padded(size, ...Array(size)) } catch {}
}
//: unshared it leaves nothing
//: look
(console.log("%s %o", "x", { a: [new Map([[1, { b: 2 }]])] }), console.table([[1]]), null)

//@ a loop without end, after the mark
//: escapes
//: endless
//: unshared its isolate is replaced
//: leave
globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }); for (;;);
//: look
[typeof mark, typeof hidden]

//@ microtasks without end, after the mark
//: escapes
//: endless
//: unshared its isolate is replaced
//: leave
Object.defineProperty(globalThis, "mark", { value: 1 }); (async () => { for (;;) await null })(); return 1;
//: look
typeof mark

//@ a heap that is full, after the mark
//: escapes
//: unshared its isolate is replaced
//: leave
Object.defineProperty(globalThis, "mark", { value: 1 }); for (const list = []; ; ) list.push([1, 2, 3, 4]);
//: look
typeof mark

//@ buffers that are refused, after the mark
//: escapes
//: unshared its isolate is replaced, for V8 came near its heap's limit
//: leave
globalThis.mark = 1; for (const list = []; ; ) list.push(new ArrayBuffer(1 << 22));
//: look
typeof mark

//@ a buffer that a private field of the global object keeps
//: top
class Base { constructor(o) { return o } }
class Stamp extends Base { #kept = new ArrayBuffer(40 << 20) }
//: leave
new Stamp(globalThis);
//: look
(() => { try { return new ArrayBuffer(60 << 20).byteLength } catch (e) { return String(e) } })()

//@ a smaller buffer that a private field of the global object keeps
//: top
class Base { constructor(o) { return o } }
class Stamp extends Base { #kept = new ArrayBuffer(12 << 20) }
//: leave
new Stamp(globalThis);
//: look
(() => { try { return new ArrayBuffer(60 << 20).byteLength } catch (e) { return String(e) } })()

//@ a buffer that a private field of an object that stays writable keeps
//: top
class Base { constructor(o) { return o } }
class Stamp extends Base { #kept = new ArrayBuffer(40 << 20) }
//: leave
new Stamp(Object.prototype);
//: look
(() => { try { return new ArrayBuffer(60 << 20).byteLength } catch (e) { return String(e) } })()

//@ a buffer that a private field of a built-in keeps
//: top
class Base { constructor(o) { return o } }
class Stamp extends Base { #kept = new ArrayBuffer(40 << 20) }
//: leave
new Stamp(Math);
//: look
(() => { try { return new ArrayBuffer(60 << 20).byteLength } catch (e) { return String(e) } })()

//@ a buffer that is garbage
//: unshared V8 collects it when the next one is refused
//: leave
new ArrayBuffer(40 << 20);
//: look
(() => { try { return new ArrayBuffer(60 << 20).byteLength } catch (e) { return String(e) } })()

//@ a buffer that what stays writable keeps
//: leave
Object.prototype.toString = Object.assign(() => "mark", { kept: new ArrayBuffer(40 << 20) });
//: look
(() => { try { return [new ArrayBuffer(60 << 20).byteLength, `${{}}`] } catch (e) { return String(e) } })()

//@ a buffer that the console keeps
//: leave
console = { kept: new ArrayBuffer(40 << 20) };
//: look
(() => { try { return new ArrayBuffer(60 << 20).byteLength } catch (e) { return String(e) } })()

//@ a buffer that a pending promise and a timer keep
//: leave
const kept = new ArrayBuffer(40 << 20); setTimeout(() => kept, 1e9); new Promise(() => {}).then(() => kept);
//: unshared V8 collects it when the next one is refused
//: look
(() => { try { return new ArrayBuffer(60 << 20).byteLength } catch (e) { return String(e) } })()

//@ a buffer in an exception
//: escapes
//: leave
throw Object.assign(new Error("left"), { kept: new ArrayBuffer(40 << 20) });
//: unshared V8 collects it when the next one is refused
//: look
(() => { try { return new ArrayBuffer(60 << 20).byteLength } catch (e) { return String(e) } })()

//@ a buffer in the last match's input
//: leave
RegExp.input = "x".repeat(20 << 20) + "y"; /(x*)/.exec("x".repeat(20 << 20));
//: look
[RegExp.$1.length, RegExp.input.length]
