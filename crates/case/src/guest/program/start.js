// What a program has of node's when it is run as node would run it: stdin is a text, and what it writes is told to the host. A
// classic script, whose value is a function, which is called in a program's realm before the program runs there.
//
// `tools` are the prelude's: host, now() in milliseconds, advance(), define, lazily, makeConsole(write), and `makers`, the functions
// of the files in this folder by their names. `args` are the case's. It returns an array:
//   run(main)   calls the program as a CommonJS module: main is the function of its source, with the parameters of node's
//   tick()      runs what process.nextTick has queued, if anything, and says whether there was something
//   turn()      runs what comes next of the event loop, and says whether there was something
//   finish()    the program has ended: tells its listeners, and says with which code
// A tick comes before a microtask, and each turn is followed by all ticks and microtasks, which are the executor's to run.
((tools, args) => {
  "use strict";
  const { host, now, define, lazily, makeConsole, makers } = tools;
  const { apply } = Reflect;
  const { setPrototypeOf } = Object;
  const { TypeError, Error, Number, Promise, Symbol, Date } = globalThis;
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis;
  if (args.length !== 1 || typeof args[0] !== "string") {
    throw new TypeError("a program has one argument: its standard input, a string");
  }

  // ---- what is queued

  const queue = () => {
    const waiting = setPrototypeOf([], null); // whatever becomes of Array.prototype
    let first = 0;
    return {
      add(callback, args) {
        const entry = { __proto__: null, callback, args };
        waiting[waiting.length] = entry;
        return entry;
      },
      // Runs the first that is not cancelled, and says whether there was one.
      runOne() {
        while (first < waiting.length) {
          const { callback, args } = waiting[first++];
          if (first === waiting.length) first = waiting.length = 0;
          if (callback === undefined) continue;
          apply(callback, undefined, args);
          return true;
        }
        return false;
      },
    };
  };
  const ticks = queue();
  const immediates = queue();
  const tick = () => {
    let ran = false;
    while (ticks.runOne()) ran = true;
    return ran;
  };
  const callable = (callback) => {
    if (typeof callback !== "function") throw new TypeError('The "callback" argument must be of type function.');
    return callback;
  };
  const immediate = {
    setImmediate: (callback, ...args) => immediates.add(callable(callback), args),
    clearImmediate: (entry) => {
      if (typeof entry === "object" && entry !== null) entry.callback = undefined;
    },
  };

  // ---- modules

  const once = (make) => {
    let made;
    return () => (made ??= make());
  };
  const writeTo = (isError) => (text) => host(0, text, isError);
  const events = once(() => makers.events());
  const buffer = once(() => makers.buffer(host));
  let proceed; // what waits for the input, where something of it is in use
  const streams = once(() => {
    const made = makers.streams({ args, write: writeTo, nextTick, events, buffer });
    proceed = made.proceed;
    return made;
  });
  const readline = once(() => makers.readline(events));
  const assert = once(() => makers.assert());
  const util = once(() => makers.util({ makeConsole, isDeepStrictEqual: assert().isDeepStrictEqual }));
  const promises = {
    timers: {
      setTimeout: (delay, value) => new Promise((done) => setTimeout(done, delay, value)),
      setImmediate: (value) => new Promise((done) => immediate.setImmediate(done, value)),
    },
  };
  const performance = { now, timeOrigin: Date.now() - now() };
  const modules = {
    __proto__: null,
    assert: () => assert().assert,
    "assert/strict": () => assert().assert.strict,
    buffer: () => ({ Buffer: buffer() }),
    events: () => events(),
    fs: () => streams().fs,
    "fs/promises": () => streams().fs.promises,
    os: () => ({ EOL: "\n", platform: () => "linux", cpus: () => [] }),
    perf_hooks: () => ({ performance }),
    process: () => process(),
    readline: () => readline(),
    "readline/promises": () => readline().promises,
    timers: () => ({ setTimeout, setInterval, clearTimeout, clearInterval, ...immediate }),
    "timers/promises": () => promises.timers,
    util: () => util(),
  };
  const loaded = { __proto__: null };
  const require = (name) => {
    const plain = `${name}`.replace(/^node:/, "");
    if (modules[plain] === undefined) {
      const own = host(11, plain);
      if (own !== undefined) return own;
      const error = new Error(`Cannot find module '${name}': a program has no modules but ${Object.keys(modules).join(", ")}`);
      error.code = "MODULE_NOT_FOUND";
      throw error;
    }
    return (loaded[plain] ??= modules[plain]());
  };

  // ---- process

  const nextTick = (callback, ...args) => void ticks.add(callable(callback), args);
  const hrtime = (before) => {
    const time = now();
    const [seconds, nanos] = [Math.trunc(time / 1000), (time % 1000) * 1e6];
    if (before === undefined) return [seconds, nanos];
    const past = (seconds - before[0]) * 1e9 + nanos - before[1];
    return [Math.floor(past / 1e9), past - Math.floor(past / 1e9) * 1e9];
  };
  hrtime.bigint = () => BigInt(now()) * 1_000_000n;
  let used; // the process, where it is in use
  let hasEnded = false;
  const finish = () => {
    if (used === undefined) return 0;
    if (!hasEnded) {
      hasEnded = true;
      used.exitCode ??= 0;
      used.emit("exit", used.exitCode);
    }
    return Number(used.exitCode) | 0;
  };
  const process = once(() => {
    const made = new (events())();
    used = made;
    const properties = {
      argv: ["node", "solution.js"],
      env: {},
      version: "v20.0.0",
      versions: { node: "20.0.0" },
      platform: "linux",
      pid: 1,
      exitCode: undefined,
      nextTick,
      hrtime,
      uptime: () => now() / 1000,
      cwd: () => "/",
      memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
      emitWarning: (warning) => streams().stderr.write(`Warning: ${warning}\n`),
      exit(code) {
        if (code !== undefined) made.exitCode = code;
        host(10, finish());
        for (;;); // where the host ends the program as soon as it looks
      },
      [Symbol.toStringTag]: "process",
    };
    Object.assign(made, properties);
    for (const name of ["stdin", "stdout", "stderr"]) {
      Object.defineProperty(made, name, { get: () => streams()[name], enumerable: true, configurable: true });
    }
    return made;
  });

  define(globalThis, "global", globalThis);
  define(globalThis, "performance", performance);
  define(globalThis, "setImmediate", immediate.setImmediate);
  define(globalThis, "clearImmediate", immediate.clearImmediate);
  lazily("process", process);
  lazily("Buffer", buffer);

  // ---- the loop

  const module = { id: ".", filename: "solution.js", exports: {}, loaded: false, children: [], paths: [], require };
  require.main = module;
  require.cache = { __proto__: null };
  require.resolve = (name) => name;
  const run = (main) => {
    apply(main, module.exports, [module.exports, require, module, "solution.js", "."]);
    tick();
  };
  const turn = () => {
    const did = immediates.runOne() || proceed?.() || tools.advance();
    if (did) tick();
    return did;
  };
  return [run, tick, turn, finish];
})
