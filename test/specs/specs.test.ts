import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { takeRows } from "../../src/data/bind.js";
import { bindTables, readTables, splitTables } from "../../src/data/sources.js";
import type { StepEvent } from "../../src/index.js";
import { compiled, specText } from "../helpers.js";

const folder = new URL("../../specs/", import.meta.url);
const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".nnspec"))
  .map((file) => file.replace(".nnspec", ""));

const names = all.filter((name) => compiled(specText(name)).document.meta === undefined);

/** Rows of a spec's training part, of all its files, as `fit` takes them. */
function trainingRows(name: string, count: number) {
  const { document, places } = compiled(specText(name));
  const data = document.data!;
  const given = { ...document, data };
  const pathOf = ({ from }: { from: string }) =>
    fileURLToPath(new URL(from, new URL(`${name}.nnspec`, folder)));
  const tables = readTables(given, places, pathOf).value!;
  const bound = bindTables(given, places, tables).value!;
  const parts = splitTables(data.split, places, tables).value!;
  const every = Math.floor(parts.train.length / count);
  return takeRows(
    bound,
    parts.train.filter((_, i) => i % every === 0 && i < every * count),
  );
}

test("the specs are there", () => {
  expect(names).toEqual(expect.arrayContaining(["two-towers", "penguins", "digits", "multitask/glyphs"]));
});

test.each(names)("%s trains on each engine, with the same losses over ten steps", async (name) => {
  const rows = trainingRows(name, 80);
  const losses: Record<string, (number | null)[][]> = {};
  for (const engine of ["reference", "tfjs", "wasm"] as const) {
    const model = await compiled(specText(name)).create({ engine, seed: 1 });
    const steps: StepEvent[] = [];
    await model.fit(rows, { epochs: 1, batch: 8, onStep: (event) => steps.push(event) });
    losses[engine] = steps.map((step) => Object.values(step.losses));
    model.dispose();
  }
  for (const engine of ["tfjs", "wasm"]) {
    // Homogeneous batches of a file's last rows are shorter, and so there are more of them.
    expect(losses[engine]!.length).toBeGreaterThanOrEqual(10);
    expect(losses[engine]!.length).toBe(losses["reference"]!.length);
    losses[engine]!.forEach((step, i) =>
      step.forEach((loss, t) => {
        const expected = losses["reference"]![i]![t]!;
        if (expected === null) return expect(loss).toBeNull();
        expect(Math.abs(loss! - expected) / Math.max(Math.abs(expected), 1e-3)).toBeLessThanOrEqual(1e-4);
      }),
    );
  }
});

test.each(all.filter((name) => !names.includes(name)))(
  "%s learns to learn on each engine, with the same losses over ten meta-steps",
  async (name) => {
    const losses: Record<string, number[]> = {};
    for (const engine of ["reference", "tfjs", "wasm"] as const) {
      const model = await compiled(specText(name)).createMeta({ engine, seed: 1 });
      const found: number[] = [];
      await model.metaFit({ steps: 10, onStep: ({ loss }) => found.push(loss) });
      losses[engine] = found;
      model.dispose();
    }
    for (const engine of ["tfjs", "wasm"])
      losses[engine]!.forEach((loss, i) => {
        const expected = losses["reference"]![i]!;
        expect(Math.abs(loss - expected) / Math.max(Math.abs(expected), 1e-3)).toBeLessThanOrEqual(1e-4);
      });
  },
);
