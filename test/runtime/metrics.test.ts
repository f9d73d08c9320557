import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { metrics, type MetricInput, type MetricResult } from "../../src/runtime/metrics/index.js";
import type { OptionValues } from "../../src/runtime/parameter.js";

interface GoldenCase {
  readonly metric: string;
  readonly options: OptionValues;
  readonly classes: number;
  readonly labels: number[];
  readonly predictions: number[];
  readonly weights?: number[];
  readonly value: number;
}

const golden = JSON.parse(readFileSync(new URL("../golden/metrics.json", import.meta.url), "utf8")) as {
  readonly cases: readonly GoldenCase[];
};

function compute(name: string, input: MetricInput, options: OptionValues = {}): MetricResult {
  const metric = metrics.find((m) => m.name === name);
  if (metric === undefined) throw new Error(`there is no metric ${name}`);
  return metric.compute(input, options);
}

describe("scikit-learn's numbers", () => {
  for (const name of new Set(golden.cases.map((c) => c.metric))) {
    test(name, () => {
      for (const c of golden.cases.filter((x) => x.metric === name)) {
        const { value } = compute(name, c, c.options);
        expect(Math.abs(value! - c.value), JSON.stringify(c.options)).toBeLessThan(
          1e-9 * Math.max(1, Math.abs(c.value)),
        );
      }
    });
  }

  test("there are some for every metric", () => {
    expect(new Set(golden.cases.map((c) => c.metric))).toEqual(new Set(metrics.map((m) => m.name)));
  });
});

describe("no number, and why", () => {
  const binary = { predictions: [0.2, 0.7], labels: [1, 1], classes: 2 };
  test.each([
    ["auc", binary, {}, "only one class is present"],
    ["r2", { predictions: [1, 2], labels: [3, 3], classes: 0 }, {}, "all labels are equal"],
    [
      "f1",
      { predictions: [1, 0, 0], labels: [0], classes: 3 },
      { average: "binary" },
      "`average: binary` needs a label of two classes",
    ],
    [
      "mae",
      { predictions: [NaN], labels: [3], classes: 0 },
      {},
      "the predictions or labels are not all numbers",
    ],
    [
      "auc",
      { predictions: [NaN, 1], labels: [0, 1], classes: 2 },
      {},
      "the predictions or labels are not all numbers",
    ],
  ] as const)("%s", (name, input, options, reason) => {
    expect(compute(name, input, options)).toEqual({ value: null, reason });
  });

  test("no rows", () => {
    for (const { name } of metrics) {
      expect(compute(name, { predictions: [], labels: [], classes: 2 })).toEqual({
        value: null,
        reason: "no row has a label",
      });
      const masked = { predictions: [1], labels: [1], classes: 2, present: [0] };
      expect(compute(name, masked).value).toBeNull();
    }
  });
});

test("rows whose label is missing do not count, whatever stands there", () => {
  const present = [1, 0, 1, 1];
  for (const { name, labels } of metrics) {
    const all = {
      predictions: [0.1, NaN, 0.8, 0.4],
      labels: [0, NaN, 1, 0],
      classes: 2,
      present,
      weights: [1, 5, 2, 3],
    };
    const some = { predictions: [0.1, 0.8, 0.4], labels: [0, 1, 0], classes: 2, weights: [1, 2, 3] };
    expect(labels.length).toBeGreaterThan(0);
    expect(compute(name, all)).toEqual(compute(name, some));
  }
});

test("auc is the share of pairs in the right order, ties half", () => {
  const row = fc.record({ score: fc.integer({ min: 0, max: 5 }), label: fc.integer({ min: 0, max: 1 }) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 2, maxLength: 30 }), (rows) => {
      const positive = rows.filter((r) => r.label === 1);
      const negative = rows.filter((r) => r.label === 0);
      const { value } = compute("auc", {
        predictions: rows.map((r) => r.score),
        labels: rows.map((r) => r.label),
        classes: 2,
      });
      if (positive.length === 0 || negative.length === 0) return void expect(value).toBeNull();
      let pairs = 0;
      for (const p of positive)
        for (const n of negative) pairs += p.score > n.score ? 1 : p.score === n.score ? 0.5 : 0;
      expect(value).toBeCloseTo(pairs / (positive.length * negative.length), 12);
    }),
  );
});
