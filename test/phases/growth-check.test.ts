import { test } from "vitest";
import { compile } from "../../src/compile.js";
import { expectLinear } from "../work.js";

/** So many mistakes that all further ones are counted and not told. */
const SIZE = 150;

const repeated = (n: number, text: (i: number) => string, between = "\n  ") =>
  Array.from({ length: n }, (_, i) => text(i)).join(between);

const model = (body: string, rest = "train { optimizer: adam(lr: 0.001) }") =>
  `model Grown {\n  input x: float[8]\n  ${body}\n  task y { output = x |> dense(2) label: float[2] loss: mse }\n}\n${rest}\n`;

/** Texts of so many parts, with mistakes and without. */
const texts: readonly (readonly [string, (n: number) => string])[] = [
  [
    "layers in sequence",
    (n) => model(repeated(n, (i) => `h${i} = ${i === 0 ? "x" : `h${i - 1}`} |> dense(8)`)),
  ],
  ["layers that nobody reads", (n) => model(repeated(n, (i) => `h${i} = x |> dense(8, relu)`))],
  [
    "a value added to itself",
    (n) => model(repeated(n, (i) => `h${i} = ${i === 0 ? "x + x" : `h${i - 1} + h${i - 1}`}`)),
  ],
  ["tied layers", (n) => model(`a = x |> dense(8)\n  ${repeated(n, (i) => `h${i} = x |> tied(to: a)`)}`)],
  ["shared layers", (n) => model(repeated(n, (i) => `shared s${i} = dense(8)\n  h${i} = x |> s${i}`))],
  ["weights", (n) => model(repeated(n, (i) => `weight w${i}: float[8] = zeros\n  h${i} = x + w${i}`))],
  ["tasks", (n) => model(repeated(n, (i) => `task t${i} { output = x |> dense(1) label: float loss: mse }`))],
  ["inputs", (n) => model(repeated(n, (i) => `input i${i}: float[2]\n  h${i} = i${i} |> dense(2)`))],
  [
    "constants",
    (n) =>
      `${repeated(n, (i) => `const c${i} = ${i === 0 ? "8" : `c${i - 1} + 0`}`)}\n${model(`h = x |> dense(c${n - 1})`)}`,
  ],
  [
    "blocks in blocks",
    (n) =>
      `${repeated(n, (i) => `block b${i}(v: tensor) { return v |> ${i === 0 ? "dense(8)" : `b${i - 1}`} }`)}\n${model("h = x |> b0")}`,
  ],
  [
    "uses of one block",
    (n) => `block b(v: tensor) { return v |> dense(8) }\n${model(repeated(n, (i) => `h${i} = x |> b`))}`,
  ],
  ["arguments of a call", (n) => model(`h = concat(${repeated(n, () => "x", ", ")})`)],
  ["items of a list", (n) => model(`h = concat([${repeated(n, () => "x", ", ")}])`)],
  ["stages of a pipe", (n) => model(`h = x${repeated(n, () => " |> dense(8)", "")}`)],
  ["terms of a sum", (n) => model(`h = ${repeated(n, () => "x", " + ")}`)],
  ["parentheses", (n) => model(`h = ${"(".repeat(n)}x${")".repeat(n)}`)],
  ["items in a comprehension", (n) => model(`h = concat([for i in 1..${n}: x |> dense(i)])`)],
  ["repeats", (n) => model(`h = x |> repeat ${n} { dense(8) }`)],
  ...[
    "balance: pcgrad",
    "balance: uncertainty",
    "balance: pcgrad(on: *.kernel)",
    "optimizer *.bias: sgd",
    "freeze: [*.kernel]",
    "freeze: [*.kernel]  optimizer *.kernel: sgd  optimizer *.dense.kernel: adam",
    "freeze *: { until: 3 }",
    "stop: early",
    "stop: early(monitor: validation.nothing.loss)",
  ].map((setting): readonly [string, (n: number) => string] => [
    `train sections and tasks, with ${setting}`,
    (n) =>
      model(
        repeated(n, (i) => `task t${i} { output = x |> dense(1) label: float loss: mae }`),
        repeated(n, (i) => `train a${i} { ${setting} }`),
      ),
  ]),
  [
    "tasks that look at each other, balanced",
    (n) =>
      model(
        repeated(
          n,
          (i) =>
            `task t${i} { output = ${i === 0 ? "x" : `t${i - 1}.output`} |> dense(1) label: float loss: mse }`,
        ),
        "train { balance: pcgrad }",
      ),
  ],
  ["documentation", (n) => model(`${repeated(n, () => "/// Said of it.")}\n  h = x |> dense(8)`)],
  ["comments and blank lines", (n) => model(`${repeated(n, () => "// Said of it.\n")}\n  h = x |> dense(8)`)],
  [
    "learning rates by pattern",
    (n) =>
      model(
        repeated(n, (i) => `h${i} = x |> dense(8)`),
        `train { optimizer: adam(lr: 0.001)\n${repeated(n, (i) => `  optimizer h${i}.*: sgd(lr: 0.1)`)}\n}`,
      ),
  ],
  [
    "train sections",
    (n) =>
      model(
        "",
        repeated(n, (i) => `train t${i} { optimizer: adam(lr: 0.001) }`),
      ),
  ],
  [
    "columns of data",
    (n) => model("", `data { from: "a.csv"\n  x = [${repeated(n, (i) => `c${i}`, ", ")}]\n  y = [a, b] }`),
  ],
  [
    "categories",
    (n) => model(`input k: category(${repeated(n, (i) => `"k${i}"`, ", ")})\n  h = k |> embedding(2)`),
  ],
  [
    "items of a list of numbers, each by its index",
    (n) =>
      `const l = [${repeated(n, () => "8", ", ")}]\n${model(repeated(n, (i) => `h${i} = x |> dense(l[${i}])`))}`,
  ],
  [
    "data files, and shares of others",
    (n) =>
      model(
        "",
        `data { ${repeated(n, (i) => `from f${i}: "a.csv"`)}
  x = f0[a, b, c, d, e, f, g, h]  y = f0[i, j]
  sampler: weighted({ ${repeated(n, (i) => `g${i}: 1`, ", ")} }) }`,
      ),
  ],
  [
    "data files with a task each, whose labels the others lack",
    (n) =>
      model(
        repeated(n, (i) => `task t${i} { output = x |> dense(1) label: float loss: mse }`),
        `data { ${repeated(n, (i) => `from f${i}: "a.csv"`)}
  ${repeated(n, (i) => `x = f${i}[a, b]\n  t${i} = f${i}.y`)} }`,
      ),
  ],
  [
    "columns of data files that are not there",
    (n) =>
      model(
        repeated(n, (i) => `input i${i}: float`),
        `data { ${repeated(n, (i) => `from f${i}: "a.csv"`)}\n${repeated(n, (i) => `i${i} = g${i}.a`)} }`,
      ),
  ],
  [
    "columns for what the model has not",
    (n) => model("", `data { from: "a.csv"\n${repeated(n, (i) => `z${i} = a`)} }`),
  ],
  [
    "measures that are not there",
    (n) =>
      model(
        repeated(n, (i) => `task t${i} { output = x |> dense(1) label: float loss: mse }`),
        `train { stop: early(monitor: [${repeated(n, (i) => `q${i}`, ", ")}]) }`,
      ),
  ],
  [
    "layers tied to what is not there",
    (n) => model(repeated(n, (i) => `h${i} = x |> dense(8) |> tied_dense(8, to: no${i}.dense.kernel)`)),
  ],
  ["unknown names", (n) => model(repeated(n, (i) => `h${i} = x${i} |> dense(8)`))],
  ["unknown layers", (n) => model(repeated(n, (i) => `h${i} = x |> dens(8)`))],
  ["names that are there twice", (n) => model(repeated(n, () => "h = x |> dense(8)"))],
  ["wrong options", (n) => model(repeated(n, (i) => `h${i} = x |> dense(-1, unit: 3)`))],
  ["wrong shapes", (n) => model(repeated(n, (i) => `h${i} = x |> conv2d(4, 3)`))],
  ["items that cannot be read", (n) => model(repeated(n, (i) => `h${i} = = x |> dense(8`))],
  ["braces that nobody closes", (n) => `${repeated(n, (i) => `model M${i} {`)}`],
  ["characters that begin nothing", (n) => model(repeated(n, (i) => `h${i} = x § dense(8)`))],
  ["strings without an end", (n) => model(repeated(n, (i) => `h${i} = "x`))],
  ["commas where none is", (n) => model(`h = concat(${repeated(n, () => "b(x)", ", ")})`)],
];

test.each(texts)("a check takes work by the length of the text: %s", (_name, text) => {
  const checked = (n: number) => {
    const given = text(n);
    return () => compile(given, { path: "grown.nnspec", read: () => undefined });
  };
  expectLinear(checked, SIZE);
});
