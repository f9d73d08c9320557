import { isUtf8 } from "node:buffer";
import { readdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { gunzipSync } from "node:zlib";
import { didYouMean } from "../diagnostics/index.js";
import { readBounded, readStandardInput, STANDARD_INPUT, TooManyBytes, type Bytes } from "./bounded-read.js";
import { problem } from "./problem.js";
import { systemCode } from "./system-code.js";

/** How much of a file is read; tests set less. */
export interface Limits {
  /** The most bytes of the file, after it is expanded. */
  readonly bytes: number;
  readonly cells: number;
  /** The most bytes of a cell, and of a row or an object. */
  readonly cell: number;
  readonly line: number;
}

export const defaultLimits: Limits = {
  bytes: 500_000_000,
  cells: 50_000_000,
  cell: 10_000_000,
  line: 20_000_000,
};

/** A file to read; `stdin` where its name may stand for standard input. */
export interface Opened {
  readonly path: string;
  readonly limits: Limits;
  readonly stdin?: boolean;
}

/** The bytes of a text file, expanded if its name ends in `.gz`, without a byte order mark. */
export function readTextFile(file: Opened): Bytes {
  const { path, limits } = file;
  const { bytes: given, again } = readBytes(file);
  const bytes = path.toLowerCase().endsWith(".gz") ? expand(path, given, limits) : given;
  if (isGzip(bytes))
    throw problem(
      "NN7004",
      { path, reason: "it is compressed with gzip" },
      { hint: "Let its name end in `.gz`." },
    );
  if (bytes.includes(0)) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    throw problem("NN7004", { path, reason: utf16 ? "it is UTF-16" : "it holds NUL bytes" });
  }
  if (!isUtf8(bytes)) throw problem("NN7004", { path, reason: "some of its bytes are none" });
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return { bytes: marked ? bytes.subarray(3) : bytes, again };
}

function readBytes({ path, limits, stdin }: Opened): Bytes {
  try {
    return stdin && path === STANDARD_INPUT
      ? readStandardInput(limits.bytes)
      : readBounded(path, limits.bytes);
  } catch (error) {
    if (error instanceof TooManyBytes) throw tooLarge(path, limits);
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw problem(
      "NN7001",
      { path, reason: reasonOf(code) },
      { hint: code === "ENOENT" ? hintFor(path) : undefined },
    );
  }
}

function expand(path: string, bytes: Buffer, limits: Limits): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.bytes });
  } catch (error) {
    if (systemCode(error) === "ERR_BUFFER_TOO_LARGE") throw tooLarge(path, limits);
    const hint = isGzip(bytes) ? undefined : "A file that is not compressed has a name without `.gz`.";
    throw problem("NN7003", { path, reason: "it is not gzip, or only a part of it" }, { hint });
  }
}

/** By its first bytes, which no text begins with. */
function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function tooLarge(path: string, limits: Limits): Error {
  return problem("NN7006", { path, limit: `${limits.bytes.toLocaleString("en")} bytes` });
}

function reasonOf(code: string): string {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder";
    case "EACCES":
    case "EPERM":
      return "reading it is not permitted";
    default:
      return `the system says ${code}`;
  }
}

/** Whether a path is an address of the network, from which nothing is fetched. */
export function isAddress(path: string): boolean {
  return /^[a-z]+:\/\//i.test(path);
}

function hintFor(path: string): string | undefined {
  return isAddress(path)
    ? "Nothing is fetched from the network: download the file, and name its path."
    : neighbour(path);
}

/** A file of a similar name in the same folder. */
function neighbour(path: string): string | undefined {
  try {
    return didYouMean(basename(path), readdirSync(dirname(path)).slice(0, 10_000));
  } catch {
    return "Paths are relative to the spec.";
  }
}
