import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { takeRows } from "../../src/data/bind.js";
import { bindTables, readTables, splitTables } from "../../src/data/sources.js";
import { fileTasks } from "../../src/data/tasks.js";
import { classEpisodes, groupEpisodes, type MetaModel, type StepEvent } from "../../src/index.js";
import { compiled, specText } from "../helpers.js";

const folder = new URL("../../specs/", import.meta.url);
const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".nnspec"))
  .map((file) => file.replace(".nnspec", ""));

const names = all.filter((name) => compiled(specText(name)).document.meta === undefined);

/** What a spec's data files hold of its model. */
function boundData(name: string) {
  const { document, places } = compiled(specText(name));
  const data = document.data!;
  const given = { ...document, data };
  const fileOf = ({ from }: { from: string }) => ({
    path: fileURLToPath(new URL(from, new URL(`${name}.nnspec`, folder))),
    instead: false,
  });
  const tables = readTables(given, places, fileOf).value!;
  const wanted = data.classes ? "inputs" : "everything";
  const bound = bindTables(given, places, tables, wanted).value!;
  return { data, places, tables, bound };
}

/** Rows of a spec's training part, of all its files, as `fit` takes them. */
function trainingRows(name: string, count: number) {
  const { data, places, tables, bound } = boundData(name);
  const parts = splitTables(data.split, places, tables).value!;
  const every = Math.floor(parts.train.length / count);
  return takeRows(
    bound,
    parts.train.filter((_, i) => i % every === 0 && i < every * count),
  );
}

/** Episodes of the training classes or of the training part's tasks, where a spec has such. */
async function episodesOf(name: string, model: MetaModel) {
  const { document } = compiled(specText(name));
  if (!document.data) return undefined;
  const { bound, places, tables } = boundData(name);
  const inputs = Object.fromEntries([...bound.inputs].map(([input, { values }]) => [input, values]));
  if (!document.data.classes) {
    const parts = splitTables(document.data.split, places, tables).value!;
    const { ofRows, parts: tasks } = fileTasks({ document, places }, tables[0]!.table, bound, parts)!.value!;
    const { labels } = takeRows(bound, Int32Array.from(ofRows.keys()));
    await model.fitTransforms(inputs, labels);
    return groupEpisodes({ inputs, labels, groups: ofRows }, tasks.train);
  }
  await model.fitTransforms(inputs);
  const ways = document.meta!.settings.episode.ways!;
  const rows = { inputs, classes: bound.classes! };
  return classEpisodes(rows, document.data.classes.train, { ways, task: document.tasks[0]!.name });
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
      const draw = await episodesOf(name, model);
      await model.metaFit({ steps: 10, onStep: ({ loss }) => found.push(loss), ...(draw ? { draw } : {}) });
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
