import type { Limits } from "./file.js";
import { problem, shortened } from "./problem.js";

/** Objects as rows of cells; the columns are the keys, in the order in which they first appear. */
export interface Records {
  readonly columns: string[];
  readonly cells: string[][];
  /** Where each row stands in the file. */
  readonly places: string[];
}

/** A list of objects. */
export function readJson(path: string, text: string, limits: Limits): Records {
  const content = parseJson(path, text, (position) => `line ${text.slice(0, position).split("\n").length}`);
  if (!Array.isArray(content)) throw problem("NN7003", { path, reason: "a list of objects is expected" });
  const list: readonly unknown[] = content;
  const records = list.map((value, i) => ({ value, place: `item ${i + 1}` }));
  return toRecords(path, records, limits);
}

/** An object per line. */
export function readJsonLines(path: string, text: string, limits: Limits): Records {
  const records: { value: unknown; place: string }[] = [];
  text.split(/\r\n|\n|\r/).forEach((line, i) => {
    if (line.trim() === "") return;
    const place = `line ${i + 1}`;
    records.push({ value: parseJson(path, line, () => place), place });
  });
  return toRecords(path, records, limits);
}

function parseJson(path: string, text: string, placeOf: (position: number) => string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    const place = placeOf(position === undefined ? text.length : Number(position));
    throw problem("NN7003", { path, place, reason: "this is not JSON" });
  }
}

function toRecords(
  path: string,
  records: readonly { value: unknown; place: string }[],
  limits: Limits,
): Records {
  const indices = new Map<string, number>();
  let count = 0;
  const cells = records.map(({ value, place }) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw problem("NN7003", { path, place, reason: "an object is expected" });
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

function cellText(path: string, place: string, key: string, value: unknown): string {
  if (value === null) return "";
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const kind = Array.isArray(value) ? "a list" : "an object";
  throw problem("NN7003", {
    path,
    place,
    reason: `\`${shortened(key)}\` holds ${kind}, which fits in no cell`,
  });
}
