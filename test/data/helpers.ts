import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect } from "vitest";
import { readTable, type TableOptions } from "../../src/data/read.js";
import type { Table } from "../../src/data/table.js";
import { makeSource, span, type Span } from "../../src/source/index.js";
import type { Diagnostic } from "../../src/diagnostics/index.js";

const source = makeSource("a.nnspec", 'data { from: "it.csv" }');
/** The place of `from:`. */
export const from: Span = span(source, 7, 21);

/** A folder that is gone after the tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "nnc-data-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const folder = temporaryFolder();

/** Writes a file and reads it as a table. */
export function read(
  name: string,
  content: string | Uint8Array,
  options: Partial<TableOptions> = {},
): ReturnType<typeof readTable> {
  const path = join(folder, name);
  writeFileSync(path, content);
  return readTable({ path, instead: false }, { missing: [], header: true, ...options }, from);
}

export function table(
  name: string,
  content: string | Uint8Array,
  options: Partial<TableOptions> = {},
): Table {
  const { value, diagnostics } = read(name, content, options);
  expect(messages(diagnostics)).toEqual([]);
  return value!;
}

/** All cells, row by row. */
export function cells(t: Table): string[][] {
  return Array.from({ length: t.rows }, (_, row) => t.columns.map((_column, i) => t.cell(row, i)));
}

/** Codes and messages, without the folder that differs from run to run. */
export function messages(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(
    (d) => `${d.code} ${d.message.replaceAll(`${folder}/`, "")}${d.hint === undefined ? "" : ` | ${d.hint}`}`,
  );
}
