"use strict";
// A host for the corpus on node's own vm, as careful as its documentation lets one be: a new context for each case, a limit of
// time on every evaluation, microtasks under the same limit, and the answer made text inside.
const vm = require("vm");
const fs = require("fs");
const job = JSON.parse(fs.readFileSync(0, "utf8"));
const line = (said) => fs.writeSync(1, JSON.stringify({ value: null, error: null, ...said }) + "\n");
process.on("uncaughtException", () => {});
process.on("unhandledRejection", () => {});
for (const { args } of job.cases) {
  try {
    const context = vm.createContext({ console: undefined }, { microtaskMode: "afterEvaluate", codeGeneration: { strings: false, wasm: false } });
    const within = { timeout: job.cpu_ms };
    vm.runInContext(job.source, context, within);
    const ask = `(async () => JSON.stringify(await solve(...${args})))().then((text) => { globalThis.deemAnswer = text; }, () => {});`;
    vm.runInContext(ask, context, within);
    const value = vm.runInContext("globalThis.deemAnswer", context, within);
    line(typeof value === "string" ? { value } : { error: "no answer" });
  } catch (error) {
    line({ error: "threw" });
  }
}
