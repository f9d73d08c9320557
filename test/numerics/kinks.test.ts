import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { entriesOf } from "../../src/library/index.js";
import { createBuilder, ops, type Builder, type Value } from "../../src/tensor/index.js";
import { primitives } from "../../src/tensor/primitives/index.js";
import { everyEngine, modelOn, type Start } from "./engines.js";

interface Kink {
  readonly name: string;
  readonly where: string;
  readonly points: readonly (readonly number[])[];
  /** Of Keras on its jax backend. */
  readonly keras: readonly (readonly number[])[];
  readonly torch: readonly (readonly number[])[];
}

const text = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const golden = JSON.parse(text("../golden/kinks.json")) as { cases: Kink[] };
const kinks = golden.cases.map((kink) => [kink.name, kink] as const);

const order = (b: Builder) => ops.constant(b, [1, 2, 3], [3]);

const build: Readonly<Record<string, (b: Builder, x: Value, y: Value) => Value>> = {
  abs: (b, x) => ops.abs(b, x),
  relu: (b, x) => ops.relu(b, x),
  max: (b, x, y) => ops.max(b, x, y),
  min: (b, x, y) => ops.min(b, x, y),
  clip: (b, x) => ops.clip(b, x, -1, 1),
  max_reduce: (b, x) => ops.maxReduce(b, x),
  sort: (b, x) => ops.mul(b, ops.sort(b, x), order(b)),
  max_pool: (b, x) => ops.maxPool(b, ops.reshape(b, x, [1, 2, 3, 1]), { window: [2, 2], strides: [1, 1] }),
  floor: (b, x) => ops.floor(b, x),
  sign: (b, x) => ops.sign(b, x),
  mod: (b, x, y) => ops.mod(b, x, y),
};

async function gradientsOf(start: Start, { points }: Kink, of: (typeof build)[string]): Promise<number[][]> {
  const b = createBuilder("p");
  const values = points.map((p, i) => b.argument(`x${i}`, { dtype: "float", shape: [p.length] }));
  const out = of(b, values[0]!, values[1] ?? values[0]!);
  b.gradients(ops.sumAll(b, out), values).forEach((g, i) => b.result(`g${i}`, g));
  const session = await start({ p: b.build() });
  const given = points.map((p, i) => [
    `x${i}`,
    { dtype: "float" as const, shape: [p.length], data: Float64Array.from(p) },
  ]);
  const found = await session.run("p", Object.fromEntries(given), 1);
  session.dispose();
  return points.map((_, i) => [...found[`g${i}`]!.data]);
}

/** A number that begins at `from`, and by how much one step of gradient descent along a slope of 1 moves it, negated. */
async function slopeOf(start: Start, output: string, loss: string, label: number, from: number) {
  const model = await modelOn(
    start,
    `model Kink {
      input x: float[1]
      task y { output = x |> ${output}  label: float  loss: ${loss} }
    }
    train { optimizer: sgd(lr: 1)  epochs: 1  batch: full }`,
  );
  model.setWeight("y.dense.kernel", [from]);
  await model.fit({ inputs: { x: [1] }, labels: { y: [label] } });
  const kernel = await model.weight("y.dense.kernel");
  model.dispose();
  return from - kernel.data[0]!;
}

const bare = "use_bias: false";
/** mse of 0 against −½ has the slope 1. */
const entries: Readonly<Record<string, (start: Start) => Promise<number>>> = {
  relu: (start) => slopeOf(start, `dense(1, relu, ${bare})`, "mse", -0.5, 0),
  leaky_relu: (start) => slopeOf(start, `dense(1, leaky_relu, ${bare})`, "mse", -0.5, 0),
  elu: (start) => slopeOf(start, `dense(1, elu(0.5), ${bare})`, "mse", -0.5, 0),
  mae: (start) => slopeOf(start, `dense(1, ${bare})`, "mae", 0, 0),
  huber: (start) => slopeOf(start, `dense(1, ${bare})`, "huber(1)", 0, 1),
  l1: (start) => slopeOf(start, `dense(1, ${bare}, kernel_regularizer: l1(0.1))`, "mse", 0, 0),
  l1_l2: (start) => slopeOf(start, `dense(1, ${bare}, kernel_regularizer: l1_l2(0.1, 0.1))`, "mse", 0, 0),
};

describe.each(everyEngine)("as Keras on jax: %s", (_engine, start) => {
  test.each(kinks.filter(([name]) => name in build))("%s", async (name, kink) => {
    expect(await gradientsOf(start, kink, build[name]!)).toEqual(kink.keras);
  });

  test.each(kinks.filter(([name]) => name in entries))("the entry %s", async (name, kink) => {
    expect(await entries[name]!(start)).toBeCloseTo(kink.keras[0]![0]!, 6);
  });
});

test("each kink is seen", () => {
  for (const [name] of kinks) expect(name in build || name in entries, name).toBe(true);
});

/** Each has one derivative wherever it has one at all, or none by nature. */
const smooth = {
  primitive:
    "neg exp log log1p expm1 sqrt sin cos tanh sigmoid softplus erf erfinv not detach barrier add sub mul div pow eq lt " +
    "le and or select cast constant iota size random reshape transpose broadcast slice place pad concat reverse sum " +
    "argmax argsort cumsum gather scatter_add pool_gather pool_scatter matmul conv2d conv2d_input_grad conv2d_filter_grad " +
    "depthwise_conv2d depthwise_conv2d_input_grad depthwise_conv2d_filter_grad max_pool_argmax sum_pool sum_pool_grad scan",
  activation: "gelu linear sigmoid silu smooth_step softmax softplus tanh",
  loss: "binary_crossentropy categorical_crossentropy mse",
  regularizer: "l2",
};

test.each([
  ["primitive", Object.keys(primitives)],
  ["activation", entriesOf("activation").map((entry) => entry.name)],
  ["loss", entriesOf("loss").map((entry) => entry.name)],
  ["regularizer", entriesOf("regularizer").map((entry) => entry.name)],
] as const)("every %s has a kink in the table, or none", (kind, names) => {
  const known = new Set([...smooth[kind].split(" "), ...kinks.map(([name]) => name)]);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});

test("docs/gradients.md is the table of these", () => {
  const page = text("../../docs/gradients.md");
  const shown = (of: Kink["keras"]) => of.map((numbers) => numbers.join(", ")).join("; ");
  const rows = golden.cases.map((kink) => {
    const [ours, theirs] = [shown(kink.keras), shown(kink.torch)];
    return [`\`${kink.name}\``, kink.where, ours, theirs === ours ? "" : theirs];
  });
  const found = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) =>
      line
        .slice(1, -1)
        .split("|")
        .map((cell) => cell.trim()),
    );
  expect(found).toEqual(rows);
});
