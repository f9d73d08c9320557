// Loaded into a training before it begins: slows it down, lets its clock run faster, and ends it or fails at a call that writes a
// file. A save takes a few milliseconds, which a signal from outside hits too seldom.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const { clock = 1, slow = 0, at = 0, how } = JSON.parse(process.env["KILL_SWEEP"] ?? "{}");

/** Saves come by this clock; what a training prints beside its seconds does not. */
function quicken() {
  const now = performance.now.bind(performance);
  performance.now = () => now() * clock;
}

/** A training that waits takes its time without taking the processor's. */
function slowDown() {
  const write = process.stdout.write.bind(process.stdout);
  const never = new Int32Array(new SharedArrayBuffer(4));
  process.stdout.write = (...args) => {
    const written = write(...args);
    Atomics.wait(never, 0, 0, slow);
    return written;
  };
}

const die = () => process.kill(process.pid, "SIGKILL");

function fail() {
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
}

/** What becomes of the call that was chosen. */
const FATES = {
  before: () => die(),
  after(call, args) {
    call(...args);
    die();
  },
  half(call, args) {
    if (call.name === "writeFileSync") call(args[0], args[1].slice(0, args[1].length / 2), ...args.slice(2));
    die();
  },
  fail(call, args) {
    if (call.name === "closeSync") call(...args);
    fail();
  },
};

const written = new Set();
let calls = 0;
/** Calls within calls are Node's own affair, and other ones in each version. */
let within = 0;

/** Whether a call changes files: others are not counted, so that the number means the same in every training. */
function changes(name, args) {
  if (name === "openSync") return args[1] === "wx";
  return name === "renameSync" || name === "writeFileSync" || written.has(args[0]);
}

function watch(name) {
  const call = fs[name];
  fs[name] = (...args) => {
    if (within > 0) return call(...args);
    within++;
    try {
      if (changes(name, args) && ++calls === at) return FATES[how](call, args);
      const result = call(...args);
      if (name === "openSync" && args[1] === "wx") written.add(result);
      if (name === "closeSync") written.delete(args[0]);
      return result;
    } finally {
      within--;
    }
  };
}

if (isMainThread) {
  if (clock !== 1) quicken();
  if (slow > 0) slowDown();
  if (at > 0) ["openSync", "writeFileSync", "fsyncSync", "closeSync", "renameSync"].forEach(watch);
  syncBuiltinESMExports();
}
