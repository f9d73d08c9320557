import fc from "fast-check";
import { expect } from "vitest";
import type { StepEvent } from "../../src/index.js";
import { compiled } from "../helpers.js";
import { dataOf, dot, norm, plus, specOf, times, type Problem, type Vector } from "./shared-layer.js";

export interface Outcome {
  /** What plain gradient descent moves along. */
  readonly direction: number[];
  readonly events: StepEvent[];
}

export async function trained(balance: string, problem: Problem, train: string): Promise<Outcome> {
  const spec = specOf(balance, problem, train);
  const model = await compiled(spec).create({ engine: "reference" });
  const events: StepEvent[] = [];
  await model.fit(dataOf(problem), { onStep: (event) => events.push(event) });
  const direction = [...(await model.weight("trunk.dense.kernel")).data].map((w) => -w);
  model.dispose();
  return { direction, events };
}

export const step = (balance: string, problem: Problem, seed = 0) =>
  trained(balance, problem, `optimizer: sgd(lr: 1)  epochs: 1  seed: ${seed}`);

export function near(found: Vector, right: Vector, by = 1e-5): void {
  expect(found).toHaveLength(right.length);
  const scale = Math.max(1, ...right.map(Math.abs));
  found.forEach((x, i) =>
    expect(Math.abs(x - right[i]!), `${found} against ${right}`).toBeLessThan(by * scale),
  );
}

/** Vectors of eighths that are not nearly 0, as many as there are tasks. */
export const vectors = (tasks: number, size = 3) =>
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
export const independent = (gradients: readonly Vector[]) => {
  let rest: Vector[] = gradients.map((g) => times(g, 1 / norm(g)));
  for (let i = 0; i < gradients.length; i++) {
    const [first, ...others] = rest;
    if (norm(first!) < 0.3) return false;
    const unit = times(first!, 1 / norm(first!));
    rest = others.map((x) => plus(x, times(unit, -dot(x, unit))));
  }
  return true;
};

export const holds = (property: fc.IAsyncProperty<[Vector[]]>) => fc.assert(property, { numRuns: 25 });
export const law = (tasks: number, check: (gradients: Vector[]) => Promise<void>) =>
  holds(fc.asyncProperty(vectors(tasks) as fc.Arbitrary<Vector[]>, check));

/** Σ α·g = d where all is given but α. */
export function coefficients(gradients: readonly Vector[], direction: Vector): number[] {
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
