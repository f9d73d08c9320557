import { describe, expect, test } from "vitest";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fitChain } from "../../src/runtime/transforms/chain.js";
import { nnc } from "../cli/run.js";
import { compiled, numbers } from "../helpers.js";

const FAR = 1.7e9;

/** A time in seconds, some 40 of them around a moment long after 1970: a float32 there knows steps of 128. */
const SPEC = (transform: string) => `model Far {
  input x: float[1]
  task when { output = x |> dense(1)  label: float  loss: mse  metrics: [mae, rmse] }
}
train { optimizer: adam(lr: 0.05)  epochs: 200  batch: full }
data { from: "times.csv"  x = x |> standardize  when = when |> ${transform}  split: { train: 0.8, test: 0.2 } }`;

const x = numbers(100, 3);
const when = x.map((v) => FAR + 40 * v + 0.25);

describe.each(["reference", "wasm", "tfjs"] as const)("%s: labels far from 0", (engine) => {
  test.each(["standardize", "min_max", "robust", "scale(1e-9) |> standardize"])("%s", async (transform) => {
    const model = await compiled(SPEC(transform)).create({ engine });
    await model.fit({ inputs: { x }, labels: { when } });
    const { values } = (await model.predict({ x }))["when"] as { values: Float64Array };
    values.forEach((value, i) => expect(Math.abs(value - when[i]!)).toBeLessThan(0.1));
    expect(Math.abs(((await model.predictOne({ x: x[7]! }))["when"] as number) - when[7]!)).toBeLessThan(0.1);
    const { metrics } = await model.evaluate({ inputs: { x }, labels: { when } });
    expect(metrics["when"]!["mae"]).toBeLessThan(0.1);
    model.dispose();
  });
});

test("the predictions of a file keep their digits", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nnc-far-"));
  writeFileSync(join(folder, "far.nnspec"), SPEC("standardize"));
  writeFileSync(join(folder, "times.csv"), `x,when\n${x.map((v, i) => `${v},${when[i]}`).join("\n")}\n`);
  expect((await nnc(["train", "far.nnspec"], { cwd: folder })).code).toBe(0);
  await nnc(["predict", "far.nnspec", "--out", "out.csv"], { cwd: folder });
  const [header, ...lines] = readFileSync(join(folder, "out.csv"), "utf8").trim().split("\n");
  expect(header).toBe("row,when");
  lines.forEach((line, i) => {
    const [row, predicted] = line.split(",").map(Number);
    expect(row).toBe(i + 1);
    expect(Math.abs(predicted! - when[i]!)).toBeLessThan(0.1);
  });
  rmSync(folder, { recursive: true });
});

describe("standardize", () => {
  const fitted = (values: readonly number[]) =>
    fitChain([{ name: "standardize", options: {} }], [Float64Array.from(values)])[0]!.state as {
      center: number[];
      scale: number[];
    };

  // Whole multiples of 2⁻⁸ are exact at 1.7e9, so that moments are those of the offsets, whatever they stand at.
  test.each([0, 1, 1e6, FAR, -FAR])("a small spread around %d is that of the offsets", (at) => {
    const count = 100_000;
    const offsets = Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 0 : 179) / 256);
    const { center, scale } = fitted(offsets.map((o) => at + o));
    expect(scale[0]).toBeCloseTo(179 / 512, 12);
    expect(center[0]! - at).toBeCloseTo(179 / 512, 6);
  });

  test.each([[[FAR, FAR, FAR]], [[0.3, 0.1 + 0.2]], [[0, 0]], [[1e300, 1e300]], [[-7]]])(
    "%j is constant",
    (values) => {
      expect(fitted(values).scale).toEqual([1]);
    },
  );
});
