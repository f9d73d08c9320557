import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena, expectClose, variants } from "./arena.js";

interface Sizes {
  readonly batch: number;
  readonly image: readonly [height: number, width: number];
  readonly channels: number;
  readonly window: readonly [height: number, width: number];
  readonly strides: readonly [number, number];
  /** Top, bottom, left, right; each less than the window. */
  readonly padding: readonly [number, number, number, number];
}

const none = [0, 0, 0, 0] as const;

const table: readonly Sizes[] = [
  { batch: 2, image: [28, 28], channels: 16, window: [2, 2], strides: [2, 2], padding: none },
  { batch: 2, image: [7, 9], channels: 6, window: [2, 2], strides: [2, 2], padding: none },
  { batch: 2, image: [7, 9], channels: 5, window: [2, 2], strides: [1, 3], padding: none },
  { batch: 2, image: [7, 9], channels: 8, window: [2, 2], strides: [2, 2], padding: [0, 1, 0, 1] },
  { batch: 3, image: [5, 4], channels: 1, window: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1] },
  { batch: 1, image: [5, 4], channels: 3, window: [3, 2], strides: [2, 1], padding: [2, 1, 0, 1] },
  { batch: 1, image: [2, 2], channels: 2, window: [4, 5], strides: [1, 1], padding: [3, 3, 4, 4] },
  { batch: 2, image: [6, 5], channels: 7, window: [6, 5], strides: [1, 1], padding: none },
];

const side = (s: Sizes, axis: 0 | 1): number => {
  const padded = s.image[axis] + s.padding[axis * 2]! + s.padding[axis * 2 + 1]!;
  return Math.floor((padded - s.window[axis]) / s.strides[axis]) + 1;
};

/** Elements of one example, of the image and of the result. */
const countOf = (s: Sizes): number => s.image[0] * s.image[1] * s.channels;
const countOut = (s: Sizes): number => side(s, 0) * side(s, 1) * s.channels;

/** Visits every element of every window: its place in the example, and that of the result. */
function eachElement(s: Sizes, visit: (example: number, place: number, result: number) => void): void {
  const [height, width] = s.image;
  for (let n = 0; n < s.batch; n++)
    for (let oy = 0; oy < side(s, 0); oy++)
      for (let ox = 0; ox < side(s, 1); ox++)
        for (let fy = 0; fy < s.window[0]; fy++)
          for (let fx = 0; fx < s.window[1]; fx++) {
            const [y, x] = [oy * s.strides[0] - s.padding[0] + fy, ox * s.strides[1] - s.padding[2] + fx];
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            for (let c = 0; c < s.channels; c++) {
              visit(n, (y * width + x) * s.channels + c, (oy * side(s, 1) + ox) * s.channels + c);
            }
          }
}

const numbersOf = (s: Sizes): number[] => [
  s.batch,
  ...s.image,
  s.channels,
  ...s.window,
  side(s, 0),
  side(s, 1),
  ...s.strides,
  s.padding[0],
  s.padding[2],
];

function checkMax(arena: Arena, s: Sizes, image: Float32Array): void {
  arena.reset();
  const x = arena.write(image);
  const y = arena.write(new Float32Array(s.batch * countOut(s)));
  const places = arena.write(new Int32Array(s.batch * countOut(s)));
  const best = new Int32Array(s.batch * countOut(s)).fill(-1);
  eachElement(s, (n, place, result) => {
    const at = n * countOut(s) + result;
    const [now, other] = [n * countOf(s) + best[at]!, n * countOf(s) + place];
    if (best[at]! < 0 || image[other]! > image[now]!) best[at] = place;
  });
  const maxima = best.length;
  const reference = Float32Array.from({ length: maxima }, (_, i) => {
    return image[Math.floor(i / countOut(s)) * countOf(s) + best[i]!]!;
  });
  arena.call("max_pool", x.at, y.at, places.at, ...numbersOf(s));
  expect(arena.readInts(places)).toEqual(best);
  expect(arena.read(y)).toEqual(reference);
  arena.expectGuards([x, y, places]);
  const [alone, placesAlone] = [arena.write(new Float32Array(maxima)), arena.write(new Int32Array(maxima))];
  arena.call("max_pool", x.at, alone.at, 0, ...numbersOf(s));
  arena.call("max_pool", x.at, 0, placesAlone.at, ...numbersOf(s));
  expect(arena.read(alone)).toEqual(reference);
  expect(arena.readInts(placesAlone)).toEqual(best);
}

function checkSum(arena: Arena, s: Sizes): void {
  arena.reset();
  const [x, y] = [arena.random(s.batch * countOf(s)), arena.random(s.batch * countOut(s))];
  const [sums, spread] = [new Float64Array(y.values.length), new Float64Array(x.values.length)];
  eachElement(s, (n, place, result) => {
    sums[n * countOut(s) + result]! += x.values[n * countOf(s) + place]!;
    spread[n * countOf(s) + place]! += y.values[n * countOut(s) + result]!;
  });
  const [out, gradient] = [arena.random(y.values.length), arena.random(x.values.length)];
  arena.call("sum_pool", x.at, out.at, ...numbersOf(s));
  arena.call("sum_pool_grad", y.at, gradient.at, ...numbersOf(s));
  expectClose(arena.read(out), sums);
  expectClose(arena.read(gradient), spread);
  arena.expectGuards([x, y, out, gradient]);
}

const tiny = fc.integer({ min: 1, max: 3 });
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    batch: tiny,
    image: fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })),
    channels: fc.integer({ min: 1, max: 10 }),
    window: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
    strides: fc.tuple(tiny, tiny),
    pads: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ pads, ...s }) => {
    const [top, bottom] = [pads[0]! % s.window[0], pads[1]! % s.window[0]];
    return { ...s, padding: [top, bottom, pads[2]! % s.window[1], pads[3]! % s.window[1]] as const };
  })
  .filter((s) => side(s, 0) > 0 && side(s, 1) > 0);

/** Few different numbers, so that equal ones meet, and some that are none. */
const element = fc.constantFrom(-2, -1, -0, 0, 1, 2, Number.NaN, -Infinity, Infinity);

for (const { name, skip, relaxed } of variants) {
  describe.skipIf(skip)(`pools, ${name}`, () => {
    const arena = new Arena(relaxed);

    it.each(table)("max_pool of %j", (s) => {
      arena.reset();
      checkMax(arena, s, arena.random(s.batch * countOf(s)).values);
    });
    it.each(table)("sum_pool of %j", (s) => checkSum(arena, s));

    it("max_pool of any numbers", () => {
      const cases = sizes.chain((s) => {
        const length = s.batch * countOf(s);
        return fc.tuple(
          fc.constant(s),
          fc.array(element, { minLength: length, maxLength: length, size: "max" }),
        );
      });
      fc.assert(
        fc.property(cases, ([s, image]) => checkMax(arena, s, Float32Array.from(image))),
        { numRuns: 100 },
      );
    });

    it("sum_pool of any sizes", () => {
      fc.assert(
        fc.property(sizes, (s) => checkSum(arena, s)),
        { numRuns: 150 },
      );
    });

    it("pool_gather and pool_scatter follow places of each example", () => {
      const place = fc.array(fc.integer({ min: 0, max: 18 }), { minLength: 3 * 7, maxLength: 3 * 7 });
      fc.assert(
        fc.property(place, (list) => {
          arena.reset();
          const places = arena.write(Int32Array.from(list));
          const [x, picked] = [arena.random(3 * 19), arena.random(3 * 7)];
          expect(arena.call("pool_gather", x.at, places.at, picked.at, 3, 19, 7)).toBe(0);
          const from = list.map((p, i) => x.values[Math.floor(i / 7) * 19 + p]!);
          expect(arena.read(picked)).toEqual(Float32Array.from(from));
          const [g, out] = [arena.random(3 * 7), arena.random(3 * 19)];
          const sums = new Float64Array(3 * 19);
          list.forEach((p, i) => {
            sums[Math.floor(i / 7) * 19 + p]! += g.values[i]!;
          });
          expect(arena.call("pool_scatter", g.at, places.at, out.at, 3, 19, 7)).toBe(0);
          expectClose(arena.read(out), sums);
          arena.expectGuards([picked, out]);
        }),
      );
    });

    it.each([-1, 4, 2 ** 31 - 1, -(2 ** 31)])("place %i of 4 is refused", (bad) => {
      for (const last of [0, 5]) {
        arena.reset();
        const places = arena.write(Int32Array.from({ length: 6 }, (_, i) => (i === last ? bad : 0)));
        const [x, picked, out] = [arena.random(8), arena.random(6), arena.random(8)];
        expect(arena.call("pool_gather", x.at, places.at, picked.at, 2, 4, 3)).toBe(1);
        expect(arena.call("pool_scatter", picked.at, places.at, out.at, 2, 4, 3)).toBe(1);
        arena.expectGuards([picked, out]);
      }
    });
  });
}
