import { describe, expect, test } from "vitest";
import type { Json } from "../../src/library/entry.js";
import { entriesOf } from "../../src/library/index.js";
import { compile } from "../../src/index.js";
import { error } from "../tensor/numbers.js";
import { initial, type Options } from "./initial.js";

function moments(x: Float64Array): { mean: number; variance: number; kurtosis: number } {
  const mean = x.reduce((s, v) => s + v, 0) / x.length;
  const variance = x.reduce((s, v) => s + (v - mean) ** 2, 0) / x.length;
  const kurtosis = x.reduce((s, v) => s + (v - mean) ** 4, 0) / x.length / variance ** 2;
  return { mean, variance, kurtosis };
}

function extent(x: Float64Array): number {
  return x.reduce((largest, v) => Math.max(largest, Math.abs(v)), 0);
}

/** A random one, with what its numbers must be like. */
interface Expected {
  readonly name: string;
  readonly shape?: readonly number[];
  readonly options?: Options;
  readonly mean?: number;
  readonly variance: number;
  /** The fourth moment over the squared variance: 1.8 for uniform, 3 for normal numbers. */
  readonly kurtosis: number;
  /** Nothing lies further from the mean, and something comes near. */
  readonly bound?: number;
}

const UNIFORM = 9 / 5;
/** Of a standard normal variable cut off at ±2; by integrating its density. */
const TRUNCATED = truncatedMoments();

function truncatedMoments(): { readonly variance: number; readonly kurtosis: number } {
  const [n, step] = [200_000, 4 / 200_000];
  let [mass, second, fourth] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = -2 + (i + 0.5) * step;
    const p = Math.exp((-x * x) / 2);
    mass += p;
    second += p * x ** 2;
    fourth += p * x ** 4;
  }
  return { variance: second / mass, kurtosis: ((fourth / mass) * mass ** 2) / second ** 2 };
}

function uniformWithin(name: string, bound: number, extra: Partial<Expected> = {}): Expected {
  return { name, variance: bound ** 2 / 3, kurtosis: UNIFORM, bound, ...extra };
}

function truncated(name: string, variance: number, extra: Partial<Expected> = {}): Expected {
  const bound = 2 * Math.sqrt(variance / TRUNCATED.variance);
  return { name, variance, kurtosis: TRUNCATED.kurtosis, bound, ...extra };
}

const KERNEL = { shape: [3, 3, 20, 40] };
const random: readonly Expected[] = [
  uniformWithin("glorot_uniform", Math.sqrt(6 / 200)),
  uniformWithin("glorot_uniform", Math.sqrt(6 / (9 * 60)), KERNEL),
  uniformWithin("he_uniform", Math.sqrt(6 / 120)),
  uniformWithin("he_uniform", Math.sqrt(6 / (9 * 20)), KERNEL),
  uniformWithin("uniform", 0.05),
  uniformWithin("uniform", 1.5, { options: { minval: -1, maxval: 2 }, mean: 0.5 }),
  truncated("glorot_normal", 2 / 200),
  truncated("glorot_normal", 2 / (9 * 60), KERNEL),
  truncated("he_normal", 2 / 120),
  truncated("he_normal", 2 / (9 * 20), KERNEL),
  { name: "normal", variance: 0.05 ** 2, kurtosis: 3 },
  { name: "normal", options: { mean: 2, stddev: 0.5 }, mean: 2, variance: 0.25, kurtosis: 3 },
];

const options = (name: string): Options => (name === "constant" ? { value: 0.25 } : {});
const shapes: Readonly<Record<string, readonly number[]>> = {
  identity: [7, 7],
  unit_forget_bias: [24],
  orthogonal: [9, 6],
};
const all = entriesOf("initializer").map((e) => e.name);

describe("statistics", () => {
  test.each(random.map((r) => [`${r.name} ${JSON.stringify(r.options ?? r.shape ?? "")}`, r] as const))(
    "%s",
    async (_title, { name, mean = 0, variance, kurtosis, bound, ...given }) => {
      const x = await initial(name, given);
      const found = moments(x);
      // Four standard errors; of the variance: σ²·√((κ - 1) / n).
      expect(Math.abs(found.mean - mean)).toBeLessThan(4 * Math.sqrt(variance / x.length));
      expect(Math.abs(found.variance / variance - 1)).toBeLessThan(4 * Math.sqrt((kurtosis - 1) / x.length));
      expect(Math.abs(found.kurtosis / kurtosis - 1)).toBeLessThan(0.1);
      if (bound === undefined) return;
      const furthest = extent(x.map((v) => v - mean));
      expect(furthest).toBeLessThanOrEqual(bound * (1 + 1e-12));
      expect(furthest).toBeGreaterThan(0.98 * bound);
    },
  );

  test("the cut-off deviation is Keras's constant", () => {
    expect(Math.sqrt(TRUNCATED.variance)).toBeCloseTo(0.8796256610342398, 8);
  });

  test("neighbours are not correlated", async () => {
    for (const name of ["normal", "glorot_uniform", "he_normal"]) {
      const x = await initial(name);
      const { mean, variance } = moments(x);
      for (const lag of [1, 2, 80]) {
        let sum = 0;
        for (let i = lag; i < x.length; i++) sum += (x[i]! - mean) * (x[i - lag]! - mean);
        expect(Math.abs(sum / x.length / variance), `${name}, ${lag}`).toBeLessThan(4 / Math.sqrt(x.length));
      }
    }
  });
});

describe("orthogonal", () => {
  const matrices = [
    [8, 8],
    [12, 5],
    [5, 12],
    [3, 2, 4, 6],
    [1, 4],
    [64, 64],
  ];

  test.each(matrices.map((m) => [m.join("×"), m] as const))("%s", async (_name, shape) => {
    for (const [engine, tolerance] of [
      ["reference", 1e-10],
      ["tfjs", 1e-5],
    ] as const) {
      for (const gain of [1, 2.5]) {
        const x = await initial("orthogonal", { shape, engine, options: { gain } });
        expect(unevenness(x, shape, gain), engine).toBeLessThan(tolerance * gain ** 2);
      }
    }
  });

  test("random rotations have no preferred direction", async () => {
    let sum = 0;
    for (let seed = 0; seed < 400; seed++) sum += (await initial("orthogonal", { shape: [3, 3], seed }))[0]!;
    // One coordinate of a random unit vector in space has the variance 1/3.
    expect(Math.abs(sum / 400)).toBeLessThan(4 * Math.sqrt(1 / 3 / 400));
  });
});

/** How far the product of the matrix with itself, over its longer side, is from gain² on the diagonal and 0 elsewhere. */
function unevenness(x: Float64Array, shape: readonly number[], gain: number): number {
  const columns = shape.at(-1)!;
  const rows = x.length / columns;
  const [short, long] = [Math.min(rows, columns), Math.max(rows, columns)];
  const at = (vector: number, k: number): number =>
    x[rows >= columns ? k * columns + vector : vector * columns + k]!;
  let worst = 0;
  for (let i = 0; i < short; i++) {
    for (let j = 0; j < short; j++) {
      let product = 0;
      for (let k = 0; k < long; k++) product += at(i, k) * at(j, k);
      worst = Math.max(worst, Math.abs(product - (i === j ? gain ** 2 : 0)));
    }
  }
  return worst;
}

describe("fixed ones", () => {
  const fixed: readonly (readonly [
    string,
    readonly number[],
    Readonly<Record<string, Json>>,
    readonly number[],
  ])[] = [
    ["zeros", [2, 2], {}, [0, 0, 0, 0]],
    ["ones", [3], {}, [1, 1, 1]],
    ["constant", [1, 2], { value: -0.5 }, [-0.5, -0.5]],
    ["identity", [3, 3], {}, [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ["identity", [2, 2], { gain: 0.5, rest: 0.25 }, [0.5, 0.25, 0.25, 0.5]],
    ["unit_forget_bias", [8], {}, [0, 0, 1, 1, 0, 0, 0, 0]],
  ];
  test.each(fixed)("%s", async (name, shape, given, right) => {
    for (const engine of ["reference", "tfjs"] as const)
      expect([...(await initial(name, { shape, options: given, engine }))]).toEqual(right);
  });
});

describe("streams", () => {
  const drawing = [...new Set(random.map((r) => r.name)), "orthogonal"];

  test("every initializer is random or fixed here", () => {
    const known = [...drawing, "zeros", "ones", "constant", "identity", "unit_forget_bias"];
    expect(all.filter((name) => !known.includes(name))).toEqual([]);
  });

  test.each(drawing)("%s: one seed, one path, the same numbers; another of either, others", async (name) => {
    const shape = [6, 5];
    const x = await initial(name, { shape });
    expect(await initial(name, { shape })).toEqual(x);
    const others = [
      await initial(name, { shape, seed: 4 }),
      await initial(name, { shape, path: "trunk.dense_2.kernel" }),
      await initial(name, { shape, path: "trunk.dense.kerneL" }),
    ];
    for (const other of others) expect(other.filter((v, i) => v === x[i]).length).toBe(0);
  });

  test.each(all)("%s: tfjs makes what the reference makes", async (name) => {
    const given = { shape: shapes[name] ?? [40, 30], options: options(name) };
    const right = await initial(name, given);
    expect(error(await initial(name, { ...given, engine: "tfjs" }), right)).toBeLessThanOrEqual(1e-5);
  });

  test("in a model every path has its own numbers, and the seed decides", async () => {
    const spec = `model M {
      input x: float[6]
      task y {
        output = x |> dense(6, tanh) |> dense(6, tanh) |> dense(1)
        label: float
        loss: mse
      }
    }`;
    const started = (seed: number) => compile(spec).create({ engine: "reference", seed });
    const [a, again, b] = [await started(1), await started(1), await started(2)];
    const kernel = async (model: typeof a, path: string): Promise<number[]> => [
      ...(await model.weight(path)).data,
    ];
    expect(await kernel(a, "y.dense.kernel")).toEqual(await kernel(again, "y.dense.kernel"));
    expect(await kernel(a, "y.dense.kernel")).not.toEqual(await kernel(b, "y.dense.kernel"));
    expect(await kernel(a, "y.dense.kernel")).not.toEqual(await kernel(a, "y.dense_2.kernel"));
  });
});

describe("shapes that do not suit", () => {
  test.each([
    ["identity", "dense(4, kernel_initializer: identity)", "NN3002"],
    ["orthogonal", "dense(4, bias_initializer: orthogonal)", "NN3002"],
    ["unit_forget_bias", "dense(4, kernel_initializer: unit_forget_bias)", "NN3002"],
    ["unit_forget_bias", "dense(6, bias_initializer: unit_forget_bias)", "NN3002"],
  ])("%s in %s", (_name, layer, code) => {
    const { diagnostics } = compile(`model M {
      input x: float[6]
      task y {
        output = x |> ${layer} |> dense(1)
        label: float
        loss: mse
      }
    }`);
    expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.code)).toEqual([code]);
  });
});
