import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { compiled, specText } from "../helpers.js";

const TASK = "task t { output = h |> dense(1)  label: float  loss: mse }";

function nodes(text: string) {
  return compiled(text).document.nodes;
}

function codes(text: string, files: Readonly<Record<string, string>> = {}): string[] {
  return compile(text, { path: "main.nnspec", read: (path) => files[path] }).diagnostics.map((d) => d.code);
}

function weights(text: string): string[] {
  return [...new Set(nodes(text).flatMap((node) => Object.values(node.weights)))];
}

const SINUSOID = `model Sinusoid {
  input x: float[1]
  task wave {
    output = x |> dense(40, relu) |> dense(40, relu) |> dense(1)
    label: float
    loss: mse
  }
}
meta {
  algorithm: maml(order: 2, inner_steps: 1, inner_lr: 0.01)
  episode: { support: 10, query: 10 }
  tasks_per_step: 25
  optimizer: adam(lr: 0.001)
  steps: 70_000
}`;

test("the design's examples compile", () => {
  expect(codes(specText("two-towers"))).toEqual([]);
  expect(codes(specText("penguins"))).toEqual([]);
  expect(codes(SINUSOID)).toEqual([]);
});

test("weight paths: task, shared or binding, then block or `as`, then layer, then weight", () => {
  expect(weights(specText("penguins"))).toEqual([
    "trunk.dense.kernel",
    "trunk.dense.bias",
    "trunk.residual.h.layer_norm.gamma",
    "trunk.residual.h.layer_norm.beta",
    "trunk.residual.h.dense.kernel",
    "trunk.residual.h.dense.bias",
    "trunk.residual.h.dense_2.kernel",
    "trunk.residual.h.dense_2.bias",
    "species.dense.kernel",
    "species.dense.bias",
    "mass.dense.kernel",
    "mass.dense.bias",
    "mass.dense_2.kernel",
    "mass.dense_2.bias",
    "sex.dense.kernel",
    "sex.dense.bias",
  ]);
  const kernels = (h: string) =>
    weights(`model M { input x: float[4]  h = ${h}  ${TASK} }`).filter(
      (w) => w.startsWith("h.") && w.endsWith("kernel"),
    );
  expect(kernels("x |> repeat 3 { dense(4) }")).toEqual([
    "h.dense_1.kernel",
    "h.dense_2.kernel",
    "h.dense_3.kernel",
  ]);
  expect(kernels("concat([for i in 1..2: x |> dense(i * 2)])")).toEqual([
    "h.dense_1.kernel",
    "h.dense_2.kernel",
  ]);
  expect(kernels("x |> dense(4) as first |> dense(4)")).toEqual(["h.first.kernel", "h.dense.kernel"]);
  expect(kernels("x |> (dense(4) |> dense(4)) as pair")).toEqual([
    "h.pair.dense.kernel",
    "h.pair.dense_2.kernel",
  ]);
});

test("shared layers have one set of weights, blocks fresh ones at every use", () => {
  const shared = `model M { input a: float[4]  input b: float[4]  shared s = dense(3)  h = concat(a |> s, b |> s)  ${TASK} }`;
  expect(weights(shared).filter((w) => w.startsWith("s."))).toEqual(["s.dense.kernel", "s.dense.bias"]);
  expect(
    nodes(shared)
      .filter((n) => n.layer === "dense")
      .map((n) => n.id),
  ).toEqual(["s.dense", "s.dense@2", "t.dense"]);
  const block = `block s(x: tensor) { return x |> dense(3) }
model M { input a: float[4]  input b: float[4]  h = concat(a |> s, b |> s)  ${TASK} }`;
  expect(weights(block).filter((w) => w.endsWith("kernel") && w.startsWith("h."))).toEqual([
    "h.s.dense.kernel",
    "h.s_2.dense.kernel",
  ]);
});

test("constants, dimensions, arithmetic, lists and indexing", () => {
  const text = `const base = 2 + 3 * 4
const sizes = [base, base * 2, (base - 4) / 2]
dim seq = 6
model M {
  input words: category(50)[seq]
  h = words |> embedding(sizes[2]) |> lstm(sizes[0])
  ${TASK}
}`;
  expect(nodes(text).map((n) => n.type.dims)).toEqual([[6, 5], [14], [1]]);
});

test("`length` of a list and `shape` of a tensor are constants, and -1 is the last index", () => {
  const text = `const sizes = [2, 3, 7]
block widen(parts: tensors, times: int) {
  each = [for i in 0..parts.length - 1: parts[i] |> dense(times * sizes.length)]
  mixed = concat(each) / parts.length
  return mixed |> dense(mixed.shape[-1] + sizes[-1])
}
model M {
  input x: float[4]
  input series: float[5, 3]
  flat = [x, x |> dense(series.shape[0])]
  h = widen(flat, series |> last, times: series.shape.length)
  g = h * series.shape[1] + flat.length
  ${TASK}
}`;
  const dims = (id: string) => nodes(text).find((n) => n.id === id)!.type.dims;
  expect(dims("flat.dense")).toEqual([5]);
  expect(dims("h.widen.each.dense_3")).toEqual([6]);
  expect(dims("h.widen.dense")).toEqual([25]);
  const constants = nodes(text).flatMap((n) => (n.layer === "constant" ? [n.options["value"]] : []));
  expect(constants).toEqual([3, 3, 2]);
});

test("a list goes through pipes, and lists in a list are laid open for a block", () => {
  const text = `block both(items: tensors) { return [items, concat(items)] }
model M {
  input x: float[4]
  list = [x, [x, x]] |> repeat 2 { both }
  h = list[1]
  ${TASK}
}`;
  expect(nodes(text).map((n) => n.type.dims)).toEqual([[12], [24], [1]]);
});

test("blocks take tensors, lists, numbers, truth values, strings, activations and layers", () => {
  const text = `block mix(parts: tensors, last: layer, units: int = 3, rate: float = 0.5, on: bool = true, pad: string = "same", act: activation = relu) {
  joined = concat(parts) |> dense(units, act, use_bias: on) |> dropout(rate)
  return joined |> last
}
model M {
  input x: float[4]
  input y: float[2]
  h = mix(x, y, last: dense(7), act: leaky_relu(0.1))
  ${TASK}
}`;
  const found = nodes(text);
  expect(found.map((n) => n.id)).toEqual([
    "h.mix.joined.concat",
    "h.mix.joined.dense",
    "h.mix.joined.dropout",
    "h.mix.dense",
    "t.dense",
  ]);
  expect(found[1]!.options["activation"]).toEqual({ name: "leaky_relu", options: { negative_slope: 0.1 } });
  expect(found[3]!.type.dims).toEqual([7]);
});

test("free weights, arithmetic of tensors, other tasks' outputs", () => {
  const text = `model M {
  input x: float[4]
  weight alpha: float[4, 4] = identity
  weight scale: float[4]
  h = -x * scale + 2 * (x - 1) / 3
  task a { output = h |> dense(2)  label: float[2]  loss: mse }
  task b { output = concat(h, a.output |> detach) |> dense(1)  label: float  loss: mse }
}`;
  const { document, diagnostics } = compiled(text);
  expect(diagnostics.map((d) => d.code)).toEqual(["NN4004"]);
  expect(document.nodes.find((n) => n.id === "b.concat")!.type.dims).toEqual([6]);
  expect(weights(text).slice(0, 2)).toEqual(["alpha", "scale"]);
});

test("contextual keywords are names like any other", () => {
  const text = `model model {
  input input: float[3]
  shared shared = dense(4)
  weight = input |> shared
  task task {
    label = weight |> dense(2)
    output = label |> dense(1)
    label: float
    loss: mse
  }
}
train { epochs: 2 }
data { from: "x.csv"  input = [from, label, data]  task = train }`;
  expect(codes(text)).toEqual([]);
});

test("imports: files, aliases, constants, the standard library", () => {
  const files = {
    "lib/blocks.nnspec":
      'import { width } from "../sizes.nnspec"\nblock tower(x: tensor) { return x |> dense(width, relu) }',
    "sizes.nnspec": "const width = 9",
  };
  const text = `import { tower as stack_of } from "lib/blocks.nnspec"
import { mmoe } from "std/multitask"
model M {
  input x: float[4]
  gates = mmoe(x |> stack_of, tasks: 2, experts: 3, units: 5)
  task a { output = gates[0] |> dense(1)  label: float  loss: mse }
  task b { output = gates[1] |> dense(1)  label: float  loss: mse }
}`;
  const { document, diagnostics } = compile(text, {
    path: "main.nnspec",
    read: (path) => files[path as keyof typeof files],
  });
  expect(diagnostics).toEqual([]);
  expect(document!.nodes.filter((n) => n.layer === "dot").map((n) => n.type.dims)).toEqual([[5], [5]]);
  expect(
    document!.nodes.find((n) => n.id === "gates.stack_of.dense" || n.id === "gates.tower.dense")!.type.dims,
  ).toEqual([9]);
});

test("an import cycle is an error that names it", () => {
  const files = {
    "a.nnspec": 'import { b } from "b.nnspec"\nblock a(x: tensor) { return x |> dense(2) }',
    "b.nnspec": 'import { a } from "a.nnspec"\nblock b(x: tensor) { return x |> dense(2) }',
  };
  const text = `import { a } from "a.nnspec"\nmodel M { input x: float[2]  h = x |> a  ${TASK} }`;
  const { diagnostics } = compile(text, {
    path: "main.nnspec",
    read: (path) => files[path as keyof typeof files],
  });
  expect(diagnostics.map((d) => [d.code, d.message])).toEqual([
    ["NN2013", "These files import each other: a.nnspec → b.nnspec → a.nnspec."],
  ]);
});

test("several named train sections", () => {
  const text = `${specText("two-towers").split("train {")[0]}train warmup { epochs: 1 }\ntrain finetune { epochs: 2  freeze: [first.*] }`;
  expect(compiled(text).document.train.map((t) => [t.name, t.epochs, t.freeze])).toEqual([
    ["warmup", 1, []],
    ["finetune", 2, ["first.*"]],
  ]);
});

test("`__proto__` cannot be a name; names of Object.prototype can", () => {
  const model = (name: string) => `model M { input ${name}: float[2]  h = ${name} |> dense(2)  ${TASK} }`;
  expect(codes(model("__proto__"))).toEqual(["NN2029"]);
  expect(codes(model("constructor"))).toEqual([]);
  expect(codes(model("hasOwnProperty"))).toEqual([]);
});

test("what lists hold that lie in each other by their names is counted before it is laid open", () => {
  const lists = Array.from({ length: 40 }, (_, i) => `l${i + 1} = [l${i}, l${i}]`).join("\n");
  const blocks = Array.from(
    { length: 40 },
    (_, i) => `block b${i + 1}(x: tensor) { h = b${i}(x)  return [h, h] }`,
  ).join("\n");
  const uses = [
    `model M { input x: float[2]  l0 = [x, x]\n${lists}\n  h = concat(l40)  ${TASK} }`,
    `block b0(x: tensor) { return [x, x] }\n${blocks}\nmodel M { input x: float[2]  h = concat(b40(x))  ${TASK} }`,
    `block f(parts: tensors) { return concat(parts) }\nmodel M { input x: float[2]  l0 = [x, x]\n${lists}\n  h = f(l40)  ${TASK} }`,
  ];
  for (const text of uses) expect(codes(text)).toEqual(["NN2024"]);
  const constants = Array.from({ length: 40 }, (_, i) => `const c${i + 1} = [c${i}, c${i}]`).join("\n");
  const model = `model M { input x: float[2]  h = x |> dense(c40)  ${TASK} }`;
  expect(codes(`const c0 = [1, 1]\n${constants}\n${model}`)).toEqual(["NN2024"]);
});

test("bounds: nesting, doubling, endless repeats, long chains", () => {
  const nested = Array.from(
    { length: 10_000 },
    (_, i) => `block b${i + 1}(x: tensor) { return x |> b${i} }`,
  ).join("\n");
  expect(
    codes(
      `block b0(x: tensor) { return x |> dense(2) }\n${nested}\nmodel M { input x: float[2]  h = x |> b10000  ${TASK} }`,
    ),
  ).toEqual(["NN2024"]);
  expect(codes(`model M { input x: float[2]  h = x |> repeat 1000000000 { dense(2) }  ${TASK} }`)).toEqual([
    "NN2024",
  ]);
  const doubling = Array.from(
    { length: 40 },
    (_, i) => `block b${i + 1}(x: tensor) { return x |> b${i} |> b${i} }`,
  ).join("\n");
  expect(
    codes(
      `block b0(x: tensor) { return x }\n${doubling}\nmodel M { input x: float[2]  h = x |> b40  ${TASK} }`,
    ),
  ).toEqual(["NN2024"]);
});
