import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bindTables, readTables, splitTables } from "../../src/data/sources.js";
import { fileTasks } from "../../src/data/tasks.js";
import { compile } from "../../src/compile.js";
import { renderAll, type Diagnostic } from "../../src/index.js";

const samples = new URL("../samples/", import.meta.url);
const names = readdirSync(samples).filter((name) => existsSync(new URL(`${name}/input.nnspec`, samples)));

/** What `nnc check` says of a sample, its data file included. */
function diagnosticsOf(name: string): readonly Diagnostic[] {
  const folder = new URL(`${name}/`, samples);
  const read = (path: string) => {
    const file = new URL(path, folder);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };
  const { diagnostics, document, places } = compile(read("input.nnspec")!, { path: "input.nnspec", read });
  if (!document?.data) return diagnostics;
  const given = { ...document, data: document.data };
  const tables = readTables(given, places, ({ from }) => ({
    path: fileURLToPath(new URL(from, folder)),
    instead: false,
  }));
  if (!tables.value) return [...diagnostics, ...tables.diagnostics];
  const bound = bindTables(given, places, tables.value);
  const split = bound.value && splitTables(document.data.split, places, tables.value);
  const tasks =
    split?.value && fileTasks({ document, places }, tables.value[0]!.table, bound.value!, split.value);
  return [...diagnostics, ...bound.diagnostics, ...(split?.diagnostics ?? []), ...(tasks?.diagnostics ?? [])];
}

test.each(names)("%s", async (name) => {
  const rendered = renderAll(diagnosticsOf(name), { color: false }).replaceAll(
    fileURLToPath(new URL(`${name}/`, samples)),
    "",
  );
  await expect(`${rendered}\n`).toMatchFileSnapshot(fileURLToPath(new URL(`${name}/expected.txt`, samples)));
});

test("a file of ten mistakes shows ten, and nothing that is not a mistake", () => {
  const diagnostics = diagnosticsOf("ten-mistakes");
  const lines = readFileSync(new URL("ten-mistakes/input.nnspec", samples), "utf8").split("\n");
  const marked = lines.flatMap((line, i) => (/\/\/ \d+:/.test(line) ? [i] : []));
  const found = diagnostics.map((d) => d.span.source.text.slice(0, d.span.start).split("\n").length - 1);
  expect(found.sort((a, b) => a - b)).toEqual(marked);
});
