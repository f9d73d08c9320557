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
export function readJson(path: string, text: string, limits: Limits): Records {
  const content = parseJson(path, text, (position) => text.slice(0, position).split("\n").length);
  if (!Array.isArray(content)) throw problem("NN7003", { path, reason: "a list of objects is expected" });
  const list: readonly unknown[] = content;
  const records = list.map((value, i) => ({ value, place: { item: i + 1 } }));
  return toRecords(path, records, limits);
}

/** An object per line. */
export function readJsonLines(path: string, text: string, limits: Limits): Records {
  const records: Row[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, i) => {
    if (line.trim() === "") return;
    records.push({ value: parseJson(path, line, () => i + 1), place: { line: i + 1 } });
  });
  return toRecords(path, records, limits);
}

function parseJson(path: string, text: string, lineOf: (position: number) => number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    const line = lineOf(position === undefined ? text.length : Number(position));
    throw problem("NN7003", { path, place: `line ${line}`, reason: "this is not JSON" }, { line });
  }
}

function toRecords(path: string, records: readonly Row[], limits: Limits): Records {
  const indices = new Map<string, number>();
  let count = 0;
  const cells = records.map(({ value, place }) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw misfit(path, place, "an object is expected");
    }
    const row: string[] = [];
    for (const [key, cell] of Object.entries(value)) {
      let index = indices.get(key);
      if (index === undefined) indices.set(key, (index = indices.size));
      while (row.length < index) row.push("");
      row[index] = cellText(path, place, key, cell);
    }
    count += row.length;
    if (count > limits.cells)
      throw problem("NN7006", { path, limit: `${limits.cells.toLocaleString("en")} cells` });
    return row;
  });
  return { columns: [...indices.keys()], cells, places: records.map((r) => r.place) };
}

function misfit(path: string, place: RecordPlace, reason: string): Error {
  const line = "line" in place ? place.line : undefined;
  return problem("NN7003", { path, place: placeText(place), reason }, { line });
}

function cellText(path: string, place: RecordPlace, key: string, value: unknown): string {
  if (value === null) return "";
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const kind = Array.isArray(value) ? "a list" : "an object";
  throw misfit(path, place, `\`${shortened(key)}\` holds ${kind}, which fits in no cell`);
}
