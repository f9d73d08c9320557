import { describe, expect, test } from "vitest";
import { type MetaModel, type Model, type TaskRows } from "../../src/index.js";
import { readSafetensors } from "../../src/runtime/safetensors/index.js";
import { emitted, importModule, outFolder } from "../emitted/emit.js";
import { compiled, numbers, rows } from "../helpers.js";
import { hostsIn } from "./hosts.js";

const SPEC = `model Many {
  input x: float[4]
  shared trunk = dense(8, tanh)
  h = x |> trunk |> batch_norm |> dropout(0.2)
  task size { output = h |> dense(2)  label: float[2]?  loss: mse  metrics: [mae, r2] }
  task kind { output = h |> dense(3)  label: category("a", "b", "c")  loss: categorical_crossentropy  metrics: [accuracy] }
}
train { optimizer: adam(lr: 0.01)  epochs: 3  batch: 8  accumulate: 2  balance: uncertainty }
data { from: "none.csv"  x = [a, b, c, d] |> standardize  size = [e, f] |> standardize  kind = kind }`;

const COUNT = 48;
const data = {
  inputs: { x: rows(COUNT, 4, 1) },
  labels: {
    size: rows(COUNT, 2, 2).map((row, i) => (i % 5 === 0 ? null : row.map((v) => 100 + 30 * v))),
    kind: numbers(COUNT, 3).map((v) => Math.floor((v + 1) * 1.49)),
  },
};

const META = `model Waves {
  input x: float
  task wave { output = x |> dense(8, tanh) |> dense(1)  label: float  loss: mse  metrics: [mae] }
}
meta {
  algorithm: maml(inner_steps: 2, inner_lr: 0.05)
  tasks: sinusoids
  episode: { support: 5, query: 5 }
  tasks_per_step: 2
  steps: 6
  optimizer: adam(lr: 0.01)
}`;

/** An InputError, be it of a module that has a class of its own. */
const refusal = { name: "InputError" };

const hosts = hostsIn("concurrency");

const metaFolder = outFolder("concurrency-meta");

const metaHosts = {
  reference: (text: string) => compiled(text).createMeta({ engine: "reference", seed: 4 }),
  wasm: (text: string) => compiled(text).createMeta({ engine: "wasm", seed: 4 }),
  tfjs: (text: string) => compiled(text).createMeta({ engine: "tfjs", seed: 4 }),
  "a standalone module": async (text: string) => {
    const { createModel } = await importModule<MetaModel>(metaFolder, "meta", emitted(text, "standalone"));
    return createModel({ seed: 4 });
  },
} satisfies Record<string, (text: string) => Promise<MetaModel>>;

/** So that results can be compared: numbers of typed arrays, and what a checkpoint says. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, v: unknown) =>
    ArrayBuffer.isView(v) ? [...(v as Float32Array | Uint8Array)] : v,
  );
}

type Call = () => Promise<unknown>;

/** The k-th of many calls, of every kind and on rows of its own. */
function mixed(model: Model, k: number): Call {
  const part = (count: number) => {
    const take = <V>(values: readonly V[]) =>
      Array.from({ length: count }, (_, i) => values[(7 * k + i) % COUNT]!);
    return {
      inputs: { x: take(data.inputs.x) },
      labels: { size: take(data.labels.size), kind: take(data.labels.kind) },
    };
  };
  const calls: Call[] = [
    () => model.predictOne({ x: data.inputs.x[k % COUNT]! }),
    () => model.predict(part(1 + (k % 9)).inputs),
    () => model.evaluate(part(2 + (k % 13))),
    () => model.save({ k: String(k) }),
    () => model.weight("trunk.dense.kernel"),
  ];
  return calls[k % calls.length]!;
}

const supportOf = (k: number): TaskRows => {
  const x = numbers(5, 100 + k);
  return { inputs: { x }, labels: { wave: x.map((v) => Math.sin(v * (1 + (k % 7)))) } };
};

function mixedMeta(model: MetaModel, k: number): Call {
  const calls: Call[] = [
    async () => (await model.adapt(supportOf(k))).predict({ x: [0.1, 0.5, k % 5] }),
    () => model.predictOne({ x: (k % 11) / 11 }),
    async () => (await model.adapt(supportOf(k))).evaluate(supportOf(k + 1)),
    () => model.evaluate(supportOf(k)),
    () => model.save(),
    async () =>
      (await (await model.adapt(supportOf(k))).adapt(supportOf(k), { steps: 1 })).weight("wave.dense.kernel"),
  ];
  return calls[k % calls.length]!;
}

async function oneByOne(calls: readonly Call[]): Promise<string[]> {
  const found: string[] = [];
  for (const call of calls) found.push(plain(await call()));
  return found;
}

describe.each(Object.entries(hosts))("%s", (_, start) => {
  test("1,000 mixed calls at once give what they give one after the other", async () => {
    const model = await start(SPEC);
    await model.fit(data);
    const calls = Array.from({ length: 1000 }, (__, k) => mixed(model, k));
    const right = await oneByOne(calls);
    expect(new Set(right).size).toBeGreaterThan(100);
    const found = await Promise.all(calls.map(async (call) => plain(await call())));
    expect(found).toEqual(right);
    model.dispose();
  });

  test("during a fit each answer is that of the weights after a whole step", async () => {
    const given = { x: data.inputs.x.slice(0, 3) };
    const answer = async (model: Model) => plain(await model.predict(given));
    const counted = await start(SPEC);
    await counted.fit(data, { epochs: 1 });
    const right = [await answer(counted)];
    await counted.fit(data, { onStep: async () => right.push(await answer(counted)) });
    const last = plain(await counted.evaluate(data));
    counted.dispose();

    const model = await start(SPEC);
    await model.fit(data, { epochs: 1 });
    const asked: Promise<string>[] = [];
    const saved: Promise<Uint8Array>[] = [];
    const { epochs } = await model.fit(data, {
      onStep: () => {
        for (let k = 0; k < 4; k++) asked.push(answer(model));
        saved.push(model.save());
      },
      onEpochEnd: async ({ metrics }) => {
        const report = await model.evaluate(data);
        expect(plain(report.metrics)).toBe(plain(metrics));
      },
    });
    expect(epochs).toHaveLength(3);
    const found = await Promise.all(asked);
    expect(found).toHaveLength(4 * (right.length - 1));
    expect(found.filter((text) => !right.includes(text))).toEqual([]);
    expect(new Set(found).size).toBeGreaterThan(4);
    // A checkpoint of the middle holds one step, and training goes on from it to the same end.
    const middle = await saved[4]!;
    const other = await start(SPEC);
    await other.load(middle);
    expect(other.progress.step).toBe(JSON.parse(readSafetensors(middle).metadata["progress"]!).step);
    expect(right).toContain(await answer(other));
    await other.fit(data, { resume: true });
    expect(plain(await other.evaluate(data))).toBe(last);
    other.dispose();
    model.dispose();
  });

  test("a training that is begun while a checkpoint is loaded begins from that checkpoint", async () => {
    const trained = await start(SPEC);
    await trained.fit(data, { epochs: 2 });
    const file = await trained.save();
    await trained.fit(data, { epochs: 1 });
    const model = await start(SPEC);
    const loading = model.load(file);
    await model.fit(data, { epochs: 1 });
    await loading;
    expect(await model.predict(data.inputs)).toEqual(await trained.predict(data.inputs));
    for (const each of [model, trained]) each.dispose();
  });

  test("one training at a time; an abort or an exception leaves the model usable", async () => {
    const model = await start(SPEC);
    const file = await model.save();
    const first = model.fit(data, { epochs: 2 });
    await expect(model.fit(data)).rejects.toMatchObject(refusal);
    await expect(model.partialFit(data)).rejects.toThrow("while a fit of the model is running");
    await expect(model.load(file)).rejects.toMatchObject(refusal);
    expect((await first).epochs).toHaveLength(2);
    const broken = () => {
      throw new Error("of the caller");
    };
    await expect(model.fit(data, { onStep: broken })).rejects.toThrow("of the caller");
    await expect(model.fit(data, { onEpochEnd: async () => broken() })).rejects.toThrow("of the caller");
    const abort = new AbortController();
    const stop = ({ step }: { step: number }) => step % 3 === 2 && abort.abort();
    expect(await model.fit(data, { onStep: stop, signal: abort.signal })).toMatchObject({
      stopped: "aborted",
    });
    expect((await model.fit(data, { epochs: 1 })).stopped).toBe("finished");
    const [report, one] = await Promise.all([
      model.evaluate(data),
      model.predictOne({ x: data.inputs.x[0]! }),
    ]);
    expect([plain(report), plain(one)]).toEqual([
      plain(await model.evaluate(data)),
      plain(await model.predictOne({ x: data.inputs.x[0]! })),
    ]);
    model.dispose();
  });

  test("after dispose every call is an InputError, those that wait included", async () => {
    const model = await start(SPEC);
    await model.fit(data, { epochs: 1 });
    const file = await model.save();
    const calls: Call[] = [
      () => model.fit(data),
      () => model.partialFit(data),
      () => model.evaluate(data),
      () => model.predict(data.inputs),
      () => model.predictOne({ x: data.inputs.x[0]! }),
      () => model.save(),
      () => model.load(file),
      () => model.loadWeights(file),
      () => model.weight("trunk.dense.kernel"),
      () => model.setWeight("trunk.dense.bias", Array(8).fill(0)),
    ];
    const training = expect(model.fit(data, { epochs: 50, onStep: () => model.dispose() })).rejects.toThrow(
      "the model is disposed",
    );
    const waiting = [model.save(), model.predict(data.inputs)].map((call) =>
      call.catch((error: unknown) => error),
    );
    await training;
    for (const result of await Promise.all(waiting)) expect(result).not.toBeInstanceOf(TypeError);
    model.dispose();
    for (const call of calls) await expect(call()).rejects.toMatchObject(refusal);
    expect(model.progress.step).toBeGreaterThan(0);
  });
});

test("rows are taken as they are when the call is made", async () => {
  const model = await compiled(SPEC).create({ engine: "wasm", seed: 4 });
  await model.fit(data);
  const right = await Promise.all(data.inputs.x.map((x) => model.predictOne({ x })));
  const shared = [0, 0, 0, 0];
  const asked = data.inputs.x.map((x) => {
    x.forEach((value, i) => (shared[i] = value));
    return model.predictOne({ x: shared });
  });
  expect(await Promise.all(asked)).toEqual(right);
});

describe.each(Object.entries(metaHosts))("learning to learn: %s", (_, start) => {
  test("1,000 mixed calls at once, adapt among them", async () => {
    const model = await start(META);
    await model.metaFit({ steps: 3 });
    const calls = Array.from({ length: 1000 }, (__, k) => mixedMeta(model, k));
    const right = await oneByOne(calls);
    const found = await Promise.all(calls.map(async (call) => plain(await call())));
    expect(found).toEqual(right);
    model.dispose();
  });

  test("during a metaFit each adapted model is that of the weights after a whole step", async () => {
    const answer = async (model: MetaModel) => {
      const adapted = await model.adapt(supportOf(1));
      return plain(await adapted.predict({ x: [0.3, -0.2] }));
    };
    const counted = await start(META);
    const right = [await answer(counted)];
    await counted.metaFit({ onStep: async () => right.push(await answer(counted)) });
    expect(new Set(right).size).toBe(7);
    counted.dispose();
    const model = await start(META);
    const asked: Promise<string>[] = [answer(model)];
    const training = model.metaFit({ onStep: () => asked.push(answer(model), answer(model)) });
    await expect(model.metaFit()).rejects.toMatchObject(refusal);
    await training;
    const found = await Promise.all(asked);
    expect(found.filter((text) => !right.includes(text))).toEqual([]);
    // A task that does not fit is found before anything of its step is done.
    const file = await model.save();
    let drawn = 0;
    const bad = () => {
      const support = supportOf(drawn++);
      return { support, query: drawn === 1 ? support : { inputs: { x: [1] }, labels: { wave: [1] } } };
    };
    await expect(model.metaFit({ draw: bad })).rejects.toThrow("the task's query has 1 rows, not 5.");
    const again = await start(META);
    await again.load(file);
    await Promise.all([model, again].map((each) => each.metaFit({ steps: 2 })));
    expect(await answer(model)).toBe(await answer(again));
    model.dispose();
    await expect(model.adapt(supportOf(1))).rejects.toMatchObject(refusal);
    await expect(model.metaEvaluate({ episodes: 1 })).rejects.toMatchObject(refusal);
  });
});
