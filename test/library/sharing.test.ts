import { describe, expect, test } from "vitest";
import { ModelAnalysis } from "../../src/model/analysis.js";
import { createSession, type EngineName } from "../../src/engines/index.js";
import { compile, type Model } from "../../src/index.js";
import { texts } from "../../src/library/std/texts.generated.js";
import { lowerForward } from "../../src/phases/5-lower/forward.js";
import { B, createBuilder, ops } from "../../src/tensor/index.js";
import { compiled, numbers, rows } from "../helpers.js";
import { error } from "../tensor/numbers.js";
import { derivativesOf, ROWS } from "./derivatives.js";
import { tracesOf } from "./traces.js";

const engines = ["reference", "wasm"] as const;

/** Losses of tasks whose outputs are looked at, and not trained. */
const regression = (width: number): string => `label: float[${width}]\nloss: mse`;

async function predictions(
  spec: string,
  inputs: Readonly<Record<string, readonly (readonly number[])[]>>,
  engine: EngineName = "reference",
  prepare: (model: Model) => Promise<void> = async () => {},
): Promise<Readonly<Record<string, readonly number[]>>> {
  const model = await compile(spec).create({ engine });
  await prepare(model);
  const found = await model.predict(inputs);
  return Object.fromEntries(
    Object.entries(found).map(([task, p]) => [task, [...("values" in p ? p.values : p.probabilities)]]),
  );
}

/** The weights of a model after one step of plain descent with rate 0.1 from given ones, on one row. */
async function step(
  model: string,
  weights: Readonly<Record<string, readonly number[]>>,
  data: { readonly inputs: Record<string, number[]>; readonly labels: Record<string, number[]> },
): Promise<(path: string) => number> {
  const training = "train { optimizer: sgd(lr: 0.1) epochs: 1 batch: full }";
  const trained = await compile(`model M {\n${model}\n}\n${training}`).create({ engine: "reference" });
  expect(Object.keys(trained.descriptor.weights).sort()).toEqual(Object.keys(weights).sort());
  for (const [path, value] of Object.entries(weights)) await trained.setWeight(path, value);
  await trained.fit(data);
  const after = new Map<string, number>();
  for (const path of Object.keys(weights)) after.set(path, (await trained.weight(path)).data[0]!);
  return (path) => after.get(path)!;
}

describe("std/multitask", () => {
  const calls: Readonly<Record<string, string>> = {
    mmoe: "mmoe(x, tasks: 2)",
    cross_stitch: "cross_stitch(p, q)",
    sluice: "sluice(x, tasks: 2)",
    cgc: "cgc(x, tasks: 2)",
    ple: "ple(x, tasks: 2)",
    mtan: "mtan(x, tasks: 2)",
    dselect_k: "dselect_k(x, tasks: 2)",
    adapter: "[for t in 1..2: p |> adapter]",
    lora: "[for t in 1..2: lora(x, trunk)]",
  };
  const parts = ["extraction", "flat", "sluice_layer", "mtan_layer", "dselect_gate"];

  test("every block is in a golden trace, and is trained here or a part of one that is", () => {
    const names = [...texts["multitask"]!.matchAll(/^block (\w+)/gm)].map((m) => m[1]!);
    expect(names.filter((name) => !parts.includes(name))).toEqual(Object.keys(calls));
    const traced = tracesOf("sharing").map((trace) => trace.spec);
    for (const name of Object.keys(calls))
      expect(traced.some((spec) => spec.includes(`import { ${name} }`))).toBe(true);
  });

  test.each(Object.entries(calls))("%s trains on wasm from where it begins", async (name, call) => {
    const model = await compile(
      `import { ${name} } from "std/multitask"
model M {
  input x: float[6]
  shared trunk = dense(8, tanh)
  p = x |> trunk
  q = x |> dense(8, tanh)
  h = ${call}
  task a { output = h[0] |> dense(1)  label: float  loss: mse }
  task b { output = h[1] |> dense(1)  label: float  loss: mse }
  task c { output = concat(p, q) |> dense(1)  label: float  loss: mse  weight: 0.01 }
}
train { optimizer: adam(lr: 0.01) epochs: 12 batch: 16 seed: 3 }`,
    ).create({
      engine: "wasm",
    });
    const x = rows(64, 6, 7);
    const labels = {
      a: x.map((r) => r[0]! * r[1]! + r[2]!),
      b: x.map((r) => r[3]! - r[4]!),
      c: x.map((r) => r[5]!),
    };
    const { epochs } = await model.fit({ inputs: { x }, labels });
    for (const task of ["a", "b"]) {
      const losses = epochs.map((e) => e.losses[task]!);
      expect(losses.every(Number.isFinite)).toBe(true);
      expect(losses.at(-1)!).toBeLessThan(0.8 * losses[0]!);
    }
    model.dispose();
  });

  test.each(engines)("cross_stitch with `mix: 0` begins without mixing, %s", async (engine) => {
    const spec = (mix: number): string => `import { cross_stitch } from "std/multitask"
model M {
  input p: float[3]
  input q: float[3]
  h = cross_stitch(p, q, mix: ${mix})
  task a { output = h[0]  ${regression(3)} }
  task b { output = h[1]  ${regression(3)} }
}`;
    const inputs = { p: rows(4, 3, 1), q: rows(4, 3, 2) };
    const near = engine === "wasm" ? 1e-6 : 1e-7;
    const apart = await predictions(spec(0), inputs, engine);
    expect(error(apart["a"]!, inputs.p.flat())).toBeLessThan(near);
    expect(error(apart["b"]!, inputs.q.flat())).toBeLessThan(near);
    const mixed = await predictions(spec(0.1), inputs, engine);
    const [p, q] = [inputs.p.flat(), inputs.q.flat()];
    const blend = (own: number[], other: number[]): number[] => own.map((v, i) => 0.9 * v + 0.1 * other[i]!);
    expect(error(mixed["a"]!, blend(p, q))).toBeLessThan(near);
    expect(error(mixed["b"]!, blend(q, p))).toBeLessThan(near);
  });

  test.each(engines)("adapter and lora begin as what they stand beside, %s", async (engine) => {
    const spec = `import { adapter, lora } from "std/multitask"
model M {
  input x: float[4]
  shared trunk = dense(3, tanh)
  h = x |> trunk
  task plain { output = h  ${regression(3)} }
  task bottleneck { output = h |> adapter(2)  ${regression(3)} }
  task update { output = lora(x, trunk, rank: 2, scale: 8)  ${regression(3)} }
}`;
    const { plain, bottleneck, update } = await predictions(spec, { x: rows(5, 4) }, engine);
    expect(bottleneck).toEqual(plain);
    expect(update).toEqual(plain);
  });

  test.each(engines)(
    "a gate of dselect_k sums to 1, and chooses k experts where its steps are done, %s",
    async (engine) => {
      const spec = `import { dselect_gate } from "std/multitask"
model M {
  input x: float[4]
  gate = dselect_gate(x, experts: 8, k: 3, gamma: 1)
  task t { output = gate  ${regression(8)} }
}`;
      const x = rows(40, 4, 5);
      const gates = async (scale: number): Promise<number[][]> => {
        const { t } = await predictions(spec, { x }, engine, async (model) => {
          for (const [i, path] of Object.keys(model.descriptor.weights).entries()) {
            if (!path.includes("selector")) continue;
            const { data } = await model.weight(path);
            await model.setWeight(
              path,
              numbers(data.length, 11 + i).map((v) => v * scale),
            );
          }
        });
        return x.map((_, row) => Array.from({ length: 8 }, (__, i) => t![8 * row + i]!));
      };
      const chosen = (gate: number[]): number => gate.filter((w) => w !== 0).length;
      const [soft, hard] = [await gates(0.1), await gates(1e6)];
      for (const gate of [...soft, ...hard]) {
        expect(gate.reduce((sum, w) => sum + w)).toBeCloseTo(1, 6);
        expect(Math.min(...gate)).toBeGreaterThanOrEqual(0);
      }
      expect(soft.every((gate) => chosen(gate) === 8)).toBe(true);
      expect(Math.max(...hard.map(chosen))).toBe(3);
      // Rows differ in whom they choose.
      expect(new Set(hard.map((gate) => gate.map((w) => w > 0).join())).size).toBeGreaterThan(3);
    },
  );

  test("masks of mtan lie between 0 and 1, another for each task", async () => {
    const trace = tracesOf("sharing").find((t) => t.name === "mtan")!;
    const { program, args } = derivativesOf(trace);
    const session = await createSession("reference", { derivatives: program });
    const results = await session.run("derivatives", args, ROWS);
    const masks = Object.entries(results).filter(([name]) => /mask\.dense_\d_2$/.test(name));
    expect(masks.length).toBe(6);
    for (const [, { data }] of masks) for (const v of data) expect(v > 0 && v < 1).toBe(true);
    expect(new Set(masks.map(([, { data }]) => data.join())).size).toBe(6);
  });

  test("cgc keeps tasks' experts apart; in ple all experts of lower layers serve all", () => {
    const reach = (call: string): Map<string, readonly string[]> => {
      const block = call.slice(0, call.indexOf("("));
      const model = new ModelAnalysis(
        compiled(`import { ${block} } from "std/multitask"
model M {
  input x: float[4]
  h = ${call}
  task a { output = h[0] |> dense(1)  label: float  loss: mse }
  task b { output = h[1] |> dense(1)  label: float  loss: mse }
}`).document,
      );
      return new Map(model.weights.map(({ path }) => [path, model.reach.tasksOfWeight(path)]));
    };
    const cgc = reach("cgc(x, tasks: 2)");
    expect(cgc.get("h.cgc.out.extraction.own.dense_1_2.kernel")).toEqual(["a"]);
    expect(cgc.get("h.cgc.out.extraction.own.dense_2_1.kernel")).toEqual(["b"]);
    expect(cgc.get("h.cgc.out.extraction.common.dense_2.kernel")).toEqual(["a", "b"]);
    const ple = reach("ple(x, tasks: 2)");
    expect(ple.get("h.ple.below.extraction_1.own.dense_1_1.kernel")).toEqual(["a", "b"]);
    expect(ple.get("h.ple.below.extraction_1.all.dense_1.kernel")).toEqual(["a", "b"]);
    expect(ple.get("h.ple.out.extraction.own.dense_1_1.kernel")).toEqual(["a"]);
  });
});

describe("gradient_reversal", () => {
  const adversary = (stage: string): string => `input x: float[1]
  shared trunk = dense(1, use_bias: false)
  h = x |> trunk
  task kind { output = h |> dense(1, use_bias: false)  label: float  loss: mse }
  task domain { output = h ${stage} |> dense(1, use_bias: false)  label: float  loss: mse }`;
  const weights = { "trunk.dense.kernel": [0.5], "kind.dense.kernel": [2], "domain.dense.kernel": [-1.5] };
  const data = { inputs: { x: [3] }, labels: { kind: [1], domain: [2] } };

  test.each([
    ["", -1],
    ["|> gradient_reversal", 1],
    ["|> gradient_reversal(lambda: 0.25)", 0.25],
    ["|> gradient_reversal(0)", 0],
  ])(
    "%s: the trunk sees the domain's gradient times -λ, the domain's head its own",
    async (stage, lambda) => {
      const after = await step(adversary(stage), weights, data);
      // h = w·x = 1.5; kind: (2h - 1)², domain: (-1.5h - 2)².
      const [x, h] = [3, 1.5];
      const kind = 2 * (2 * h - 1);
      const domain = 2 * (-1.5 * h - 2);
      expect(after("trunk.dense.kernel")).toBeCloseTo(
        0.5 - 0.1 * (kind * 2 * x - lambda * domain * -1.5 * x),
        12,
      );
      expect(after("kind.dense.kernel")).toBeCloseTo(2 - 0.1 * kind * h, 12);
      expect(after("domain.dense.kernel")).toBeCloseTo(-1.5 - 0.1 * domain * h, 12);
    },
  );

  test("values pass bit by bit", async () => {
    const spec = `model M {
  input x: float[5]
  task t { output = x |> gradient_reversal(lambda: 0.7)  ${regression(5)} }
}`;
    const x = rows(20, 5);
    for (const engine of [...engines, "tfjs"] as const) {
      const { t } = await predictions(spec, { x }, engine);
      expect(t).toEqual(engine === "reference" ? x.flat() : x.flat().map(Math.fround));
    }
  });

  test.each([...engines, "tfjs"] as const)(
    "derivatives of second order are those of (1 + λ)·detach(x) - λ·x, %s",
    async (engine) => {
      const { document } = compiled(`model M {
  input x: float[2]
  task t { output = x |> gradient_reversal(lambda: 0.5)  ${regression(2)} }
}`);
      const b = createBuilder("reversal");
      const forward = lowerForward(b, new ModelAnalysis(document), {
        weights: new Map(),
        state: new Map(),
        batch: B,
      });
      const [x, r] = [forward.values.get("x")!, forward.values.get(document.tasks[0]!.output)!];
      const [first] = b.gradients(ops.sumAll(b, ops.mul(b, ops.square(b, r), r)), [x]);
      const [second] = b.gradients(ops.sumAll(b, ops.mul(b, first!, first!)), [x]);
      b.result("first", first!);
      b.result("second", second!);
      const session = await createSession(engine, { reversal: b.build() });
      const data = Float64Array.from([0.5, -2, 1.5, 3]);
      const found = await session.run("reversal", { "inputs/x": { dtype: "float", shape: [2, 2], data } }, 2);
      // g = -λ·3r², and d/dx Σg² = 2g · (-λ·6r) · (-λ).
      const g = [...data].map((v) => -0.5 * 3 * v * v);
      expect(error(found["first"]!.data, g)).toBeLessThan(1e-6);
      expect(
        error(
          found["second"]!.data,
          g.map((v, i) => 2 * v * 0.25 * 6 * data[i]!),
        ),
      ).toBeLessThan(1e-6);
    },
  );
});

describe("cascades", () => {
  const cascade = (stage: string): string => `input x: float[1]
  task first { output = x |> dense(1, use_bias: false)  label: float  loss: mse  weight: 0 }
  task second { output = first.output ${stage} |> dense(1, use_bias: false)  label: float  loss: mse }`;
  const weights = { "first.dense.kernel": [0.5], "second.dense.kernel": [2] };
  const data = { inputs: { x: [3] }, labels: { first: [0], second: [1] } };
  // second: (v·w·x - 1)² = (2 · 1.5 - 1)², whose derivative by the output is 4.

  test("a later task trains an earlier one through its output", async () => {
    const after = await step(cascade(""), weights, data);
    expect(after("first.dense.kernel")).toBeCloseTo(0.5 - 0.1 * 4 * 2 * 3, 12);
    expect(after("second.dense.kernel")).toBeCloseTo(2 - 0.1 * 4 * 1.5, 12);
  });

  test("with `detach` between it does not", async () => {
    const after = await step(cascade("|> detach"), weights, data);
    expect(after("first.dense.kernel")).toBe(0.5);
    expect(after("second.dense.kernel")).toBeCloseTo(2 - 0.1 * 4 * 1.5, 12);
  });
});

describe("tied weights", () => {
  const spec = (output: string): string => `model M {
  input word: category(7)
  words = word |> embedding(4)
  h = words |> dense(4, tanh, use_bias: false)
  task next { output = h |> ${output}  label: category(7)  loss: categorical_crossentropy }
}`;
  const tied = compiled(spec("tied_dense(7, softmax, to: words.embedding.embeddings)"));

  test("there is one weight, which counts once", async () => {
    expect(new ModelAnalysis(tied.document).costs.parameters).toBe(7 * 4 + 4 * 4 + 7);
    expect(new ModelAnalysis(compiled(spec("dense(7, softmax)")).document).costs.parameters).toBe(
      2 * 7 * 4 + 4 * 4 + 7,
    );
    const model = await tied.create({ engine: "reference" });
    expect(Object.keys(model.descriptor.weights)).toEqual([
      "words.embedding.embeddings",
      "h.dense.kernel",
      "next.tied_dense.bias",
    ]);
    expect(new ModelAnalysis(tied.document).reach.tasksOfWeight("words.embedding.embeddings")).toEqual([
      "next",
    ]);
  });

  test("it gets the sum of both gradients", async () => {
    // Both uses of w, in turn behind `detach`: w·x·w is tied_dense(1, to: w) over w·x.
    const model = (inner: string): string => `input kind: category(2)
  table = kind |> embedding(1)
  task t { output = table ${inner} |> tied_dense(2, to: table.embedding.embeddings, use_bias: false)  label: float[2]  loss: mse }`;
    const table = [0.5, -0.75];
    const gradient = async (inner: string): Promise<number> => {
      const after = await step(
        model(inner),
        { "table.embedding.embeddings": table },
        {
          inputs: { kind: [0] },
          labels: { t: [1, 2] },
        },
      );
      return (0.5 - after("table.embedding.embeddings")) / 0.1;
    };
    // The mean over two numbers of (w₀wⱼ - yⱼ)².
    const [e0, e1] = [0.5 * 0.5 - 1, 0.5 * -0.75 - 2];
    expect(await gradient("|> detach")).toBeCloseTo(e0 * 0.5, 12);
    expect(await gradient("")).toBeCloseTo(e0 * 0.5 + (e0 * 0.5 + e1 * -0.75), 12);
  });

  test("patterns of optimizers and `freeze` take it by its own path", async () => {
    const frozen = await compile(
      `${spec("tied_dense(7, softmax, to: words.embedding.embeddings)")}
train { freeze: [words.*] optimizer: sgd(lr: 1.0) epochs: 1 batch: full }`,
    ).create({ engine: "reference" });
    const path = "words.embedding.embeddings";
    const before = [...(await frozen.weight(path)).data];
    await frozen.fit({ inputs: { word: [0, 1, 2] }, labels: { next: [1, 2, 3] } });
    expect([...(await frozen.weight(path)).data]).toEqual(before);
  });
});
