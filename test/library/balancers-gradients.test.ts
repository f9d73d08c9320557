import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { balancers } from "../../src/library/balancers/index.js";
import { compiled } from "../helpers.js";
import { dataOf, dot, norm, plus, specOf, times, type Vector } from "./shared-layer.js";
import { trained, step, near, independent, law, coefficients } from "./balancer-laws.js";

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
