import { expect, test } from "vitest";
import { familyEpisodes } from "../../src/runtime/meta/episodes.js";
import type { MetaFitOptions, MetaModel } from "../../src/index.js";
import { compiled } from "../helpers.js";

const spec = (algorithm: string, optimizer: string) => `model Lines {
  input x: float[1]
  task y { output = x |> dense(8, tanh) |> dense(1)  label: float  loss: mse }
}
meta {
  algorithm: ${algorithm}
  tasks: linear
  episode: { support: 5, query: 5 }
  tasks_per_step: 2
  optimizer: ${optimizer}
  steps: 12
}`;

/** The rates of inner steps are learned beside the weights. */
const LEARNED = ["maml_pp(inner_steps: 2, inner_lr: 0.05)", "meta_sgd(inner_steps: 2, inner_lr: 0.05)"];

const start = (algorithm: string, optimizer = "adam(lr: 0.01)") =>
  compiled(spec(algorithm, optimizer)).createMeta({ seed: 3 });

/** Looked at after every third step, on few tasks. */
const chosen = (model: MetaModel): MetaFitOptions => ({
  validation: { draw: familyEpisodes(model.descriptor), episodes: 5, every: 3 },
});

test.each(LEARNED)("%s: interrupted anywhere and gone on with, to the bit", async (algorithm) => {
  const whole = await start(algorithm);
  const { bestStep } = await whole.metaFit(chosen(whole));
  for (const at of [1, 4, 9]) {
    const abort = new AbortController();
    const broken = await start(algorithm);
    await broken.metaFit({
      ...chosen(broken),
      signal: abort.signal,
      onStep: ({ step }) => step === at && abort.abort(),
    });
    expect(broken.progress.step).toBe(at);
    const resumed = await start(algorithm);
    await resumed.load(await broken.save());
    expect(await resumed.metaFit({ ...chosen(resumed), resume: true })).toMatchObject({
      steps: 12,
      bestStep,
    });
    expect(await resumed.save()).toEqual(await whole.save());
  }
});

test.each(LEARNED)("%s: weights and rates are those of the best step", async (algorithm) => {
  // Steps this long lead astray, so that the best weights are early ones.
  const model = await start(algorithm, "sgd(lr: 0.5)");
  const { bestStep } = await model.metaFit({
    validation: { draw: familyEpisodes(model.descriptor), episodes: 20, every: 1 },
  });
  expect(bestStep).toBeLessThan(12);
  const rates = model.descriptor.meta!.learned;
  expect(rates.length).toBeGreaterThan(0);
  const again = await start(algorithm, "sgd(lr: 0.5)");
  await again.metaFit({ steps: bestStep! });
  for (const path of ["y.dense.kernel", "y.dense_2.bias"])
    expect(await model.weight(path)).toEqual(await again.weight(path));
  const evaluate = (of: MetaModel) => of.metaEvaluate({ episodes: 20 });
  // Rates have no path of their own to look at, but decide what adapting comes to.
  expect(await evaluate(model)).toEqual(await evaluate(again));
});

test("without `resume` a training begins a new count, and `steps` are its own", async () => {
  const model = await start("maml");
  await model.metaFit({ steps: 2 });
  expect(await model.metaFit({ steps: 3 })).toMatchObject({ steps: 5, bestStep: undefined });
  expect(await model.metaFit({ steps: 5, resume: true })).toMatchObject({ steps: 5, loss: Number.NaN });
});
