import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { compileSpec } from "../../src/cli/commands/compile.js";
import { lowerModel } from "../../src/compile.js";
import { NotInTarget } from "../../src/emit/tfjs-graph/lower.js";
import { createReferenceSession } from "../../src/engines/reference.js";
import { startTfjs } from "../../src/runtime/tfjs/index.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import { createBuilder, simplify, type Program } from "../../src/tensor/index.js";
import { evaluateShape } from "../../src/tensor/dimension.js";
import { compiled, numbers, rows, specText } from "../helpers.js";
import type { Case } from "../tensor/case.js";
import { cases } from "../tensor/cases.js";
import { error, ints } from "../tensor/numbers.js";
import { outFolder } from "./emit.js";
import { fromFolder, graphFiles, loadFiles, predict, toTensor, type Backend } from "./graph.js";

const backends: readonly Backend[] = ["wasm", "cpu"];

/** Parts of training, and what tfjs' graphs have no operation for. */
const ABSENT = new Set([
  "erfinv",
  "random",
  "pool_gather",
  "pool_scatter",
  "conv2d_filter_grad",
  "depthwise_conv2d_input_grad",
  "depthwise_conv2d_filter_grad",
  "max_pool_argmax",
  "sum_pool_grad",
]);
const PARTLY = new Set([
  "place strided",
  "conv2d_input_grad dilated",
  "conv2d_input_grad stride and dilation",
]);

const none = (name: string): never => {
  throw new Error(`there is no state ${name}`);
};

describe("every primitive gives what the reference gives, or says that the format has none", () => {
  const all = Object.entries(cases).flatMap(([name, list]) =>
    list.map((c) => [`${name} ${c.name}`.trim(), name, c] as const),
  );
  test.each(all)("%s", async (title, name, c) => {
    const program = programOf(c);
    const args = Object.fromEntries(c.inputs.map((t, i) => [`x${i}`, t]));
    if (ABSENT.has(name) || PARTLY.has(title)) {
      expect(() => graphFiles(program, none)).toThrow(NotInTarget);
      return;
    }
    const files = graphFiles(program, none);
    const expected = await createReferenceSession({ case: program }).run("case", args, 3);
    for (const backend of backends) {
      const [tf, model] = await loadFiles(files, backend);
      const out = predict(tf, model, args)["out"]!;
      expect(out.shape).toEqual(expected["out"]!.shape);
      expect(error(out.dataSync(), expected["out"]!.data)).toBeLessThan(1e-4);
    }
  });
});

function programOf(c: Case): Program {
  const b = createBuilder("case");
  const inputs = c.inputs.map((t, i) =>
    b.argument(`x${i}`, { dtype: t.dtype, shape: c.shapes?.[i] ?? t.shape }),
  );
  b.result("out", c.build(b, inputs));
  return simplify(b.build());
}

const task = (output: string) =>
  `task y { output = ${output} |> dense(2, softmax)  label: category(2)  loss: categorical_crossentropy }`;
const train = "train { optimizer: adam(lr: 0.01)  epochs: 1  batch: 8 }";
const LSTM = `model M { input s: float[7, 3] ${task("s |> lstm(5)")} } ${train}`;
const ATTENTION = `model M { input s: float[6, 4] ${task("s |> multi_head_attention(2, 3, causal: true) |> layer_norm |> flatten")} } ${train}`;
const WORDS = `model M { input w: category(9)[5] ${task("w |> embedding(4) |> lstm(3)")} } ${train}`;
const LONG = `model M { input s: float[400, 2] ${task("s |> lstm(2)")} } ${train}`;

/** A model's inference program, its weights, and arguments for so many rows. */
async function started(text: string) {
  const { document } = compiled(text);
  const { programs, descriptor } = lowerModel(document);
  const session = createReferenceSession({ ...programs });
  await session.run("init", { "clock/seed": ints([], [5]) }, 1);
  const args = (batch: number): Record<string, HostTensor> =>
    Object.fromEntries(
      programs.predict.inputs.flatMap(({ name, kind, value }, i) => {
        if (kind === "state") return [];
        const type = programs.predict.types[value.id]!;
        const shape = evaluateShape(type.shape, batch);
        const count = shape.reduce((n, d) => n * d, 1);
        const data = numbers(count, i + 1);
        const tensor: HostTensor =
          type.dtype === "int"
            ? ints(
                shape,
                data.map((x) => (x > 0 ? 1 : 2)),
              )
            : { dtype: "float", shape, data: Float64Array.from(data) };
        return [[name, tensor] as const];
      }),
    );
  return { document, descriptor, programs, session, args };
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (x, i) => Math.abs(x - b[i]!)).reduce((p, q) => Math.max(p, q), 0);
}

describe.each([
  ["two-towers", specText("two-towers")],
  ["penguins", specText("penguins")],
  ["digits", specText("digits")],
  ["an lstm", LSTM],
  ["attention", ATTENTION],
  ["an embedding", WORDS],
])("%s", (_name, text) => {
  test.each(backends)(
    "loads on %s and predicts what the model predicts, at several batches",
    async (backend) => {
      const { programs, session, args, descriptor } = await started(text);
      const files = graphFiles(programs.predict, (name) => session.read(name));
      const [tf, model] = await loadFiles(files, backend);
      for (const batch of [1, 3, 17]) {
        const given = args(batch);
        const expected = await session.run("predict", given, batch);
        const inputs = Object.fromEntries(
          Object.entries(given).map(([n, t]) => [n.slice("inputs/".length), t]),
        );
        const found = predict(tf, model, inputs);
        expect(Object.keys(found)).toEqual(descriptor.tasks.map((t) => t.name));
        for (const { name } of descriptor.tasks) {
          const wanted = expected[`prediction/${name}`]!;
          expect(found[name]!.shape).toEqual(wanted.shape);
          expect(largestDifference(found[name]!.dataSync(), wanted.data)).toBeLessThan(1e-5);
          const tensors = Object.fromEntries(Object.entries(inputs).map(([n, t]) => [n, toTensor(tf, t)]));
          const one = model.execute(tensors, name) as ReturnType<typeof toTensor>;
          expect(largestDifference(one.dataSync(), wanted.data)).toBeLessThan(1e-5);
        }
      }
      model.dispose();
    },
  );
});

test("nnc compile --target tfjs-graph writes a checkpoint's model and says how to feed it", async () => {
  const folder = outFolder("graph");
  const spec = fileURLToPath(new URL("../../specs/penguins.nnspec", import.meta.url));
  const file = fileURLToPath(new URL("penguins.safetensors", folder));
  const here = await compiled(specText("penguins")).create({ engine: "tfjs", seed: 3 });
  const measures = rows(40, 3).map((row) => row.map((x) => 10 + 3 * x));
  const islands = ["Biscoe", "Dream", "Torgersen"];
  const island = measures.map((_, i) => islands[i % 3]!);
  const species = measures.map((_, i) => ["Adelie", "Chinstrap", "Gentoo"][i % 3]!);
  const labels = {
    species,
    mass: numbers(40, 4).map((x) => 4000 + 500 * x),
    sex: numbers(40).map((x) => Number(x > 0)),
  };
  await here.fit({ inputs: { measures, island }, labels }, { epochs: 2 });
  writeFileSync(file, await here.save());
  await compileSpec(spec, { target: "tfjs-graph", out: fileURLToPath(folder), checkpoint: file });
  expect(readdirSync(folder).sort()).toEqual([
    "group1-shard1of1.bin",
    "model.json",
    "nnspec.json",
    "penguins.safetensors",
  ]);
  const guide = JSON.parse(readFileSync(new URL("nnspec.json", folder), "utf8")) as Guide;
  const fed = measures.map((row) => standardized(row, guide.inputs[0]!.transforms[1]!.state));
  const expected = await here.predict({ measures, island });
  const tf = await startTfjs("wasm");
  const model = await tf.loadGraphModel(fromFolder(tf, folder));
  const inputs = {
    measures: tf.tensor2d(fed),
    island: tf.tensor1d(
      island.map((name) => guide.inputs[1]!.names!.indexOf(name)),
      "int32",
    ),
  };
  const found = model.predict(inputs) as unknown as Record<string, ReturnType<typeof toTensor>>;
  expect(largestDifference(found["species"]!.dataSync(), probabilities(expected["species"]))).toBeLessThan(
    1e-5,
  );
  expect(largestDifference(found["sex"]!.dataSync(), probabilities(expected["sex"]))).toBeLessThan(1e-5);
  const { center, scale } = guide.tasks[1]!.transforms[0]!.state;
  const mass = Array.from(found["mass"]!.dataSync(), (x) => x * scale![0]! + center![0]!);
  const wanted = (expected["mass"] as { values: Float64Array }).values;
  expect(largestDifference(mass, wanted) / 4000).toBeLessThan(1e-5);
  here.dispose();
  model.dispose();
});

interface Field {
  readonly names?: readonly string[];
  readonly transforms: readonly { readonly state: Record<string, number[]> }[];
}

interface Guide {
  readonly inputs: readonly Field[];
  readonly tasks: readonly Field[];
}

function standardized(row: readonly number[], { center, scale }: Record<string, number[]>): number[] {
  return row.map((x, i) => (x - center![i]!) / scale![i]!);
}

function probabilities(prediction: unknown): Float32Array {
  return (prediction as { probabilities: Float32Array }).probabilities;
}

test("a loop too long to be laid open is NN6004, and nothing is written", async () => {
  const folder = outFolder("graph-long");
  const spec = fileURLToPath(new URL("long.nnspec", folder));
  writeFileSync(spec, LONG);
  const said: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (text: string | Uint8Array) => said.push(String(text)) > 0;
  try {
    await expect(compileSpec(spec, { target: "tfjs-graph", out: fileURLToPath(folder) })).rejects.toThrow();
  } finally {
    process.stderr.write = write;
  }
  expect(said.join("")).toContain("NN6004");
  expect(said.join("")).toContain("Target `tfjs-graph` has nothing for `scan`");
  expect(readdirSync(folder)).toEqual(["long.nnspec"]);
});

test("weights are cut into files of 4 MB, and load from there", async () => {
  const wide = `model M { input x: float[1500] ${task("x |> dense(1500, relu)")} } ${train}`;
  const { programs, session, args } = await started(wide);
  const files = graphFiles(programs.predict, (name) => session.read(name));
  const sizes = [...files].filter(([name]) => name.endsWith(".bin")).map(([, bytes]) => bytes.length);
  expect(sizes.length).toBe(3);
  expect(Math.max(...sizes)).toBe(4 * 1024 * 1024);
  expect(files.has("group1-shard3of3.bin")).toBe(true);
  const [tf, model] = await loadFiles(files, "wasm");
  const given = args(2);
  const expected = await session.run("predict", given, 2);
  const found = predict(tf, model, { x: given["inputs/x"]! });
  expect(largestDifference(found["y"]!.dataSync(), expected["prediction/y"]!.data)).toBeLessThan(1e-5);
});

test("names that mean something to JavaScript do no harm", async () => {
  const hostile = `model M { input constructor: float[2]  input toString: float[2]
    task hasOwnProperty { output = concat(constructor, toString) |> dense(1, sigmoid) as valueOf  label: binary  loss: binary_crossentropy } } ${train}`;
  const { programs, session, args } = await started(hostile);
  const [tf, model] = await loadFiles(
    graphFiles(programs.predict, (name) => session.read(name)),
    "cpu",
  );
  const given = args(4);
  const expected = await session.run("predict", given, 4);
  const found = predict(tf, model, {
    constructor: given["inputs/constructor"]!,
    toString: given["inputs/toString"]!,
  });
  const wanted = expected["prediction/hasOwnProperty"]!.data;
  expect(largestDifference(found["hasOwnProperty"]!.dataSync(), wanted)).toBeLessThan(1e-5);
});
