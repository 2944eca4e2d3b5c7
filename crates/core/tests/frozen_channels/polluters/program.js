// State of the program's own, and of how it is called. The format is described in polluters.rs.

//@ a let at the top level
//: top
let n = 0;
//: leave
n = 1;
//: look
n

//@ a var at the top level
//: top
var n = 0;
//: leave
n = 1; globalThis.n = 2;
//: look
n

//@ a const at the top level
//: top
const list = [];
//: leave
list.push(1);
//: look
list.length

//@ a function's property
//: leave
f.cache = 1;
//: look
f.cache ?? null

//@ a function replaced
//: top
function helper() { return "own" }
//: leave
helper = () => "mark";
//: look
helper()

//@ the entry's prototype
//: leave
f.prototype.mark = 1; Object.setPrototypeOf(f, { mark: 2 });
//: look
[f.prototype.mark ?? null, f.mark ?? null]

//@ a static field
//: top
class Counter { static n = 0; static #m = 0; static go() { return ++Counter.#m } }
//: leave
Counter.n++; Counter.go();
//: look
[Counter.n, Counter.go()]

//@ a static block
//: top
class Once { static { globalThis.times = (globalThis.times ?? 0) + 1 } }
//: unshared there the program runs once
//: leave
Once.mark = 1;
//: look
globalThis.times

//@ what the top level writes on the global object
//: top
globalThis.times = (globalThis.times ?? 0) + 1;
//: unshared there the program runs once
//: leave
globalThis.times = 7;
//: look
globalThis.times

//@ what the top level hides on the global object
//: top
Object.defineProperty(globalThis, "times", { value: (globalThis.times ?? 0) + 1, configurable: true });
//: unshared there the program runs once
//: leave
null;
//: look
globalThis.times

//@ a closure's variable
//: top
const next = (() => { let n = 0; return () => ++n })();
//: leave
next();
//: look
next()

//@ a memo table
//: top
const memo = new Map();
//: leave
memo.set("mark", 1);
//: look
memo.size

//@ a suspended generator
//: top
const numbers = (function* () { let n = 0; for (;;) yield n++ })();
//: leave
numbers.next();
//: look
numbers.next().value

//@ a suspended async function
//: top
let wake, woken = 0;
(async () => { for (;;) { await new Promise((done) => { wake = done }); woken++ } })();
//: leave
wake();
//: look
(wake(), Promise.resolve().then(() => null).then(() => null).then(() => woken))

//@ a default argument and a rest of arguments
//: top
const shared = []; function add(x, to = shared) { to.push(x); return to.length }
//: leave
add(1);
//: look
add(1)

//@ the object of a literal
//: top
const make = () => ({ a: [1, 2], b: { c: 1 } });
//: unshared a literal is another object each time
//: leave
const made = make(); made.a.push(3); made.b.c = 2; made.mark = 1; Object.freeze(made.a); Object.setPrototypeOf(made.b, null);
//: look
[make(), Object.isFrozen(make().a), Object.getPrototypeOf(make().b) === Object.prototype]

//@ the function that the program is compiled as, by callee
//: top
let self;
try { self = arguments.callee } catch {}
//: unshared there it is no function
//: leave
if (self) {
  for (const change of [
    () => { self.mark = 1 }, () => { self.prototype.mark = 1 }, () => { self.prototype = { mark: 1 } },
    () => Object.defineProperty(self, "mark", { value: 1 }), () => Object.setPrototypeOf(self, { mark: 1 }),
    () => Object.defineProperty(self, "name", { value: "mark" }), () => Object.defineProperty(self.prototype, "mark", { value: 1 }),
    () => Object.setPrototypeOf(self.prototype, { mark: 1 }), () => { delete self.prototype.constructor; delete self.name },
  ]) try { change() } catch {}
}
//: look
[self?.mark ?? null, self?.prototype?.mark ?? null, (self?.name ?? "") === "mark"]

//@ the function that the program is compiled as, by caller
//: top
function callerOf() { return callerOf.caller }
let self = null;
try { self = callerOf() } catch {}
//: unshared there it is no function
//: leave
if (self) { try { self.mark = 1 } catch {} try { self.prototype.mark = 1 } catch {} }
//: look
[self?.mark ?? null, self?.prototype?.mark ?? null]

//@ what calls the entry
//: top
let above = null;
//: unshared there is nothing above
//: leave
try { above = f.caller; above.mark = 1; Object.setPrototypeOf(above, { mark: 1 }) } catch {}
//: look
(() => { try { return [f.caller?.mark ?? null] } catch (e) { return "no caller" } })()

//@ what calls a timer's function
//: unshared there is nothing above
//: leave
function called() { const above = called.caller; if (above) { above.mark = 1; const arguments_ = called.caller.arguments; if (arguments_) arguments_[0].mark = 1 } }
setTimeout(called); return new Promise((done) => setTimeout(done, 1));
//: look
new Promise((done) => setTimeout(function called() { try { done(called.caller?.mark ?? null) } catch { done("strict") } }))

//@ what calls a getter of the answer, and a then
//: unshared there is nothing above
//: leave
function then(done) { try { const above = then.caller; if (above) above.mark = 1 } catch {} done.mark = 1; Object.getPrototypeOf(done).mark = 1; done(1) }
return { then };
//: look
({ then(done) { done([done.mark ?? null]) } })

//@ a program of its function, run again by its own hand
//: top
let runs = (globalThis.runs = (globalThis.runs ?? 0) + 1);
//: unshared there it is no function
//: leave
try { arguments.callee.caller } catch {}
//: look
runs

//@ an answer that leaves marks while it is read
//: leave
return { get a() { globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }); return 1 } };
//: look
[typeof mark, typeof hidden]

//@ an answer that changes what stays writable while it is read
//: leave
return { get a() { Object.prototype.toString = () => "mark"; Error.prototype.name = "mark"; Error.stackTraceLimit = 0; return 1 } };
//: look
[`${{}}`, String(new Error("x")), Error.stackTraceLimit]

//@ an answer whose proxy leaves marks while it is read
//: unshared a proxy is no answer, and none of its traps is called
//: leave
return [new Proxy([], { get() { globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }); return 1 } })];
//: look
[typeof mark, typeof hidden]

//@ an answer with getters that queue microtasks and timers
//: leave
return { get a() { Promise.resolve().then(() => { globalThis.mark = 1; Object.defineProperty(globalThis, "hidden", { value: 1 }) }); setTimeout(() => { globalThis.later = 1 }); return 1 } };
//: look
[typeof mark, typeof hidden, typeof later]

//@ a then that leaves marks
//: leave
return { then(done) { Object.defineProperty(globalThis, "mark", { value: 1 }); done(1) } };
//: look
typeof mark

//@ an argument that is changed
//: unshared it is another one in each case
//: leave
arguments[0] = 5; round = 7; arguments.mark = 1;
//: look
[arguments.length, round, arguments.mark ?? null]

//@ state of a module
//: module
//: top
export let n = 0;
const list = [];
//: leave
n++; list.push(1); f.mark = 1;
//: look
[n, list.length, f.mark ?? null]

//@ the meta of a module
//: module
//: top
const meta = import.meta;
//: leave
meta.mark = 1; Object.setPrototypeOf(meta, { other: 1 });
//: look
[meta.mark ?? null, meta.other ?? null]

//@ what a module writes on the global object
//: module
//: top
globalThis.times = (globalThis.times ?? 0) + 1;
Object.defineProperty(globalThis, "hidden", { value: (globalThis.hidden ?? 0) + 1, configurable: true });
//: unshared there the program runs once
//: leave
globalThis.mark = 1;
//: look
[globalThis.times, globalThis.hidden, typeof mark]

//@ a module that awaits
//: module
//: top
await new Promise((done) => setTimeout(done, 50));
const begun = Date.now();
//: leave
globalThis.mark = 1;
//: look
[begun, typeof mark]

//@ a module's import that is refused
//: module
//: leave
const refused = import("x"); refused.catch((e) => { e.constructor.mark = 1; Object.getPrototypeOf(e).mark = 1; Object.getPrototypeOf(refused).mark = 1 }); return refused.catch(() => null);
//: look
import("x").catch((e) => [e.name, e.mark ?? null, e.constructor.mark ?? null, Promise.prototype.mark ?? null])

//@ a class that is the entry
//: class
//: top
let n = 0;
//: leave
n++; f.mark = 1; f.prototype.mark = 2; this.constructor.other = 3; globalThis.mark = 4;
//: look
[n, f.mark ?? null, f.prototype.mark ?? null, f.other ?? null, typeof mark]

//@ a class's results that are changed later
//: class
//: top
const kept = [];
//: leave
kept.push(1); Array.prototype.mark = 1;
//: look
[kept.length, [].mark ?? null]

//@ the class of a list's nodes
//: list
//: leave
ListNode.mark = 1; ListNode.prototype.mark = 2; list.mark = 3; Object.setPrototypeOf(ListNode, { other: 4 });
//: look
[ListNode.mark ?? null, ListNode.prototype.mark ?? null, list.mark ?? null, ListNode.other ?? null, list.val, list.next.val]

//@ the class of a list's nodes, replaced
//: list
//: leave
ListNode = class { constructor() { this.val = "mark" } };
//: unshared its lists are made of the class that is global, a new one in each case
//: look
[list.val, list.next.val, list.constructor === ListNode]

//@ the class of a list's nodes, replaced so that it cannot be deleted
//: list
//: leave
Object.defineProperty(globalThis, "ListNode", { value: class { constructor() { this.val = "mark" } }, configurable: false, writable: false });
//: look
[list.val, list.next?.val ?? null, list.constructor === ListNode]

//@ a class of its own for a list's nodes
//: list
//: top
class ListNode { static made = 0; constructor(val) { this.val = val; this.next = null; ListNode.made++ } }
//: leave
ListNode.prototype.mark = 1;
//: look
[ListNode.made > 2, list.mark ?? null]

//@ an accessor that sees a list being made
//: list
//: leave
const Own = ListNode;
Object.defineProperty(globalThis, "ListNode", { get() { globalThis.mark = 1; return Own }, configurable: true });
Object.defineProperty(Object.prototype, "val", { set() { globalThis.mark = 2 } });
//: look
[typeof mark, list.val, list.next.val]
