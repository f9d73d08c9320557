import { describe, expect, test } from "vitest";
import { lowerModel } from "../../src/compile.js";
import { compile } from "../../src/index.js";
import { ModelAnalysis } from "../../src/model/analysis.js";
import { flopsOf as flopsOfModel } from "../../src/model/flops.js";
import { multiplyAddsOf } from "../../src/tensor/index.js";
import { compiled } from "../helpers.js";

/** What a budget of less than nothing says the model takes. */
function flopsOf(inputs: string, output: string, width: number): number {
  const label = width === 1 ? "float" : `float[${width}]`;
  const text = `model M { ${inputs}  task t { output = ${output}  label: ${label}  loss: mse } }
    budget { flops < 0 }`;
  const found = compile(text).diagnostics.find((d) => d.code === "NN5004");
  return Number(/[\d,]+/.exec(found!.message.replace(/^[^\d]*/, ""))![0].replaceAll(",", ""));
}

/** Two for a multiply-add, by hand, and one for every number that a layer gives. */
describe("operations of a row", () => {
  test.each<[string, string, string, number, number]>([
    ["dense", "input x: float[10]", "x |> dense(8, relu) |> dense(1)", 1, 2 * (80 + 8) + 8 + 1],
    [
      "a dense layer on each step",
      "input x: float[6, 10]",
      "x |> dense(4) |> flatten |> dense(1)",
      1,
      2 * (6 * 40 + 24) + 24 + 24 + 1,
    ],
    // 6 × 6 windows of 3 × 3 × 2, for 5 channels.
    [
      "conv2d",
      "input x: float[8, 8, 2]",
      "x |> conv2d(5, 3) |> global_avg_pool2d |> dense(1)",
      1,
      2 * (36 * 18 * 5 + 5) + 180 + 5 + 1,
    ],
    [
      "a strided conv2d",
      "input x: float[8, 8, 2]",
      "x |> conv2d(5, 3, strides: 2, padding: same) |> global_avg_pool2d |> dense(1)",
      1,
      2 * (16 * 18 * 5 + 5) + 80 + 5 + 1,
    ],
    // Query, key and value, the scores, their use, and the output.
    [
      "attention",
      "input x: float[128, 16]",
      "x |> multi_head_attention(1, 8) |> flatten |> dense(1)",
      1,
      2 * (3 * 128 * 16 * 8 + 128 * 128 * 8 + 128 * 128 * 8 + 128 * 8 * 16 + 2048) + 2048 + 2048 + 1,
    ],
    [
      "attention of four heads",
      "input x: float[10, 6]",
      "x |> multi_head_attention(4, 3, value_dim: 2) |> flatten |> dense(1)",
      1,
      2 * (10 * 6 * (12 + 12 + 8) + 4 * 100 * 3 + 4 * 100 * 2 + 10 * 8 * 6 + 60) + 60 + 60 + 1,
    ],
    [
      "attention between two",
      "input x: float[5, 6]  input y: float[9, 4]",
      "multi_head_attention(x, y, num_heads: 2, key_dim: 3) |> flatten |> dense(1)",
      1,
      2 * (5 * 6 * 6 + 2 * 9 * 4 * 6 + 2 * (5 * 9 * 3) * 2 + 5 * 6 * 6 + 30) + 30 + 30 + 1,
    ],
    // Each of 12 steps: four gates of the input and of the state.
    ["lstm", "input x: float[12, 3]", "x |> lstm(7) |> dense(1)", 1, 2 * (12 * 28 * (3 + 7) + 7) + 7 + 1],
    [
      "dot of two values",
      "input x: float[6]",
      "dot(x, stack(x |> dense(4), x |> dense(4), x |> dense(4), x |> dense(4), x |> dense(4), x |> dense(4)))",
      4,
      2 * (6 * 24 + 24) + 24 + 24 + 4,
    ],
    ["nothing that is not predicted", "input x: float[10]  h = x |> dense(100)", "x |> dense(1)", 1, 20 + 1],
  ])("%s", (_, inputs, output, width, flops) => {
    expect(flopsOf(inputs, output, width)).toBe(flops);
  });
});

/** What every layer says of its own work is what its program does. */
test.each([
  ["x |> dense(4, relu)", "image |> conv2d(5, 3, strides: 2, padding: same)"],
  ["x |> selector(8)", "series |> lstm(7, return_sequences: true)"],
  ["series |> multi_head_attention(2, 3, value_dim: 5)", "series |> dense(4)"],
  ["dot(x, w)", "series |> layer_norm"],
  ["word |> embedding(4) |> tied_dense(9, to: a.embedding.embeddings)", "word |> one_hot"],
])("multiply-adds of %s and %s", (a, c) => {
  const { document } = compiled(`model M {
    input x: float[6]  input image: float[8, 8, 3]  input series: float[5, 3]  input word: category(9)
    weight w: float[6, 3] = ones
    a = ${a}
    c = ${c}
    task t { output = concat(a |> flatten, c |> flatten) |> dense(1)  label: float  loss: mse }
  }`);
  const model = new ModelAnalysis(document);
  const gives = document.nodes
    .filter(({ id, type }) => type.batched && model.reach.hasValue(id))
    .filter(
      ({ layer, type, inputs }) =>
        layer !== "flatten" || model.types.get(inputs[0]!)!.dims.length !== type.dims.length,
    )
    .reduce((sum, { type }) => sum + type.dims.reduce((n, d) => n * d, 1), 0);
  const { predict } = lowerModel(document).programs;
  expect(flopsOfModel(model)).toBe(2 * multiplyAddsOf(predict, 1) + gives);
});
