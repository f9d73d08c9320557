import { describe, expect, test } from "vitest";
import { InputError, type Model } from "../../src/index.js";
import { compiled, numbers } from "../helpers.js";

const engines = ["reference", "wasm", "tfjs"] as const;

/** One bias that the loss moves by exactly the rate in every step, since its error stays above 0. */
const SLOPE = (train: string) => `model Slope {
  input x: float[1]
  task y { output = x |> dense(1, kernel_initializer: zeros)  label: float  loss: mae }
}
train { ${train} }`;

/** Four rows: two batches of two. The label is far below what is predicted. */
const below = { inputs: { x: [0, 0, 0, 0] }, labels: { y: [-1e3, -1e3, -1e3, -1e3] } };

const bias = async (model: Model) => (await model.weight("y.dense.bias")).data[0]!;

/** How far each step moved the bias, which is its rate. */
function rateLog(model: Model) {
  const rates: number[] = [];
  let before = 0;
  const onStep = async () => {
    const now = await bias(model);
    rates.push(before - now);
    before = now;
  };
  return { rates, onStep };
}

/** Linear from 1/n up: `warmup` alone, by hand. */
const rise = (steps: number, count: number) =>
  Array.from({ length: count }, (_, i) => Math.min(1, (i + 1) / steps));

/** Half a cosine from 1 over so many steps (Loshchilov and Hutter 2017, equation 5). */
const fall = (total: number) =>
  Array.from({ length: total }, (_, i) => (1 + Math.cos((Math.PI * i) / total)) / 2);

const near = (found: readonly number[], right: readonly number[]) => {
  expect(found.length).toBe(right.length);
  found.forEach((rate, i) => expect(rate).toBeCloseTo(right[i]!, 4));
};

describe.each(engines)("%s: schedules", (engine) => {
  const started = (train: string) => compiled(SLOPE(train)).create({ engine });

  test("every fit begins its schedule anew; resume goes on in it", async () => {
    const model = await started("optimizer: sgd(lr: cosine(peak: 1))  epochs: 3  batch: 2");
    const { rates, onStep } = rateLog(model);
    await model.fit(below, { onStep });
    near(rates.splice(0), fall(6));
    await model.fit(below, { onStep, epochs: 2 });
    near(rates.splice(0), fall(4));
    const abort = new AbortController();
    const stop = async ({ step }: { step: number }) => {
      await onStep();
      if (step === 13) abort.abort();
    };
    await model.fit(below, { onStep: stop, signal: abort.signal });
    const copy = await started("optimizer: sgd(lr: cosine(peak: 1))  epochs: 3  batch: 2");
    await copy.load(await model.save());
    await model.fit(below, { onStep, resume: true });
    near(rates.splice(0), fall(6));
    await copy.fit(below, { resume: true });
    expect(await bias(copy)).toBe(await bias(model));
    expect([model.progress, copy.progress]).toEqual([{ step: 16, epoch: 8 }, model.progress]);
  });

  test("epochs of schedules and of freezing count from the fit's beginning", async () => {
    const train = "optimizer: sgd(lr: step(start: 1, every: 2, factor: 0.5))  epochs: 5  batch: full";
    const model = await started(`${train}  freeze y.dense.bias: { from: 4, until: 4 }`);
    const { rates, onStep } = rateLog(model);
    await model.fit(below, { onStep });
    await model.fit(below, { onStep });
    near(rates, [1, 1, 0.5, 0, 0.25, 1, 1, 0.5, 0, 0.25]);
  });

  test("Adam's slots and its count of steps go on", async () => {
    const [twice, once] = [
      await started("optimizer: adam(lr: 0.1)  epochs: 3  batch: 2  shuffle: false"),
      await started("optimizer: adam(lr: 0.1)  epochs: 6  batch: 2  shuffle: false"),
    ];
    await twice.fit(below);
    await twice.fit(below);
    await once.fit(below);
    expect(await bias(twice)).toBe(await bias(once));
  });

  test("resume with nothing left to do says so", async () => {
    const model = await started("optimizer: sgd(lr: 1)  epochs: 3  batch: full");
    await model.fit(below);
    const before = await bias(model);
    const { epochs, note, stopped } = await model.fit(below, { resume: true });
    expect([epochs, stopped, await bias(model)]).toEqual([[], "finished", before]);
    expect(note).toContain("3 epochs are done, so there is nothing left to do");
    expect((await model.fit(below, { resume: true, epochs: 4 })).note).toBeUndefined();
    expect(await bias(model)).toBeCloseTo(before - 1, 4);
  });

  test("partialFit takes one step, at the last rate or a given one", async () => {
    const fresh = await started("optimizer: sgd(lr: warmup(4, to: 1))  epochs: 3  batch: 2  accumulate: 2");
    const { losses, step } = await fresh.partialFit(below);
    expect([losses["y"], step]).toEqual([1000, 1]);
    expect(await bias(fresh)).toBeCloseTo(-0.25, 5);
    await fresh.partialFit(below, { lr: 0.5 });
    expect(await bias(fresh)).toBeCloseTo(-0.75, 5);
    await fresh.fit(below);
    // Three steps of four: the last rate is 3/4, and stays so from step to step.
    expect(await bias(fresh)).toBeCloseTo(-0.75 - (0.25 + 0.5 + 0.75), 4);
    await fresh.partialFit(below);
    await fresh.partialFit({ inputs: { x: [0] }, labels: { y: [-50] } });
    expect(await bias(fresh)).toBeCloseTo(-2.25 - 1.5, 4);
    expect(fresh.progress).toEqual({ step: 7, epoch: 3 });
    await expect(fresh.partialFit(below, { lr: -1 })).rejects.toThrow(
      "partialFit: `lr` is a number of at least 0, not -1.",
    );
    await expect(fresh.partialFit({ inputs: { x: [] }, labels: { y: [] } })).rejects.toThrow(InputError);
  });

  test("data as a function of the epoch, at once or promised", async () => {
    const model = await started("optimizer: sgd(lr: warmup(10, to: 1))  epochs: 4  batch: 2");
    const { rates, onStep } = rateLog(model);
    const asked: number[] = [];
    const rowsOf = (epoch: number) => {
      asked.push(epoch);
      const count = epoch === 2 ? 2 : 4;
      return { inputs: { x: Array(count).fill(0) }, labels: { y: Array(count).fill(-1e3) } };
    };
    await model.fit(rowsOf, { onStep });
    near(rates.splice(0), rise(10, 7));
    await model.fit(async (epoch) => rowsOf(epoch), { onStep, epochs: 2 });
    near(rates.splice(0), rise(10, 4));
    expect(asked).toEqual([1, 2, 3, 4, 5, 6]);
    const broken = (epoch: number) => {
      if (epoch === 8) throw new Error("no more rows");
      return below;
    };
    await expect(model.fit(broken)).rejects.toThrow("no more rows");
    expect(model.progress.epoch).toBe(7);
    await expect(model.fit(() => ({ inputs: { x: [] }, labels: { y: [] } }))).rejects.toThrow(InputError);
  });

  test("a schedule is as long as `rows` say, or the first epoch", async () => {
    const model = await started("optimizer: sgd(lr: cosine(peak: 1))  epochs: 2  batch: 2");
    const { rates, onStep } = rateLog(model);
    await model.fit(() => below, { onStep });
    near(rates.splice(0), fall(4));
    await model.fit(() => below, { onStep, rows: 8 });
    near(rates.splice(0), fall(8).slice(0, 4));
  });
});

const FITTED = `model Fitted {
  input x: float[1]
  task y { output = x |> dense(1)  label: float?  loss: mse  metrics: [mae]  }
  task k { output = x |> dense(2)  label: category(2)?  loss: categorical_crossentropy  class_weights: balanced }
}
train { optimizer: sgd(lr: 0)  epochs: 1  batch: full }
data { from: "none.csv"  x = x |> standardize  y = y |> standardize  k = k }`;

describe.each(engines)("%s: what is fitted", (engine) => {
  const x = numbers(200, 1).map((v) => 50 + 10 * v);
  const many = {
    inputs: { x },
    labels: { y: x.map((v, i) => (i % 2 === 0 ? 3 * v : null)), k: x.map((_, i) => Number(i % 4 === 0)) },
  };
  const one = { inputs: { x: [9000] }, labels: { y: [4], k: [1] } };

  test("stays from one fit to the next, unless `refit` says otherwise", async () => {
    const model = await compiled(FITTED).create({ engine });
    await model.fit(many);
    const before = await model.evaluate(many);
    const rateOf = async () => (await model.fit(many, { epochs: 1 })).epochs[0]!.losses["y"]!;
    const half = await rateOf();
    for (const again of [one, { ...one, labels: { y: [null], k: [null] } }]) await model.fit(again);
    await model.fit(one, { resume: true, epochs: 99 });
    await model.partialFit(one);
    expect(await model.evaluate(many)).toEqual(before);
    expect(await rateOf()).toBeCloseTo(half, 5);
    const copy = await compiled(FITTED).create({ engine });
    await copy.load(await model.save());
    await copy.fit(one);
    expect(await copy.evaluate(many)).toEqual(before);
    await model.fit(one, { refit: true });
    const mae = (report: typeof before) => report.metrics["y"]!["mae"];
    // One row is standardized to 0, whatever it is, so that the bias alone is predicted: 4 in its units.
    expect((await model.evaluate(one)).metrics["y"]!["mae"]).toBeCloseTo(0, 5);
    expect(mae(await model.evaluate(many))).not.toBe(mae(before));
  });

  test("is that of the first epoch, where data are a function of it", async () => {
    const model = await compiled(FITTED).create({ engine });
    await model.fit((epoch) => (epoch === 1 ? many : one), { epochs: 3 });
    const other = await compiled(FITTED).create({ engine });
    await other.fit(many);
    expect(await model.evaluate(many)).toEqual(await other.evaluate(many));
  });
});

test("weights that are set after early stopping are those that are saved and trained on", async () => {
  const model = await compiled(
    SLOPE("optimizer: sgd(lr: 1)  epochs: 3  batch: full  stop: early(patience: 2)"),
  ).create();
  await model.fit(below, { validation: { inputs: { x: [0] }, labels: { y: [5] } } });
  await model.setWeight("y.dense.bias", [7]);
  const copy = await compiled(
    SLOPE("optimizer: sgd(lr: 1)  epochs: 3  batch: full  stop: early(patience: 2)"),
  ).create();
  await copy.load(await model.save());
  expect([await bias(model), await bias(copy)]).toEqual([7, 7]);
  await model.partialFit(below);
  await copy.load(await model.save());
  expect([await bias(model), await bias(copy)]).toEqual([6, 6]);
});

test("resume with nothing left leaves weights that were set as they are", async () => {
  const text = SLOPE("optimizer: sgd(lr: 1)  epochs: 9  batch: full  stop: early(patience: 2)");
  const model = await compiled(text).create();
  const validation = { inputs: { x: [0] }, labels: { y: [-3] } };
  const first = await model.fit(below, { validation });
  expect([first.stopped, first.bestEpoch]).toEqual(["early", 3]);
  await model.setWeight("y.dense.bias", [7]);
  const again = await model.fit(below, { validation, resume: true });
  expect([again.epochs, again.stopped, await bias(model)]).toEqual([[], "early", 7]);
  const abort = new AbortController();
  abort.abort();
  await model.fit(below, { epochs: 30, resume: true, signal: abort.signal });
  expect(await bias(model)).toBe(7);
});

test("a class that was not there at first learns as any other", async () => {
  const model = await compiled(`model Unseen {
    input x: float[1]
    task y { output = x |> dense(1, sigmoid)  label: binary?  loss: binary_crossentropy  class_weights: balanced }
  }
  train { optimizer: sgd(lr: 1)  epochs: 50  batch: full }`).create();
  await model.fit((epoch) => ({ inputs: { x: [1, 2] }, labels: { y: epoch === 1 ? [0, null] : [null, 1] } }));
  const { probabilities } = (await model.predict({ x: [2] }))["y"] as { probabilities: Float32Array };
  expect(probabilities[0]).toBeGreaterThan(0.9);
});

test("class weights that the spec gives count from the beginning", async () => {
  const spec = (weights: string) => `model Given {
    input x: float[1]
    task y { output = x |> dense(1, kernel_initializer: zeros)  label: binary  loss: binary_crossentropy  class_weights: ${weights} }
  }`;
  const model = await compiled(spec("[2, 30]")).create();
  const { losses } = await model.evaluate({ inputs: { x: [1, 1] }, labels: { y: [0, 1] } });
  // A probability of one half for each row: log 2, times the mean of the weights.
  expect(losses["y"]).toBeCloseTo(16 * Math.LN2, 4);
});

test("an epoch without anything to judge by is no worse than the best", async () => {
  const model = await compiled(
    SLOPE("optimizer: sgd(lr: 1)  epochs: 6  batch: full  stop: early(patience: 2)").replace(
      "float ",
      "float? ",
    ),
  ).create();
  const validation = { inputs: { x: [0] }, labels: { y: [null] } };
  const { epochs, stopped, bestEpoch } = await model.fit(below, { validation });
  expect([epochs.length, stopped, bestEpoch]).toEqual([6, "finished", undefined]);
});

test.each([
  [{ batch: 0 }, "fit: `batch` is a whole number of at least 1, or `full`, not 0."],
  [{ batch: Number.NaN }, "not NaN"],
  [{ batch: "all" as "full" }, 'not "all"'],
  [{ epochs: -1 }, "fit: `epochs` is a whole number of at least 0, not -1."],
  [{ epochs: 1.5 }, "not 1.5"],
  [{ rows: Number.NaN }, "fit: `rows` is a whole number of at least 1, not NaN."],
  [{ validation: { inputs: { x: [] }, labels: { y: [] } } }, "there is no row to validate on."],
])("fit with %j is refused", async (options, message) => {
  const model = await compiled(SLOPE("optimizer: sgd(lr: 1)")).create();
  await expect(model.fit(below, options)).rejects.toThrow(InputError);
  await expect(model.fit(below, options)).rejects.toThrow(message);
  expect(model.progress.step).toBe(0);
});

test.each([[undefined], [null], [{}], [5], [{ inputs: { x: [1] } }], [{ inputs: null, labels: { y: [1] } }]])(
  "%j is no data",
  async (data) => {
    const model = await compiled(SLOPE("optimizer: sgd(lr: 1)")).create();
    for (const call of ["fit", "evaluate", "partialFit"] as const)
      await expect((model[call] as (rows: unknown) => Promise<unknown>)(data)).rejects.toThrow(InputError);
    await expect(model.fit(() => data as unknown as typeof below)).rejects.toThrow(InputError);
  },
);

describe("weights of rows", () => {
  const spec = SLOPE("optimizer: sgd(lr: 1)  epochs: 1");
  const mapped = `${spec}\ndata { from: "none.csv"  x = x  y = y  row_weight: w }`;
  const weighed = (rowWeight: readonly number[]) => ({ ...below, rowWeight });

  test.each([
    ["a negative one", [1, -1, 1, 1], "rowWeight, row 1: -1 is below 0"],
    ["none", [1, 1, Number.NaN, 1], "rowWeight, row 2: the weight is missing"],
  ])("%s is refused", async (_, weights, message) => {
    const model = await compiled(mapped).create();
    for (const call of ["fit", "evaluate"] as const)
      await expect(model[call](weighed(weights))).rejects.toThrow(message);
  });

  test("are refused where the spec maps none", async () => {
    const model = await compiled(spec).create();
    await expect(model.fit(weighed([1, 1, 1, 1]))).rejects.toThrow("the model's rows have no weights");
  });

  test("leave out an infinite loss where they are 0", async () => {
    const model = await compiled(mapped.replace("loss: mae", "loss: mse")).create();
    const far = { inputs: { x: [0, 0] }, labels: { y: [3e38, 2] } };
    const { losses } = await model.evaluate({ ...far, rowWeight: [0, 1] } as typeof far);
    expect(losses["y"]).toBe(2);
  });
});

test.each([1, 2])("an abort ends the wait for rows of epoch %d that never come", async (at) => {
  const model = await compiled(SLOPE("optimizer: sgd(lr: 1)  epochs: 3  batch: full")).create();
  const abort = new AbortController();
  const rowsOf = (epoch: number) => {
    if (epoch < at) return below;
    setTimeout(() => abort.abort(), 0);
    return new Promise<typeof below>(() => {});
  };
  const { epochs, stopped } = await model.fit(rowsOf, { signal: abort.signal });
  expect([epochs.length, stopped]).toEqual([at - 1, "aborted"]);
  expect((await model.fit(below, { epochs: 1 })).stopped).toBe("finished");
});
