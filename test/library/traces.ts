import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { lowerModel } from "../../src/compile.js";
import { createSession, type EngineName } from "../../src/engines/index.js";
import type { Model } from "../../src/index.js";
import { startModel } from "../../src/runtime/index.js";
import { compiled } from "../helpers.js";
import { error } from "../tensor/numbers.js";

/** Ten training steps as Keras takes them; test/golden/traces.py wrote it. */
export interface Trace {
  readonly name: string;
  readonly spec: string;
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly labels: Readonly<Record<string, readonly (number | null)[]>>;
  readonly rowWeight?: readonly number[];
  /** Of single tasks. */
  readonly rowWeights?: Readonly<Record<string, readonly number[]>>;
  /** Batch by batch. */
  readonly losses: readonly Losses[];
  readonly epochLosses: readonly Losses[];
  /** Library state is among them. */
  readonly finalWeights: Readonly<Record<string, Tensor>>;
  readonly predictions: Readonly<Record<string, readonly number[]>>;
  /** Of an evaluation after the training, where the trace has one. */
  readonly evaluated?: Losses;
  readonly evaluatedLoss?: number;
}

interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export type Losses = Readonly<Record<string, number | null>>;

export const files = ["layers", "losses", "optimizers", "training", "balancers", "sharing", "gaps"] as const;

export function tracesOf(file: (typeof files)[number] | "random"): Trace[] {
  const text = readFileSync(new URL(`../golden/${file}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as { cases: Trace[] }).cases;
}

export interface Run {
  readonly steps: readonly Losses[];
  readonly epochs: readonly Losses[];
  readonly model: Model;
}

/** The rows that it is trained on. */
export function rowsOf({ inputs, labels, rowWeight, rowWeights }: Trace) {
  return { inputs, labels, ...(rowWeight && { rowWeight }), ...(rowWeights && { rowWeights }) };
}

/** A trace's programs, which every engine runs: making them takes longer than ten steps do. */
const programsOf = (() => {
  const made = new WeakMap<Trace, Lowered>();
  return (trace: Trace): Lowered => {
    const { descriptor, programs } = made.get(trace) ?? lowerModel(compiled(trace.spec).document);
    const found = { descriptor, programs: { ...programs } };
    made.set(trace, found);
    return found;
  };
})();

type Lowered = Pick<ReturnType<typeof lowerModel>, "descriptor" | "programs">;

/** Trains the trace's spec from its weights. */
export async function follow(trace: Trace, engine: EngineName): Promise<Run> {
  const { descriptor, programs } = programsOf(trace);
  const { batch } = descriptor.train;
  const model = await startModel(descriptor, await createSession(engine, { ...programs }, { batch }));
  expect(Object.keys(trace.weights).sort()).toEqual(Object.keys(model.descriptor.weights).sort());
  for (const [path, { shape, data }] of Object.entries(trace.weights)) {
    expect(model.descriptor.weights[path]).toEqual(shape);
    await model.setWeight(path, data);
  }
  const steps: Losses[] = [];
  const result = await model.fit(rowsOf(trace), { onStep: (event) => steps.push(event.losses) });
  return { steps, epochs: result.epochs.map((e) => e.losses), model };
}

/** The same tasks are absent in the same batches, and the losses of each task agree over the whole training. */
export function sameLosses(found: readonly Losses[], right: readonly Losses[], tolerance: number): void {
  expect(found.length).toBe(right.length);
  for (const task of Object.keys(right[0]!)) {
    const column = (list: readonly Losses[]): (number | null)[] => list.map((losses) => losses[task]!);
    expect(column(found).map((x) => x === null)).toEqual(column(right).map((x) => x === null));
    const numbers = (list: readonly Losses[]): number[] => column(list).filter((x) => x !== null);
    expect(error(numbers(found), numbers(right)), `losses of ${task}`).toBeLessThanOrEqual(tolerance);
  }
}
