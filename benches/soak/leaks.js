// Every kind of case keeps something, or leaves something undone. soak/cases.rs knows their numbers.
const kept = [];
const list = (n, length = 100) => Array(length).fill(n);

const kinds = [
  // 0: promises that never settle, with what they close over
  (n) => {
    const held = list(n);
    for (let i = 0; i < 100; i++) kept.push(new Promise(() => {}).then(() => held));
  },
  // 1: timers that are never cleared
  async (n) => {
    const held = list(n);
    for (let i = 0; i < 20; i++) setInterval(() => held, 1_000_000);
    await new Promise((done) => setTimeout(done, 5));
  },
  // 2: closures, and the realm itself
  (n) => {
    globalThis.closures = Array.from({ length: 1_000 }, (_, i) => () => i + n);
    globalThis.self = globalThis;
  },
  // 3: the isolate's registry of symbols, from which nothing is ever taken away
  (n) => {
    for (let i = 0; i < 20; i++) kept.push(Symbol.for(`symbol ${n} ${i}`));
  },
  // 4: rejected promises that are handled later, or by another one
  async (n) => {
    const rejected = Array.from({ length: 50 }, (_, i) => Promise.reject(new RangeError(`${n} ${i}`)));
    await null;
    kept.push(await Promise.allSettled(rejected));
  },
  // 5: the console, of values of all sorts
  (n) => {
    for (let i = 0; i < 10; i++) console.log("line", i, { n, map: new Map([[n, list(i, 5)]]) }, new Error("logged"));
    console.time("never ended");
  },
  // 6: errors with stacks, and one that is thrown
  (n) => {
    const deep = (depth) => {
      if (depth === 0) throw Object.assign(new TypeError(`case ${n}`), { held: list(n) });
      deep(depth - 1);
    };
    for (let i = 0; i < 10; i++) {
      try {
        deep(i);
      } catch (error) {
        kept.push(error.stack);
      }
    }
    deep(50);
  },
  // 7: array buffers, and the decoder of a stream that does not end
  (n) => {
    for (let i = 0; i < 4; i++) kept.push(new Uint8Array(64 << 10).fill(n));
    new TextDecoder().decode(new Uint8Array([0xe2, 0x82]), { stream: true });
    kept.push(structuredClone({ n, held: list(n), buffer: new ArrayBuffer(1024) }));
  },
  // 8: names, shapes, regular expressions and generators that no other case has
  (n) => {
    const object = {};
    for (let i = 0; i < 50; i++) object[`name ${n} ${i}`] = i;
    const generator = (function* () {
      for (;;) yield object;
    })();
    generator.next();
    kept.push(generator, new RegExp(`^a${n}+b`).exec(`a${n}b`), new Proxy(object, {}), new WeakMap([[object, kinds]]));
  },
  // 9: endless
  () => {
    for (;;);
  },
  // 10: exhausts the heap
  (n) => {
    for (;;) kept.push(list(n, 1_000));
  },
];

async function f(kind, n) {
  await kinds[kind](n);
  // A realm that is shared keeps no more than a few cases' leavings, or it would exhaust its memory, as it should.
  if (kept.length > 1_000) kept.length = 0;
  return n;
}
