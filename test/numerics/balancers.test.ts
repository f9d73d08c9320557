import { describe, expect, test } from "vitest";
import { balancers } from "../../src/library/balancers/index.js";
import { numbers } from "../helpers.js";
import {
  dataOf,
  dot,
  norm,
  plus,
  specOf,
  times,
  type Problem,
  type Vector,
} from "../library/shared-layer.js";
import { everyEngine, modelOn, reference, type Start } from "./engines.js";
import { laws, type Made } from "./laws.js";

const SIZE = 12;

function orthonormal(count: number, seed: number): Vector[] {
  const found: Vector[] = [];
  for (let i = 0; i < count; i++) {
    let x: Vector = numbers(SIZE, seed + 31 * i);
    for (let twice = 0; twice < 2; twice++) for (const y of found) x = plus(x, times(y, -dot(x, y)));
    found.push(times(x, 1 / norm(x)));
  }
  return found;
}

/** Gradients of length 1 in some relation to each other. */
const relations: Readonly<Record<string, (tasks: number, seed: number) => Vector[]>> = {
  anyhow: (tasks, seed) => {
    const base = orthonormal(tasks, seed);
    const common = numbers(SIZE, seed + 7);
    return base.map((x, i) => {
      const mixed = plus(x, times(base[(i + 1) % tasks]!, -0.45), times(common, 0.1));
      return times(mixed, 1 / norm(mixed));
    });
  },
  // 0 with 1, 2 with 3, …: in conflict with each other, at right angles to all else.
  "in pairs": (tasks, seed) => {
    const base = orthonormal(tasks, seed);
    return base.map((x, i) => (i % 2 === 1 ? plus(times(base[i - 1]!, -0.6), times(x, 0.8)) : x));
  },
  "at right angles": orthonormal,
};

const relationOf = (balance: string) =>
  balance === "aligned_mtl"
    ? "at right angles"
    : balance === "pcgrad" || balance === "gradvac"
      ? "in pairs"
      : "anyhow";

async function firstStep(start: Start, balance: string, problem: Required<Problem>): Promise<Made> {
  const model = await modelOn(
    start,
    specOf(balance, { gradients: problem.gradients }, "optimizer: sgd(lr: 1)  epochs: 1"),
  );
  let factors: number[] = [];
  await model.fit(dataOf(problem), {
    onStep: ({ losses, weighted }) => {
      factors = Object.keys(losses).map((task) => weighted[task]! / losses[task]!);
    },
  });
  const kernel = await model.weight("trunk.dense.kernel");
  model.dispose();
  return { ...problem, direction: [...kernel.data].map((w) => -w), factors };
}

const namesOf = (balance: string) => balance.split("(")[0]!;

test("every balancer has a law", () => {
  expect(new Set(Object.keys(laws).map(namesOf))).toEqual(new Set(balancers.map((entry) => entry.name)));
});

describe.each(everyEngine)("%s", (engine, start) => {
  const tolerance = engine === "reference" ? 1e-5 : 1e-3;

  describe.each([2, 3, 4, 5, 6, 7, 8])("%i tasks", (tasks) => {
    const losses = numbers(tasks, 90 + tasks).map((x) => 1.5 + x);

    test.each(Object.keys(laws))("%s keeps its law, and gives what the reference gives", async (balance) => {
      const gradients = relations[relationOf(balance)]!(tasks, 500 * tasks);
      const problem = { gradients, losses, weights: losses.map(() => 1) };
      const made = await firstStep(start, balance, problem);
      laws[balance]!(made, tolerance);
      const right = await firstStep(reference, balance, problem);
      const off = norm(plus(made.direction, times(right.direction, -1)));
      expect(off / norm(right.direction)).toBeLessThan(tolerance);
    });
  });
});
