import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compiled } from "../helpers.js";
import { nnc, temporaryFolder } from "../cli/run.js";

const spec = (transforms = "") => `model M {
  input x: float[2]
  task t { output = x |> dense(1)  label: float  loss: mse  metrics: [mae] }
}
train { optimizer: sgd(lr: 0.001)  epochs: 1 }
data { from: "d.csv"  x = [a, b] ${transforms}  t = y  row_weight = w  split: { train: 0.5, test: 0.5 } }`;

/** IEEE 754's largest number of 32 bits, and halfway to the next, where rounding goes to infinity. */
const LARGEST = 3.4028234663852886e38;
const HALFWAY = 2 ** 128 - 2 ** 103;

describe.each(["reference", "wasm", "tfjs"] as const)(
  "a number beyond float32 is refused on %s",
  (engine) => {
    const inputs = {
      x: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    };
    const labels = { t: [1, 2, 3] };
    test.each([1e39, -1e39, HALFWAY, -HALFWAY, 1e300])("%d", async (large) => {
      const model = await compiled(spec()).create({ engine });
      const shown = `${large} is beyond what 32 bits hold (3.4e38).`;
      const bad = {
        x: [
          [1, 2],
          [3, 4],
          [5, large],
        ],
      };
      await expect(model.predict(bad)).rejects.toThrow(`inputs.x, row 2: ${shown}`);
      await expect(model.predict({ x: Float64Array.of(0, large) })).rejects.toThrow(
        `inputs.x, row 0: ${shown}`,
      );
      await expect(model.predictOne({ a: 1, b: large })).rejects.toThrow(`inputs.x, row 0: ${shown}`);
      for (const call of ["fit", "evaluate"] as const) {
        const run = async (data: Parameters<typeof model.evaluate>[0]): Promise<unknown> => model[call](data);
        await expect(run({ inputs: bad, labels })).rejects.toThrow(`inputs.x, row 2: ${shown}`);
        await expect(run({ inputs, labels: { t: [1, large, 3] } })).rejects.toThrow(
          `labels.t, row 1: ${shown}`,
        );
        await expect(run({ inputs, labels, rowWeight: [large, 1, 1] })).rejects.toThrow(
          `rowWeight, row 0: ${shown}`,
        );
      }
      model.dispose();
    });

    test("the largest one is not, nor one that a transform brings down", async () => {
      const model = await compiled(spec()).create({ engine });
      await model.predict({ x: [[LARGEST, -LARGEST]] });
      model.dispose();
      const scaled = await compiled(spec("|> scale(factor: 1e-39)")).create({ engine });
      await scaled.fit({ inputs: { x: [[1e39, 2e39]] }, labels: { t: [1] } });
      await expect(scaled.predict({ x: [[1, 1e78]] })).rejects.toThrow("inputs.x, row 0: 1e+39 is beyond");
      scaled.dispose();
    });
  },
);

test("in a data file it is an error with its line, in check, train and predict", async () => {
  const cwd = temporaryFolder();
  const write = (cells: string, transforms = "") => {
    writeFileSync(join(cwd, "d.csv"), `a,b,y,w\n1,2,3,1\n${cells}\n2,2,2,1\n4,3,2,1\n`);
    writeFileSync(join(cwd, "m.nnspec"), spec(transforms));
  };
  for (const [cells, column, text] of [
    ["1,1e39,3,1", "b", "1e+39"],
    ["1,2,-1e39,1", "y", "-1e+39"],
    ["1,2,3,1e39", "w", "1e+39"],
  ] as const) {
    write(cells);
    for (const command of ["check", "train"]) {
      const outcome = await nnc([command, "m.nnspec"], { cwd });
      expect(outcome.code).toBe(1);
      expect(outcome.stderr).toContain(
        `error[NN7021]: ${text} in column \`${column}\`, line 3, is beyond what 32 bits hold (3.4e38).`,
      );
    }
  }
  write("1,1e39,3,1", "|> scale(factor: 1e-39)");
  expect((await nnc(["train", "m.nnspec"], { cwd })).code).toBe(0);
  writeFileSync(join(cwd, "d.csv"), "a,b,y,w\n1e78,2,3,1\n");
  const predicted = await nnc(["predict", "m.nnspec", "--data", "d.csv"], { cwd });
  expect(predicted.code).toBe(1);
  expect(predicted.stderr).toMatch(/error\[NN7021\]: 1e\+78 in column `a`, line 2/);
  const row = await nnc(["predict", "m.nnspec", "--row", '{"x": [1, 1e300]}'], { cwd });
  expect(row.stderr).toContain("is beyond what 32 bits hold");
});
