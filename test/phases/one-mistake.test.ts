import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";

interface Spec {
  readonly above?: string;
  readonly items?: string;
  readonly h?: string;
  readonly task?: string;
  readonly below?: string;
}

/** What is said of a small model: codes, the text that each stands at, and messages. */
function told({ above = "", items = "", h = "x", task = "label: float  loss: mse", below = "" }: Spec) {
  const text = `${above}
model M {
  input x: float[4]
  ${items}
  h = ${h}
  task t { output = h |> dense(1)  ${task} }
}
${below}`;
  return compile(text, { path: "a.nnspec", read: () => undefined }).diagnostics.map(
    ({ code, span, message }) => ({
      code,
      at: text.slice(span.start, span.end),
      message,
    }),
  );
}

const unknownLayer = { code: "NN2004", at: "gg", message: "There is no layer or block called `gg`." };

test.each<Spec>([
  { h: "concat(gg(x), x)" },
  { h: "dense(gg(x), 4)" },
  { h: "dense(gg(x) + 1, 4)" },
  { h: "relu(gg([x |> dense(3)]))" },
  { h: "relu(gg(x) as q)" },
  { h: "x |> dense(gg(x))" },
  { h: "x |> dropout(gg(2))" },
  { h: "x |> repeat gg(2) { dense(4) }" },
  { h: "gg(gg(x))" },
  { h: "gg(x)[0]" },
  { above: "const k = gg(3)" },
  { items: "shared s = gg(3) |> dense(8)", h: "x |> s" },
  { above: "block q(x: tensor, l: layer) { return x |> l }", items: "shared s = q(gg(3) |> dense(3))" },
  { below: "train { epochs: gg(3) }" },
])("a layer that there is not is told, and nothing else: %o", (spec) => {
  expect(told(spec)).toEqual([unknownLayer]);
});

test("where something of the library is wanted, it is that which is unknown", () => {
  expect(told({ h: "x |> dense(4, gg(3))" }).map((d) => d.message)).toEqual([
    "There is no activation called `gg`.",
  ]);
});

test.each<Spec>([
  { h: "concat(a([x |> dense(4)]), x)" },
  { items: "shared s = a |> dense(8)", h: "x |> s" },
  { items: "shared s = a(3) |> dense(8)", h: "x |> s" },
  { above: "const l = a(3) + 1", h: "x |> dense(a)" },
])("of what an import that failed was to bring, nothing is said: %o", (spec) => {
  const above = `import { a } from "nope.nnspec"\n${spec.above ?? ""}`;
  expect(told({ ...spec, above }).map((d) => d.code)).toEqual(["NN2014"]);
});

const codes = (spec: Spec) => told(spec).map((d) => d.code);

test.each([
  ['from: "d.csv"\n x = [a b, c, d]\n t = e', "NN1010"],
  ['from: "d.csv\n x = [a, b, c, d]\n t = e', "NN1003"],
  ['from: "d.csv x = [a, b, c, d] t = e', "NN1003"],
  ['from: "d.csv"\n x = [a, b, c, d\n t = e', "NN1008"],
  ['from: "d.csv" x = [a, b, in, d] t = e', "NN1002"],
  ['from: "d.csv" x = [a, b, c, d] t =', "NN1017"],
  ['from: "d.csv" x = [a, b, c, d] t e', "NN1002"],
])("what could not be read of a data section is not said to be missing: %s", (items, code) => {
  expect(codes({ below: `data { ${items} }` })).toEqual([code]);
});

test("a misspelled name of the data section is one mistake, and a missing one another", () => {
  const data = (items: string) => codes({ below: `data { from: "d.csv"  ${items} }` });
  expect(data("y = [a, b, c, d]  t = e")).toEqual(["NN7052"]);
  expect(data("x = [a, b, c, d]")).toEqual(["NN7051"]);
  expect(data("x = [a, b, c, d]  t = e  u = f")).toEqual(["NN7052"]);
});

test("a misspelled label is one mistake", () => {
  expect(codes({ task: "lable: float  loss: mse" })).toEqual(["NN2021"]);
  expect(codes({ task: "loss: mse" })).toEqual(["NN2022"]);
});

const task = "task t { output = x |> dense(1)  label: float  loss: mse }";

test.each([
  [`model M {\n input x: float[4\n ${task}\n}`, "NN1008"],
  [`model M {\n input x float[4]\n ${task}\n}`, "NN1002"],
  [`model M {\n input x: float(4]\n ${task}\n}`, "NN1008"],
])("an input that could not be read is one that the data section may name: %s", (model, code) => {
  const text = `${model}\ndata { from: "d.csv"  x = [a, b, c, d]  t = e }`;
  expect(compile(text).diagnostics.map((d) => d.code)).toEqual([code]);
});

test.each([
  `/* model M { input x: float[4] ${task} }`,
  `model M { input x: float[4] /* ${task} }`,
  `model M { input x: float[4] task t { output = x |> dense(1) /* label: float loss: mse } }`,
  `model M { input x: float[4] ${task} } data { from: "d.csv" /* x = [a, b, c, d] t = e }`,
])("nothing is missing that a comment without an end may hold: %s", (text) => {
  expect(compile(text).diagnostics.map((d) => d.code)).toEqual(["NN1004"]);
});

test.each([
  ["return x |> dense(2)  return x |> dense(3)", "return x |> dense(3)"],
  ["return x  h = x |> dense(3)  weight w: float[3]", "h = x |> dense(3)"],
])("what stands below a block's return: %s", (items, at) => {
  const found = told({ above: `block f(x: tensor) { ${items} }`, h: "x |> f" });
  expect(found.map((d) => [d.code, d.at])).toEqual([["NN2031", at]]);
});

test.each<[Spec, string[]]>([
  [{ h: "x |> dense(8KB)" }, ["8KB"]],
  [{ above: "const k = 4 MB", h: "x |> dense(k)" }, ["4 MB"]],
  [{ below: "train { epochs: 3KB  optimizer: adam(lr: 1 GB) }" }, ["3KB", "1 GB"]],
  [{ below: "budget { parameters <= 10 KB  weights <= 10 KB }" }, ["10 KB"]],
])("a unit where no bytes are: %o", (spec, places) => {
  expect(told(spec).map((d) => [d.code, d.at])).toEqual(places.map((at) => ["NN2032", at]));
});

test.each<[Spec, string[]]>([
  [{ h: "x as foo" }, ["foo"]],
  [{ h: "(x as foo)" }, ["foo"]],
  [{ h: "[x, x][0] as foo" }, ["foo"]],
  [{ h: "[x |> dense(3) as a, x as b] |> concat" }, ["b"]],
  [{ items: "shared s = dense(3) as a", h: "x |> s as foo" }, ["foo"]],
  [{ h: "(x |> dense(3) |> relu) as foo" }, []],
  [{ h: "x |> repeat 2 { dense(4) as a } as b" }, []],
  [{ above: "block f(x: tensor, l: layer) { return x |> l as a }", h: "x |> f(dense(3)) as b" }, []],
])("a name that no layer has gets a warning: %o", (spec, names) => {
  expect(told(spec).map((d) => [d.code, d.at])).toEqual(names.map((at) => ["NN2033", at]));
});

test("where everything is frozen, that is said", () => {
  const frozen = (freeze: string) => codes({ h: "x |> dense(2)", below: `train { freeze: [${freeze}] }` });
  expect(frozen("*")).toEqual(["NN5036"]);
  expect(frozen("h, t")).toEqual(["NN5036"]);
  expect(frozen("h")).toEqual([]);
});

const pair = "block f(x: tensor, y: tensor) { return x + y }";

test.each<Spec>([
  { above: pair, h: "x |> f(3)" },
  { above: pair, h: "f(x, 3)" },
  { above: "block f(x: tensors) { return x |> concat }", h: "f(x, 3)" },
  { h: "dot(x, 3)" },
])("a number in the place of a tensor is told as that: %o", (spec) => {
  const message = "A tensor is wanted here, and this is a number.";
  expect(told(spec)).toEqual([{ code: "NN2017", at: "3", message }]);
});

test.each<[Spec, string]>([
  [{ h: "" }, "An expression is missing after `=`."],
  [{ h: "x |>" }, "An expression is missing after `|>`."],
  [{ h: "x |> dense(3) as" }, "A name is missing after `as`."],
  [{ h: "x |> repeat" }, "A number of times is missing after `repeat`."],
  [{ h: "x |> repeat\n g = x" }, "A number of times is missing after `repeat`."],
  [{ task: "label:\n loss: mse" }, "A type is missing after `:`."],
  [{ task: "label: loss: mse" }, "A type is missing after `:`."],
  [{ items: "g =\n input y: float" }, "An expression is missing after `=`."],
  [{ items: "g = x |>\n shared s = dense(3)" }, "An expression is missing after `|>`."],
  [{ above: "const k =" }, "An expression is missing after `=`."],
  [{ below: "train { optimizer: epochs: 3 }" }, "An expression is missing after `:`."],
  [{ below: "budget { layers <=\n parameters <= 30 }" }, "An expression is missing after `<=`."],
])("what is missing is told where it is missing: %o", (spec, message) => {
  expect(told(spec).map((d) => [d.code, d.message])).toEqual([["NN1017", message]]);
});

test.each<[Spec, string]>([
  [{ above: "const a = a" }, "a"],
  [{ h: "h |> dense(3)" }, "h"],
  [{ task: "label: float  loss: mse  g = t.output" }, "t.output"],
])("what is made of itself is not told to stand further up: %o", (spec, name) => {
  const message = `\`${name}\` is used in its own declaration.`;
  expect(told(spec)).toEqual([{ code: "NN2003", at: name, message }]);
});

test.each<Spec>([{ above: "const k = 2**3" }, { h: "x |> dense(2 ** 3)" }, { h: "x ** 2" }])(
  "there is no power: %o",
  (spec) => {
    expect(told(spec).map((d) => [d.code, d.at])).toEqual([["NN1001", "**"]]);
  },
);

test.each(["as", "for", "in", "true"])("a block's parameter called %s", (name) => {
  const above = `block f(x: tensor, ${name}: int) { return x }`;
  expect(told({ above }).map((d) => [d.code, d.at])).toEqual([["NN1012", name]]);
});

/** The paths of a model's kernels, layer by layer. */
function kernels({ above = "", items = "", h = "x" }: Spec) {
  const text = `${above} model M { input x: float[4] ${items} h = ${h} ${task.replace("x |>", "h |>")} }`;
  const { document } = compile(text);
  const paths = document?.nodes.flatMap(({ weights }) => Object.values(weights)) ?? [];
  return paths.filter((path) => path.endsWith(".kernel")).map((path) => path.slice(0, -".kernel".length));
}

test("a layer whose name a copy has takes the next one that is free", () => {
  const among = "dense(4) |> repeat 3 { dense(4) } |> dense(4)";
  const names = ["dense", "dense_1", "dense_2", "dense_3", "dense_4"];
  const head = "t.dense";
  expect(kernels({ h: `x |> ${among}` })).toEqual([...names.map((name) => `h.${name}`), head]);
  // A shared name's layers are made anew in each use, and are the same ones.
  const shared = names.map((name) => `s.${name}`);
  expect(kernels({ items: `shared s = ${among}`, h: "x |> s |> s" })).toEqual([...shared, ...shared, head]);
  const above = "block b(x: tensor) { return x |> dense(4) }";
  const blocks = ["b.dense", "b_1.dense", "b_2.dense", "b_2.dense_2"].map((name) => `h.${name}`);
  expect(kernels({ above, h: "x |> b |> repeat 2 { b } |> b" })).toEqual([...blocks, head]);
  expect(codes({ h: "x |> dense(4) |> dense(4) |> dense(4) as dense_2" })).toEqual(["NN2023"]);
});

test("an imported block is called in paths as its own file calls it", () => {
  const above = 'import { gate as other } from "b.nnspec"';
  const text = `${above} model M { input x: float[4] h = x |> other ${task.replace("x |>", "h |>")} }`;
  const read = () => "block gate(x: tensor) { return x |> dense(4) }";
  const { document } = compile(text, { path: "a.nnspec", read });
  expect(Object.values(document?.nodes[0]?.weights ?? {})).toContain("h.gate.dense.kernel");
});

test("a file that is no spec is told as that", () => {
  const rows = Array.from({ length: 600 }, (_, i) => `${i}, State-gov, "x", 77516, Bachelors, <=50K\n`).join(
    "",
  );
  expect(
    compile(`age, workclass, y, weight, education, income\n${rows}`).diagnostics.map((d) => d.code),
  ).toEqual(["NN1031"]);
});
