import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.js";
import { compiled, rows } from "../helpers.js";

const spec = (output: string, label: string, loss: string, rest = "") => `model M {
  input x: float[4]
  task t { output = ${output}  label: ${label}  loss: ${loss} }
}
${rest}`;

const categorical = (output: string) => spec(output, "category(3)", "categorical_crossentropy");
const binary = (output: string, size = "") => spec(output, `binary${size}`, "binary_crossentropy");
const labelled = (output: string, transforms: string, loss = "mse") =>
  spec(output, "float", loss, `data { from: "none.csv"  x = [a, b, c, d]  t = y ${transforms} }`);

const messages = (text: string): string[] =>
  compile(text).diagnostics.map((d) => `${d.code} ${d.message} | ${d.hint}`);

describe("what ends linearly is logits", () => {
  const endings = [
    "dense(3)",
    "dense(3) |> layer_norm",
    "dense(3) |> batch_norm",
    "dense(3) |> dropout(0.5)",
    "dense(3, relu) |> batch_norm",
    "dense(3) |> reshape([3])",
    "dense(3) |> layer_norm |> dropout(0.1)",
    "dense(3) |> gradient_reversal",
    "dense(3) |> detach",
    "dense(3) |> linear",
    "reshape([2, 2, 1]) |> conv2d(3, 2) |> flatten",
    "reshape([2, 2, 1]) |> conv2d(3, 1) |> global_avg_pool2d",
    "reshape([2, 2, 1]) |> conv2d(3, 1) |> max_pool2d(2) |> flatten",
    "reshape([4, 1]) |> multi_head_attention(1, 2) |> reshape([4]) |> slice(0, 3)",
  ];
  const inputs = { x: rows(6, 4, 3) };
  const t = [0, 1, 2, 0, 1, 2];
  test.each(endings)("%s", async (ending) => {
    const text = categorical(`x |> ${ending}`);
    expect(messages(text).map((m) => m.slice(0, 6))).toEqual(["NN4003"]);
    const model = await compiled(text).create({ engine: "reference" });
    const { logits, probabilities } = (await model.predict({ ...inputs }))["t"] as {
      logits: Float32Array;
      probabilities: Float32Array;
    };
    // The cross-entropy of a softmax: log Σ exp z - z of the class.
    const losses = t.map((label, row) => {
      const z = [...logits.subarray(3 * row, 3 * row + 3)];
      const total = z.reduce((sum, x) => sum + Math.exp(x), 0);
      z.forEach((x, k) => expect(probabilities[3 * row + k]).toBeCloseTo(Math.exp(x) / total, 6));
      return Math.log(total) - z[label]!;
    });
    const { loss } = await model.evaluate({ inputs, labels: { t } });
    expect(loss).toBeCloseTo(losses.reduce((a, b) => a + b, 0) / 6, 5);
  });
});

describe("an output that cannot become what the loss wants gets a warning with the line to write", () => {
  const TAKES = "`categorical_crossentropy` takes logits or the probabilities of a `softmax`.";
  const TAKES_EACH = "`binary_crossentropy` takes logits or those of a `sigmoid`.";
  const DENSE = "Write `output = … |> dense(3, softmax)`.";
  test.each<[string, string, string]>([
    ["relu", categorical("x |> dense(3, relu)"), `lies from 0 up; ${TAKES} | ${DENSE}`],
    [
      "relu with dropout",
      categorical("x |> dense(3, relu) |> dropout(0.5)"),
      `lies from 0 up; ${TAKES} | ${DENSE}`,
    ],
    [
      "sigmoid",
      categorical("x |> dense(3, sigmoid)"),
      `need not sum to 1 over the classes; ${TAKES} | ${DENSE}`,
    ],
    [
      "a sigmoid of a sigmoid",
      binary("x |> dense(1, sigmoid) |> sigmoid"),
      `lies from 0.5 to 0.731059; ${TAKES_EACH} | Write \`output = … |> dense(1, sigmoid)\`.`,
    ],
    [
      "a sigmoid of a relu",
      binary("x |> dense(1, relu) |> sigmoid"),
      `lies from 0.5 to 1; ${TAKES_EACH} | Write \`output = … |> dense(1, sigmoid)\`.`,
    ],
    [
      "a softmax of a softmax",
      categorical("x |> dense(3, softmax) |> softmax"),
      `lies from 0.155362 to 0.576117; ${TAKES} | ${DENSE}`,
    ],
    ["tanh", categorical("x |> dense(3, tanh)"), `lies from -1 to 1; ${TAKES} | ${DENSE}`],
    [
      "gelu, a stage",
      categorical("x |> dense(3) |> gelu"),
      `lies from -0.170041 up; ${TAKES} | Write \`… |> softmax\` in the place of \`… |> gelu\`.`,
    ],
    [
      "leaky relu",
      categorical("x |> dense(3, leaky_relu)"),
      `lies anywhere, without being linear; ${TAKES} | ${DENSE}`,
    ],
    ["an lstm", categorical("x |> reshape([4, 1]) |> lstm(3)"), `lies from -1 to 1; ${TAKES} | ${DENSE}`],
    [
      "dropout of probabilities",
      categorical("x |> dense(3, softmax) |> dropout(0.5)"),
      `lies from 0 to 2; ${TAKES} | ${DENSE}`,
    ],
    [
      "the sum of two relus",
      categorical("(x |> dense(3, relu)) + (x |> dense(3, relu))"),
      `lies from 0 up; ${TAKES} | ${DENSE}`,
    ],
    [
      "softmax over one number",
      binary("x |> dense(1, softmax)"),
      "is always 1, whatever the weights are. | Write `output = … |> dense(1, sigmoid)`.",
    ],
    [
      "relu under binary",
      binary("x |> dense(1, relu)"),
      `lies from 0 up; ${TAKES_EACH} | Write \`output = … |> dense(1, sigmoid)\`.`,
    ],
    [
      "tanh under binary",
      binary("x |> dense(1) |> tanh"),
      `lies from -1 to 1; ${TAKES_EACH} | Write \`… |> sigmoid\` in the place of \`… |> tanh\`.`,
    ],
    [
      "softmax under several binaries",
      binary("x |> dense(2, softmax)", "[2]"),
      `sums to 1 over its numbers, which are labelled one by one; ${TAKES_EACH} | Write \`output = … |> dense(2, sigmoid)\`.`,
    ],
    [
      "relu on a standardized label",
      labelled("x |> dense(1, relu)", "|> standardize"),
      "lies from 0 up, but its label reaches from -2 to 2 after its transforms. | Write `output = … |> dense(1)`.",
    ],
    [
      "tanh on a standardized label",
      labelled("x |> dense(1, tanh)", "|> standardize"),
      "lies from -1 to 1, but its label reaches from -2 to 2 after its transforms. | Write `output = … |> dense(1)`.",
    ],
    [
      "sigmoid under mae and huber",
      labelled("x |> dense(1) |> sigmoid", "|> log |> standardize", "huber(delta: 1)"),
      "lies from 0 to 1, but its label reaches from -2 to 2 after its transforms. | Take `|> sigmoid` out.",
    ],
    [
      "softplus on a robust label",
      labelled("x |> dense(1, softplus)", "|> robust", "mae"),
      "lies from 0 up, but its label reaches from -1 to 1 after its transforms. | Write `output = … |> dense(1)`.",
    ],
    [
      "sigmoid on a scaled label",
      labelled("x |> dense(1, sigmoid)", "|> min_max |> scale(factor: 10)"),
      "lies from 0 to 1, but its label reaches from 0 to 10 after its transforms. | Write `output = … |> dense(1)`.",
    ],
    [
      "softmax over one number under mse",
      labelled("x |> dense(1, softmax)", ""),
      "is always 1, whatever the weights are. | Write `output = … |> dense(1)`.",
    ],
    [
      "a standardized label under a cross-entropy",
      labelled("x |> dense(1, sigmoid)", "|> standardize", "binary_crossentropy"),
      "is compared with a label that reaches from -2 to 2 after its transforms, which are no probabilities. | Take the transforms of `t` out of the `data` section.",
    ],
  ])("%s", (_, text, message) => {
    const found = messages(text).filter((m) => m.startsWith("NN4008"));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`NN4008 The output of \`t\` ${message}`);
  });

  test.each<[string, string]>([
    ["softmax", categorical("x |> dense(3, softmax)")],
    ["softmax in another shape", categorical("x |> dense(3, softmax) |> reshape([3])")],
    ["a mean of softmaxes", categorical("mean((x |> dense(3, softmax)), (x |> dense(3, softmax)))")],
    [
      "a mixture of experts",
      categorical("dot((x |> dense(2, softmax)), stack((x |> dense(3, softmax)), (x |> dense(3, softmax))))"),
    ],
    ["sigmoid", binary("x |> dense(1, sigmoid)")],
    ["sigmoids one by one", binary("x |> dense(2, sigmoid)", "[2]")],
    ["smooth step", binary("x |> dense(1) |> smooth_step")],
    ["one of two shares", binary("x |> dense(2, softmax) |> slice(1, 1)")],
    ["the other of a probability", binary("1 - (x |> dense(1, sigmoid))")],
    ["relu on a label as it is", labelled("x |> dense(1, relu)", "")],
    ["softplus on counts", labelled("x |> dense(1, softplus)", "|> log1p")],
    ["sigmoid from 0 to 1", labelled("x |> dense(1, sigmoid)", "|> min_max")],
    ["tanh from 0 to 1", labelled("x |> dense(1, tanh)", "|> min_max")],
    ["three tanhs on a standardized label", labelled("3 * (x |> dense(1, tanh))", "|> standardize")],
    ["linear on a standardized label", labelled("x |> dense(1)", "|> standardize")],
    ["sums of tanhs, which are logits", categorical("(x |> dense(3, tanh)) + (x |> dense(3, tanh))")],
    ["a gated sum", categorical("(x |> dense(3)) * (x |> dense(3, sigmoid))")],
    ["leaky relu on a standardized label", labelled("x |> dense(1, leaky_relu)", "|> standardize")],
    ["sigmoid on a binary label", spec("x |> dense(1, sigmoid)", "binary", "mse")],
  ])("none for %s", (_, text) => {
    const found = compile(text).diagnostics.filter((d) => d.severity !== "hint");
    expect(found.map((d) => d.message)).toEqual([]);
  });
});
