import { describe, expect, it } from "vitest";
import { Workbench } from "./assemble.js";
import { variants } from "./arena.js";

type Axis = readonly [size: number, from: number, to: number];

/** Row-major places of a strided view. */
function placesOf(axes: readonly Axis[], which: 1 | 2): number[] {
  let places = [0];
  for (const axis of axes) {
    places = places.flatMap((at) => Array.from({ length: axis[0] }, (_, i) => at + i * axis[which]));
  }
  return places;
}

const COPIES: readonly (readonly [string, readonly Axis[]])[] = [
  ["a scalar", []],
  ["nothing", [[0, 1, 1]]],
  ["a short run", [[7, 1, 1]]],
  ["a long run", [[1000, 1, 1]]],
  [
    "a slice",
    [
      [5, 20, 7],
      [7, 1, 1],
    ],
  ],
  [
    "a placement",
    [
      [5, 7, 20],
      [7, 1, 2],
    ],
  ],
  [
    "a slice of long rows",
    [
      [3, 300, 200],
      [200, 1, 1],
    ],
  ],
  [
    "a reversal",
    [
      [5, -10, 10],
      [10, -1, 1],
    ],
  ],
  [
    "a broadcast",
    [
      [5, 0, 10],
      [10, 1, 1],
    ],
  ],
  [
    "a broadcast inside",
    [
      [5, 1, 10],
      [10, 0, 1],
    ],
  ],
  [
    "a broadcast of one row to columns",
    [
      [6, 1, 5],
      [5, 0, 1],
    ],
  ],
  [
    "every third",
    [
      [4, 30, 10],
      [10, 3, 1],
    ],
  ],
  [
    "a 2-D transposition",
    [
      [13, 1, 9],
      [9, 13, 1],
    ],
  ],
  [
    "a large transposition",
    [
      [70, 1, 133],
      [133, 70, 1],
    ],
  ],
  [
    "a small transposition",
    [
      [3, 1, 2],
      [2, 3, 1],
    ],
  ],
  [
    "an exchange of the outer axes",
    [
      [4, 5, 15],
      [3, 20, 5],
      [5, 1, 1],
    ],
  ],
  [
    "a rotation of three axes",
    [
      [6, 1, 35],
      [5, 42, 7],
      [7, 6, 1],
    ],
  ],
  [
    "five axes, turned around",
    [
      [4, 1, 120],
      [5, 4, 24],
      [2, 20, 12],
      [3, 40, 4],
      [4, 120, 1],
    ],
  ],
];

describe.each(variants)("shapes, $name", ({ relaxed, skip }) => {
  const bench = new Workbench(relaxed);

  it.skipIf(skip).each(COPIES)("copies %s", (_, axes) => {
    bench.reset();
    const [from, to] = [placesOf(axes, 1), placesOf(axes, 2)];
    const least = Math.min(0, ...from);
    const size = Math.max(0, ...from) - least + 1;
    const target = Math.max(0, ...to) + 1;
    const source = bench.buffer(
      size,
      Float32Array.from({ length: size }, (__, i) => i + 1),
    );
    const out = bench.buffer(target, new Float32Array(target).fill(-1));
    const block = bench.buffer(1 + 3 * axes.length, [axes.length, ...axes.flat()], "int");
    bench.call("strided_copy", source.address - 4 * least, out.address, block.address);
    const wanted = new Float32Array(target).fill(-1);
    from.forEach((place, i) => (wanted[to[i]!] = place - least + 1));
    expect(out.floats()).toEqual(wanted);
    bench.expectIntact();
  });

  it.skipIf(skip)("transposes matrices of any size", () => {
    for (const rows of [1, 2, 3, 4, 5, 8, 64, 67]) {
      for (const columns of [1, 2, 3, 4, 7, 16, 65]) {
        for (const batch of [1, 3]) {
          bench.reset();
          const count = batch * rows * columns;
          const x = bench.buffer(
            count,
            Float32Array.from({ length: count }, (_, i) => i),
          );
          const y = bench.buffer(count);
          bench.call("transpose", x.address, y.address, batch, rows, columns);
          const wanted = Array.from({ length: count }, (_, i) => {
            const [n, rest] = [Math.floor(i / (rows * columns)), i % (rows * columns)];
            return n * rows * columns + (rest % rows) * columns + Math.floor(rest / rows);
          });
          expect([...y.floats()]).toEqual(wanted);
          bench.expectIntact();
        }
      }
    }
  });

  it.skipIf(skip)("fills exactly, and copies what overlaps", () => {
    for (const count of [0, 1, 3, 4, 7, 100]) {
      bench.reset();
      const x = bench.buffer(120, new Float32Array(120).fill(5));
      bench.call("fill", x.address + 4, 42, count);
      expect([...x.ints().subarray(1, 1 + count)]).toEqual(Array.from({ length: count }, () => 42));
      expect(x.floats()[0]).toBe(5);
      expect(x.floats()[1 + count]).toBe(5);
    }
    bench.reset();
    const x = bench.buffer(10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    bench.call("copy", x.address, x.address + 8, 24);
    expect([...x.floats()]).toEqual([0, 1, 0, 1, 2, 3, 4, 5, 8, 9]);
  });
});
