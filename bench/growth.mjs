// Times what must grow with the length of its input and not with its square, in a process of its own: `node bench/growth.mjs CASE`.
// Prints { "ms": [of a length, of twice as much] }, the least of several each.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTable } from "../dist/src/data/read.js";
import { parse } from "../dist/src/phases/1-parse.js";
import { makeSource, span } from "../dist/src/source/index.js";
import { B, createBuilder, ops, simplify } from "../dist/src/tensor/index.js";

const parsed = (text) => {
  const source = makeSource("a.nnspec", text);
  return () => parse(source);
};

function table(columns) {
  const folder = mkdtempSync(join(tmpdir(), "nnspec-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const path = join(folder, "wide.csv");
  const header = Array.from({ length: columns }, (_, i) => `c${i}`).join(",");
  writeFileSync(path, `${header}\n${"1,".repeat(columns - 1)}7\n`);
  const place = span(makeSource("a.nnspec", "from"), 0, 4);
  return () => readTable(path, { missing: [], header: true }, place);
}

function chain(length) {
  const b = createBuilder("long");
  let y = b.argument("x", { dtype: "float", shape: [B, 4] });
  for (let i = 0; i < length; i++) y = ops.add(b, ops.sin(b, y), i % 7);
  b.result("y", y);
  const program = b.build();
  return () => simplify(program);
}

const layers = (n) =>
  `model M {\n${Array.from({ length: n }, (_, i) => `  h${i + 1} = h${i} |> dense(8, relu)`).join("\n")}\n}\n`;

/** What to do at a length, which is half of the largest. */
export const cases = {
  "open brackets": [500_000, (n) => parsed("(".repeat(n))],
  "quotes in a row": [50_000, (n) => parsed('"'.repeat(n))],
  "braces in a row": [50_000, (n) => parsed("{".repeat(n))],
  "equals signs in a row": [50_000, (n) => parsed("=".repeat(n))],
  layers: [5000, (n) => parsed(layers(n))],
  settings: [10_000, (n) => parsed(`train {\n${"a = 1\n".repeat(n)}}`)],
  "settings on a line": [20_000, (n) => parsed(`train { ${"a = 1 ".repeat(n)}}`)],
  "bindings without a value": [10_000, (n) => parsed(`model M {\n${"h =\n".repeat(n)}}`)],
  "options of an open call": [20_000, (n) => parsed(`const a = f(${"\na: 1,".repeat(n)}`)],
  "columns of a data file": [500_000, table],
  "operations of a program": [50_000, chain],
};

if (process.argv[2] in cases) {
  const [length, make] = cases[process.argv[2]];
  const least = (work) =>
    Math.min(
      ...Array.from({ length: 4 }, () => {
        const start = performance.now();
        work();
        return performance.now() - start;
      }),
    );
  const both = [make(length), make(2 * length)];
  console.log(JSON.stringify({ ms: both.map(least) }));
}
