import type { Model } from "../../src/index.js";
import { compiled, numbers, rows } from "../helpers.js";
import type { Target } from "./checkpoint-detector.js";

/** A model with a checkpoint of its own, and one of another training that it is in before each case. */
export interface Subject {
  readonly name: string;
  readonly target: Target;
  readonly before: Uint8Array;
  readonly original: Uint8Array;
}

const plain = `model M {
  input x: float[2]
  h = x |> dense(3, tanh) |> batch_norm
  task t { output = h |> dense(1)  label: float  loss: mse  metrics: [mae] }
}
train { optimizer: adam(lr: 0.01)  epochs: 2  batch: 2  stop: early(monitor: [validation.t.loss, validation.t.mae], patience: 9) }
data { from: "a.csv"  x = [a, b] |> impute(mean) |> standardize  t = t |> min_max }`;

const balanced = `model N {
  input x: float[2]
  shared trunk = dense(3, tanh)
  h = x |> trunk
  task t { output = h |> dense(1)  label: float?  loss: mse }
  task u { output = h |> dense(3, softmax)  label: category(3)  loss: categorical_crossentropy  class_weights: balanced }
}
train { optimizer: momentum(lr: 0.01)  balance: uncertainty  epochs: 2  batch: 2 }`;

const meta = `model Q {
  input x: float
  task y { output = x |> dense(3, tanh) |> dense(1)  label: float  loss: mse }
}
meta { algorithm: meta_sgd  tasks: sinusoids  episode: { support: 3, query: 3 }  steps: 4 }`;

const data = { inputs: { x: rows(6, 2) }, labels: { t: numbers(6, 7), u: [0, 1, 2, 0, 1, 2] } };
const ofPlain = { inputs: data.inputs, labels: { t: data.labels.t } };

async function trained(spec: string, seed: number, work: (model: Model) => Promise<unknown>) {
  const model = await compiled(spec).create({ engine: "wasm", seed });
  await work(model);
  return model;
}

const subject = async (
  name: string,
  spec: string,
  rowsOf: typeof data | typeof ofPlain,
  work: (model: Model) => Promise<unknown>,
): Promise<Subject> => {
  const first = await trained(spec, 1, work);
  const model = await trained(spec, 3, (one) => one.fit(rowsOf, { epochs: 1 }));
  const before = await model.save();
  const target = Object.assign(model, {
    reset: () => model.load(before),
    resume: () => model.fit(rowsOf, { resume: true, epochs: 9, validation: rowsOf }),
  });
  return { name, target, before: await model.save(), original: await first.save({ by: "us", split: "abc" }) };
};

async function metaSubject(): Promise<Subject> {
  const start = async (seed: number, steps: number) => {
    const model = await compiled(meta).createMeta({ engine: "wasm", seed });
    await model.metaFit({ steps });
    return model;
  };
  const first = await start(1, 3);
  const model = await start(3, 2);
  const before = await model.save();
  const target = Object.assign(model, {
    reset: () => model.load(before),
    resume: () => model.metaFit({ resume: true, steps: 5 }),
  });
  return { name: "meta", target, before, original: await first.save() };
}

/** Models at different moments of different trainings. */
export function makeSubjects(): Promise<Subject[]> {
  const abort = new AbortController();
  let steps = 0;
  const interrupted = {
    validation: ofPlain,
    signal: abort.signal,
    onStep: () => void (++steps === 5 && abort.abort()),
  };
  return Promise.all([
    subject("finished", plain, ofPlain, (model) => model.fit(ofPlain, { validation: ofPlain })),
    subject("interrupted", plain, ofPlain, (model) => model.fit(ofPlain, interrupted)),
    subject("balanced", balanced, data, (model) => model.fit(data)),
    subject("new", balanced, data, async () => {}),
    metaSubject(),
  ]);
}
