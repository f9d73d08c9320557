import { readJsonText } from "../document/json-places.js";
import { pointerKey } from "../document/places.js";
import { lineText, makeSource, positionAt, type Source } from "../source/index.js";
import type { Limits } from "./file.js";
import { itemsOf, linesOf, placeText, type RecordPlace, type RecordText } from "./json-items.js";
import { scanJson } from "../runtime/json-scan.js";
import { keysOf, placesKept, numbersAsTexts } from "./json-text.js";
import { problem, shortened } from "./problem.js";
import { indicesOf, type WantedColumns } from "./wanted.js";

/** Objects as rows of cells; the columns are the keys, in the order in which they first appear. */
export interface Records {
  readonly columns: string[];
  /** The columns that rows have cells of. */
  readonly kept: readonly number[];
  readonly cells: string[][];
  /** Where each row stands in the file. */
  readonly places: readonly RecordPlace[];
}

/** How a file is read: how much of it, and which keys. */
export interface RecordOptions {
  readonly limits: Limits;
  readonly wanted: WantedColumns | undefined;
}

/** Keys that nobody wants are kept for hints; so many are enough. */
const MOST_OTHERS = 10_000;

/** A list of objects. */
export function readJson(path: string, bytes: Buffer, options: RecordOptions): Records {
  const broken = () => notJsonFile(path, bytes);
  const read = () => itemsOf({ path, bytes, limits: options.limits, broken });
  if (!read()) {
    valueOf(bytes, broken);
    throw problem("NN7003", { path, reason: "a list of objects is expected" });
  }
  return toRecords(path, () => read() ?? [], options, broken);
}

/** An object per line. */
export function readJsonLines(path: string, bytes: Buffer, options: RecordOptions): Records {
  const broken = ({ bytes: line, place }: RecordText) =>
    notJson(path, line.toString("utf8"), "line" in place ? place.line : 1);
  return toRecords(path, () => linesOf(path, bytes, options.limits), options, broken);
}

function valueOf(bytes: Buffer, broken: () => Error): unknown {
  try {
    return JSON.parse(numbersAsTexts(bytes.toString("utf8")));
  } catch {
    throw broken();
  }
}

/** Longer texts are not searched for what is wrong. */
const longest = 5_000_000;

function notJsonFile(path: string, bytes: Buffer): Error {
  return bytes.length > longest
    ? problem("NN7003", { path, reason: "this is not JSON" })
    : notJson(path, bytes.toString("utf8"), 1);
}

/** What keeps a text that begins on a line of a file from being JSON, and where. */
function notJson(path: string, text: string, firstLine: number): Error {
  const source = makeSource(path, placesKept(text), { firstLine: firstLine - 1 });
  const part = source.text.length > longest ? undefined : partOf(source);
  return problem(
    "NN7003",
    { path, place: part && `line ${part.line}`, reason: "this is not JSON" },
    { part },
  );
}

function partOf(source: Source): { line: number; from: number; to: number } | undefined {
  const read = readJsonText(source);
  if (!("problem" in read)) return undefined;
  const { start, end } = read.span;
  const { line, character: from } = positionAt(source, start);
  const rest = lineText(source, line).length - from;
  return { line: line + 1, from, to: from + Math.max(1, Math.min(end - start, rest)) };
}

function toRecords(
  path: string,
  texts: () => Iterable<RecordText>,
  { limits, wanted }: RecordOptions,
  broken: (record: RecordText) => Error,
): Records {
  const objects = function* () {
    for (const record of texts()) yield { record, value: objectOf(path, record, broken) };
  };
  const rows = new Rows(path, limits, wanted && keysWanted(objects, wanted));
  for (const { record, value } of objects()) rows.take(record, value);
  return rows.records;
}

function objectOf(path: string, record: RecordText, broken: (record: RecordText) => Error): object {
  const value = valueOf(record.bytes, () => broken(record));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw misfit(path, record.place, "an object is expected");
  return value;
}

/** What lies between two columns is known once all keys are: the file is read twice for that. */
function keysWanted(
  objects: () => Iterable<{ readonly value: object }>,
  wanted: WantedColumns,
): ReadonlySet<string> {
  if (wanted.ranges.length === 0) return wanted.names;
  const keys = new Set<string>();
  for (const { value } of objects()) for (const key of Object.keys(value)) keys.add(key);
  const columns = [...keys];
  return new Set(indicesOf(columns, wanted).map((i) => columns[i]!));
}

/** Rows that have a cell for each wanted key. */
class Rows {
  private readonly indices = new Map<string, number>();
  private readonly slots = new Map<string, number>();
  private readonly kept: number[] = [];
  private readonly cells: string[][] = [];
  private readonly places: RecordPlace[] = [];
  private count = 0;

  constructor(
    private readonly path: string,
    private readonly limits: Limits,
    private readonly wanted: ReadonlySet<string> | undefined,
  ) {}

  get records(): Records {
    const { indices, kept, cells, places } = this;
    return { columns: [...indices.keys()], kept, cells, places };
  }

  take(record: RecordText, value: object): void {
    const { path, limits } = this;
    this.refuseRepeated(record, value);
    const row: string[] = [];
    const names = Object.keys(value);
    const members: unknown[] = Object.values(value);
    for (let i = 0; i < names.length; i++) {
      const slot = this.slotOf(names[i]!);
      if (slot === undefined) continue;
      while (row.length < slot) row.push("");
      row[slot] = cellText(path, record.place, names[i]!, members[i]);
    }
    this.count += row.length;
    if (this.count > limits.cells)
      throw problem("NN7006", { path, limit: `${limits.cells.toLocaleString("en")} cells` });
    this.cells.push(row);
    this.places.push(record.place);
  }

  /** Where the cells of a key stand in rows; undefined where nobody wants them. */
  private slotOf(key: string): number | undefined {
    const { indices, slots, wanted } = this;
    const known = slots.get(key);
    if (known !== undefined) return known;
    const isWanted = !wanted || wanted.has(key);
    if (!isWanted && indices.size >= MOST_OTHERS) return undefined;
    const index = indices.get(key) ?? indices.size;
    indices.set(key, index);
    if (!isWanted) return undefined;
    slots.set(key, slots.size);
    this.kept.push(index);
    return slots.size - 1;
  }

  /** An object that has a wanted key more than once, of which parsing keeps the last. */
  private refuseRepeated({ bytes, place }: RecordText, value: object): void {
    const { path, wanted } = this;
    if (scanJson(bytes).keys === keysOf(value)) return;
    const read = readJsonText(makeSource("", placesKept(bytes.toString("utf8"))));
    const all = "problem" in read ? [] : read.repeated;
    const own = all.find(
      ({ key, pointer }) => pointer === `/${pointerKey(key)}` && (!wanted || wanted.has(key)),
    );
    if (own) throw misfit(path, place, `\`${shortened(own.key)}\` stands twice in this object`, own.key);
  }
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
