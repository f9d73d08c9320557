import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OptionValues } from "../../src/runtime/parameter.js";
import {
  applyChain,
  chainWidth,
  fitChain,
  invertChain,
  orderProblem,
  type Stage,
} from "../../src/runtime/transforms/chain.js";
import { DataError, transforms } from "../../src/runtime/transforms/index.js";

const column = (...values: number[]): Float64Array => Float64Array.from(values);
const stage = (name: string, options: OptionValues = {}): Stage => ({ name, options });
const arrays = (columns: readonly Float64Array[]): number[][] => columns.map((c) => [...c]);

function run(stages: Stage[], ...columns: Float64Array[]): number[][] {
  return arrays(applyChain(fitChain(stages, columns), columns));
}

describe("values", () => {
  const nan = NaN;
  test.each([
    [stage("standardize"), [1, 3, nan], [-1, 1, nan]],
    [stage("standardize"), [5, 5], [0, 0]],
    [stage("standardize"), [0.1, 0.1, 0.1], [0, 0, 0]],
    [stage("min_max"), [2, 4, nan, 3], [0, 1, nan, 0.5]],
    [stage("min_max"), [7, 7], [0, 0]],
    [stage("robust"), [1, 2, 3, 4, 5], [-1, -0.5, 0, 0.5, 1]],
    [stage("robust"), [1, 2, 3, 4], [-1, -1 / 3, 1 / 3, 1]],
    [stage("robust"), [3, 3, 3, 9], [0, 0, 0, 4]],
    [stage("log"), [1, Math.E, nan], [0, 1, nan]],
    [stage("log1p"), [0, Math.E - 1], [0, 1]],
    [stage("clip", { lo: 0, hi: 1 }), [-2, 0.5, 3, nan], [0, 0.5, 1, nan]],
    [stage("scale", { factor: 2 }), [1, -3, nan], [2, -6, nan]],
    [stage("impute", { with: "mean" }), [1, nan, 5], [1, 3, 5]],
    [stage("impute", { with: "median" }), [1, nan, 2, 9, nan], [1, 2, 2, 9, 2]],
    [stage("impute", { with: -1 }), [1, nan], [1, -1]],
  ])("%j of %j", (s, values, expected) => {
    const [got] = run([s], Float64Array.from(values));
    expect(got).toHaveLength(expected.length);
    got!.forEach((x, i) => {
      if (Number.isNaN(expected[i]!)) expect(x).toBeNaN();
      else expect(x).toBeCloseTo(expected[i]!, 12);
    });
  });

  test("every column is fitted for itself", () => {
    expect(run([stage("min_max")], column(0, 10), column(5, 6))).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  test("a column without values", () => {
    expect(run([stage("standardize")], column(NaN))).toEqual([[NaN]]);
    expect(() => run([stage("impute", { with: "mean" })], column(1), column(NaN))).toThrow(
      "a column without any value has no mean",
    );
  });

  test("the state of the training part is used for other rows, and outlives JSON", () => {
    const fitted = fitChain([stage("impute", { with: "mean" }), stage("standardize")], [column(1, NaN, 5)]);
    const again = JSON.parse(JSON.stringify(fitted)) as typeof fitted;
    expect(arrays(applyChain(again, [column(NaN, 3)]))).toEqual([[0, 0]]);
    expect(() => applyChain(again, [column(1), column(1)])).toThrow("not fitted on 2 columns");
  });

  test("columns that were given stay as they are", () => {
    const given = column(1, NaN, 3);
    for (const { name } of transforms) {
      run([stage(name, { lo: 0, hi: 1, factor: 3, with: "mean" })], given);
      expect([...given]).toEqual([1, NaN, 3]);
    }
  });
});

test.each([
  ["log", 0, 0],
  ["log", -0.5, 0],
  ["log1p", -1, -1],
])("%s of %j tells the row and the value", (name, value, bound) => {
  const attempt = (): unknown => run([stage(name)], column(1, 1), column(1, NaN, value, value));
  expect(attempt).toThrow(DataError);
  expect(attempt).toThrow(expect.objectContaining({ transform: name, column: 1, row: 2, value }));
  expect(attempt).toThrow(`${name} needs values greater than ${bound}`);
});

describe("missing_indicator", () => {
  test("looks before impute, comes last, and is left alone by later stages", () => {
    const stages = [stage("missing_indicator"), stage("impute", { with: 0 }), stage("scale", { factor: 10 })];
    expect(run(stages, column(1, NaN), column(NaN, 2))).toEqual([
      [10, 0],
      [0, 20],
      [0, 1],
      [1, 0],
    ]);
    expect(
      chainWidth(
        stages.map((s) => s.name),
        2,
      ),
    ).toBe(4);
    expect(chainWidth(["log"], 2)).toBe(2);
  });

  test("stands once, and before impute", () => {
    expect(orderProblem(["log", "missing_indicator", "impute"])).toBeUndefined();
    expect(orderProblem(["impute", "log"])).toBeUndefined();
    expect(orderProblem(["impute", "missing_indicator"])).toBe("missing_indicator must stand before impute");
    expect(orderProblem(["missing_indicator", "missing_indicator"])).toBe(
      "missing_indicator can stand only once",
    );
  });
});

test("what can be undone is undone", () => {
  const invertible = transforms.filter((t) => t.inverse.kind !== "identity");
  expect(invertible.map((t) => t.name)).toEqual([
    "standardize",
    "min_max",
    "robust",
    "log",
    "log1p",
    "scale",
  ]);
  const value = fc.double({ min: 0.01, max: 1000, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(fc.oneof(value, fc.constant(NaN)), { minLength: 1, maxLength: 20 }),
      fc.subarray(invertible.map((t) => t.name)),
      (values, names) => {
        // A logarithm's domain ends at 0, so it comes first.
        const stages = names.toSorted((a, b) => Number(b === "log1p") - Number(a === "log1p"));
        const chosen = stages.filter((n) => n !== "log").map((n) => stage(n, { factor: 0.5 }));
        const columns = [Float64Array.from(values)];
        const fitted = fitChain(chosen, columns);
        const [back] = invertChain(fitted, applyChain(fitted, columns));
        back!.forEach((x, i) => {
          if (Number.isNaN(values[i]!)) expect(x).toBeNaN();
          else expect(Math.abs(x - values[i]!)).toBeLessThan(1e-6 * Math.max(1, values[i]!));
        });
      },
    ),
  );
  const fitted = fitChain(
    [stage("log"), stage("clip", { lo: -9, hi: 9 }), stage("standardize")],
    [column(1, 10)],
  );
  const [back] = invertChain(fitted, applyChain(fitted, [column(1, 10, 4)]));
  [1, 10, 4].forEach((x, i) => expect(back![i]).toBeCloseTo(x, 9));
});
