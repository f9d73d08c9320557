import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { systemCode } from "./system-code.js";

/** What stands for standard input where a command takes a file. */
export const STANDARD_INPUT = "-";
const STDIN = 0;

/** More bytes than a reader takes. */
export class TooManyBytes extends Error {
  constructor(readonly most: number) {
    super(`it has more than ${most.toLocaleString("en")} bytes`);
  }
}

export interface Bytes {
  readonly bytes: Buffer;
  /** Whether the same comes of reading it again: a pipe gives its bytes once. */
  readonly again: boolean;
}

/**
 * The bytes of a file, a pipe or a device, of which a size is not to be known: they are counted while they are read, and
 * what has no end is given up on. Throws a `TooManyBytes`, or what the system says.
 */
export function readBounded(path: string, most: number): Bytes {
  return readAll(openSync(path, "r"), most, true);
}

/** The same of standard input. */
export function readStandardInput(most: number): Bytes {
  return readAll(STDIN, most, false);
}

function readAll(file: number, most: number, closes: boolean): Bytes {
  try {
    const found = fstatSync(file);
    const known = found.isFile() ? found.size : 0;
    if (known > most) throw new TooManyBytes(most);
    // One byte more than the file says it has, so that one that has grown is seen.
    let bytes: Buffer = Buffer.allocUnsafe(Math.max(known + 1, 65_536));
    let length = 0;
    for (;;) {
      if (length === bytes.length) bytes = grown(bytes, most);
      const count = readSome(file, bytes, length);
      if (count === 0) break;
      length += count;
      if (length > most) throw new TooManyBytes(most);
    }
    return { bytes: bytes.subarray(0, length), again: found.isFile() };
  } finally {
    if (closes) closeSync(file);
  }
}

function grown(bytes: Buffer, most: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.min(2 * bytes.length, most + 1));
  bytes.copy(larger);
  return larger;
}

/** A pipe that another program has made non-blocking has nothing to read now and then. */
function readSome(file: number, bytes: Buffer, at: number): number {
  for (;;) {
    try {
      return readSync(file, bytes, at, bytes.length - at, null);
    } catch (error) {
      const code = systemCode(error);
      // How Windows ends standard input.
      if (code === "EOF") return 0;
      if (code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
