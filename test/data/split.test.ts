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
      const parts = split(count, { ...thirds, seed, by: { kind: "random" } });
      const all = [...parts.train, ...parts.validation, ...parts.test].toSorted((a, b) => a - b);
      expect(all).toEqual(Array.from({ length: count }, (_, i) => i));
      sizes(parts).forEach((n, i) =>
        expect(Math.abs(n - count * [0.7, 0.1, 0.2][i]!)).toBeLessThanOrEqual(1),
      );
    }),
  );
});

test("random: the same for the same seed, another for another, for ever", () => {
  const parts = split(10, { ...thirds, by: { kind: "random" } });
  expect(split(10, { ...thirds, by: { kind: "random" } })).toEqual(parts);
  expect(split(100, { ...thirds, seed: 1, by: { kind: "random" } })).not.toEqual(
    split(100, { ...thirds, seed: 2, by: { kind: "random" } }),
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
    for (const row of split(10, { train: 0.5, test: 0.5, seed, by: { kind: "random" } }).train) hits[row]!++;
  }
  for (const n of hits) expect(Math.abs(n - 1000)).toBeLessThan(5 * Math.sqrt(500));
});

test("stratify: the shares hold within each value and over all", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 60, maxLength: 300 }),
      fc.nat(),
      (values, seed) => {
        const parts = splitRows(
          values.length,
          { ...thirds, seed, by: { kind: "stratify", values } },
          from,
        ).value;
        if (parts === undefined) return;
        for (const value of new Set(values)) {
          const of = (rows: Int32Array): number => rows.filter((r) => values[r] === value).length;
          const total = values.filter((v) => v === value).length;
          expect(Math.abs(of(parts.train) - 0.7 * total)).toBeLessThan(1.5);
          expect(Math.abs(of(parts.test) - 0.2 * total)).toBeLessThan(1.5);
        }
      },
    ),
  );
});

test("group: no value is in two parts", () => {
  const values = Array.from({ length: 300 }, (_, i) => `g${i % 40}`);
  const parts = split(300, { ...thirds, by: { kind: "group", values } });
  const of = (rows: Int32Array): Set<string> => new Set(Array.from(rows, (r) => values[r]!));
  const [train, validation, rest] = [of(parts.train), of(parts.validation), of(parts.test)];
  // The sets have all values between them, so they share none.
  expect(train.size + validation.size + rest.size).toBe(40);
  sizes(parts).forEach((n, i) => expect(Math.abs(n - 300 * [0.7, 0.1, 0.2][i]!)).toBeLessThan(10));
});

test("time: the earliest rows train, the latest test", () => {
  const values = ["2024-03-01", "2023-01-01", "2025-01-01", "2023-06-01", "2024-01-01"];
  const parts = split(5, { train: 0.6, validation: 0.2, test: 0.2, seed: 9, by: { kind: "time", values } });
  expect([[...parts.train], [...parts.validation], [...parts.test]]).toEqual([[1, 3, 4], [0], [2]]);
  const numbers = split(3, { train: 0.67, test: 0.33, seed: 0, by: { kind: "time", values: [10, 9, 100] } });
  expect([...numbers.test]).toEqual([2]);
});

test("column: what the file says", () => {
  const values = ["test", "train", "train", "validation"];
  const parts = split(4, { seed: 0, by: { kind: "column", values } });
  expect([[...parts.train], [...parts.validation], [...parts.test]]).toEqual([[1, 2], [3], [0]]);
});

describe("problems", () => {
  const random = { kind: "random" } as const;
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
      { train: 0.5, test: 0.5, by: { kind: "group", values: [1, 1, 1] } },
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
      { by: { kind: "column", values: ["train", "val"] } },
      "NN7018 `val` at row 2 is none of `train`, `validation` and `test`.",
    ],
    [
      "a column without training rows",
      1,
      { by: { kind: "column", values: ["test"] } },
      "NN7017 The train part gets none of the 1 row. | Leave the part out, give it a larger share, or use more data.",
    ],
  ])("%s", (_, count, request, expected) => {
    const { value, diagnostics } = splitRows(count, { ...request, seed: 0 }, from);
    expect(value).toBeUndefined();
    expect(messages(diagnostics)).toEqual([expected]);
  });
});
