import { keysInText, repeatedItem } from "./json-keys.js";
import { readJsonText } from "../document/json-places.js";
import { lineText, makeSource, positionAt, type Source } from "../source/index.js";
import type { Limits } from "./file.js";
import { problem, shortened } from "./problem.js";

/** Objects as rows of cells; the columns are the keys, in the order in which they first appear. */
export interface Records {
  readonly columns: string[];
  readonly cells: string[][];
  /** Where each row stands in the file. */
  readonly places: readonly RecordPlace[];
}

/** An item of the file's list, or an object on a line of its own, both counted from 1. */
export type RecordPlace = { readonly item: number } | { readonly line: number };

interface Row {
  readonly value: unknown;
  readonly place: RecordPlace;
}

export function placeText(place: RecordPlace): string {
  return "item" in place ? `item ${place.item}` : `line ${place.line}`;
}

/** A list of objects. */
export function readJson(path: string, bytes: Buffer, limits: Limits): Records {
  const content = parseJson(path, bytes.toString("utf8"), 1);
  if (!Array.isArray(content)) throw problem("NN7003", { path, reason: "a list of objects is expected" });
  const list: readonly unknown[] = content;
  const records = list.map((value, i) => ({ value, place: { item: i + 1 } }));
  const read = toRecords(path, records, limits);
  if (read.keys < keysInText(bytes)) throw repeated(path, repeatedItem(bytes));
  return read;
}

/** An object per line. */
export function readJsonLines(path: string, bytes: Buffer, limits: Limits): Records {
  const records: Row[] = [];
  const lines = bytes.toString("utf8").split(/\r\n|\n|\r/);
  lines.forEach((line, i) => {
    if (line.trim() === "") return;
    records.push({ value: parseJson(path, line, i + 1), place: { line: i + 1 } });
  });
  const read = toRecords(path, records, limits);
  if (read.keys < keysInText(bytes)) throw repeated(path, repeatedLine(lines));
  return read;
}

/** An object that has a key more than once, of which parsing keeps the last. */
function repeated(path: string, { key, ...place }: RecordPlace & { readonly key: string }): Error {
  return misfit(path, place, `\`${shortened(key)}\` stands twice in this object`, key);
}

function repeatedLine(lines: readonly string[]): RecordPlace & { readonly key: string } {
  for (const [i, line] of lines.entries()) {
    const read = readJsonText(makeSource("", line));
    const [found] = "problem" in read ? [] : read.repeated;
    if (found) return { line: i + 1, key: found.key };
  }
  throw new Error("more keys in the text than in its objects, and none is repeated");
}

/** Reads JSON that begins on a line of a file. */
function parseJson(path: string, text: string, firstLine: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { part, reason } = notJson(makeSource(path, text, { firstLine: firstLine - 1 }));
    const place = part && `line ${part.line}`;
    throw problem("NN7003", { path, place, reason }, { part });
  }
}

/** Longer texts are not searched for what is wrong. */
const longest = 5_000_000;

/** What keeps a text from being JSON, and where. */
function notJson(source: Source): { part?: { line: number; from: number; to: number }; reason: string } {
  const reason = "this is not JSON";
  const read = source.text.length > longest ? undefined : readJsonText(source);
  if (read === undefined || !("problem" in read)) return { reason };
  const { start, end } = read.span;
  const { line, character: from } = positionAt(source, start);
  const rest = lineText(source, line).length - from;
  const part = { line: line + 1, from, to: from + Math.max(1, Math.min(end - start, rest)) };
  const token = source.text.slice(start, end);
  if (!/^-?(NaN|Infinity)$/.test(token)) return { part, reason };
  return { part, reason: `\`${token}\` is no value of JSON; a missing value is \`null\`` };
}

function toRecords(
  path: string,
  records: readonly Row[],
  limits: Limits,
): Records & { readonly keys: number } {
  const indices = new Map<string, number>();
  let count = 0;
  let keys = 0;
  const cells: string[][] = [];
  for (const { value, place } of records) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw misfit(path, place, "an object is expected");
    }
    const row: string[] = [];
    const names = Object.keys(value);
    const members: unknown[] = Object.values(value);
    for (let i = 0; i < names.length; i++) {
      const key = names[i]!;
      let index = indices.get(key);
      if (index === undefined) indices.set(key, (index = indices.size));
      while (row.length < index) row.push("");
      row[index] = cellText(path, place, key, members[i]);
    }
    keys += names.length;
    count += row.length;
    if (count > limits.cells)
      throw problem("NN7006", { path, limit: `${limits.cells.toLocaleString("en")} cells` });
    cells.push(row);
  }
  return { columns: [...indices.keys()], cells, places: records.map((r) => r.place), keys };
}

function misfit(path: string, place: RecordPlace, reason: string, key?: string): Error {
  const part = key === undefined ? place : { ...place, key };
  return problem("NN7003", { path, place: placeText(place), reason }, { part });
}

function cellText(path: string, place: RecordPlace, key: string, value: unknown): string {
  if (value === null) return "";
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const kind = Array.isArray(value) ? "a list" : "an object";
  throw misfit(path, place, `\`${shortened(key)}\` holds ${kind}, which fits in no cell`, key);
}
