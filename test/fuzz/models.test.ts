import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { compile } from "../../src/index.js";
import type { ComponentKind } from "../../src/library/entry.js";
import { entriesOf } from "../../src/library/index.js";
import { compareEngines, type Difference } from "./compare.js";
import { randomCase, type Case } from "./models.js";

/** `npm run fuzz -- models --seed N --count M` looks at others. */
const seed = Number(process.env["FUZZ_SEED"] ?? 1);
const count = Number(process.env["FUZZ_COUNT"] ?? 300);

const folder = mkdtempSync(join(tmpdir(), "nnc-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CHUNK = 20;
const chunks = Array.from({ length: Math.ceil(count / CHUNK) }, (_, i) => seed + i * CHUNK);

test.each(chunks)("random models from seed %d: every engine takes the reference's steps", async (first) => {
  for (let at = first; at < Math.min(first + CHUNK, seed + count); at++) {
    const given = randomCase(at);
    const differences = await compareEngines(given, pathToFileURL(`${folder}/`));
    if (differences.length > 0) throw new Error(failure(given, differences));
  }
});

/** Names of the library's entries of a kind. */
const entries = (kind: ComponentKind) => entriesOf(kind).map(({ name }) => name);

test("the models have every layer, activation, loss, optimizer and balancer in them", () => {
  const specs = Array.from({ length: 300 }, (_, i) => randomCase(i + 1).spec);
  const all = specs.join("\n");
  const documents = specs.map((spec) => compile(spec).document!);
  const layers = new Set(documents.flatMap(({ nodes }) => nodes.map(({ layer }) => layer)));
  expect(entries("layer").filter((name) => !layers.has(name))).toEqual([]);
  for (const kind of [
    "activation",
    "loss",
    "optimizer",
    "balancer",
    "clip",
    "regularizer",
    "schedule",
  ] as const)
    expect(entries(kind).filter((name) => !new RegExp(`\\b${name}\\b`).test(all))).toEqual(
      // A rate that is a number needs no word.
      kind === "schedule" ? ["constant"] : [],
    );
  // Labels of every base, plain and with dimensions, with and without gaps.
  const shapes = documents.flatMap(({ tasks }) =>
    tasks.map(
      ({ label }) =>
        `${label.base} of ${Math.min(label.dims.length, 2)} axes${label.optional ? ", gaps" : ""}`,
    ),
  );
  for (const base of ["float", "binary", "category"])
    for (const axes of [0, 1, 2])
      for (const gaps of ["", ", gaps"]) expect(shapes).toContain(`${base} of ${axes} axes${gaps}`);
});

/** All that is needed to see it again: the spec, its rows, and what differs. */
function failure(given: Case, differences: readonly Difference[]): string {
  const { spec, inputs, labels, rowWeight } = given;
  return [
    `seed ${given.seed}:`,
    spec,
    `// rows: ${JSON.stringify({ inputs, labels, rowWeight })}`,
    ...differences.slice(0, 12).map((difference) => `// ${JSON.stringify(difference)}`),
  ].join("\n");
}
