import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitRows, type SplitParts, type SplitRequest } from "../../src/data/split.js";
import { from, messages } from "./helpers.js";

const thirds = { train: 0.7, validation: 0.1, test: 0.2, seed: 0 };

function split(count: number, request: SplitRequest): SplitParts {
  const { value, diagnostics } = splitRows(count, request, from);
  expect(messages(diagnostics)).toEqual([]);
  return value!;
}

const sizes = (parts: SplitParts): number[] => [
  parts.train.length,
  parts.validation.length,
  parts.test.length,
];

test("random: all rows once, in the shares that were asked for", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10, max: 500 }), fc.nat({ max: 1000 }), (count, seed) => {
      const parts = split(count, { ...thirds, seed, by: { deals: "chance" } });
      const all = [...parts.train, ...parts.validation, ...parts.test].toSorted((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: count }, (_, i) => i));
      sizes(parts).forEach((n, i) =>
        expect(Math.abs(n - count * [0.7, 0.1, 0.2][i]!)).toBeLessThanOrEqual(1),
      );
    }),
  );
});

test("random: the same for the same seed, another for another, for ever", () => {
  const parts = split(10, { ...thirds, by: { deals: "chance" } });
  expect(split(10, { ...thirds, by: { deals: "chance" } })).toEqual(parts);
  expect(split(100, { ...thirds, seed: 1, by: { deals: "chance" } })).not.toEqual(
    split(100, { ...thirds, seed: 2, by: { deals: "chance" } }),
  );
  expect([parts.train, parts.validation, parts.test].map((p) => [...p])).toMatchInlineSnapshot(`
    [
      [
        0,
        2,
        3,
        4,
        6,
        7,
        8,
      ],
      [
        5,
      ],
      [
        1,
        9,
      ],
    ]
  `);
});

test("random: every row is equally likely to be in the training part", () => {
  const hits = new Float64Array(10);
  for (let seed = 0; seed < 2000; seed++) {
    for (const row of split(10, { train: 0.5, test: 0.5, seed, by: { deals: "chance" } }).train) hits[row]!++;
  }
  for (const n of hits) expect(Math.abs(n - 1000)).toBeLessThan(5 * Math.sqrt(500));
});

/** How many rows of each part hold each value, and the shares times the number of rows that do. */
function strata(parts: SplitParts, values: readonly unknown[], shares: readonly number[]) {
  const counts = new Map<unknown, number[]>();
  for (const value of values) counts.set(value, [0, 0, 0]);
  [parts.train, parts.validation, parts.test].forEach((rows, p) => {
    for (const row of rows) counts.get(values[row])![p]!++;
  });
  return [...counts.values()].map((own) => {
    const size = own.reduce((a, b) => a + b, 0);
    return own.map((n, p) => ({ n, owed: size * shares[p]! }));
  });
}

function expectWithinOneRow(parts: SplitParts, values: readonly unknown[], shares: readonly number[]): void {
  sizes(parts).forEach((n, p) => expect(Math.abs(n - shares[p]! * values.length)).toBeLessThan(1));
  for (const cells of strata(parts, values, shares)) {
    for (const { n, owed } of cells) expect(Math.abs(n - owed)).toBeLessThan(1);
  }
}

const someShares = fc.constantFrom(
  [0.7, 0.1, 0.2],
  [0.8, 0.1, 0.1],
  [0.98, 0.01, 0.01],
  [0.5, 0, 0.5],
  [1 / 3, 1 / 3, 1 / 3],
  [0.15, 0.15, 0.7],
  [0.123, 0.456, 0.421],
);

test("stratify: each part is within one row of its share, over all and of each value, however few rows it has", () => {
  const values = fc
    .integer({ min: 1, max: 200 })
    .chain((kinds) => fc.array(fc.nat({ max: kinds }), { minLength: 120, maxLength: 600 }));
  fc.assert(
    fc.property(values, someShares, fc.nat(), (column, [train, validation, rest], seed) => {
      const shares = { train: train!, validation: validation!, test: rest! };
      const parts = split(column.length, { ...shares, seed, by: { deals: "evenly", values: column } });
      expectWithinOneRow(parts, column, [train!, validation!, rest!]);
    }),
  );
});

test.each([
  [50, 4],
  [1000, 2],
  [3000, 1],
  [7, 13],
  [2, 500],
  [20_000, 3],
])("stratify: %i values of %i rows at 70/10/20", (kinds, rows) => {
  const values = Array.from({ length: kinds * rows }, (_, i) => `v${i % kinds}`);
  for (const seed of [0, 1, 2]) {
    const parts = split(values.length, { ...thirds, seed, by: { deals: "evenly", values } });
    expectWithinOneRow(parts, values, [0.7, 0.1, 0.2]);
    expect(split(values.length, { ...thirds, seed, by: { deals: "evenly", values } })).toEqual(parts);
  }
});

test("stratify: every row has the same chances, also of a value that no other row has", () => {
  const values = [0, 0, 0, 0, 0, 1, 1, 2, 3, 3];
  const hits = [0, 1].map(() => new Float64Array(10));
  for (let seed = 0; seed < 4000; seed++) {
    const parts = split(10, { ...thirds, seed, by: { deals: "evenly", values } });
    for (const row of parts.train) hits[0]![row]!++;
    for (const row of parts.validation) hits[1]![row]!++;
  }
  for (const n of hits[0]!) expect(Math.abs(n - 2800)).toBeLessThan(5 * Math.sqrt(4000 * 0.7 * 0.3));
  for (const n of hits[1]!) expect(Math.abs(n - 400)).toBeLessThan(5 * Math.sqrt(4000 * 0.1 * 0.9));
});

test("group: no value is in two parts", () => {
  const values = Array.from({ length: 300 }, (_, i) => `g${i % 40}`);
  const parts = split(300, { ...thirds, by: { deals: "together", values } });
  const of = (rows: Int32Array): Set<string> => new Set(Array.from(rows, (r) => values[r]!));
  const [train, validation, rest] = [of(parts.train), of(parts.validation), of(parts.test)];
  // The sets have all values between them, so they share none.
  expect(train.size + validation.size + rest.size).toBe(40);
  sizes(parts).forEach((n, i) => expect(Math.abs(n - 300 * [0.7, 0.1, 0.2][i]!)).toBeLessThan(10));
});

test("time: the earliest rows train, the latest test", () => {
  const values = [3, 1, 5, 2, 4];
  const parts = split(5, { train: 0.6, validation: 0.2, test: 0.2, seed: 9, by: { deals: "order", values } });
  expect([[...parts.train], [...parts.validation], [...parts.test]]).toEqual([[0, 1, 3], [4], [2]]);
  const numbers = split(3, {
    train: 0.67,
    test: 0.33,
    seed: 0,
    by: { deals: "order", values: [10, 9, 100] },
  });
  expect([...numbers.test]).toEqual([2]);
});

test("column: what the file says", () => {
  const values = ["test", "train", "train", "validation"];
  const parts = split(4, { seed: 0, by: { deals: "given", values } });
  expect([[...parts.train], [...parts.validation], [...parts.test]]).toEqual([[1, 2], [3], [0]]);
});

describe("problems", () => {
  const random = { deals: "chance" } as const;
  test.each<[string, number, Omit<SplitRequest, "seed">, string]>([
    [
      "shares that do not sum to 1",
      9,
      { train: 0.7, test: 0.2, by: random },
      "NN7016 The data cannot be split like this: the shares sum to 0.9, not to 1.",
    ],
    [
      "a negative share",
      9,
      { train: 1.5, test: -0.5, by: random },
      "NN7016 The data cannot be split like this: each share is a number from 0 to 1.",
    ],
    [
      "nothing to train on",
      9,
      { test: 1, by: random },
      "NN7016 The data cannot be split like this: the train part needs a share.",
    ],
    [
      "too few rows",
      3,
      { train: 0.9, test: 0.1, by: random },
      "NN7017 The test part gets none of the 3 rows. | Leave the part out, give it a larger share, or use more data.",
    ],
    [
      "one group",
      3,
      { train: 0.5, test: 0.5, by: { deals: "together", values: [1, 1, 1] } },
      "NN7017 The test part gets none of the 3 rows. | Leave the part out, give it a larger share, or use more data.",
    ],
    [
      "no rows",
      0,
      { train: 1, by: random },
      "NN7017 The train part gets none of the 0 rows. | Leave the part out, give it a larger share, or use more data.",
    ],
    [
      "an unknown part",
      2,
      { by: { deals: "given", values: ["train", "val"] } },
      "NN7018 `val` at row 2 is none of `train`, `validation` and `test`.",
    ],
    [
      "a column without training rows",
      1,
      { by: { deals: "given", values: ["test"] } },
      "NN7017 The train part gets none of the 1 row. | Leave the part out, give it a larger share, or use more data.",
    ],
  ])("%s", (_, count, request, expected) => {
    const { value, diagnostics } = splitRows(count, { ...request, seed: 0 }, from);
    expect(value).toBeUndefined();
    expect(messages(diagnostics)).toEqual([expected]);
  });
});
