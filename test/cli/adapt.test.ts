import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/index.js";
import { specText } from "../helpers.js";
import { jsonLines, nnc, temporaryFolder } from "./run.js";

let cwd = "";
const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);

const KINDS = `model Kinds {
  input x: float[2]
  h = x |> dense(8, tanh)
  task t { output = h |> dense(ways, softmax)  label: category(ways)  loss: categorical_crossentropy }
}
meta { algorithm: protonet(embed: h)  episode: { ways: 3, support: 1, query: 2 }  tasks_per_step: 2  steps: 20 }
data {
  from: "kinds.csv"
  x = [a, b] |> standardize
  classes: { from: kind, train: [k0, k1, k2, k3], test: [k4, k5, k6] }
}`;

beforeAll(async () => {
  cwd = temporaryFolder();
  write("waves.nnspec", specText("meta/sinusoid"));
  write("kinds.nnspec", KINDS);
  const rows = Array.from(
    { length: 70 },
    (_, i) => `${Math.cos(i % 7)},${Math.sin(i % 7) + i / 900},k${i % 7}`,
  );
  write("kinds.csv", ["a,b,kind", ...rows].join("\n"));
  write("plain.nnspec", specText("two-towers"));
  write("support.csv", "x,wave\n-3,1\n-2,0.5\n0,-1\n1,-0.2\n2,1\n");
  write("query.csv", "x\n0.5\n1.5\n");
  expect((await nnc(["train", "waves.nnspec", "--steps", "20"], { cwd })).code).toBe(0);
  expect((await nnc(["train", "kinds.nnspec"], { cwd })).code).toBe(0);
});

const predict = (spec: string, ...args: string[]) => nnc(["predict", spec, ...args], { cwd });

test("rows are predicted after adapting to labelled ones, as the model in process does", async () => {
  const model = await compile(specText("meta/sinusoid")).createMeta();
  await model.load(readFileSync(join(cwd, "waves.safetensors")));
  for (const steps of [1, 10]) {
    const support = { inputs: { x: [-3, -2, 0, 1, 2] }, labels: { wave: [1, 0.5, -1, -0.2, 1] } };
    const adapted = await model.adapt(support, { steps });
    const { wave } = (await adapted.predict({ x: [0.5, 1.5] })) as unknown as {
      wave: { values: Float32Array };
    };
    const more = steps === 1 ? [] : ["--inner-steps", String(steps)];
    const { stdout, code } = await predict(
      "waves.nnspec",
      "--adapt",
      "support.csv",
      "query.csv",
      "--format",
      "jsonl",
      ...more,
    );
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toEqual(
      [...wave.values].map((value, i) => ({ row: i + 1, wave: Number(value.toPrecision(7)) })),
    );
  }
  const { stdout } = await predict(
    "waves.nnspec",
    "--adapt",
    "support.csv",
    "query.csv",
    "--out",
    "found.csv",
  );
  expect(stdout).toContain("2 rows predicted: found.csv");
  expect(readFileSync(join(cwd, "found.csv"), "utf8").split("\n")[0]).toBe("row,wave");
});

test("classes of the support file are predicted by their names, whatever they are", async () => {
  write("new.csv", "kind,a,b\nlow,0,-1\nhigh,0,1\nlow,0.1,-0.9\n");
  write("rows.csv", "a,b\n0.1,-1\n0,1.1\n");
  const { stdout, code } = await predict("kinds.nnspec", "--adapt", "new.csv", "rows.csv");
  expect(code).toBe(0);
  const [header, ...rows] = stdout.trim().split("\n");
  expect(header).toBe("row,t,t_low,t_high");
  expect(rows.map((row) => row.split(",")[1])).toEqual(["low", "high"]);
  for (const row of rows) {
    const [, , low, high] = row.split(",").map(Number);
    expect(low! + high!).toBeCloseTo(1, 5);
  }
});

describe("what goes wrong is said, and nothing is written", () => {
  const cases: readonly (readonly [title: string, args: string[], code: number, words: string])[] = [
    ["no --adapt", ["waves.nnspec"], 1, "NN6011"],
    ["no file to predict", ["waves.nnspec", "--adapt", "support.csv"], 2, "comes last"],
    ["a spec without meta", ["plain.nnspec", "--adapt", "support.csv", "query.csv"], 1, "NN6010"],
    ["a query without --adapt", ["plain.nnspec", "query.csv"], 2, "--data FILE"],
    ["inner steps of a plain model", ["plain.nnspec", "--inner-steps", "3"], 2, "`--inner-steps`"],
    ["no such file", ["waves.nnspec", "--adapt", "nowhere.csv", "query.csv"], 1, "NN7001"],
    [
      "no labels",
      ["waves.nnspec", "--adapt", "query.csv", "query.csv"],
      1,
      "`query.csv` has no column `wave`",
    ],
    ["no rows", ["waves.nnspec", "--adapt", "empty.csv", "query.csv"], 1, "NN7005"],
    ["more classes than ways", ["kinds.nnspec", "--adapt", "many.csv", "kinds.csv"], 1, "NN7077"],
    ["a row without a class", ["kinds.nnspec", "--adapt", "gap.csv", "kinds.csv"], 1, "NN7013"],
    [
      "inner steps of prototypes",
      ["kinds.nnspec", "--adapt", "few.csv", "kinds.csv", "--inner-steps", "2"],
      1,
      "The algorithm has no inner steps",
    ],
    [
      "another data file",
      ["waves.nnspec", "--adapt", "support.csv", "query.csv", "--data", "x.csv"],
      2,
      "`--data`",
    ],
  ];

  test.each(cases)("%s", async (_title, args, code, words) => {
    write("empty.csv", "x,wave\n");
    write("many.csv", "kind,a,b\np,0,1\nq,1,1\nr,1,0\ns,2,2\n");
    write("gap.csv", "kind,a,b\np,0,1\n,1,1\n");
    write("few.csv", "kind,a,b\np,0,1\nq,1,1\n");
    const found = await nnc(["predict", ...args, "--out", "none.csv"], { cwd });
    expect([found.code, found.stderr]).toEqual([code, expect.stringContaining(words)]);
    expect(found.stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(join(cwd, "none.csv"))).toBe(false);
  });
});

test("evaluate refuses inner steps where there are none", async () => {
  const { code, stderr } = await nnc(["evaluate", "kinds.nnspec", "--inner-steps", "2"], { cwd });
  expect([code, stderr]).toEqual([1, expect.stringContaining("The algorithm has no inner steps")]);
});
