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
const later = (ms) => new Promise((_, reject) => setTimeout(reject, ms, new Error("late")).unref());
let isolate;
(async () => {
  for (const { args } of job.cases) {
    try {
      if (isolate === undefined || isolate.isDisposed) isolate = new ivm.Isolate({ memoryLimit: job.heap_mib });
      const context = await isolate.createContext();
      await context.eval(job.source, { timeout: job.cpu_ms });
      const ask = `(async () => JSON.stringify(await solve(...${args})))()`;
      const asked = context.eval(ask, { timeout: job.cpu_ms, promise: true, copy: true });
      const value = await Promise.race([asked, later(job.cpu_ms + 1000)]);
      line(typeof value === "string" ? { value } : { error: "no answer" });
      context.release();
    } catch (error) {
      line({ error: "threw" });
    }
  }
  process.exit(0);
})();
