import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

const SPEC = `model Two {
  input x: float[2]
  input z: float[1]
  shared trunk = dense(4, tanh)
  task size { output = x |> trunk |> dense(1)  label: float?  loss: mse  metrics: [mae] }
  task kind { output = z |> dense(2) |> trunk |> dense(2, softmax)  label: category("low", "high")?  loss: categorical_crossentropy  metrics: [accuracy] }
}
train { optimizer: adam(lr: 0.05)  epochs: 20  batch: 8 }
data {
  from boxes: "boxes.csv"
  from bars: "bars.csv"
  x = boxes[a, "b c"] |> standardize
  size = boxes.size |> standardize
  z = bars.height
  kind = bars.kind
  row_weight kind: bars.w
  sampler: round_robin
  batches: homogeneous
  split: { train: 0.6, validation: 0.2, test: 0.2 }
}
`;

let cwd = "";
beforeAll(async () => {
  cwd = temporaryFolder();
  const boxes = Array.from({ length: 40 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${10 + 3 * Math.sin(i)}`);
  const bars = Array.from(
    { length: 60 },
    (_, i) => `${i / 30 - 1},${i < 30 ? "low" : "high"},${1 + (i % 2)}`,
  );
  writeFileSync(join(cwd, "boxes.csv"), ["a,b c,size", ...boxes].join("\n"));
  writeFileSync(join(cwd, "bars.csv"), ["height,kind,w", ...bars].join("\n"));
  writeFileSync(join(cwd, "more-bars.csv"), "height,kind,w\n-0.9,low,1\n0.9,high,1\n");
  writeFileSync(join(cwd, "two.nnspec"), SPEC);
  expect(await nnc(["train", "two.nnspec"], { cwd })).toMatchObject({ code: 0 });
});

test("train, evaluate and predict go over the rows of both files", async () => {
  expect(await nnc(["check", "two.nnspec"], { cwd })).toMatchObject({ code: 0, stderr: "" });
  const evaluated = await nnc(["evaluate", "two.nnspec", "--json"], { cwd });
  const [report] = jsonLines(evaluated.stdout) as [{ metrics: Record<string, Record<string, number>> }];
  expect(report.metrics["kind"]!["accuracy"]).toBeGreaterThan(0.7);
  // A box is 7 to 13: the mean would be about 1.9 off.
  expect(report.metrics["size"]!["mae"]).toBeLessThan(1.2);
  const { stdout } = await nnc(["predict", "two.nnspec"], { cwd });
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toBe("row,source,size,kind,kind_low,kind_high");
  expect(lines.length).toBe(101);
  expect(lines[1]).toMatch(/^1,boxes,[\d.]+,,,$/);
  expect(lines[100]).toMatch(/^\d+,bars,,high,[\d.e-]+,[\d.]+$/);
  const json = jsonLines((await nnc(["predict", "two.nnspec", "--format", "jsonl"], { cwd })).stdout);
  expect(Object.keys(json[0]!)).toEqual(lines[0]!.split(","));
  expect([json[0]!["kind"], json[99]!["size"]]).toEqual([null, null]);
});

test("another file is read like one of the sources", async () => {
  const args = ["predict", "two.nnspec", "--data", "more-bars.csv"];
  const { stdout } = await nnc([...args, "--source", "bars"], { cwd });
  expect(stdout.split("\n").map((line) => line.split(",")[2])).toEqual(["kind", "low", "high", undefined]);
  const without = await nnc(args, { cwd });
  expect([without.code, without.stdout]).toEqual([1, ""]);
  expect(without.stderr).toContain("NN7071");
  expect((await nnc([...args, "--source", "bar"], { cwd })).stderr).toContain("There is no source `bar`");
  const evaluated = await nnc(["evaluate", "two.nnspec", "--data", "more-bars.csv", "--source", "bars"], {
    cwd,
  });
  expect(evaluated).toMatchObject({ code: 0 });
  expect(evaluated.stdout).toContain("accuracy 1");
});

test("a row names the inputs that it has", async () => {
  const { stdout } = await nnc(["predict", "two.nnspec", "--row", '{"z": 0.9}'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ kind: { class: "high" } });
  expect(JSON.parse(stdout)).not.toHaveProperty("size");
});

test("a file that is not there is named with its place", async () => {
  writeFileSync(join(cwd, "gone.nnspec"), SPEC.replace('"bars.csv"', '"barz.csv"'));
  const { code, stderr } = await nnc(["train", "gone.nnspec"], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/NN7001.*barz\.csv/);
  expect(stderr).toContain("from bars:");
  expect(stderr).toContain("bars.csv");
});
