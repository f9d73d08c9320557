import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

const SPEC = `model M {
  input x: float[3]
  input where: category("n", "s")
  task good { output = concat(x, where |> one_hot) |> dense(1, sigmoid)  label: binary("no", "yes")  loss: binary_crossentropy }
  task kind { output = x |> dense(3, softmax)  label: category(3)  loss: categorical_crossentropy }
  task size { output = x |> dense(2)  label: float[2]  loss: mse }
}
train { epochs: 2 }
data { from: "d.csv"  x = "a 1".."c"  where = w  good = g  kind = k  size = [s, t]  split: { train: 0.8, test: 0.2 } }`;

test("a row has one shape in every form, and a range's columns their names where the file is there", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "m.nnspec"), SPEC);
  const rows = Array.from({ length: 10 }, (_, i) =>
    [i / 10, i % 3, 1 - i / 5, i % 2 ? "n" : "s", i % 2 ? "no" : "yes", i % 3, i, -i].join(),
  );
  writeFileSync(join(cwd, "d.csv"), ["a 1,b,c,w,g,k,s,t", ...rows].join("\n"));
  await nnc(["train", "m.nnspec"], { cwd });
  const predict = (...args: string[]) => nnc(["predict", "m.nnspec", ...args], { cwd });

  const lines = jsonLines((await predict("--format", "jsonl")).stdout);
  const byColumn = JSON.stringify({ "a 1": 0.3, b: 0, c: 0.4, w: "n" });
  const byInput = JSON.stringify({ x: [0.3, 0, 0.4], where: "n" });
  const [one] = jsonLines((await predict("--row", byColumn)).stdout);
  expect(jsonLines((await predict("--row", byInput)).stdout)).toEqual([one]);
  expect(lines[3]).toEqual(one);
  expect(one).toEqual({
    good: {
      class: expect.stringMatching(/^(no|yes)$/),
      probability: expect.any(Number),
      probabilities: { no: expect.any(Number), yes: expect.any(Number) },
    },
    kind: {
      class: expect.any(Number),
      probability: expect.any(Number),
      probabilities: { 0: expect.any(Number), 1: expect.any(Number), 2: expect.any(Number) },
    },
    size: [expect.any(Number), expect.any(Number)],
  });
  const [header, first] = (await predict()).stdout.split("\n");
  expect(header).toBe("good,good_no,good_yes,kind,kind_0,kind_1,kind_2,size_1,size_2");
  const [, no, yes] = first!.split(",").map(Number);
  expect(no! + yes!).toBeCloseTo(1, 5);

  renameSync(join(cwd, "d.csv"), join(cwd, "elsewhere.csv"));
  const { stderr, code } = await predict("--row", byColumn);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'The row\'s "a 1" is unknown; there is x, where, w. x is given as a list of 3 numbers.',
  );
});

test("what stands for a missing value in a data file does so in a row", async () => {
  const cwd = temporaryFolder();
  const spec = `model M { input x: float[2]  task t { output = x |> dense(1)  label: float  loss: mse } }
train { epochs: 1 }
data { from: "d.csv"  missing: ["?"]  x = [a, b] |> impute(median)  t = y }`;
  writeFileSync(join(cwd, "m.nnspec"), spec);
  const rows = Array.from({ length: 20 }, (_, i) => `${i % 5 ? i : "?"},${i},${2 * i}`);
  writeFileSync(join(cwd, "d.csv"), ["a,b,y", ...rows].join("\n"));
  await nnc(["train", "m.nnspec"], { cwd });
  const predict = async (row: object) => nnc(["predict", "m.nnspec", "--row", JSON.stringify(row)], { cwd });
  const { stdout } = await predict({ a: null, b: 3 });
  for (const row of [{ a: "?", b: 3 }, { a: "", b: 3 }, { b: 3 }, { x: ["NA", 3] }])
    expect((await predict(row)).stdout).toBe(stdout);
  const { code, stderr } = await predict({ a: "q", b: 3 });
  expect([code, stderr.split("\n")[0]]).toEqual([1, 'error[NN6007]: inputs.x, row 0: "q" is not a number.']);
});
