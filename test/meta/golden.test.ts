import { describe, expect, test } from "vitest";
import { entriesOf } from "../../src/library/index.js";
import { compiled } from "../helpers.js";
import { error } from "../tensor/numbers.js";
import { MetaRun, metaTraces, type MetaTrace } from "./traces.js";

const traces = [...metaTraces("meta"), ...metaTraces("episodes")].map(
  (trace) => [trace.name, trace] as const,
);

/** The query losses of all tasks of all meta-steps. */
async function follow(run: MetaRun, trace: MetaTrace): Promise<number[]> {
  const losses: number[] = [];
  for (const [step, episodes] of trace.steps.entries()) losses.push(...(await run.metaStep(step, episodes)));
  return losses;
}

const lossesOf = ({ steps }: MetaTrace) => steps.flat().map((episode) => episode.loss);

describe("reference, float64", () => {
  test.each(traces)("%s", async (_name, trace) => {
    const run = await MetaRun.start(trace.spec, "reference", trace.weights);
    expect(Object.keys(trace.weights)).toEqual(expect.arrayContaining([...run.weights]));
    const states = run.session.stateNames();
    expect(Object.keys(trace.finalWeights)).toEqual(
      expect.arrayContaining([...run.weights, ...states.filter((name) => /^rate\/[^/]*$/.test(name))]),
    );
    expect(error(await follow(run, trace), lossesOf(trace))).toBeLessThanOrEqual(1e-9);
    for (const [path, { shape, data }] of Object.entries(trace.finalWeights)) {
      const found = run.session.read(path);
      expect(found.shape).toEqual(shape);
      expect(error(found.data, data), path).toBeLessThanOrEqual(1e-9);
    }
    run.dispose();
  });
});

describe.each([
  ["tfjs", "tfjs (wasm)"],
  ["wasm", "wasm"],
] as const)("%s, float32", (engine, shown) => {
  test.each(traces)("%s", async (_name, trace) => {
    const run = await MetaRun.start(trace.spec, engine, trace.weights);
    expect(run.session.engine).toContain(shown);
    expect(error(await follow(run, trace), lossesOf(trace))).toBeLessThanOrEqual(1e-5);
    run.dispose();
  });
});

/** The softmax of each row of so many numbers: `predict` gives a linear output as it is, `evaluate` gives logits. */
function shares(scores: ArrayLike<number>, width: number): number[] {
  const all = Array.from(scores);
  return all.map((x, i) => {
    const start = i - (i % width);
    const row = all.slice(start, start + width);
    const high = Math.max(...row);
    return Math.exp(x - high) / row.reduce((sum, y) => sum + Math.exp(y - high), 0);
  });
}

/** Weights where training ended, so that adaptation is looked at alone. */
describe.each([
  ["reference", 1e-9],
  ["wasm", 1e-5],
  ["tfjs", 1e-5],
] as const)("adaptation, also for more steps than were trained, on %s", (engine, tolerance) => {
  test.each(traces)("%s", async (_name, { spec, finalWeights, adaptation }) => {
    const { support, query, after } = adaptation;
    const run = await MetaRun.start(spec, engine, finalWeights);
    const { tasks } = compiled(spec).document;
    const classes = new Set(tasks.filter((t) => t.label.base === "category").map((t) => t.name));
    expect(tasks.filter((t) => t.label.base === "binary")).toEqual([]);
    // A second task must not begin where the first one ended.
    for (let task = 0; task < 2; task++) {
      await run.begin();
      let inner = 0;
      for (const { steps, sums, predictions } of after) {
        while (inner < steps) await run.adapt(inner++, support);
        await run.keep(support);
        const predicted = await run.predict(query);
        const evaluated = await run.evaluate(query);
        for (const [name, right] of Object.entries(predictions)) {
          const rows = query.labels[name]!.length;
          const shown = spec.includes("dense(3)\n") ? shares(predicted[name]!, 3) : predicted[name]!;
          expect(error(shown, right), `${steps} steps, ${name}`).toBeLessThanOrEqual(tolerance);
          // Metrics look at logits.
          const scores = evaluated.predictions[name]!;
          const scored = classes.has(name) ? shares(scores, right.length / rows) : scores;
          expect(error(scored, right)).toBeLessThanOrEqual(tolerance);
          expect(error(evaluated.sums[name]!, [sums[name]!])).toBeLessThanOrEqual(tolerance);
          expect(Array.from(evaluated.counts[name]!)).toEqual([rows]);
        }
      }
    }
    // The model itself stays where it was.
    for (const [path, { data }] of Object.entries(finalWeights))
      expect(error(run.session.read(path).data, data), path).toBeLessThanOrEqual(1e-7);
    run.dispose();
  });
});

test("every algorithm has traces, unrolled and as a loop where it has one, with sgd and adam", () => {
  const seen = new Map<string, Set<string>>();
  for (const [, { spec }] of traces) {
    const { algorithm, settings } = compiled(spec).document.meta!;
    const ways = seen.get(algorithm.name) ?? new Set();
    const optimizer = (settings["optimizer"] as { readonly name: string }).name;
    seen.set(algorithm.name, ways.add(`unroll: ${algorithm.options["unroll"]}`).add(optimizer));
  }
  for (const { name, parameters } of entriesOf("algorithm")) {
    const loops = parameters.some((p) => p.name === "unroll") ? ["unroll: false", "unroll: true"] : [];
    expect([...(seen.get(name) ?? [])], name).toEqual(expect.arrayContaining(["adam", "sgd", ...loops]));
  }
});
