import { describe, expect, test } from "vitest";
import { error } from "../tensor/numbers.js";
import { follow, rowsOf, sameLosses, tracesOf, type Run, type Trace } from "./traces.js";

const traces = tracesOf("random").map((trace) => [trace.name, trace] as const);

/** Steps, epochs, weights, the library's state, the losses of an evaluation: all of them within the tolerance. */
async function same(trace: Trace, { steps, epochs, model }: Run, tolerance: number): Promise<void> {
  sameLosses(steps, trace.losses, tolerance);
  sameLosses(epochs, trace.epochLosses, tolerance);
  for (const [path, { shape, data }] of Object.entries(trace.finalWeights)) {
    const found = await model.weight(path);
    expect(found.shape).toEqual(shape);
    expect(error(found.data, data), path).toBeLessThanOrEqual(tolerance);
  }
  const { loss, losses } = await model.evaluate(rowsOf(trace));
  sameLosses([losses], [trace.evaluated!], tolerance);
  expect(error([loss], [trace.evaluatedLoss!])).toBeLessThanOrEqual(tolerance);
  const predicted = await model.predict(trace.inputs);
  for (const [task, right] of Object.entries(trace.predictions)) {
    const prediction = predicted[task]!;
    const values = "values" in prediction ? prediction.values : prediction.probabilities;
    // Probabilities come out as float32.
    expect(error(values, right), `predictions of ${task}`).toBeLessThanOrEqual(Math.max(tolerance, 1e-6));
  }
  model.dispose();
}

describe.each([
  ["reference", 1e-9],
  ["wasm", 1e-4],
  ["tfjs", 1e-4],
] as const)("random models on %s", (engine, tolerance) => {
  test.each(traces)("%s", async (_name, trace) => {
    await same(trace, await follow(trace, engine), tolerance);
  });
});
