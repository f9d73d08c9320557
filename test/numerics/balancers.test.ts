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
import {
  everyEngine,
  float32Engines,
  lower,
  modelOf,
  modelOn,
  reference,
  type Lowered,
  type Start,
} from "./engines.js";
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

/** The programs of a first step, which depend on how many gradients there are and how long they are: most of the time goes into them. */
const programsOf = (() => {
  const made = new Map<string, Lowered>();
  return (balance: string, gradients: readonly Vector[]): Lowered => {
    const text = specOf(balance, { gradients }, "optimizer: sgd(lr: 1)  epochs: 1");
    const found = made.get(text) ?? lower(text, ["init", "step"]);
    made.set(text, found);
    return found;
  };
})();

async function firstStep(start: Start, balance: string, problem: Required<Problem>): Promise<Made> {
  const model = await modelOf(start, programsOf(balance, problem.gradients));
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

/** The lengths of so many gradients. */
const scales: Readonly<Record<string, (tasks: number) => number[]>> = {
  "about 1": (tasks) => Array.from({ length: tasks }, () => 1),
  "all 1e-10": (tasks) => Array.from({ length: tasks }, () => 1e-10),
  "all 1e10": (tasks) => Array.from({ length: tasks }, () => 1e10),
  "one 1e4 times the others": (tasks) => Array.from({ length: tasks }, (_, i) => (i === 0 ? 1e4 : 1)),
  "one 1e6 times the others": (tasks) => Array.from({ length: tasks }, (_, i) => (i === tasks - 1 ? 1e6 : 1)),
  "one 1e-6 of the others": (tasks) => Array.from({ length: tasks }, (_, i) => (i === 0 ? 1e-6 : 1)),
  "half 1e-10, half 1e10": (tasks) => Array.from({ length: tasks }, (_, i) => (i % 2 === 0 ? 1e-10 : 1e10)),
  "from 1e-10 to 1e10": (tasks) =>
    Array.from({ length: tasks }, (_, i) => 10 ** (-10 + (20 * i) / (tasks - 1))),
};

const counts = [2, 3, 4, 5, 6, 7, 8];
const scenes = Object.entries(scales).flatMap(([name, lengths]) =>
  (name === "about 1" ? counts : [2, 5, 8]).map((tasks) => [name, tasks, lengths(tasks)] as const),
);

/** What the reference makes of a problem, which every engine is held against. */
const rights = new Map<string, Promise<Made>>();

describe.each(everyEngine)("%s", (engine, start) => {
  const tolerance = engine === "reference" ? 1e-5 : 1e-3;

  describe.each(scenes)("gradients' lengths %s, %i tasks", (name, tasks, lengths) => {
    const losses = numbers(tasks, 90 + tasks).map((x) => 1.5 + x);

    test.each(Object.keys(laws))("%s keeps its law, and gives what the reference gives", async (balance) => {
      const directions = relations[relationOf(balance)]!(tasks, 500 * tasks);
      // Not quite the same: of two equal lengths rounding would choose one.
      const gradients = directions.map((x, i) => times(x, lengths[i]! * (1 + 0.05 * i)));
      const problem = { gradients, losses, weights: losses.map(() => 1) };
      const key = `${name}, ${tasks}: ${balance}`;
      const wanted = rights.get(key) ?? firstStep(reference, balance, problem);
      rights.set(key, wanted);
      const right = await wanted;
      const made = start === reference ? right : await firstStep(start, balance, problem);
      laws[balance]!(made, tolerance);
      const off = norm(plus(made.direction, times(right.direction, -1)));
      expect(off / norm(right.direction)).toBeLessThan(tolerance);
    });
  });
});

describe.each(everyEngine)("gradnorm's adam: %s", (_engine, start) => {
  test.each([1e-10, 1e-4, 1, 1e10])(
    "moves each factor by its rate in the first step, lengths %d and 1e4 times that",
    async (length) => {
      const [long, short] = [
        [1e4 * length, 0],
        [0, length],
      ];
      const balance = "gradnorm(on: trunk.*, lr: 0.1)";
      const model = await modelOn(
        start,
        specOf(balance, { gradients: [long, short] }, "optimizer: sgd(lr: 0)  epochs: 2"),
      );
      const factors: number[][] = [];
      await model.fit(dataOf({ gradients: [long, short] }), {
        onStep: ({ losses, weighted }) => {
          factors.push(Object.keys(losses).map((task) => weighted[task]! / losses[task]!));
        },
      });
      model.dispose();
      // Adam's first step is its rate along the sign; the factors add up to 2 as they are.
      expect(factors[1]![0]).toBeCloseTo(0.9, 5);
      expect(factors[1]![1]).toBeCloseTo(1.1, 5);
    },
  );
});

/** Gradients that depend on each other, and of which often a combination is 0. */
function dependent(trials: number): Vector[][] {
  const drawn = numbers(2000, 12345);
  let at = 0;
  return Array.from({ length: trials }, (_, trial) =>
    Array.from({ length: 2 + (trial % 7) }, () => {
      const x = drawn.slice(at, (at += 2 + (trial % 2)));
      return times(x, 10 ** (10 * drawn[at++]!) / norm(x));
    }),
  );
}

describe.each(float32Engines)("more tasks than dimensions: %s", (_engine, start) => {
  const solving = ["mgda", "cagrad", "nash_mtl", "fairgrad", "fairgrad(alpha: 8)", "aligned_mtl", "moco"];

  test.each(solving)("%s gives numbers", async (balance) => {
    for (const [trial, gradients] of dependent(21).entries()) {
      const losses = gradients.map(() => 1);
      const { direction } = await firstStep(start, balance, { gradients, losses, weights: losses });
      expect(direction.every(Number.isFinite), `trial ${trial}: ${direction}`).toBe(true);
    }
  });
});
