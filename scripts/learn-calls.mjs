#!/usr/bin/env node
// Which system calls do a sandbox's workers make once they are filtered, over the corpus? Compares that with the list of what they
// may (crates/sandbox/src/wall/seccomp.rs): for whoever changes that list, or updates V8. Needs strace.
//
//   scripts/learn-calls.mjs [FILTER]     FILTER picks tests of the corpus; all of the sandbox's, if not said
import { execFileSync, spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const LIST = "crates/sandbox/src/wall/seccomp.rs";
const FILTERS = 3; // a worker is whole with so many

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const build = ["test", "--quiet", "-p", "deem-bench", "--test", "corpus", "--no-run", "--message-format=json"];
const built = execFileSync("cargo", build, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
const binary = built.match(/"executable":"([^"]*\/corpus-[^"]*)"/)[1];

const folder = mkdtempSync(join(tmpdir(), "deem-calls-"));
const filter = process.argv[2] ?? "sandbox/";
console.error(`tracing ${filter}: this takes a few minutes`);
// Traced, some cases are late, and their tests fail: that does not matter here.
const trace = join(folder, "trace");
const traced = spawnSync("strace", ["-f", "-q", "-o", trace, binary, "--test-threads", "1", filter], {
  encoding: "utf8",
  maxBuffer: 1 << 28,
  stdio: ["ignore", "pipe", "inherit"],
});
if (traced.error) {
  console.error(`learn-calls: strace cannot be started: ${traced.error.message}`);
  process.exit(2);
}
console.log(traced.stdout.match(/^test result: .*$/m)?.[0] ?? `it ended by ${traced.signal ?? traced.status}`);

// Calls in the order of their beginnings: a call that another thread's lines interrupt is written in two parts.
const calls = [];
const begun = new Map();
for await (const line of createInterface({ input: createReadStream(trace) })) {
  const [, thread, text] = line.match(/^(\d+) +(.*)$/) ?? [];
  const resumed = text?.match(/^<\.\.\. \w+ resumed>(.*)$/);
  if (resumed) {
    const call = begun.get(thread);
    if (call) call.text += resumed[1];
  } else if (text) {
    const name = text.match(/^(\w+)\(/)?.[1] ?? "";
    const call = { thread, name, text: text.replace(" <unfinished ...>", "") };
    begun.set(thread, call);
    calls.push(call);
  }
}
rmSync(folder, { recursive: true });

// Numbers are used again: what is known of one ends with it, or with the program that it begins.
const makers = new Map();
const filters = new Map();
const leader = (thread) => (makers.has(thread) ? leader(makers.get(thread)) : thread);
const seen = new Map();
let workers = 0;
for (const { thread, name, text } of calls) {
  if (name === "execve" || text.startsWith("+++")) {
    makers.delete(thread);
    filters.delete(thread);
    continue;
  }
  const owner = leader(thread);
  if (name === "seccomp" && text.includes("SECCOMP_SET_MODE_FILTER")) {
    filters.set(owner, (filters.get(owner) ?? 0) + 1);
    if (filters.get(owner) === FILTERS) workers++;
    continue;
  }
  const made = text.match(/ = (\d+)$/);
  if (/^clone3?$/.test(name) && text.includes("CLONE_THREAD") && made) makers.set(made[1], thread);
  // Of one without a result, even `?`, strace does not know what it was: the process was killed just then.
  if (name === "" || !text.includes(" = ") || (filters.get(owner) ?? 0) < FILTERS) continue;
  const counts = seen.get(name) ?? { made: 0, refused: 0 };
  counts.made++;
  if (/ = -1 (EPERM|ENOSYS)/.test(text)) counts.refused++;
  seen.set(name, counts);
}

const list = readFileSync(LIST, "utf8").match(/const ALLOWED[^]*?\];/)[0];
const allowed = [...list.matchAll(/SYS_(\w+)/g)].map(([, name]) => name);
const names = [...seen.keys()].sort();
console.log(`${workers} workers\n${"call".padEnd(24)} ${"made".padStart(10)} ${"refused".padStart(10)}`);
for (const name of names) {
  const { made, refused } = seen.get(name);
  console.log(`${name.padEnd(24)} ${String(made).padStart(10)} ${String(refused).padStart(10)}`);
}
console.log(`\nrefused: ${names.filter((name) => seen.get(name).refused > 0).join(" ")}`);
console.log(`allowed, and not seen: ${allowed.filter((name) => !seen.has(name)).join(" ")}`);
