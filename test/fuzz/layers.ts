import type { Random } from "./random.js";

/** A value of a spec: its name, and the dimensions of one row. */
export interface Value {
  readonly name: string;
  readonly dims: readonly number[];
}

const activations = [
  "smooth_step",
  "relu",
  "tanh",
  "sigmoid",
  "gelu",
  "elu",
  "silu",
  "softplus",
  "leaky_relu",
  "linear",
  "softmax",
];

/** What may follow a value: the text after `|>`, and the dimensions that come of it. */
type Stage = (
  random: Random,
  dims: readonly number[],
) => readonly [text: string, dims: readonly number[]] | undefined;

const activation = (random: Random) => random.pick(activations);

const initializer = (random: Random) =>
  random.chance(0.2)
    ? `, kernel_initializer: ${random.pick(["he_normal", "orthogonal", "glorot_normal", "uniform", "normal(stddev: 0.3)"])}`
    : "";

const regularizer = (random: Random) =>
  random.chance(0.15)
    ? `, kernel_regularizer: ${random.pick(["l2(0.01)", "l1(0.003)", "l1_l2(0.002, 0.01)"])}`
    : "";

const dense: Stage = (random, dims) => {
  const units = random.int(2, 6);
  const bias = random.chance(0.15) ? ", use_bias: false" : "";
  return [
    `dense(${units}, ${activation(random)}${bias}${initializer(random)}${regularizer(random)})`,
    [...dims.slice(0, -1), units],
  ];
};

const same =
  (text: (random: Random) => string): Stage =>
  (random, dims) => [text(random), dims];

const layerNorm = same(() => "layer_norm");
const batchNorm = same((random) => (random.chance(0.5) ? "batch_norm" : "batch_norm(momentum: 0.8)"));
const dropout = same((random) => `dropout(${random.pick([0.1, 0.3, 0.5])})`);
const applied = same(activation);
const reversal = same(() => "gradient_reversal(lambda: 0.4)");

const anyRank: readonly Stage[] = [dense, dense, layerNorm, batchNorm, dropout, applied];

const slice: Stage = (random, dims) => {
  const size = dims.at(-1)!;
  if (size < 3) return undefined;
  const taken = random.int(2, size - 1);
  return [`slice(${random.int(0, size - taken)}, ${taken})`, [...dims.slice(0, -1), taken]];
};

const ofVectors: readonly Stage[] = [...anyRank, slice, reversal, dense];

const lstm: Stage = (random, [time]) => {
  const units = random.int(2, 4);
  return random.chance(0.4)
    ? [`lstm(${units}, return_sequences: true)`, [time!, units]]
    : [`lstm(${units})`, [units]];
};

const attention: Stage = (random, dims) => {
  const causal = random.chance(0.3) ? ", causal: true" : "";
  const drops = random.chance(0.2) ? ", dropout: 0.2" : "";
  return [`multi_head_attention(${random.int(1, 2)}, ${random.int(2, 3)}${causal}${drops})`, dims];
};

const overTime: Stage = (_, [, features]) => ["last", [features!]];
const taken: Stage = (random, [time, features]) => [`take(${random.int(0, time! - 1)})`, [features!]];
const flat: Stage = (_, dims) => ["flatten", [dims.reduce((a, d) => a * d, 1)]];

const ofSequences: readonly Stage[] = [
  ...anyRank,
  lstm,
  lstm,
  attention,
  attention,
  overTime,
  taken,
  flat,
  slice,
];

const conv: Stage = (random, [height, width]) => {
  const filters = random.int(1, 4);
  const kernel = random.int(1, Math.min(3, height!, width!));
  const act = random.chance(0.5) ? `, ${activation(random)}` : "";
  const strides = random.chance(0.2) ? ", strides: 2" : "";
  const step = strides === "" ? 1 : 2;
  if (random.chance(0.5)) {
    const out = [Math.ceil(height! / step), Math.ceil(width! / step), filters];
    return [`conv2d(${filters}, ${kernel}${act}, padding: same${strides})`, out];
  }
  const size = (d: number) => Math.floor((d - kernel) / step) + 1;
  return [`conv2d(${filters}, ${kernel}${act}${strides})`, [size(height!), size(width!), filters]];
};

const pool: Stage = (random, [height, width, channels]) => {
  if (height! < 2 || width! < 2) return undefined;
  const kind = random.pick(["max_pool2d", "avg_pool2d"]);
  return [`${kind}(2)`, [Math.floor(height! / 2), Math.floor(width! / 2), channels!]];
};

const overImage: Stage = (_, dims) => ["global_avg_pool2d", [dims[2]!]];

const ofImages: readonly Stage[] = [...anyRank, conv, conv, conv, pool, overImage, flat];

function stagesFor(dims: readonly number[]): readonly Stage[] {
  return dims.length === 1 ? ofVectors : dims.length === 2 ? ofSequences : ofImages;
}

/** A chain of so many stages at most. */
export function chain(
  random: Random,
  from: Value,
  length: number,
): { text: string; dims: readonly number[] } {
  let { dims } = from;
  let text = from.name;
  for (let i = 0; i < length; i++) {
    const stage = random.pick(stagesFor(dims))(random, dims);
    if (!stage) continue;
    text += ` |> ${stage[0]}`;
    dims = stage[1];
  }
  return { text, dims };
}

/** The stages that bring any value to a vector of so many numbers. */
export function toVector(random: Random, dims: readonly number[], units: number, act: string): string {
  const down =
    dims.length === 1
      ? ""
      : dims.length === 2
        ? ` |> ${random.pick(["last", "flatten", "lstm(3)"])}`
        : ` |> ${random.pick(["flatten", "global_avg_pool2d"])}`;
  return `${down} |> dense(${units}, ${act})`;
}

/** Puts vectors of one length together. */
export function merged(random: Random, names: readonly string[]): string {
  if (names.length === 1) return names[0]!;
  const [first, second] = names;
  return random.pick([
    `concat(${names.join(", ")})`,
    `add(${names.join(", ")})`,
    `mean(${names.join(", ")})`,
    `multiply(${first}, ${second})`,
    `${first} - 0.5 * ${second}`,
    `(stack(${names.join(", ")}) |> flatten)`,
    `${first} / (1.5 + (${second} |> sigmoid))`,
    `add(${first}, (${second} |> detach))`,
    `dot((${first} |> dense(2, softmax)), stack(${first}, ${second}))`,
    `dot((${first} |> selector(2)), stack(${first}, ${second}))`,
  ]);
}

export const hiddenActivation = activation;
