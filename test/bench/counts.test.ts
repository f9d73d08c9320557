import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { countsOf } from "../../src/backends/wasm/counts.js";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { compile, lowerModel } from "../../src/compile.js";
import { groups } from "../../src/runtime/wasm/kernels.generated.js";
import { loadKernels } from "../../src/runtime/wasm/kernels.js";

const { countModels } = (await import(new URL("../../bench/counts.mjs", import.meta.url).href)) as {
  countModels: (modules: object) => Promise<Readonly<Record<string, object>>>;
};
const committed = JSON.parse(
  readFileSync(new URL("../../bench/counts.json", import.meta.url), "utf8"),
) as Readonly<Record<string, object>>;

const counted = await countModels({ compile, countsOf, groups, loadKernels, lowerModel, planProgram });

test("the benchmark's models are those that are counted", () => {
  expect(Object.keys(committed)).toEqual(Object.keys(counted));
});

/** Where a change is meant: `npm run bench -- --counts --update`, after a build. */
test.each(Object.keys(counted))("a step of %s costs what bench/counts.json says", (name) => {
  expect(counted[name]).toEqual(committed[name]);
});
