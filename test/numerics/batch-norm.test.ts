import { describe, expect, test } from "vitest";
import { rows } from "../helpers.js";
import { everyEngine, modelOn } from "./engines.js";

const ROWS = 24;
const x = rows(ROWS, 3, 5).map((row) => row.map((v, i) => 2 * v + 10 * i));
const labels = rows(ROWS, 1, 6).flat();

const spec = (options: string, train = "batch: 8") => `model Norm {
  input x: float[3]
  task y { output = x |> batch_norm${options} |> dense(1)  label: float  loss: mse }
}
train { optimizer: sgd(lr: 0.01)  shuffle: false  epochs: 1  ${train} }`;

/** Mean and variance of each column over these rows. */
function statistics(part: readonly (readonly number[])[]) {
  const columns = [0, 1, 2].map((i) => part.map((row) => row[i]!));
  const mean = (all: readonly number[]) => all.reduce((sum, v) => sum + v, 0) / all.length;
  const means = columns.map(mean);
  return { means, variances: columns.map((c, i) => mean(c.map((v) => (v - means[i]!) ** 2))) };
}

const batches = [0, 8, 16].map((start) => statistics(x.slice(start, start + 8)));

/** The moving average of numbers of the batches, by how much each step keeps. */
function moved(
  numbers: readonly (readonly number[])[],
  from: number,
  keep: (step: number) => number,
): number[] {
  return [0, 1, 2].map((i) =>
    numbers.reduce((old, now, k) => keep(k + 1) * old + (1 - keep(k + 1)) * now[i]!, from),
  );
}

describe.each(everyEngine)("%s", (_engine, start) => {
  async function after(options: string, train?: string) {
    const model = await modelOn(start, spec(options, train));
    await model.fit({ inputs: { x: x.flat() }, labels: { y: labels } });
    const found = await Promise.all(
      ["mean", "variance"].map(async (name) => [...(await model.weight(`y.batch_norm.moving_${name}`)).data]),
    );
    model.dispose();
    return { means: found[0]!, variances: found[1]! };
  }

  function near(found: readonly number[], right: readonly number[]): void {
    found.forEach((v, i) =>
      expect(Math.abs(v - right[i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(right[i]!))),
    );
  }

  const meansOf = batches.map((b) => b.means);
  const variancesOf = batches.map((b) => b.variances);
  const mean = (all: readonly (readonly number[])[]) =>
    [0, 1, 2].map((i) => all.reduce((sum, v) => sum + v[i]!, 0) / all.length);

  test("after few steps the moving statistics are the mean of those of the steps", async () => {
    const { means, variances } = await after("");
    near(means, mean(meansOf));
    near(variances, mean(variancesOf));
  });

  test("then a step keeps no more than the momentum", async () => {
    const { means, variances } = await after("(momentum: 0.6)");
    // 0, a half, and then 0.6 instead of two thirds.
    const keep = (step: number) => [0, 0.5, 0.6][step - 1]!;
    near(means, moved(meansOf, 0, keep));
    near(variances, moved(variancesOf, 1, keep));
  });

  test("without correction they begin at 0 and 1, as Keras's do", async () => {
    const { means, variances } = await after("(momentum: 0.6, correction: false)");
    near(
      means,
      moved(meansOf, 0, () => 0.6),
    );
    near(
      variances,
      moved(variancesOf, 1, () => 0.6),
    );
  });

  test("batches of one step count each", async () => {
    const { means, variances } = await after("", "batch: 8  accumulate: 3");
    near(means, mean(meansOf));
    near(variances, mean(variancesOf));
  });

  test("a saved model goes on from its own count", async () => {
    const model = await modelOn(start, spec(""));
    await model.fit({ inputs: { x: x.flat() }, labels: { y: labels } });
    const other = await modelOn(start, spec(""));
    await other.load(await model.save());
    expect([...(await other.weight("y.batch_norm.moving_steps")).data]).toEqual([3]);
    model.dispose();
    other.dispose();
  });
});
