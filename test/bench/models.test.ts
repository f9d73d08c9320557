import { expect, test } from "vitest";
import { compile } from "../../src/compile.js";
import { compiled } from "../helpers.js";

interface BenchModel {
  readonly spec: string;
  readonly batch: number;
  readonly data: (rows: number) => { readonly inputs: object; readonly labels: object };
}

const { models } = (await import(new URL("../../bench/models.mjs", import.meta.url).href)) as {
  models: Readonly<Record<string, BenchModel>>;
};

test.each(Object.keys(models))("the benchmark's %s is a model that its data trains", async (name) => {
  const { spec, batch, data } = models[name]!;
  const model = await compiled(spec).create({ engine: "tfjs", seed: 1 });
  const losses: number[] = [];
  await model.fit(data(2 * batch) as never, {
    epochs: 1,
    onStep: (event) => losses.push(...Object.values(event.losses).map(Number)),
  });
  expect(losses.length).toBeGreaterThan(1);
  expect(losses.every((loss) => Number.isFinite(loss))).toBe(true);
  model.dispose();
});

test("ten thousand layers are checked", () => {
  const lines = Array.from(
    { length: 10_000 },
    (_, i) => `h${i + 1} = ${i === 0 ? "x" : `h${i}`} |> dense(8, relu)`,
  );
  const text = `model Deep {
    input x: float[8]
    task y { ${lines.join("\n")} output = h10000  label: float[8]  loss: mse }
  }
  train { optimizer: adam(lr: 0.001) }`;
  expect(compile(text).document?.nodes.length).toBe(10_000);
});
