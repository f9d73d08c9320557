import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/library/entry.js";
import { entriesOf } from "../../src/library/index.js";
import { compiled } from "../helpers.js";
import { initial } from "./initial.js";

interface Figures {
  readonly mean: number;
  readonly deviation: number;
}

interface Golden {
  readonly seeds: number;
  readonly layers: readonly {
    readonly name: string;
    readonly layer: string;
    readonly spec: string;
    readonly input: string;
    readonly weights: Readonly<Record<string, Figures & { readonly size: number }>>;
  }[];
  readonly initializers: readonly (Figures & {
    readonly name: string;
    readonly options: Readonly<Record<string, Json>>;
    readonly shape: readonly number[];
  })[];
}

/** What Keras's layers and initializers draw; test/golden/initial.py wrote it. */
const golden = JSON.parse(readFileSync(new URL("../golden/initial.json", import.meta.url), "utf8")) as Golden;

/** Of two samples of a distribution with a kurtosis of at most 3, five standard errors apart at most. */
function alike(found: readonly number[], right: Figures, what: string): void {
  const count = found.length;
  const mean = found.reduce((sum, x) => sum + x, 0) / count;
  const deviation = Math.sqrt(found.reduce((sum, x) => sum + (x - mean) ** 2, 0) / count);
  const error = 5 / Math.sqrt(count);
  expect(Math.abs(mean - right.mean), `mean of ${what}`).toBeLessThanOrEqual(
    error * Math.SQRT2 * right.deviation + 1e-7,
  );
  expect(
    Math.abs(deviation - right.deviation),
    `deviation of ${what}: ${deviation}, not ${right.deviation}`,
  ).toBeLessThanOrEqual(error * right.deviation + 1e-7);
}

const seeds = Array.from({ length: golden.seeds }, (_, i) => i);

describe("every layer begins as Keras's does", () => {
  test.each(golden.layers.map((layer) => [layer.name, layer] as const))("%s", async (_name, given) => {
    const spec = compiled(`model M {
      input x: ${given.input}
      task y { output = x |> ${given.spec} |> flatten |> dense(1)  label: float  loss: mse }
    }`);
    const drawn = new Map(Object.keys(given.weights).map((name) => [name, [] as number[]]));
    for (const seed of seeds) {
      const model = await spec.create({ engine: "reference", seed });
      for (const [name, all] of drawn) all.push(...(await model.weight(`y.${given.layer}.${name}`)).data);
      model.dispose();
    }
    for (const [name, all] of drawn) {
      expect(all).toHaveLength(given.weights[name]!.size * seeds.length);
      alike(all, given.weights[name]!, name);
    }
  });

  test("but for those that Keras has not", () => {
    const known = new Set(golden.layers.map(({ layer }) => layer));
    const others = entriesOf("layer").filter((entry) => "weights" in entry && !known.has(entry.name));
    // The kernel of `selector` and a weight of one's own begin as a dense kernel of their shape.
    expect(others.map((entry) => entry.name).sort()).toEqual(["selector", "tied_dense", "weight"]);
  });
});

describe("every initializer draws as Keras's does", () => {
  test.each(
    golden.initializers.map((drawn) => [`${drawn.name} [${drawn.shape.join(", ")}]`, drawn] as const),
  )("%s", async (title, { name, options, shape, ...right }) => {
    const all: number[] = [];
    for (const seed of seeds) all.push(...(await initial(name, { shape, options, seed })));
    alike(all, right, title);
  });

  test("but for that of an lstm's bias, which is the layer's own", () => {
    const known = new Set(golden.initializers.map(({ name }) => name));
    const others = entriesOf("initializer").filter((entry) => !known.has(entry.name));
    expect(others.map((entry) => entry.name)).toEqual(["unit_forget_bias"]);
  });
});
