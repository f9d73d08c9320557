import { describe, expect, it } from "vitest";
import { draws, Workbench } from "./assemble.js";
import { variants } from "./arena.js";

const INNERS = [1, 2, 3, 4, 5, 16, 130];

describe.each(variants)("indexing, $name", ({ relaxed, skip }) => {
  const bench = new Workbench(relaxed);
  const random = draws(13);
  const indicesBelow = (size: number, count: number): number[] =>
    Array.from({ length: count }, () => Math.floor(size * random()));

  it.skipIf(skip).each(INNERS)("gathers rows of %i", (inner) => {
    for (const [outer, size, count] of [
      [1, 5, 8],
      [3, 4, 7],
      [2, 1, 1],
      [2, 3, 0],
    ] as const) {
      bench.reset();
      const data = Float32Array.from({ length: outer * size * inner }, (_, i) => i);
      const places = indicesBelow(size, count);
      const [x, indices] = [bench.buffer(data.length, data), bench.buffer(count, places, "int")];
      const out = bench.buffer(outer * count * inner);
      expect(bench.call("gather", x.address, indices.address, out.address, outer, size, count, inner)).toBe(
        0,
      );
      const wanted = Array.from({ length: outer }, (_, o) =>
        places.map((row) => [...data.subarray((o * size + row) * inner, (o * size + row + 1) * inner)]),
      );
      expect([...out.floats()]).toEqual(wanted.flat(2));
      bench.expectIntact();
    }
  });

  it.skipIf(skip).each(INNERS)("adds rows of %i where they belong", (inner) => {
    for (const [rows, count] of [
      [5, 12],
      [1, 3],
      [4, 0],
      [9, 4],
    ] as const) {
      bench.reset();
      const places = indicesBelow(rows, count);
      const data = Float32Array.from({ length: count * inner }, () => Math.floor(10 * random()));
      const [indices, updates] = [bench.buffer(count, places, "int"), bench.buffer(data.length, data)];
      const out = bench.buffer(rows * inner, new Float32Array(rows * inner).fill(9));
      expect(
        bench.call("scatter_add", indices.address, updates.address, out.address, count, rows, inner),
      ).toBe(0);
      const wanted = new Float32Array(rows * inner);
      places.forEach((row, i) => {
        for (let k = 0; k < inner; k++) wanted[row * inner + k]! += data[i * inner + k]!;
      });
      expect(out.floats()).toEqual(wanted);
      bench.expectIntact();
    }
  });

  it.skipIf(skip).each([-1, 4, 2 ** 31 - 1, -(2 ** 31)])(
    "says that index %i is outside, and touches nothing",
    (wrong) => {
      bench.reset();
      const indices = bench.buffer(3, [0, wrong, 1], "int");
      const [x, out] = [
        bench.buffer(12, new Float32Array(12).fill(1)),
        bench.buffer(12, new Float32Array(12).fill(2)),
      ];
      expect(bench.call("gather", x.address, indices.address, out.address, 1, 4, 3, 3)).toBe(1);
      expect(bench.call("scatter_add", indices.address, x.address, out.address, 3, 4, 3)).toBe(1);
      expect(out.floats().every((v) => v === 2)).toBe(true);
      bench.expectIntact();
    },
  );
});
