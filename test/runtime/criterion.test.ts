import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.js";
import { readSafetensors } from "../../src/runtime/safetensors/index.js";
import type { Model } from "../../src/index.js";
import { compiled } from "../helpers.js";

/**
 * Tasks whose only weight is a bias, under mae with plain descent: each bias moves by its rate in every epoch, from 0
 * towards the labels of training, which are far away. The validation labels are chosen, so that what is measured in an
 * epoch is known: `size` has |label - rate · epoch|, and `sure` counts the right classes of a logit.
 */
function specOf(stop: string, epochs = 8): string {
  return `model Biased {
    input x: float[1]
    task size { output = x |> dense(1, kernel_initializer: zeros)  label: float?  loss: mae  metrics: [mae] }
    task noisy { output = x |> dense(1, kernel_initializer: zeros)  label: float  loss: mae  metrics: [mae] }
  }
  train {
    optimizer size.*: sgd(lr: 1)
    optimizer noisy.*: sgd(lr: 1)
    batch: full  epochs: ${epochs}  stop: ${stop}
  }`;
}

const training = { inputs: { x: [0] }, labels: { size: [100], noisy: [100] } };
const validation = (size: (number | null)[], noisy: number[]) => ({
  inputs: { x: noisy.map(() => 0) },
  labels: { size, noisy },
});

interface Course {
  readonly epochs: number;
  readonly best: number | undefined;
  readonly stopped: string;
}

async function course(stop: string, size: (number | null)[], noisy: number[], epochs = 8): Promise<Course> {
  const model = await compiled(specOf(stop, epochs)).create({ engine: "reference" });
  const result = await model.fit(training, { validation: validation(size, noisy) });
  // The weights are those of the best epoch: the bias has moved by 1 in each.
  if (result.bestEpoch !== undefined && result.stopped !== "aborted")
    expect((await model.weight("noisy.dense.bias")).data[0]).toBeCloseTo(result.bestEpoch, 9);
  model.dispose();
  return { epochs: result.epochs.length, best: result.bestEpoch, stopped: result.stopped };
}

describe("several measures", () => {
  const both = "validation.size.mae, validation.noisy.mae";
  test("mean: of ratios to the first epoch, so that scales do not matter", async () => {
    // size: |10 - e| = 9 8 7 6 5 4 3 2, over 9. noisy: |3 - e| = 2 1 0 1 2 3 4 5, over 2.
    // Sums of ratios: 2, 1.389, .778, 1.167, 1.556, …; the best is epoch 3. Raw sums: 11, 9, 7, 7, 7, …
    expect(await course(`early(monitor: [${both}], patience: 3)`, [10], [3])).toEqual({
      epochs: 6,
      best: 3,
      stopped: "early",
    });
  });
  test("weights: what counts more decides", async () => {
    // (9 · size ratio + noisy ratio) / 10 = (10 - e + |3 - e| / 2) / 10: 1, .85, .7, .65, .6, .55, .5, .45.
    expect(await course(`early(monitor: [${both}], weights: [9, 1], patience: 3)`, [10], [3])).toEqual({
      epochs: 8,
      best: 8,
      stopped: "finished",
    });
  });
  test("worst: the largest weighted ratio", async () => {
    // size: 9 8 7 6 5 4 3 2 over 9; noisy: |5 - e| = 4 3 2 1 0 1 2 3 over 4.
    // Largest: 1, .889, .778, .667, .556, .444, .5, .75; the mean would be best in epoch 5.
    expect(await course(`early(monitor: [${both}], criterion: worst)`, [10], [5])).toMatchObject({ best: 6 });
    expect(await course(`early(monitor: [${both}])`, [10], [5])).toMatchObject({ best: 5 });
    // noisy times 3: 3, 2.25, 1.5, .75, .556, .75, …
    const weighted = `early(monitor: [${both}], criterion: worst, weights: [1, 3])`;
    expect(await course(weighted, [10], [5])).toMatchObject({ best: 5 });
  });
  test("min_delta is of the criterion", async () => {
    // Means: 1, .694, .389, .583, …: epoch 2 is better by .306, epoch 3 by .611.
    const stop = (by: number) => `early(monitor: [${both}], min_delta: ${by})`;
    expect(await course(stop(0.31), [10], [3])).toMatchObject({ best: 3 });
    expect(await course(stop(0.62), [10], [3])).toMatchObject({ best: 1 });
  });
  test("what has no value takes no part", async () => {
    // Without a label of size, noisy alone: |3 - e|.
    expect(await course(`early(monitor: [${both}])`, [null], [3])).toMatchObject({ best: 3 });
    expect(await course(`early(monitor: [${both}], criterion: worst)`, [null], [3])).toMatchObject({
      best: 3,
    });
  });
  test("a measure that begins at 0 is compared with its first value above it", async () => {
    // noisy: |1 - e| = 0 1 2 3 …: it counts from epoch 2 on, over 1. size over 9 falls by 1/9 an epoch.
    // Means: 1, (8/9 + 1) / 2 = .944, (7/9 + 2) / 2 = 1.39, …
    expect(await course(`early(monitor: [${both}])`, [10], [1])).toMatchObject({ best: 2 });
  });
});

test("one noisy task does not decide", async () => {
  // noisy: 84 + |2.5 - e| over its three rows, best in epoch 2 and worse by 1/85.5 of its first value in each that follows.
  const [size, noisy] = [
    [30, 30, 30],
    [-40, 44, 2.5],
  ];
  const alone = await course("early(monitor: validation.noisy.mae, patience: 2)", size!, noisy!, 20);
  expect(alone).toEqual({ epochs: 4, best: 2, stopped: "early" });
  // size gets better by 1/29 of its first value in all of them, which is more.
  const together = "early(monitor: [validation.size.mae, validation.noisy.mae], patience: 2)";
  expect(await course(together, size!, noisy!, 20)).toEqual({ epochs: 20, best: 20, stopped: "finished" });
});

describe("where higher is better the ratio is first / value", () => {
  const spec = (stop: string) => `model Classes {
    input x: float[1]
    task good { output = x |> dense(1, sigmoid, kernel_initializer: zeros, use_bias: false)  label: binary  loss: binary_crossentropy  metrics: [accuracy] }
    task size { output = x |> dense(1, kernel_initializer: zeros, use_bias: false)  label: float  loss: mae  metrics: [r2] }
  }
  train { optimizer: sgd(lr: 1)  batch: full  epochs: 4  stop: ${stop} }`;

  test("accuracy that falls makes the criterion rise", async () => {
    // size: the slope is 1, 2, 3, 4 and should be 4: the error at x = 1 and -1 is 3, 2, 1, 0; r2 = 1 - error² / 16.
    // r2: 1 - 9/16 = .4375, .75, .9375, 1; ratios 1, .583, .467, .4375.
    const data = { inputs: { x: [1, -1] }, labels: { good: [1, 0], size: [100, -100] } };
    const watched = { inputs: { x: [1, -1] }, labels: { good: [0, 1], size: [4, -4] } };
    const run = async (stop: string) => {
      const model = await compiled(spec(stop)).create({ engine: "reference" });
      const { bestEpoch } = await model.fit(data, { validation: watched });
      model.dispose();
      return bestEpoch;
    };
    expect(await run("early(monitor: [validation.size.r2, validation.size.loss])")).toBe(4);
    // Learning says the opposite of what is watched, so that accuracy is 0: it has no ratio, and r2 decides.
    expect(await run("early(monitor: [validation.size.r2, validation.good.accuracy])")).toBe(4);
    // The loss of good rises from the beginning, three times as fast as r2 makes up for.
    expect(await run("early(monitor: [validation.size.r2, validation.good.loss], weights: [1, 9])")).toBe(1);
  });
});

test("what measures are compared with survives a checkpoint", async () => {
  const stop = "early(monitor: [validation.size.mae, validation.noisy.mae], patience: 3)";
  const watched = validation([10], [3]);
  const whole = await compiled(specOf(stop)).create({ engine: "reference" });
  await whole.fit(training, { validation: watched });
  const abort = new AbortController();
  const half = await compiled(specOf(stop)).create({ engine: "reference" });
  const interrupt = (event: { epoch: number }) => event.epoch === 2 && abort.abort();
  await half.fit(training, { validation: watched, signal: abort.signal, onEpochEnd: interrupt });
  const other = await compiled(specOf(stop)).create({ engine: "reference" });
  await other.load(await half.save());
  const result = await other.fit(training, { validation: watched, resume: true, epochs: 8 });
  expect([result.bestEpoch, result.stopped, other.progress.epoch]).toEqual([3, "early", 6]);
  expect(await progressOf(other)).toEqual(await progressOf(whole));
  expect(JSON.parse(await progressOf(other))).toMatchObject({
    references: { "validation.size.mae": 9, "validation.noisy.mae": 2 },
    best: { at: 3, value: 7 / 18 },
  });
});

const progressOf = async (model: Model) => readSafetensors(await model.save()).metadata["progress"]!;

test("a single measure is taken as it is, whatever the criterion", async () => {
  expect(
    await course("early(monitor: validation.noisy.mae, criterion: worst, patience: 2)", [10], [3]),
  ).toEqual({
    epochs: 5,
    best: 3,
    stopped: "early",
  });
  // min_delta in the measure's units: 2 1 0.
  const stop = "early(monitor: validation.noisy.mae, min_delta: 1.5, patience: 5)";
  expect(await course(stop, [10], [3])).toMatchObject({ best: 3 });
});

test("in a document the measures are a list", () => {
  const { document } = compile(specOf("early(patience: 3)"));
  expect(document!.train[0]!.stop!.options).toEqual({
    monitor: ["validation.loss"],
    criterion: "mean",
    weights: null,
    patience: 3,
    min_delta: 0,
  });
});
