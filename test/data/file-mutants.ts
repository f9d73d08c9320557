import { gzipSync } from "node:zlib";
import type { Random } from "../fuzz/random.js";

/** How a number may be spelled, and what it then is: NaN where it is missing, undefined where it is none. */
export const spellings: ReadonlyMap<string, number | undefined> = new Map([
  ["1", 1], ["-2.5", -2.5], ["+3", 3], [".5", 0.5], ["4.", 4], ["6e2", 600], ["1E-3", 0.001], ["0", 0], ["-0", -0],
  ["", NaN], ["NA", NaN], ["NaN", NaN], ["null", NaN], ["1e999", undefined], ["-1e999", undefined], ["1e-999", 0],
  ["0x10", undefined], ["1_000", undefined], ["1,5", undefined], ["١٢", undefined], ["inf", undefined], ["Infinity", undefined],
  ["-Infinity", undefined], ["nan", undefined], ["1 2", undefined], ["--1", undefined], ["1e", undefined], ["٣.٥", undefined],
  ["9007199254740993", 9007199254740992], ["0b1", undefined], ["true", undefined], ["１", undefined], ["1\u00a0000", undefined],
]); // prettier-ignore
const plainNumbers = [...spellings].flatMap(([text, value]) => (value === undefined ? [] : [text]));

const texts = [
  "a", "b c", "é", "ключ", 'say "hi"', "x,y", "x;y", "x\ty", "two\nlines", "cr\rlf\r\n", "", "__proto__", "'", "#", "\\", "𝔘", "\u200b", "-", "9".repeat(40),
  "0123", "1e5", "{}", "[1]", "x".repeat(3000), "NaN", "Infinity",
]; // prettier-ignore

/** A file that somebody wrote well, and what is in it. */
export interface Written {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly columns: readonly string[];
  /** The texts of the columns `n` and `k`, row by row. */
  readonly rows: readonly (readonly [string, string])[];
}

type Row = readonly string[];

function quoted(text: string, separator: string, random: Random): string {
  const must = /["\n\r\t,;]/.test(text) || text.includes(separator);
  return must || random.chance(0.2) ? `"${text.replaceAll('"', '""')}"` : text;
}

function separated(columns: Row, rows: readonly Row[], separator: string, random: Random): string {
  const ends = random.chance(0.3) ? ["\n", "\r\n", "\r"] : [random.pick(["\n", "\r\n", "\r"])];
  const blank = () => (random.chance(0.05) ? " " : "");
  const lines = [columns, ...rows].map((row) =>
    row.map((cell) => `${blank()}${quoted(cell, separator, random)}${blank()}`).join(separator),
  );
  const joined = lines.map((line) => line + random.pick(ends)).join(random.chance(0.1) ? "\n" : "");
  return random.chance(0.3) ? joined.replace(/(\r\n|\n|\r)+$/, "") : joined;
}

/** The text that JSON's number stands for; one that a double does not hold is kept as it is written. */
function meant(json: string): string {
  if (json === "null") return "";
  if (json.startsWith('"')) return String(JSON.parse(json)).trim();
  const isLong = json.length >= 16 || !Number.isFinite(Number(json));
  return isLong ? json : String(Number(json));
}

/** A cell as JSON: numbers as numbers where JSON or Python can write them. */
function jsonOf(text: string, random: Random): string {
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  if ((isNumber || ["NaN", "Infinity", "-Infinity"].includes(text)) && random.chance(0.7)) return text;
  if (text === "" && random.chance(0.5)) return "null";
  return JSON.stringify(text);
}

const strange = [
  '["a", {"n": 1}]',
  "{}",
  "NaN",
  "[]",
  '{"k": "x", "k": 2}',
  "[[NaN, Infinity]]",
  "null",
  "true",
];

function objects(rows: readonly Row[], columns: Row, random: Random): string[] {
  return rows.map((row) => {
    const members = row.map(
      (cell, c) => `${JSON.stringify(columns[c])}:${c < 2 ? cell : random.pick(strange)}`,
    );
    return `{${random.chance(0.3) ? members.toReversed().join(", ") : members.join(",")}}`;
  });
}

/** A file of the columns `n`, a number, and `k`, a text, among others. */
export function writtenFile(random: Random): Written {
  const isJson = random.chance(0.45);
  const strangers = random.chance(0.4) ? ["", "", "n ", "x", "x"] : ["x", "y", "z"];
  const others = isJson ? ["x", "y", "__proto__"] : strangers;
  const columns = ["n", "k", ...others.slice(0, random.int(0, others.length))].map((name) =>
    isJson ? name : name === "n " ? "nn" : name,
  );
  const numbers = random.chance(0.6) ? plainNumbers : [...spellings.keys()];
  const cell = (c: number) => random.pick(c === 0 ? numbers : texts).trim();
  const rows = Array.from({ length: random.int(1, 6) }, () =>
    columns.map((_, c) => (isJson ? jsonOf(cell(c), random) : cell(c))),
  );
  const kind = isJson ? random.pick(["json", "jsonl"]) : random.pick(["csv", "csv", "tsv"]);
  let text: string;
  if (kind === "json") {
    const blank = random.pick(["", "\n", " ", "\r\n\t"]);
    text = `${blank}[${objects(rows, columns, random).join(`,${blank}`)}]${blank}`;
  } else if (kind === "jsonl")
    text = objects(rows, columns, random).join(random.pick(["\n", "\r\n", "\n\n"]));
  else text = separated(columns, rows, kind === "tsv" ? "\t" : random.pick([",", ";", "\t"]), random);
  const bytes = Buffer.from((random.chance(0.15) ? "\uFEFF" : "") + text);
  const zipped = random.chance(0.1);
  return {
    name: `f.${kind}${zipped ? ".gz" : ""}`,
    bytes: zipped ? gzipSync(bytes) : bytes,
    columns,
    rows: rows.map(([n = "", k = ""]) => (isJson ? [meant(n), meant(k)] : [n, k])),
  };
}

const pieces = [
  '"', ",", ";", "\t", "\n", "\r", "\0", "\uFEFF", "{", "}", "[", "]", ":", "NaN", "Infinity", "1e999", "null", "\\", "\\u0000", "n", "k", '"n":', "é",
  "١٢", "\u2028", " ", "-", "/*", "//", "\u001b[31m",
]; // prettier-ignore

/** The same after an accident. */
export function brokenFile({ bytes }: Written, random: Random): Uint8Array {
  if (random.chance(0.05)) return Uint8Array.from({ length: random.int(0, 200) }, () => random.int(0, 255));
  if (random.chance(0.03)) return Buffer.from(`\uFEFF${Buffer.from(bytes).toString()}`, "utf16le");
  let result = Buffer.from(bytes);
  for (let left = random.pick([1, 1, 2, 4]); left > 0; left--) {
    const at = random.int(0, result.length);
    const to = random.chance(0.6) ? Math.min(at + random.int(0, 3), result.length) : at;
    const piece = random.chance(0.1)
      ? Buffer.from([random.int(0, 255)])
      : random.chance(0.2)
        ? Buffer.alloc(0)
        : Buffer.from(random.pick(pieces));
    result = Buffer.concat([result.subarray(0, at), piece, result.subarray(to)]);
    if (random.chance(0.1)) result = result.subarray(0, random.int(0, result.length));
  }
  return result;
}
