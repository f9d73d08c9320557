import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bindData, takeRows } from "../../src/data/bind.js";
import { splitTable } from "../../src/data/parts.js";
import { readTable } from "../../src/data/read.js";
import { placeOf } from "../../src/document/places.js";
import type { StepEvent } from "../../src/index.js";
import { compiled, specText } from "../helpers.js";

const folder = new URL("../../specs/", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith(".nnspec"))
  .map((file) => file.replace(".nnspec", ""));

/** The first rows of a spec's training part, as `fit` takes them. */
function trainingRows(name: string, count: number) {
  const { document, places } = compiled(specText(name));
  const data = document.data!;
  const table = readTable(
    fileURLToPath(new URL(data.from, folder)),
    data,
    placeOf(places, "/data/from"),
  ).value!;
  const bound = bindData({ ...document, data }, places, table).value!;
  const parts = splitTable(data.split, places, table).value!;
  return takeRows(bound, parts.train.slice(0, count));
}

test("the specs are there", () => {
  expect(names).toEqual(expect.arrayContaining(["two-towers", "penguins", "digits"]));
});

test.each(names)("%s trains on each engine, with the same losses over ten steps", async (name) => {
  const rows = trainingRows(name, 80);
  const losses: Record<string, (number | null)[][]> = {};
  for (const engine of ["reference", "tfjs"] as const) {
    const model = await compiled(specText(name)).create({ engine, seed: 1 });
    const steps: StepEvent[] = [];
    await model.fit(rows, { epochs: 1, batch: 8, onStep: (event) => steps.push(event) });
    losses[engine] = steps.map((step) => Object.values(step.losses));
    model.dispose();
  }
  expect(losses["tfjs"]!.length).toBe(10);
  losses["tfjs"]!.forEach((step, i) =>
    step.forEach((loss, t) => {
      const expected = losses["reference"]![i]![t]!;
      expect(Math.abs(loss! - expected) / Math.max(Math.abs(expected), 1e-3)).toBeLessThanOrEqual(1e-4);
    }),
  );
});
