import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { takeRows, type BoundData } from "../../src/data/bind.js";
import { bindTables, readTables, splitTables } from "../../src/data/sources.js";
import { InputError, type Diagnostic } from "../../src/index.js";
import { renderAll } from "../../src/diagnostics/render.js";
import { makeSource } from "../../src/source/index.js";
import { compiled } from "../helpers.js";
import { spellings, type Written } from "./file-mutants.js";
import { simpleRows } from "./simple-reader.js";

/** `n` may be missing, and `k` is any text, since a split goes by it. */
const SPEC = `model M {
  input n: float
  task t { output = n |> dense(1)  label: float?  loss: mse }
}
train { epochs: 1  batch: 4 }
data { from: "f.csv"  n = n |> impute(0)  t = n  split: { train: 1, by: stratify(k) } }`;

const { document } = compiled(SPEC);
const model = { ...document, data: document.data! };
const source = makeSource("a.nnspec", SPEC);
const places = new Map([["", { source, start: 0, end: 0 }]]);

export interface Read {
  /** The texts of `n` and `k`, and the numbers of `n`; undefined where the file is refused. */
  readonly rows: readonly (readonly [string, string])[] | undefined;
  readonly bound: BoundData | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** How a file is read; a test plants faults in it. */
export interface Reader {
  readonly render: (diagnostics: readonly Diagnostic[]) => string;
  readonly read: (path: string) => Read;
  readonly fit: (rows: ReturnType<typeof takeRows>) => Promise<unknown>;
}

export const reader: Reader = {
  render: (diagnostics) => renderAll(diagnostics, { color: false }),
  read: (path) => {
    const { value, diagnostics } = readTables(model, places, () => ({ path, instead: true }));
    const table = value?.[0]?.table;
    const [n, k] = [table?.columnIndex("n"), table?.columnIndex("k")];
    if (!value || !table) return { rows: undefined, bound: undefined, diagnostics };
    const { value: bound, diagnostics: more } = bindTables(model, places, value);
    const split = splitTables(model.data.split, places, value);
    const all = [...diagnostics, ...more, ...split.diagnostics];
    if (n === undefined || k === undefined) return { rows: undefined, bound: undefined, diagnostics: all };
    const rows = Array.from(
      { length: table.rows },
      (_, row) => [table.cell(row, n), table.cell(row, k)] as const,
    );
    return { rows, bound, diagnostics: all };
  },
  fit: async (rows) => {
    const one = await compiled(SPEC).create({ engine: "reference" });
    return one.fit(rows);
  },
};

export interface Finding {
  readonly what: "throws" | "refused" | "other rows" | "other numbers" | "raw text";
  readonly detail: string;
}

/** What is wrong with how bytes are read; `told` is what somebody wrote into them, where they are as written. */
export async function inspectFile(
  { read: readFile, render, fit }: Reader,
  folder: string,
  {
    name,
    bytes,
    told,
  }: { readonly name: string; readonly bytes: Uint8Array; readonly told?: Written["rows"] },
  trains = false,
): Promise<Finding[]> {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  let found: Read;
  try {
    found = readFile(path);
    const text = render(found.diagnostics);
    if (CONTROLS.test(text)) return [{ what: "raw text", detail: text }];
    if (trains && found.bound) await fitted(fit, found.bound);
  } catch (error) {
    return [
      { what: "throws", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) },
    ];
  }
  const { rows, bound, diagnostics } = found;
  if (!rows) {
    if (diagnostics.length === 0) return [{ what: "refused", detail: "without a word" }];
    return told ? [{ what: "refused", detail: diagnostics.map(({ message }) => message).join("; ") }] : [];
  }
  const expected = told ?? simple(name, bytes);
  // Which blanks stand around a cell, and which in it, readers tell apart in their own ways.
  const read = told ? rows : rows.map(([n, k]) => [n.trim(), k.trim()] as const);
  if (expected && JSON.stringify(read) !== JSON.stringify(expected))
    return [{ what: "other rows", detail: `${JSON.stringify(read)}, not ${JSON.stringify(expected)}` }];
  return numbers(rows, bound, diagnostics);
}

/** What a terminal takes as orders. */
const CONTROLS = /(?!\n)\p{Cc}/u;

/** NaN is what is missing, and there is one 0. */
const same = (a: number | undefined, b: number | undefined) =>
  a === b || (Number.isNaN(a) && Number.isNaN(b));

async function fitted(fit: Reader["fit"], bound: BoundData): Promise<void> {
  try {
    await fit(
      takeRows(
        bound,
        Int32Array.from({ length: bound.rows }, (_, row) => row),
      ),
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}

function simple(name: string, bytes: Uint8Array): Written["rows"] | undefined {
  const zipped = name.endsWith(".gz");
  return simpleRows(name.replace(/\.gz$/, ""), zipped ? gunzipSync(bytes) : bytes);
}

/** A cell that is no number is told, and one that is has that value. */
function numbers(
  rows: Written["rows"],
  bound: BoundData | undefined,
  diagnostics: readonly Diagnostic[],
): Finding[] {
  const known = rows.map(([n]) => (spellings.has(n) ? { value: spellings.get(n) } : undefined));
  const wrong = known.findIndex((one) => one && one.value === undefined);
  if (wrong >= 0 && bound) return [{ what: "other numbers", detail: `${rows[wrong]![0]} was taken` }];
  if (!bound) {
    const fits = known.every((one) => one?.value !== undefined);
    return fits ? [{ what: "refused", detail: diagnostics.map(({ message }) => message).join("; ") }] : [];
  }
  const values = bound.labels.get("t")?.values ?? new Float64Array();
  const other = known.findIndex((one, row) => one && !same(values[row], one.value));
  return other < 0
    ? []
    : [{ what: "other numbers", detail: `${rows[other]![0]} was read as ${values[other]}` }];
}
