// What a case's realm has besides ECMAScript, and what of ECMAScript it has not: run in each realm before the submission,
// by every executor. A classic script, whose value is a function; capture is the one of intrinsics.js, calling that of
// calling.js, makeMakers makes an object of those of program/*.js, and makeFrozen is that of frozen.js; these two may be absent
// where no program will start, and where the realm is not frozen.
//
// It returns what the executor calls: begin(host, seedLow, seedHigh, webassembly), once, before the submission; advance() runs
// the timer that is due next, and says whether there was one; reset() starts clock, timers and Math.random anew, which is
// called for if used[0] is not 0; adapt(convention) is the function of calling.js, start(args) that of program/start.js,
// freeze() that of frozen.js. (In an isolate the rest of this has run before V8's snapshot was taken.)
//
// host(op, ..) is the executor's side:
//   0, text, isError    writes to the console; of a program, what is no error is its standard output
//   1                   a function that makes the console, and the one of inspect.js if it needs that: see console.js
//   2, value, transfer  a structured clone, in an array; or a text that says why there is none
//   3, text             how many bytes the text is in UTF-8
//   4, label            the name of the encoding that has this label; undefined where none has
//   5, name, bytes, fatal, ignoreBOM, stream, id
//                       decoded text, or undefined where the bytes are malformed and that is fatal; id tells streams apart
//   6, value            what kind of object it is: see inspect.js
//   7, text, bytes      writes what fits of the text into the bytes, as UTF-8; how many units and bytes that were, in an array
//   8, callback         queues a microtask, where the engine has no queueMicrotask
//   9, value, all       the own keys of an object that are no indices, all or the enumerable ones
//   10, code            ends the program; it may return once more, but what has called it must not go on
//   11, name            a module of node's own, where the executor has them, for programs that need more than program/*.js has
(function (capture, calling, makeMakers, makeFrozen) {
  "use strict";
  const intrinsics = capture();
  let host, seedLow, seedHigh;
  const { defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Object;
  const { apply, construct } = Reflect;
  const { Error, TypeError, RangeError, Uint8Array, String, Number, Date: RealDate } = globalThis;
  const { trunc } = Math;
  const used = new Uint8Array(1);

  const define = (object, name, value) =>
    defineProperty(object, name, { value, writable: true, enumerable: false, configurable: true });
  // Made when it is first asked for: most cases never do, and a realm should cost them nothing more.
  const lazily = (name, make) => {
    const keep = (value) => define(globalThis, name, value);
    const get = () => {
      const value = make();
      keep(value);
      return value;
    };
    defineProperty(globalThis, name, { get, set: keep, enumerable: false, configurable: true });
  };

  // ---- absent: shared memory, and what depends on when garbage is collected or on the time of day

  delete globalThis.Atomics.wait;
  delete globalThis.Atomics.waitAsync;
  delete globalThis.WeakRef;
  delete globalThis.FinalizationRegistry;
  delete globalThis.Temporal;

  // ---- Math.random: sfc32 (Chris Doty-Humphrey, PractRand), seeded when first used

  let a, b, c, counter;
  const next = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  const seed = () => {
    used[0] = 1; // first: the stack may end anywhere in here
    a = seedLow;
    b = seedHigh;
    c = 0x9e3779b9 | 0;
    counter = 1;
    for (let i = 0; i < 15; i++) next();
  };
  const random = {
    random() {
      if (counter === undefined) seed();
      return (next() * 0x200000 + (next() >>> 11)) / 0x20000000000000;
    },
  }.random;
  define(Math, "random", random);

  // ---- the clock: it stands still but for timers

  const EPOCH = 1_735_689_600_000; // the beginning of 2025
  let elapsed = 0;
  const now = { now: () => EPOCH + elapsed }.now;
  define(RealDate, "now", now);
  const construction = setPrototypeOf(
    {
      construct: (target, args, derived) => construct(target, args.length > 0 ? args : [now()], derived),
      apply: () => String(new RealDate(now())),
    },
    null,
  );
  const Date = new Proxy(RealDate, construction);
  define(globalThis, "Date", Date);
  define(RealDate.prototype, "constructor", Date);

  const formats = Intl.DateTimeFormat.prototype;
  const { get: formatOf } = getOwnPropertyDescriptor(formats, "format");
  const { formatToParts } = formats;
  const ofNow = {
    get format() {
      const format = apply(formatOf, this, []);
      return (date) => format(date === undefined ? now() : date);
    },
  };
  defineProperty(formats, "format", { ...getOwnPropertyDescriptor(ofNow, "format"), enumerable: false });
  define(formats, "formatToParts", {
    formatToParts(date) {
      return apply(formatToParts, this, [date === undefined ? now() : date]);
    },
  }.formatToParts);

  // ---- timers: a heap by due time, and by the order of setting where that is equal

  const LONGEST = 2 ** 31 - 1;
  let heap, pending, lastId = 0, lastOrder = 0;
  const list = () => setPrototypeOf([], null); // whatever becomes of Array.prototype
  const before = (one, other) => one.due < other.due || (one.due === other.due && one.order < other.order);
  const push = (timer) => {
    timer.order = ++lastOrder;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (before(heap[parent], timer)) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = timer;
  };
  const pop = () => {
    const first = heap[0];
    const last = heap[heap.length - 1];
    heap.length--;
    for (let at = 0; heap.length > 0; ) {
      let child = 2 * at + 1;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (child >= heap.length || before(last, heap[child])) {
        heap[at] = last;
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    return first;
  };
  const set = (callback, delay, args, repeats) => {
    if (typeof callback !== "function") throw new TypeError("a timer's callback must be a function");
    used[0] = 1;
    heap ??= list();
    pending ??= { __proto__: null };
    delay = Number(delay);
    delay = delay >= 1 && delay <= LONGEST ? trunc(delay) : 1; // as node has it
    const timer = { __proto__: null, id: ++lastId, due: elapsed + delay, order: 0, callback, args, delay, repeats };
    pending[timer.id] = timer;
    push(timer);
    return timer.id;
  };
  const clear = (id) => {
    if (typeof id === "number" || typeof id === "string") delete pending?.[id];
  };
  const timers = {
    setTimeout(callback, delay, ...args) {
      return set(callback, delay, args, false);
    },
    setInterval(callback, delay, ...args) {
      return set(callback, delay, args, true);
    },
    clearTimeout(id) {
      clear(id);
    },
    clearInterval(id) {
      clear(id);
    },
  };
  define(globalThis, "setTimeout", timers.setTimeout);
  define(globalThis, "setInterval", timers.setInterval);
  define(globalThis, "clearTimeout", timers.clearTimeout);
  define(globalThis, "clearInterval", timers.clearInterval);

  const advance = () => {
    while (heap?.length > 0) {
      const timer = pop();
      if (pending[timer.id] !== timer) continue; // cleared
      if (timer.due > elapsed) elapsed = timer.due;
      if (timer.repeats) {
        timer.due = elapsed + timer.delay;
        push(timer);
      } else {
        delete pending[timer.id];
      }
      apply(timer.callback, undefined, timer.args);
      return true;
    }
    return false;
  };
  const reset = () => {
    counter = heap = pending = undefined;
    elapsed = lastId = lastOrder = used[0] = 0;
  };

  // ---- console, structuredClone

  let makers; // of which no code of a case hears
  const makeConsole = (write) => {
    makers ??= host(1);
    const details = (value) => host(6, value);
    const keys = (value, all) => host(9, value, all);
    // No destructuring here and below: a submission may have changed how arrays are iterated.
    return makers[0]({ write, details, keys, now: () => elapsed, intrinsics, inspector: makers[1] });
  };
  const makeOwnConsole = () => makeConsole((text, isError) => host(0, text, isError));
  lazily("console", makeOwnConsole);
  define(globalThis, "structuredClone", {
    structuredClone(value, options) {
      if (arguments.length === 0) throw new TypeError("structuredClone needs a value");
      const answer = host(2, value, options?.transfer);
      if (typeof answer !== "string") return answer[0];
      const error = new Error(answer);
      define(error, "name", "DataCloneError");
      define(error, "code", 25);
      throw error;
    },
  }.structuredClone);

  // ---- TextEncoder, TextDecoder (the Encoding standard)

  const { isView } = ArrayBuffer;
  const { get: lengthOf } = getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength");
  const bytesOf = (input) => {
    if (isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    apply(lengthOf, input, []); // throws a TypeError if it is no buffer
    return new Uint8Array(input);
  };
  lazily("TextEncoder", () =>
    class TextEncoder {
      get encoding() {
        return "utf-8";
      }
      encode(text = "") {
        const string = String(text);
        const bytes = new Uint8Array(host(3, string));
        host(7, string, bytes);
        return bytes;
      }
      encodeInto(source, destination) {
        if (!isView(destination)) throw new TypeError("encodeInto needs a Uint8Array");
        const counts = host(7, String(source), destination);
        return { read: counts[0], written: counts[1] };
      }
      get [Symbol.toStringTag]() {
        return "TextEncoder";
      }
    });
  let streams = 0;
  lazily("TextDecoder", () =>
    class TextDecoder {
      #encoding;
      #fatal;
      #ignoreBOM;
      #stream = 0;
      constructor(label = "utf-8", options = {}) {
        this.#encoding = host(4, String(label));
        if (this.#encoding === undefined) throw new RangeError(`The "${label}" encoding is not supported`);
        this.#fatal = Boolean(options?.fatal);
        this.#ignoreBOM = Boolean(options?.ignoreBOM);
      }
      get encoding() {
        return this.#encoding;
      }
      get fatal() {
        return this.#fatal;
      }
      get ignoreBOM() {
        return this.#ignoreBOM;
      }
      decode(input, options) {
        const bytes = input === undefined ? new Uint8Array(0) : bytesOf(input);
        const stream = Boolean(options?.stream);
        if (stream && this.#stream === 0) this.#stream = ++streams;
        const text = host(5, this.#encoding, bytes, this.#fatal, this.#ignoreBOM, stream, this.#stream);
        if (!stream) this.#stream = 0;
        if (text === undefined) throw new TypeError(`The encoded data was not valid for encoding ${this.#encoding}`);
        return text;
      }
      get [Symbol.toStringTag]() {
        return "TextDecoder";
      }
    });

  const { queueMicrotask } = {
    queueMicrotask(callback) {
      if (typeof callback !== "function") throw new TypeError("a microtask must be a function");
      host(8, callback);
    },
  };
  const begin = (executor, low, high, webassembly) => {
    host = executor;
    seedLow = low;
    seedHigh = high;
    // V8 adds these to a context after the snapshot.
    delete globalThis.SharedArrayBuffer;
    if (!webassembly) delete globalThis.WebAssembly;
    if (!globalThis.queueMicrotask) define(globalThis, "queueMicrotask", queueMicrotask);
  };
  const adapt = (convention) => calling(intrinsics, (value) => host(2, value), convention);
  const start = (args) => {
    const makers = makeMakers();
    const tools = { host, now: () => elapsed, advance, define, lazily, makeConsole, makers };
    return makers.start(tools, args);
  };
  const freeze = () => makeFrozen(makeOwnConsole, reset, used);
  return [begin, advance, reset, used, adapt, start, freeze];
});
