// The processes of the kill sweep. Each leads a group of its own, so that nothing outlives it.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/bin/nnc.js", import.meta.url));
const hook = new URL("hook.mjs", import.meta.url).href;
const groups = new Set();

function killGroup(pid) {
  // A number may be another process's once ours has ended.
  if (!groups.has(pid)) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Ends what may still run. */
export function endAll() {
  for (const pid of groups) killGroup(pid);
}

/** The shell counts a file's size in blocks, of which POSIX says that they have 512 bytes; bash takes 1024. */
function commandOf(args, limit) {
  if (limit === undefined) return [process.execPath, args];
  return ["sh", ["-c", `ulimit -f ${limit} && exec "$@"`, "sh", process.execPath, ...args]];
}

/**
 * Starts the command. `hooked` says what the hook does in it, `limit` is a size that no file may pass; `ended` gives what it came
 * to, and `said(text)` resolves once it has printed that, or has ended.
 */
export function start(cwd, args, { hooked, limit } = {}) {
  const [command, given] = commandOf([...(hooked ? ["--import", hook] : []), main, ...args], limit);
  const env = { ...process.env, NO_COLOR: "1", KILL_SWEEP: JSON.stringify(hooked ?? {}) };
  const child = spawn(command, given, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const { pid } = child;
  groups.add(pid);
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].on("data", (chunk) => (texts[name] += chunk));
  const ended = new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", (code, signal) => {
      groups.delete(pid);
      done({ code, signal, ...texts });
    });
  });
  const said = (text) =>
    Promise.race([
      ended,
      new Promise((done) => child.stdout.on("data", () => texts.stdout.includes(text) && done())),
    ]);
  return { pid, ended, said, kill: () => killGroup(pid) };
}

export const nnc = (cwd, args, options) => start(cwd, args, options).ended;
