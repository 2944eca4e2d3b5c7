"use strict";
// A host for the corpus on isolated-vm: an isolate with a limit of memory, a new context for each case, a limit of time on every
// evaluation, and the answer made text inside. An isolate that is gone is replaced.
const path = require("path");
const fs = require("fs");
const ivm = require("module").createRequire(path.join(path.resolve(process.argv[1]), "host.js"))("isolated-vm");
const job = JSON.parse(fs.readFileSync(0, "utf8"));
const line = (said) => fs.writeSync(1, JSON.stringify({ value: null, error: null, ...said }) + "\n");
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});
// What is late is given up with its isolate, which may still be busy with it.
const inTime = (promise) => {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(reject, job.cpu_ms + 1000, new Error("late"))));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};
let isolate;
const answer = async (args) => {
  if (isolate === undefined || isolate.isDisposed) isolate = new ivm.Isolate({ memoryLimit: job.heap_mib });
  const context = await isolate.createContext();
  await context.eval(job.source, { timeout: job.cpu_ms });
  const ask = `(async () => JSON.stringify(await solve(...${args})))()`;
  const value = await context.eval(ask, { timeout: job.cpu_ms, promise: true, copy: true });
  context.release();
  return value;
};
(async () => {
  for (const { args } of job.cases) {
    try {
      const value = await inTime(answer(args));
      line(typeof value === "string" ? { value } : { error: "no answer" });
    } catch (error) {
      line({ error: "threw" });
      if (error instanceof Error && error.message === "late") {
        const late = isolate;
        isolate = undefined;
        setImmediate(() => late.dispose());
      }
    }
  }
  process.exit(0);
})();
