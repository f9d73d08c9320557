import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { balancers } from "../../src/library/balancers/index.js";
import type { StepEvent } from "../../src/index.js";
import { compiled, numbers } from "../helpers.js";
import { dataOf, dot, norm, plus, specOf, times, type Problem, type Vector } from "./shared-layer.js";

interface Outcome {
  /** What plain gradient descent moves along. */
  readonly direction: number[];
  readonly events: StepEvent[];
}

async function trained(balance: string, problem: Problem, train: string): Promise<Outcome> {
  const spec = specOf(balance, problem, train);
  const model = await compiled(spec).create({ engine: "reference" });
  const events: StepEvent[] = [];
  await model.fit(dataOf(problem), { onStep: (event) => events.push(event) });
  const direction = [...(await model.weight("trunk.dense.kernel")).data].map((w) => -w);
  model.dispose();
  return { direction, events };
}

const step = (balance: string, problem: Problem, seed = 0) =>
  trained(balance, problem, `optimizer: sgd(lr: 1)  epochs: 1  seed: ${seed}`);

function near(found: Vector, right: Vector, by = 1e-5): void {
  expect(found).toHaveLength(right.length);
  const scale = Math.max(1, ...right.map(Math.abs));
  found.forEach((x, i) =>
    expect(Math.abs(x - right[i]!), `${found} against ${right}`).toBeLessThan(by * scale),
  );
}

/** Vectors of eighths that are not nearly 0, as many as there are tasks. */
const vectors = (tasks: number, size = 3) =>
  fc.array(
    fc
      .array(
        fc.integer({ min: -24, max: 24 }).map((x) => x / 8),
        { minLength: size, maxLength: size },
      )
      .filter((x) => norm(x) > 0.5),
    { minLength: tasks, maxLength: tasks },
  );

/** Where gradients are as good as dependent, several answers are as good. */
const independent = (gradients: readonly Vector[]) => {
  let rest: Vector[] = gradients.map((g) => times(g, 1 / norm(g)));
  for (let i = 0; i < gradients.length; i++) {
    const [first, ...others] = rest;
    if (norm(first!) < 0.3) return false;
    const unit = times(first!, 1 / norm(first!));
    rest = others.map((x) => plus(x, times(unit, -dot(x, unit))));
  }
  return true;
};

const holds = (property: fc.IAsyncProperty<[Vector[]]>) => fc.assert(property, { numRuns: 25 });
const law = (tasks: number, check: (gradients: Vector[]) => Promise<void>) =>
  holds(fc.asyncProperty(vectors(tasks) as fc.Arbitrary<Vector[]>, check));

/** Σ α·g = d where all is given but α. */
function coefficients(gradients: readonly Vector[], direction: Vector): number[] {
  const size = gradients.length;
  const rows: Vector[] = gradients.map((g) => [...gradients.map((h) => dot(g, h)), dot(g, direction)]);
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < size; i++) {
      if (i === k) continue;
      const by = rows[i]![k]! / rows[k]![k]!;
      rows[i] = rows[i]!.map((x, j) => x - by * rows[k]![j]!);
    }
  }
  return rows.map((row, k) => row[size]! / row[k]!);
}

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

describe("balancers of gradients", () => {
  const conflicting = {
    gradients: [
      [1, 0],
      [-1, 1],
    ],
  };

  test("pcgrad: the projections of two tasks in conflict, by hand", async () => {
    // g₁ − (g₁·g₂/|g₂|²)·g₂ = (1, 0) + ½·(−1, 1); g₂ − (g₂·g₁/|g₁|²)·g₁ = (0, 1).
    near((await step("pcgrad", conflicting)).direction, [0.5, 1.5]);
    // Twice the weight of a: (2, 0) + 1·(−1, 1), and (0, 1) as before.
    near((await step("pcgrad", { ...conflicting, weights: [2, 1] })).direction, [1, 2]);
  });

  test("pcgrad: without conflicts the sum; with one no task is against two tasks' direction", () =>
    law(2, async (gradients) => {
      const { direction } = await step("pcgrad", { gradients });
      const [g, h] = gradients as [Vector, Vector];
      if (dot(g, h) >= 0) near(direction, plus(g, h));
      else for (const x of [g, h]) expect(dot(direction, x)).toBeGreaterThan(-1e-6);
    }));

  test("pcgrad: three tasks are projected in an order that the seed draws", async () => {
    const gradients = [
      [1, 0, 0.5],
      [-1, 1, 0],
      [-0.5, -1, 1],
    ];
    const found = new Set<string>();
    for (let seed = 0; seed < 12; seed++) {
      const { direction } = await step("pcgrad", { gradients }, seed);
      found.add(direction.map((x) => x.toFixed(6)).join());
      expect((await step("pcgrad", { gradients }, seed)).direction).toEqual(direction);
    }
    expect(found.size).toBeGreaterThan(1);
  });

  test("gradvac: from no target a conflict is turned to a right angle, as in pcgrad", () =>
    law(2, async (gradients) => {
      near((await step("gradvac", { gradients })).direction, (await step("pcgrad", { gradients })).direction);
    }));

  test("mgda: the point of least norm, by hand", async () => {
    // The foot of the perpendicular from 0 to the line from (1, 0) to (−1, 1).
    near((await step("mgda", conflicting)).direction, [0.2, 0.4]);
    // One gradient is the nearest point itself.
    near(
      (
        await step("mgda", {
          gradients: [
            [1, 0],
            [2, 1],
          ],
        })
      ).direction,
      [1, 0],
      1e-6,
    );
  });

  test.each([2, 3, 5])("mgda: no task has less than the direction's own square (%i tasks)", (tasks) =>
    law(tasks, async (gradients) => {
      const { direction } = await step("mgda", { gradients });
      for (const g of gradients) expect(dot(g, direction)).toBeGreaterThan(dot(direction, direction) - 1e-5);
      const sizes = gradients.map(norm);
      expect(norm(direction)).toBeLessThan(Math.min(...sizes) + 1e-6);
    }),
  );

  test("moco: where gradients stand still, the shares come to those of mgda", async () => {
    // Losses whose gradients by the weights hardly change in small steps.
    const balance = "moco(beta: 1, gamma: 0.5)";
    const train = (epochs: number) => `optimizer: sgd(lr: 1e-6)  epochs: ${epochs}`;
    const shared = {
      gradients: [
        [1, 0],
        [-1, 1],
        [3, 3],
      ],
    };
    const many = await trained(balance, shared, train(400));
    const fewer = await trained(balance, shared, train(399));
    near(times(plus(many.direction, times(fewer.direction, -1)), 1e6), [0.2, 0.4], 1e-3);
  });

  test("moco: the first step goes along the mean of the halved gradients, moved once", async () => {
    // y is half of each gradient; λ = (½, ½) − 0.1·YᵀYλ = (½, ½) − 0.1·(0, ⅛), put back on the simplex.
    const { direction } = await step("moco", conflicting);
    const shares = [0.5 + 0.1 / 16, 0.5 - 0.1 / 16];
    near(direction, [0.5 * shares[0]! - 0.5 * shares[1]!, 0.5 * shares[1]!]);
  });

  test("mgda: normalized gradients count alike", async () => {
    const gradients = [
      [4, 0],
      [0, 1],
    ];
    near((await step("mgda(normalize: l2)", { gradients })).direction, [2, 0.5]);
    near((await step("mgda(normalize: loss)", { gradients, losses: [4, 1] })).direction, [2, 0.5]);
  });

  test.each([0, 0.4, 1])("cagrad(c: %d): near the mean, and no worse for the worst task", (c) =>
    law(3, async (gradients) => {
      const { direction } = await step(`cagrad(c: ${c})`, { gradients });
      const mean = times(plus(...gradients), 1 / 3);
      const found = times(direction, 1 / 3);
      expect(norm(plus(found, times(mean, -1)))).toBeLessThan(c * norm(mean) * (1 + 1e-4) + 1e-6);
      const worst = (d: Vector) => Math.min(...gradients.map((g) => dot(g, d)));
      expect(worst(found)).toBeGreaterThan(worst(mean) - 1e-4);
      if (c === 0) near(direction, plus(...gradients));
    }),
  );

  test("cagrad: where a combination of the gradients is nearly 0, the worst task gains all the same", async () => {
    const gradients = [
      [0, 2, -1.25],
      [0, -1.5, -2.5],
      [0, 1.375, 1.875],
    ];
    const { direction } = await step("cagrad(c: 0.4)", { gradients });
    // Three times the least g_w·g₀ + c·‖g₀‖·‖g_w‖ over a fine grid of shares, 0.13973: by duality what the worst task gains.
    near([Math.min(...gradients.map((g) => dot(g, direction)))], [3 * 0.13973], 1e-3);
  });

  test("graddrop: each number is all the positive parts or all the negative ones", () =>
    law(3, async (gradients) => {
      const { direction } = await step("graddrop", { gradients }, 5);
      direction.forEach((x, i) => {
        const parts = gradients.map((g) => g[i]!);
        const sums = [parts.filter((p) => p > 0), parts.filter((p) => p < 0)].map((s) =>
          s.reduce((a, p) => a + p, 0),
        );
        expect(Math.min(...sums.map((s) => Math.abs(x - s)))).toBeLessThan(1e-6);
      });
      near((await step("graddrop(leak: 1)", { gradients })).direction, plus(...gradients));
    }));

  test("imtl_g: equal projections on all tasks' gradients, and shares that add up to 1", () =>
    law(3, async (gradients) => {
      fc.pre(independent(gradients));
      const { direction } = await step("imtl_g", { gradients });
      const projections = gradients.map((g) => dot(direction, g) / norm(g));
      near(
        projections,
        projections.map(() => projections[0]!),
      );
      near([coefficients(gradients, direction).reduce((sum, a) => sum + a)], [1], 1e-4);
    }));

  test("nash_mtl: the fixed point α = ‖GᵀG‖ / Gᵀd", () =>
    law(3, async (gradients) => {
      fc.pre(independent(gradients));
      const { direction } = await step("nash_mtl", { gradients });
      const products = gradients.flatMap((g) => gradients.map((h) => dot(g, h)));
      const shares = gradients.map((g) => norm(products) / dot(g, direction));
      expect(Math.min(...shares)).toBeGreaterThan(0);
      near(plus(...gradients.map((g, i) => times(g, shares[i]!))), direction, 1e-4);
    }));

  test.each([0.5, 1, 2, 4])("fairgrad(alpha: %d): the fixed point α = (Gᵀd / ‖GᵀG‖)^(−alpha)", (alpha) =>
    law(3, async (gradients) => {
      fc.pre(independent(gradients));
      const { direction } = await step(`fairgrad(alpha: ${alpha})`, { gradients });
      const products = norm(gradients.flatMap((g) => gradients.map((h) => dot(g, h))));
      const shares = gradients.map((g) => (dot(g, direction) / products) ** -alpha);
      near(plus(...gradients.map((g, i) => times(g, shares[i]!))), direction, 1e-4);
    }),
  );

  test("aligned_mtl: orthogonal gradients come to the length of the shortest", async () => {
    const gradients = [
      [3, 0, 0],
      [0, 1, 0],
      [0, 0, 2],
    ];
    near((await step("aligned_mtl", { gradients })).direction, [1, 1, 1]);
    near((await step("aligned_mtl", { gradients, weights: [2, 1, 0.5] })).direction, [2, 1, 0.5]);
  });

  test("aligned_mtl: turning all gradients turns the direction", () =>
    law(3, async (gradients) => {
      fc.pre(independent(gradients));
      const turn = ([x, y, z]: Vector) => [0.6 * x! - 0.8 * y!, 0.8 * x! + 0.6 * y!, z!];
      const { direction } = await step("aligned_mtl", { gradients });
      const turned = await step("aligned_mtl", { gradients: gradients.map(turn) });
      near(turned.direction, turn(direction), 1e-4);
      for (const g of gradients) expect(Number.isFinite(dot(direction, g))).toBe(true);
    }));

  test("gradnorm: the norms come to mean · (relative rate)^alpha", async () => {
    const problem = {
      gradients: [
        [3, 0],
        [0, 0.5],
      ],
    };
    const { events } = await trained(
      "gradnorm(on: trunk.*, alpha: 1.5, lr: 0.005)",
      problem,
      "optimizer: sgd(lr: 0)  epochs: 1500",
    );
    // The losses stand, so that both rates are 1 and both norms are to be the same; the factors add up to 2.
    const { losses, weighted } = events.at(-1)!;
    const [a, b] = ["a", "b"].map((t) => weighted[t]! / losses[t]!);
    near([3 * a!, a! + b!], [0.5 * b!, 2], 0.05);
  });
});

test("in float32 a layer of two parallel or opposite gradients gives finite numbers", async () => {
  const looking = balancers.filter((entry) => entry.form === "direction").map((entry) => entry.name);
  for (const gradients of [
    [
      [1, 2],
      [1, 2],
    ],
    [
      [1, 2],
      [-1, -2],
    ],
    [
      [1, 2],
      [0, 0],
    ],
  ]) {
    for (const balance of looking) {
      const model = await compiled(
        specOf(balance, { gradients }, "optimizer: sgd(lr: 1)  epochs: 1"),
      ).create();
      await model.fit(dataOf({ gradients }));
      const found = [...(await model.weight("trunk.dense.kernel")).data];
      expect(
        found.every((x) => Number.isFinite(x) && Math.abs(x) < 1e6),
        `${balance}: ${found}`,
      ).toBe(true);
      model.dispose();
    }
  }
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
