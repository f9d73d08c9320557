import { describe, test } from "vitest";
import type { Model } from "../../src/index.js";
import { sameLosses, tracesOf, type Losses } from "../library/traces.js";
import { emitted, importModule, outFolder, type Target } from "./emit.js";

const folder = outFolder("gaps");
const traces = tracesOf("gaps").map((trace, i) => [trace.name, i, trace] as const);

describe.each(["wasm", "tfjs", "standalone"] satisfies Target[])(
  "%s: labels with missing elements",
  (target) => {
    test.each(traces)("%s", async (_, i, trace) => {
      const module = await importModule<Model>(folder, `${target}${i}`, emitted(trace.spec, target));
      const model = await module.createModel();
      for (const [path, { data }] of Object.entries(trace.weights)) await model.setWeight(path, data);
      const { inputs, labels, rowWeight } = trace;
      const steps: Losses[] = [];
      const { epochs } = await model.fit(
        { inputs, labels, ...(rowWeight === undefined ? {} : { rowWeight }) },
        { onStep: (event) => steps.push(event.losses) },
      );
      if (steps.length === trace.losses.length) sameLosses(steps, trace.losses, 1e-4);
      sameLosses(
        epochs.map((epoch) => epoch.losses),
        trace.epochLosses,
        1e-4,
      );
      model.dispose();
    });
  },
);
