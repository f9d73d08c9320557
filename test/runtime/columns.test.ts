import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { meanOf, type ColumnMetric } from "../../src/runtime/measures.js";
import { emitted, outFolder, typeErrors } from "../emitted/emit.js";
import { compiled, numbers, rows } from "../helpers.js";
import { writeFileSync } from "node:fs";

interface Case {
  readonly name: string;
  readonly label: string;
  readonly labels: readonly (number | null)[];
  readonly scores: readonly number[];
  readonly shape: readonly number[];
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
  readonly means: Readonly<Record<string, number>>;
}

const { cases } = JSON.parse(readFileSync(new URL("../golden/columns.json", import.meta.url), "utf8")) as {
  readonly cases: readonly Case[];
};

/** A model whose outputs are its inputs. */
function identity({ label, shape, columns }: Case, stage = ""): string {
  const losses = { b: "binary_crossentropy", f: "mse", c: "categorical_crossentropy" } as const;
  return `model Scores {
  input x: float[${shape.join(", ")}]
  task y {
    output = x |> dense(${shape.at(-1)}, use_bias: false, kernel_initializer: identity)${stage}
    label: ${label}
    loss: ${losses[label[0] as keyof typeof losses]}
    metrics: [${Object.keys(columns).join(", ")}]
  }
}`;
}

/** What a cross-entropy's output may end with, which is seen through. */
const stages = (label: string) =>
  label.startsWith("float") ? [""] : label.startsWith("binary") ? ["", " |> sigmoid"] : ["", " |> softmax"];

describe.each(["reference", "wasm", "tfjs"] as const)("%s: scikit-learn's numbers", (engine) => {
  const all = cases.flatMap((c) => stages(c.label).map((stage) => [c.name + stage, stage, c] as const));
  test.each(all)("%s", async (_, stage, c) => {
    const model = await compiled(identity(c, stage)).create({ engine });
    const report = await model.evaluate({ inputs: { x: c.scores }, labels: { y: c.labels } });
    for (const [metric, right] of Object.entries(c.columns)) {
      const found = report.metrics["y"]![metric]!;
      const columns = typeof found === "object" ? Object.values(found.columns) : [found];
      expect(columns).toHaveLength(right.length);
      const near = (value: number | null, wanted: number) =>
        expect(Math.abs(value! - wanted), metric).toBeLessThan(
          (engine === "reference" ? 1e-9 : 1e-4) * Math.max(1, Math.abs(wanted)),
        );
      columns.forEach((value, i) => near(value, right[i]!));
      near(meanOf(found), c.means[metric]!);
    }
    model.dispose();
  });
});

const named = `model Named {
  input x: float[2]
  task y { output = x |> dense(3, kernel_initializer: zeros)  label: float[3]?  loss: mse  metrics: [mae, r2] }
}
train { optimizer: sgd(lr: 0)  epochs: 1 }
data { from: "none.csv"  x = [a, b]  y = [height, "body mass", __proto__] |> standardize }`;

test("a column has its name and its units, and one without a value says why", async () => {
  const y = rows(20, 3, 5).map(([a, b], i) => [170 + 10 * a!, 70_000 + 9000 * b!, i === 3 ? 4 : null]);
  const data = { inputs: { x: rows(20, 2, 6) }, labels: { y } };
  const model = await compiled(named).create();
  await model.fit(data);
  const { metrics, warnings } = await model.evaluate(data);
  const { mae, r2 } = metrics["y"] as Record<string, ColumnMetric>;
  // The mean is predicted for every row: r2 is 0, and mae the mean distance from it.
  const distance = (column: number) => {
    const values = y.map((row) => row[column]!);
    const mean = values.reduce((a, b) => a + b) / values.length;
    return values.reduce((sum, v) => sum + Math.abs(v - mean), 0) / values.length;
  };
  expect(Object.entries(mae!.columns).map(([name]) => name)).toEqual(["height", "body mass", "__proto__"]);
  expect(mae!.columns["height"]).toBeCloseTo(distance(0), 6);
  expect(mae!.columns["body mass"]).toBeCloseTo(distance(1), 3);
  expect(mae!.mean).toBeCloseTo((distance(0) + distance(1) + 0) / 3, 3);
  expect(Object.values(r2!.columns)).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 9), null]);
  expect(r2!.mean).toBeCloseTo(0, 9);
  expect(warnings).toEqual(["y: r2 has no value for __proto__, because all labels are equal."]);
});

test("early stopping goes by the mean over the columns", async () => {
  const model = await compiled(`model Stops {
    input x: float[1]
    task y { output = x |> dense(2, kernel_initializer: zeros)  label: float[2]  loss: mae  metrics: [r2] }
  }
  train { optimizer: sgd(lr: 2)  epochs: 6  batch: full  stop: early(monitor: validation.y.r2, patience: 9) }`).create(
    {
      engine: "reference",
    },
  );
  // Both biases rise by 1 an epoch, since a column's gradient is half; the columns of the validation are best at 2 and at 4.
  const training = {
    inputs: { x: [0, 0] },
    labels: {
      y: [
        [100, 100],
        [100, 100],
      ],
    },
  };
  const validation = {
    inputs: { x: [0, 0] },
    labels: {
      y: [
        [1, -96],
        [3, 104],
      ],
    },
  };
  const { epochs, bestEpoch } = await model.fit(training, { validation });
  // By hand: 1 − Σ(y − b)² / Σ(y − ȳ)², of each column.
  const of = (b: number, y: readonly number[]) => {
    const mean = y.reduce((s, v) => s + v) / y.length;
    const squares = (from: number) => y.reduce((s, v) => s + (v - from) ** 2, 0);
    return 1 - squares(b) / squares(mean);
  };
  const right = [1, 2, 3, 4, 5, 6].map((b) => (of(b, [1, 3]) + of(b, [-96, 104])) / 2);
  epochs.forEach(({ metrics }, i) => expect(meanOf(metrics["y"]!["r2"])).toBeCloseTo(right[i]!, 12));
  expect(bestEpoch).toBe(right.indexOf(Math.max(...right)) + 1);
  expect(bestEpoch).toBe(2);
});

test("a module's types know the columns", () => {
  const folder = outFolder("columns");
  writeFileSync(new URL("named.ts", folder), emitted(named, "wasm"));
  writeFileSync(
    new URL("use.ts", folder),
    `import { createModel } from "./named.js";
const model = await createModel();
const data = { inputs: { x: [[1, 2]] }, labels: { y: [[1, null, 3], null, [null]] } };
await model.fit(data, { onEpochEnd: ({ metrics }) => console.log(metrics.y.mae.mean, metrics.y.r2.columns["body mass"]) });
const { metrics } = await model.evaluate(data);
const height: number | null = metrics.y.mae.columns.height;
// @ts-expect-error there is no such column
console.log(height, metrics.y.mae.columns.heigth);
const { y } = await model.predict(data.inputs);
const exact: Float64Array = y.values;
console.log(exact, (await model.save()).length);
`,
  );
  expect(typeErrors(folder)).toEqual([]);
});

test("probabilities by themselves are what metrics go by where there are no logits", async () => {
  const model = await compiled(`model Halved {
    input x: float[1]
    task y { output = 0.5 * (x |> sigmoid) + 0.25  label: binary  loss: binary_crossentropy  metrics: [log_loss, accuracy] }
  }`).create({ engine: "reference" });
  const x = numbers(20, 4).map((v) => 3 * v);
  const labels = x.map((_, i) => i % 2);
  const p = x.map((v) => 0.25 + 0.5 / (1 + Math.exp(-v)));
  const right = p.reduce((sum, q, i) => sum - Math.log(labels[i] === 1 ? q : 1 - q), 0) / 20;
  const { metrics } = await model.evaluate({ inputs: { x }, labels: { y: labels } });
  expect(metrics["y"]!["log_loss"]).toBeCloseTo(right, 12);
  expect(metrics["y"]!["accuracy"]).toBe(p.filter((q, i) => Number(q > 0.5) === labels[i]).length / 20);
});
