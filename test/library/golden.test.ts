import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.js";
import type { ComponentKind, Entry, LayerEntry } from "../../src/library/entry.js";
import { entriesOf } from "../../src/library/index.js";
import { error } from "../tensor/numbers.js";
import { files, follow, sameLosses, tracesOf, type Trace } from "./traces.js";

const traces = files.flatMap((file) => tracesOf(file).map((trace) => [file, trace.name, trace] as const));

/** Where gradients accumulate, a step has several batches, whose losses a trace has one by one: the epochs' are compared. */
function sameSteps(trace: Trace, steps: Parameters<typeof sameLosses>[0], tolerance: number): void {
  if (trace.spec.includes("accumulate:")) return expect(steps.length).toBeLessThan(trace.losses.length);
  expect(steps).toHaveLength(trace.losses.length);
  sameLosses(steps, trace.losses, tolerance);
}

describe("reference, float64", () => {
  test.each(traces)("%s: %s", async (_file, _name, trace) => {
    const { steps, epochs, model } = await follow(trace, "reference");
    sameSteps(trace, steps, 1e-9);
    sameLosses(epochs, trace.epochLosses, 1e-9);
    for (const [path, { shape, data }] of Object.entries(trace.finalWeights)) {
      const found = await model.weight(path);
      expect(found.shape).toEqual(shape);
      expect(error(found.data, data), path).toBeLessThanOrEqual(1e-9);
    }
    const predicted = await model.predict(trace.inputs);
    for (const [task, right] of Object.entries(trace.predictions)) {
      const prediction = predicted[task]!;
      const values = "values" in prediction ? prediction.values : prediction.probabilities;
      // Probabilities come out as float32.
      expect(error(values, right), `predictions of ${task}`).toBeLessThan(1e-6);
    }
    model.dispose();
  });
});

describe.each([
  ["tfjs", "tfjs (wasm)"],
  ["wasm", "wasm"],
] as const)("%s, float32", (engine, shown) => {
  test.each(traces)("%s: %s", async (_file, _name, trace) => {
    const { steps, epochs, model } = await follow(trace, engine);
    expect(model.engine).toContain(shown);
    sameSteps(trace, steps, 1e-4);
    sameLosses(epochs, trace.epochLosses, 1e-4);
    model.dispose();
  });
});

describe("every entry is in a trace", () => {
  const kinds = [
    "layer",
    "activation",
    "loss",
    "optimizer",
    "schedule",
    "regularizer",
    "clip",
    "balancer",
  ] as const;
  const used = new Map<ComponentKind, Set<string>>(kinds.map((kind) => [kind, new Set()]));
  for (const [, , trace] of traces) collect(trace.spec, used);

  test.each(kinds)("%s", (kind) => {
    const written = entriesOf(kind).filter((e) => !isHidden(e));
    expect(written.map((e) => e.name).filter((name) => !used.get(kind)!.has(name))).toEqual([]);
  });
});

function isHidden(entry: Entry): boolean {
  return (entry as LayerEntry).hidden === true;
}

/** Adds what a spec's checked model is made of; options say by their parameters what kind of thing they hold. */
function collect(spec: string, used: ReadonlyMap<ComponentKind, Set<string>>): void {
  const note = (kind: ComponentKind, value: unknown): void => {
    if (typeof value !== "object" || value === null || !("name" in value) || typeof value.name !== "string")
      return;
    used.get(kind)?.add(value.name);
    const options = "options" in value ? (value.options as Readonly<Record<string, unknown>>) : {};
    inside(kind, value.name, options);
  };
  const inside = (kind: ComponentKind, name: string, options: Readonly<Record<string, unknown>>): void => {
    const entry = entriesOf(kind).find((e) => e.name === name)!;
    for (const parameter of entry.parameters)
      if (parameter.kind === "component") note(parameter.of, options[parameter.name]);
  };
  const { document } = compile(spec);
  for (const node of document?.nodes ?? []) note("layer", { name: node.layer, options: node.options });
  for (const task of document?.tasks ?? []) note("loss", task.loss);
  for (const train of document?.train ?? []) {
    note("balancer", train.balance);
    note("clip", train.clip);
    for (const { optimizer } of train.optimizers) note("optimizer", optimizer);
  }
}
