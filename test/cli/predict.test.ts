import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
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

  const byColumn = JSON.stringify({ "a 1": 0.3, b: 0, c: 0.4, w: "n" });
  const byInput = JSON.stringify({ x: [0.3, 0, 0.4], where: "n" });
  const [one] = jsonLines((await predict("--row", byColumn)).stdout);
  expect(jsonLines((await predict("--row", byInput)).stdout)).toEqual([one]);
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
  const good = one!["good"] as { class: string; probabilities: { no: number } };
  const [, , , fourth] = jsonLines((await predict("--format", "jsonl")).stdout);
  expect(fourth).toMatchObject({ row: 4, good: good.class });
  expect(fourth!["good_no"]).toBeCloseTo(good.probabilities.no, 6);

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

describe("predictions can be joined", () => {
  const cwd = temporaryFolder();
  const rows = Array.from({ length: 10 }, (_, i) =>
    [`id ${i}`, i / 10, i % 3, 1 - i / 5, i % 2 ? "n" : "s", i % 2 ? "no" : "yes", i % 3, i, -i].join(),
  );
  const predict = (...args: string[]) => nnc(["predict", "m.nnspec", ...args], { cwd });
  const cellsOf = (csv: string) =>
    csv
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));

  beforeAll(async () => {
    writeFileSync(join(cwd, "m.nnspec"), SPEC);
    writeFileSync(join(cwd, "d.csv"), ["name,a 1,b,c,w,g,k,s,t", ...rows].join("\n"));
    await nnc(["train", "m.nnspec"], { cwd });
  });

  test("by the number of the row, columns of the file and labels; a vector's values go by their columns", async () => {
    const [header, ...lines] = cellsOf((await predict("--id", "name", "--id", "w", "--truth")).stdout);
    expect(header!.join()).toBe(
      "row,name,w,good,good_no,good_yes,good_label,kind,kind_0,kind_1,kind_2,kind_label,s,t,s_label,t_label",
    );
    expect(lines).toHaveLength(10);
    // The same names whatever else is asked for.
    for (const args of [[], ["--part", "test"], ["--data", "d.csv"]])
      expect((await predict(...args)).stdout.split("\n")[0]).toBe(
        "row,good,good_no,good_yes,kind,kind_0,kind_1,kind_2,s,t",
      );
    lines.forEach((line, i) => {
      const cell = (name: string) => line[header!.indexOf(name)];
      expect([cell("row"), cell("name"), cell("w")]).toEqual([String(i + 1), `id ${i}`, i % 2 ? "n" : "s"]);
      expect([cell("good_label"), cell("kind_label")]).toEqual([i % 2 ? "no" : "yes", String(i % 3)]);
      expect([Number(cell("s_label")), Number(cell("t_label"))]).toEqual([i, 0 - i]);
      expect(Number(cell("good_no")) + Number(cell("good_yes"))).toBeCloseTo(1, 5);
    });
  });

  test("CSV and JSON lines have the same fields with the same values", async () => {
    const args = ["--id", "name", "--truth"];
    const [header, ...lines] = cellsOf((await predict(...args)).stdout);
    const objects = jsonLines((await predict(...args, "--format", "jsonl")).stdout);
    expect(objects.map((object) => Object.keys(object))).toEqual(lines.map(() => header));
    expect(objects.map((object) => Object.values(object).map(String))).toEqual(lines);
  });

  test("a part of the data has the numbers of its rows in the file, and those that evaluate judges", async () => {
    const part = jsonLines(
      (await predict("--part", "test", "--id", "name", "--truth", "--format", "jsonl")).stdout,
    );
    expect(part).toHaveLength(2);
    for (const { row, name } of part) expect(name).toBe(`id ${Number(row) - 1}`);
    const [report] = jsonLines((await nnc(["evaluate", "m.nnspec", "--json"], { cwd })).stdout);
    const meanSquare = part
      .flatMap((row) =>
        ["s", "t"].map((column) => (Number(row[column]) - Number(row[`${column}_label`])) ** 2),
      )
      .reduce((sum, square) => sum + square / 4, 0);
    expect((report!["losses"] as { size: number }).size).toBeCloseTo(meanSquare, 3);
  });

  test.each<[string, string[], number, string]>([
    ["a column that there is not", ["--id", "nmae"], 1, "Did you mean `name`?"],
    ["labels of a file without them", ["--truth", "--data", "bare.csv"], 1, "has no column `g`"],
    ["labels of one row", ["--truth", "--row", "{}"], 2, "are for a file of rows"],
    ["a part of another file", ["--part", "test", "--data", "d.csv"], 2, "is a part of the spec's own data"],
  ])("%s", async (_, args, code, words) => {
    writeFileSync(join(cwd, "bare.csv"), "a 1,b,c,w\n1,2,3,n\n");
    const result = await predict(...args);
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(result.stderr).toContain(words);
  });

  test("a column by the name of a prediction is refused, and names that are taken get a number", async () => {
    const spec = `model M {
  input x: float
  task row { output = x |> dense(1)  label: float  loss: mse }
  task a { output = x |> dense(2, softmax)  label: category("b", "c")  loss: categorical_crossentropy }
  task a_b { output = x |> dense(1)  label: float  loss: mse }
}
train { epochs: 1 }
data { from: "e.csv"  x = x  row = r  a = a  a_b = r  split: { train: 1 } }`;
    writeFileSync(join(cwd, "e.nnspec"), spec);
    writeFileSync(join(cwd, "e.csv"), "x,r,a\n1,2,b\n2,1,c\n");
    await nnc(["train", "e.nnspec"], { cwd });
    const { stdout } = await nnc(["predict", "e.nnspec"], { cwd });
    expect(stdout.split("\n")[0]).toBe("row,row_2,a,a_b,a_c,a_b_2");
    const refused = await nnc(["predict", "e.nnspec", "--id", "a"], { cwd });
    expect([refused.code, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("--id a: the predictions have a column of that name");
  });
});
