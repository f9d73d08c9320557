import { describe, expect, test } from "vitest";
import { balancers } from "../../src/library/balancers/index.js";
import type { StepEvent } from "../../src/index.js";
import { compiled, numbers } from "../helpers.js";
import { plus, times } from "./shared-layer.js";
import { trained, step, near, law } from "./balancer-laws.js";

describe("static weights", () => {
  test("on a shared trunk under sgd they act, and the losses are reported with them and without", async () => {
    // By hand: h = 2·3 = 6. a: p = 0.5·6 = 3, (3 − 1)² = 4; b: p = −1·6 = −6, (−6 + 5)² = 1.
    const spec = `model Hand {
      input x: float[1]
      shared trunk = dense(1, use_bias: false, kernel_initializer: constant(2))
      h = x |> trunk
      task a { output = h |> dense(1, use_bias: false, kernel_initializer: constant(0.5))  label: float  loss: mse  weight: 3 }
      task b { output = h |> dense(1, use_bias: false, kernel_initializer: constant(-1))  label: float  loss: mse  weight: 0.25 }
    }
    train { optimizer: sgd(lr: 0.01)  epochs: 1  batch: full }`;
    const model = await compiled(spec).create({ engine: "reference" });
    const events: StepEvent[] = [];
    const data = { inputs: { x: [3] }, labels: { a: [1], b: [-5] } };
    const { epochs } = await model.fit(data, { onStep: (event) => events.push(event) });
    expect(events[0]!.losses).toEqual({ a: 4, b: 1 });
    expect(events[0]!.weighted).toEqual({ a: 12, b: 0.25 });
    expect(epochs[0]!.losses).toEqual({ a: 4, b: 1 });
    expect(epochs[0]!.weighted).toEqual({ a: 12, b: 0.25 });
    expect(epochs[0]!.loss).toBe(12.25);
    // dL/dtrunk = 3·2·2·0.5·3 + 0.25·2·(−1)·(−1)·3 = 18 + 1.5; heads: 3·2·2·6 = 72 and 0.25·2·(−1)·6 = −3.
    near([...(await model.weight("trunk.dense.kernel")).data], [2 - 0.195], 1e-12);
    near([...(await model.weight("a.dense.kernel")).data], [0.5 - 0.72], 1e-12);
    near([...(await model.weight("b.dense.kernel")).data], [-1 + 0.03], 1e-12);
  });

  test("fixed adds up weight · gradient", () =>
    law(3, async (gradients) => {
      const { direction } = await step("fixed", { gradients, weights: [2, 0.5, 0] });
      near(direction, plus(times(gradients[0]!, 2), times(gradients[1]!, 0.5)));
    }));
});

describe("balancers of losses", () => {
  test("uncertainty: where the losses stand, e⁻ˢ comes to the precision of two Gaussians", async () => {
    const problem = {
      gradients: [
        [1, 0],
        [0, 1],
      ],
      losses: [4, 0.25],
    };
    const { events } = await trained("uncertainty(lr: 0.05)", problem, "optimizer: sgd(lr: 0)  epochs: 600");
    // ½·e⁻ˢ·L is ½ where e⁻ˢ = 1/L.
    near(Object.values(events.at(-1)!.weighted) as number[], [0.5, 0.5], 1e-3);
  });

  test("imtl_l: where the losses stand, all come to 1", async () => {
    const problem = {
      gradients: [
        [1, 0],
        [0, 1],
      ],
      losses: [4, 0.25],
    };
    const { events } = await trained("imtl_l(lr: 0.05)", problem, "optimizer: sgd(lr: 0)  epochs: 600");
    near(Object.values(events.at(-1)!.weighted) as number[], [1, 1], 1e-3);
  });

  test("dwa: 1 for two epochs; then the weights add up to the tasks, and the slower one has more", async () => {
    // The loss of b falls faster: its gradient is longer.
    const problem = {
      gradients: [
        [0.5, 0],
        [0, 2],
      ],
      losses: [1, 1],
    };
    const { events } = await trained("dwa", problem, "optimizer: sgd(lr: 0.05)  epochs: 4");
    const factors = events.map(({ losses, weighted }) => [
      weighted["a"]! / losses["a"]!,
      weighted["b"]! / losses["b"]!,
    ]);
    near(factors[0]!, [1, 1], 1e-12);
    near(factors[1]!, [1, 1], 1e-12);
    const rates = ["a", "b"].map((t) => events[1]!.losses[t]! / events[0]!.losses[t]!);
    const raised = rates.map((r) => Math.exp(r / 2));
    near(
      factors[2]!,
      raised.map((r) => (2 * r) / (raised[0]! + raised[1]!)),
      1e-9,
    );
    expect(factors[2]![0]!).toBeGreaterThan(factors[2]![1]!);
  });

  test("rlw: positive weights that add up to the tasks, others in each step and for each seed", async () => {
    const problem = {
      gradients: [
        [1, 0],
        [0, 1],
        [1, 1],
      ],
    };
    const weights = async (seed: number) => {
      const { events } = await trained("rlw", problem, `optimizer: sgd(lr: 0)  epochs: 20  seed: ${seed}`);
      return events.map(({ weighted }) => Object.values(weighted) as number[]);
    };
    const [one, two] = [await weights(1), await weights(2)];
    for (const step of one) {
      expect(Math.min(...step)).toBeGreaterThan(0);
      near([step.reduce((sum, w) => sum + w)], [3], 1e-12);
    }
    expect(new Set(one.map(String)).size).toBe(20);
    expect(two[0]).not.toEqual(one[0]);
    expect(await weights(1)).toEqual(one);
  });

  test("gls: the gradient of the geometric mean, whatever the losses' units", () =>
    law(2, async (gradients) => {
      const { direction } = await step("gls", { gradients, losses: [4, 0.25] });
      // √(L₁L₂) = 1: ½·(g₁/L₁ + g₂/L₂).
      near(direction, plus(times(gradients[0]!, 1 / 8), times(gradients[1]!, 2)));
    }));

  test("famo: factors that add up to 1, and to each loss's inverse at first", () =>
    law(2, async (gradients) => {
      const { direction } = await step("famo", { gradients, losses: [4, 1] });
      near(direction, plus(times(gradients[0]!, 0.2), times(gradients[1]!, 0.8)));
    }));

  test("famo: the task whose logarithm falls less gains weight", async () => {
    const problem = {
      gradients: [
        [0.1, 0],
        [0, 2],
      ],
    };
    const { events } = await trained("famo", problem, "optimizer: sgd(lr: 0.05)  epochs: 60");
    const { losses, weighted } = events.at(-1)!;
    // z is what weighted losses are in proportion to.
    expect(weighted["a"]!).toBeGreaterThan(2 * weighted["b"]!);
    const factors = ["a", "b"].map((t) => weighted[t]! / losses[t]!);
    near([factors[0]! + factors[1]!], [1], 1e-9);
  });

  test("excess_risk: the factors keep their sum, and the task further from its best has more", async () => {
    const problem = {
      gradients: [
        [0.25, 0],
        [0, 2],
      ],
    };
    const { events } = await trained(
      "excess_risk(rate: 0.1)",
      problem,
      "optimizer: sgd(lr: 0.001)  epochs: 20",
    );
    const { losses, weighted } = events.at(-1)!;
    const [a, b] = ["a", "b"].map((t) => weighted[t]! / losses[t]!);
    near([a! + b!], [2], 1e-9);
    expect(b!).toBeGreaterThan(1.2);
  });
});

const ROWS = 640;
const named = (entry: string) => (entry === "gradnorm" ? "gradnorm(on: trunk.*)" : entry);

describe.each(balancers.map((entry) => entry.name))(
  "a task with labels in 1 %% of the rows: %s",
  (balance) => {
    const spec = (balance: string) => `model Rare {
    input x: float[4]
    shared trunk = dense(8, tanh)
    h = x |> trunk
    task common { output = h |> dense(1)  label: float  loss: mse }
    task rare { output = h |> dense(1)  label: float?  loss: mse }
  }
  train { optimizer: adam(lr: 0.01)  balance: ${balance}  epochs: 6  batch: 32  seed: 3 }`;
    const x = numbers(ROWS * 4, 21);
    const row = (i: number) => x.slice(4 * i, 4 * i + 4);
    const labels = {
      common: Array.from({ length: ROWS }, (_, i) => row(i)[0]! - row(i)[1]!),
      rare: Array.from({ length: ROWS }, (_, i) => (i % 100 === 7 ? row(i)[2]! : NaN)),
    };

    test("the common task learns, in the steps without the rare one's labels too; the rare one's own weights sit these out", async () => {
      const run = async (text: string) => {
        const model = await compiled(spec(text)).create();
        const head: string[] = [];
        const moved: boolean[] = [];
        const absent: boolean[] = [];
        const trunk: string[] = [];
        const look = async (path: string) => [...(await model.weight(path)).data].join();
        head.push(await look("rare.dense.kernel"));
        trunk.push(await look("trunk.dense.kernel"));
        const result = await model.fit(
          { inputs: { x }, labels },
          {
            onStep: async ({ losses }) => {
              head.push(await look("rare.dense.kernel"));
              trunk.push(await look("trunk.dense.kernel"));
              absent.push(losses["rare"] === null);
              moved.push(trunk.at(-1) !== trunk.at(-2));
            },
          },
        );
        const losses = result.epochs.map((epoch) => epoch.losses["common"]!);
        model.dispose();
        return { losses, head, moved, absent };
      };
      const { losses, head, moved, absent } = await run(named(balance));
      const fixed = await run("fixed");
      expect(absent.filter(Boolean).length).toBeGreaterThan(0.6 * absent.length);
      absent.forEach((missing, i) => expect(head[i + 1] === head[i], `step ${i}`).toBe(missing));
      expect(moved.every(Boolean)).toBe(true);
      expect(losses.every(Number.isFinite)).toBe(true);
      expect(losses.at(-1)! / losses[0]!).toBeLessThan(
        Math.max(0.8, 1.6 * (fixed.losses.at(-1)! / fixed.losses[0]!)),
      );
    });
  },
);

test("uncertainty: the weight of a task with labels in 1 % of the rows comes to that of its own noise", async () => {
  // The output stays 0, and the labels are ±2: their mean square is 4.
  const spec = `model Rare {
    input x: float[1]
    shared trunk = dense(1, kernel_initializer: zeros)
    task common { output = x |> trunk  label: float  loss: mse }
    task rare { output = x |> trunk  label: float?  loss: mse }
  }
  train { optimizer: sgd(lr: 0)  balance: uncertainty(lr: 0.02)  epochs: 120  batch: 32 }`;
  const model = await compiled(spec).create({ engine: "reference" });
  const sign = (i: number) => (i % 2 === 0 ? 1 : -1);
  const labels = {
    common: Array.from({ length: ROWS }, (_, i) => sign(i)),
    rare: Array.from({ length: ROWS }, (_, i) => (i % 100 === 7 ? 2 * sign(i) : NaN)),
  };
  const factors: number[] = [];
  await model.fit(
    { inputs: { x: labels.common }, labels },
    {
      onStep: ({ losses, weighted }) => {
        if (losses["rare"] !== null) factors.push(weighted["rare"]! / losses["rare"]!);
      },
    },
  );
  const last = factors.slice(-100).reduce((sum, f) => sum + f, 0) / 100;
  // ½·e⁻ˢ with e⁻ˢ = ¼; a loss of 0 in the steps without labels would make it 3.6 times as much.
  expect(last).toBeGreaterThan(0.125 * 0.8);
  expect(last).toBeLessThan(0.125 * 1.25);
});
