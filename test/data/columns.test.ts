import { describe, expect, test } from "vitest";
import {
  binaryColumn,
  findColumn,
  findColumnRange,
  indexColumn,
  missingInInput,
  missingInLabel,
  nameColumn,
  numberColumn,
  transformProblem,
} from "../../src/data/columns.js";
import { parseNumber } from "../../src/data/number.js";
import { DataError, transforms } from "../../src/runtime/transforms/index.js";
import { from, messages, table } from "./helpers.js";

const sample = table(
  "sample.csv",
  [
    "mass,island,class,sex",
    "3.5,Biscoe,0,1",
    ",Dream,2,0",
    '"3,5",biscoe,3,yes',
    "abc,?,1.5,",
    "-1e3,NA,,TRUE",
  ].join("\n"),
);

test("numbers", () => {
  for (const [text, value] of Object.entries({ "3.5": 3.5, "-2e3": -2000, "+.5": 0.5, "7.": 7, "0": 0 })) {
    expect(parseNumber(text)).toBe(value);
  }
  for (const text of [
    "",
    "3,5",
    "1_000",
    "abc",
    "0x10",
    "1e999",
    "Infinity",
    "NaN",
    "1 2",
    "--1",
    "e5",
    ".",
  ]) {
    expect(parseNumber(text)).toBeUndefined();
  }
});

describe("columns", () => {
  test("by name", () => {
    expect(findColumn(sample, "island", from)).toEqual({ index: 1, diagnostics: [] });
    expect(messages(findColumn(sample, "mas", from).diagnostics)).toEqual([
      "NN7009 `sample.csv` has no column `mas`. | Did you mean `mass`?",
    ]);
    expect(messages(findColumn(sample, "weight_in_kg", from).diagnostics)).toEqual([
      "NN7009 `sample.csv` has no column `weight_in_kg`. | The columns are `mass`, `island`, `class`, `sex`.",
    ]);
  });

  test("by range", () => {
    expect(findColumnRange(sample, "mass", "class", from).indices).toEqual([0, 1, 2]);
    expect(findColumnRange(sample, "sex", "sex", from).indices).toEqual([3]);
    expect(messages(findColumnRange(sample, "sex", "mass", from).diagnostics)).toEqual([
      "NN7015 Column `sex` comes after `mass` in the file. | Write the column that comes first in the file first.",
    ]);
    expect(findColumnRange(sample, "a", "b", from).diagnostics).toHaveLength(2);
  });

  test("of numbers", () => {
    const { values, diagnostics } = numberColumn(sample, 0, from);
    expect([...values]).toEqual([3.5, NaN, NaN, NaN, -1000]);
    expect(messages(diagnostics)).toEqual([
      "NN7010 `3,5` in column `mass`, line 4, is not a number; neither is 1 more cell. | Decimals are written with a point.",
    ]);
  });

  test("of names", () => {
    const { values, diagnostics } = nameColumn(sample, 1, ["Biscoe", "Dream"], from);
    expect([...values]).toEqual([0, 1, NaN, NaN, NaN]);
    expect(messages(diagnostics)).toEqual([
      "NN7011 `biscoe` in column `island`, line 4, is none of `Biscoe`, `Dream`; neither is 1 more cell. | Did you mean `Biscoe`?",
    ]);
  });

  test("of indices", () => {
    const { values, diagnostics } = indexColumn(sample, 2, 3, from);
    expect([...values]).toEqual([0, 2, NaN, NaN, NaN]);
    expect(messages(diagnostics)).toEqual([
      'NN7019 `3` in column `class`, line 4, is not a whole number from 0 to 2; neither is 1 more cell. | Classes count from 0, and this file counts from 1: name them, `category("1", "2", "3")`.',
    ]);
  });

  test("of truths", () => {
    const { values, diagnostics } = binaryColumn(sample, 3, from);
    expect([...values]).toEqual([1, 0, NaN, NaN, 1]);
    expect(messages(diagnostics)).toEqual([
      'NN7011 `yes` in column `sex`, line 4, is none of `0`, `1`, `false` and `true`. | Name the two values: `binary("no", "yes")`.',
    ]);
  });
});

test("missing values", () => {
  const t = table("missing.csv", "x,y\n1,2\n,3\nNA,4\n");
  const [x, y] = [numberColumn(t, 0, from), numberColumn(t, 1, from)];
  expect(
    messages([
      missingInInput(t, 0, x, { input: "features", categorical: false, span: from })!,
      missingInLabel(t, 0, x, "price", from)!,
    ]),
  ).toEqual([
    "NN7012 Input `features` lacks 2 values: column `x` is empty at line 3. | Fill the gaps, for example with `|> impute(mean)`.",
    "NN7013 Task `price` lacks 2 labels: column `x` is empty at line 3. | If labels may be missing, let the label's type end in `?`.",
  ]);
  expect(missingInInput(t, 1, y, { input: "features", categorical: false, span: from })).toBeUndefined();
});

test("numbers for names, counts from 1, and gaps in a category are answered with what to write", () => {
  const t = table("classes.csv", "a,b,c\n1,0,x\n5,1,\n");
  const five = indexColumn(t, 0, 5, from).diagnostics;
  const named = nameColumn(t, 1, ["no", "yes"], from).diagnostics;
  const three = nameColumn(t, 0, ["p", "q", "r"], from).diagnostics;
  const c = nameColumn(t, 2, ["x", "y"], from);
  const gap = missingInInput(t, 2, c, { input: "kind", categorical: true, span: from });
  expect([...five, ...named, ...three, gap!].map((d) => d.hint)).toEqual([
    'Classes count from 0, and this file counts from 1: name them, `category("1", "2", "3", "4", "5")`.',
    "The file has 0 and 1: write `binary`, or give the names in the file.",
    'The file has numbers: name the classes as it does, `category("1", "5")`.',
    'A category has no mean: give the gaps a value in the file and list it, as in `category("a", "b", "unknown")`.',
  ]);
});

test("hints go by all values of the column", () => {
  const many = table(
    "many.csv",
    `c,d,e\n${Array.from({ length: 20 }, (_, i) => `${i / 2},${i % 3},${i % 2 ? "on" : "off"}`).join("\n")}\n`,
  );
  const hints = [
    nameColumn(many, 0, ["u", "v"], from),
    binaryColumn(many, 0, from),
    nameColumn(many, 1, ["p", "q", "r"], from),
    binaryColumn(many, 2, from),
  ].flatMap(({ diagnostics }) => diagnostics.map((d) => d.hint));
  const other =
    "The column has 20 different values, and 2 are declared: is another column meant, or a `float`?";
  expect(hints).toEqual([
    other,
    other,
    "The file has numbers: write `category(3)`, which counts from 0, or name the classes as the file does.",
    'Name the two values: `binary("off", "on")`.',
  ]);
});

test("a header where there is said to be none, and numbers of columns where there is one", () => {
  const t = table("headed.csv", "a,kind,n\n1,u,0\n2,v,1\n", { header: false });
  const hint =
    "The first line looks like a header: leave `header: false` out, and name the columns as it does.";
  const found = [
    numberColumn(t, 0, from),
    nameColumn(t, 1, ["u", "v"], from),
    indexColumn(t, 2, 2, from),
    findColumn(table("named.csv", "a,b\n1,2\n"), "$1", from),
  ];
  expect(found.flatMap(({ diagnostics }) => diagnostics.map((d) => d.hint))).toEqual([
    hint,
    hint,
    hint,
    "Columns are called `$1`, `$2`, … in a file without names, with `header: false`. The columns are `a`, `b`.",
  ]);
});

test("a transform's complaint gets its column and line", () => {
  const t = table("log.csv", "x,y\n1,2\n5,6\n3,-4\n");
  const log = transforms.find((transform) => transform.name === "log")!;
  // The training part holds rows 2 and 0 only, in this order.
  const rows = [2, 0];
  const columns = [0, 1].map((c) => Float64Array.from(rows, (r) => numberColumn(t, c, from).values[r]!));
  try {
    log.apply(columns, {}, {});
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(messages([transformProblem(t, [0, 1], rows, error, from)])).toEqual([
      "NN7014 -4 in column `y`, line 4: log needs values greater than 0.",
    ]);
  }
});
