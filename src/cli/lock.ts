import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { systemCode } from "../data/system-code.js";
import { refuse } from "./spec.js";
import { systemReason } from "./system.js";

/** A lock is written as soon as it is made. */
const WRITTEN_WITHIN_MS = 2_000;
/** More than one is needed only where trainings end or begin at the same moment. */
const TRIES = 3;

/** Who writes a checkpoint. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When the process began: a later one may have got the same number. */
  readonly started: string;
}

/**
 * Keeps other trainings away from a checkpoint until the process ends. A lock that a killed process of this host left behind is
 * taken over, and the pieces of files that it was writing are taken away. What is no file (a pipe) is nobody's own.
 */
export function lockCheckpoint(path: string): void {
  const there = existsSync(path);
  if (there && !statSync(path).isFile()) return;
  // Two names may lead to one file.
  const target = there ? realpathSync(path) : path;
  const lock = `${target}.lock`;
  const own = {
    host: hostname(),
    pid: process.pid,
    started: startOf(process.pid) ?? new Date().toISOString(),
  };
  try {
    take(lock, path, own);
    removeLeftovers(target);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    refuse("NN6006", path, { path: lock, reason: systemReason(error) });
  }
  process.once("exit", () => rmSync(lock, { force: true }));
}

function take(lock: string, path: string, own: Holder): void {
  for (let tries = 0; tries < TRIES; tries++) {
    if (create(lock, own)) return;
    try {
      if (isHeld(lock)) break;
      takeAway(lock);
    } catch (error) {
      // Its training ended, or another one took it over in the meantime.
      if (systemCode(error) !== "ENOENT") throw error;
    }
  }
  refuseHeld(lock, path);
}

/** Takes a stale lock away. It is moved before it is judged again: another training may have taken it over in the meantime. */
function takeAway(lock: string): void {
  const aside = `${lock}.${randomUUID()}`;
  renameSync(lock, aside);
  try {
    if (isHeld(aside)) copyFileSync(aside, lock, constants.COPYFILE_EXCL);
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Whether a lock is that of a process that may still write. */
function isHeld(lock: string): boolean {
  const holder = read(lock);
  // One that says nothing may be about to be written.
  return holder === undefined ? Date.now() - statSync(lock).mtimeMs < WRITTEN_WITHIN_MS : !isGone(holder);
}

/** Makes the lock, unless it is there. One that cannot be written, on a full disk, is not left behind. */
function create(lock: string, own: Holder): boolean {
  const file = openNew(lock);
  if (file === undefined) return false;
  try {
    try {
      writeFileSync(file, JSON.stringify(own));
    } finally {
      closeSync(file);
    }
    return true;
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
}

function openNew(path: string): number | undefined {
  try {
    return openSync(path, "wx");
  } catch (error) {
    if (systemCode(error) === "EEXIST") return undefined;
    throw error;
  }
}

/** What a lock says; undefined where it is none of ours, which nobody can hold. */
function read(lock: string): Holder | undefined {
  const text = readFileSync(lock, "utf8");
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    const [host, pid, started] = ["host", "pid", "started"].map((key) => Reflect.get(value, key));
    if (typeof host !== "string" || typeof pid !== "number" || typeof started !== "string") return undefined;
    return { host, pid, started };
  } catch {
    return undefined;
  }
}

/** Whether the process of a lock is known to have ended; of another host nothing is known. */
function isGone({ host, pid, started }: Holder): boolean {
  if (host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === "ESRCH";
  }
  const now = startOf(pid);
  return now !== undefined && now !== started;
}

/** When a process began: the same text for the same process. Only Linux tells. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the command, in parentheses, may hold blanks; the start is the 20th field behind it.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return ticks === undefined ? undefined : `${boot}/${ticks}`;
  } catch {
    return undefined;
  }
}

function refuseHeld(lock: string, path: string): never {
  const holder = existsSync(lock) ? read(lock) : undefined;
  const who = holder === undefined ? "another training" : `process ${holder.pid} of ${holder.host}`;
  const hint = `Wait for it, or write another file with \`-o\`. If that training has ended, delete ${lock}.`;
  refuse("NN6012", path, { path, who }, { hint });
}

/** Takes away what killed trainings of this checkpoint were writing, and stale locks that they had moved. */
function removeLeftovers(path: string): void {
  const start = `.${basename(path).slice(0, 100)}.`;
  for (const name of readdirSync(dirname(path))) {
    const file = join(dirname(path), name);
    const isPart = isNamed(name, start, ".tmp");
    if (isPart || (isNamed(name, `${basename(path)}.lock.`, "") && isStale(file)))
      rmSync(file, { force: true });
  }
}

/** Whether a name has one of our random parts between a start and an end. */
function isNamed(name: string, start: string, end: string): boolean {
  const middle = name.slice(start.length, name.length - end.length);
  return name.startsWith(start) && name.endsWith(end) && /^[0-9a-f-]{36}$/.test(middle);
}

/** A lock that is no longer there is nobody's leftover. */
function isStale(lock: string): boolean {
  return existsSync(lock) && !isHeld(lock);
}
