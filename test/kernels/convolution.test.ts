import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCUMULATE, BIAS, RELU } from "../../src/runtime/wasm/opcodes.js";
import { Arena, expectClose, variants } from "./arena.js";

interface Sizes {
  readonly batch: number;
  readonly image: readonly [height: number, width: number];
  readonly channels: number;
  readonly window: readonly [height: number, width: number];
  /** Channels of the result, or for depthwise ones the multiplier. */
  readonly filters: number;
  readonly strides: readonly [number, number];
  /** Top, bottom, left, right. */
  readonly padding: readonly [number, number, number, number];
  readonly dilations: readonly [number, number];
}

const plain = { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1] } as const;
const same3 = { window: [3, 3], strides: [1, 1], padding: [1, 1, 1, 1], dilations: [1, 1] } as const;

const table: readonly Sizes[] = [
  { batch: 3, image: [28, 28], channels: 1, filters: 16, ...same3 },
  { batch: 3, image: [14, 14], channels: 16, filters: 32, ...same3 },
  { batch: 2, image: [5, 7], channels: 4, window: [1, 1], filters: 8, ...plain },
  { batch: 2, image: [5, 7], channels: 4, window: [1, 1], filters: 8, ...plain, strides: [2, 3] },
  { batch: 5, image: [4, 4], channels: 8, filters: 12, ...same3 },
  { batch: 1, image: [1, 1], channels: 1, window: [1, 1], filters: 1, ...plain },
  { batch: 2, image: [2, 3], channels: 3, filters: 5, ...plain, window: [5, 5], padding: [2, 2, 1, 3] },
  { batch: 2, image: [9, 8], channels: 2, filters: 3, ...plain, window: [3, 2], padding: [0, 2, 1, 0] },
  { batch: 2, image: [9, 8], channels: 5, filters: 9, ...same3, strides: [2, 2], padding: [0, 1, 0, 1] },
  { batch: 1, image: [11, 12], channels: 3, filters: 4, ...same3, strides: [3, 2], dilations: [2, 3] },
  { batch: 1, image: [9, 9], channels: 2, filters: 2, ...plain, window: [2, 2], strides: [3, 4] },
  { batch: 1, image: [60, 40], channels: 3, filters: 7, ...same3 },
  { batch: 1, image: [67, 40], channels: 2, filters: 3, ...same3, strides: [2, 3] },
  { batch: 2, image: [3, 300], channels: 64, filters: 2, ...same3 },
  { batch: 1, image: [4, 301], channels: 64, filters: 3, ...same3, strides: [3, 2] },
  { batch: 1, image: [6, 6], channels: 40, filters: 26, ...same3 },
];

const side = (s: Sizes, axis: 0 | 1): number => {
  const reach = (s.window[axis] - 1) * s.dilations[axis] + 1;
  const padded = s.image[axis] + s.padding[axis * 2]! + s.padding[axis * 2 + 1]!;
  return Math.floor((padded - reach) / s.strides[axis]) + 1;
};

const fits = (s: Sizes): boolean => side(s, 0) > 0 && side(s, 1) > 0;

const counts = (s: Sizes, perChannel: boolean) => {
  const out = perChannel ? s.channels * s.filters : s.filters;
  return {
    x: s.batch * s.image[0] * s.image[1] * s.channels,
    filter: s.window[0] * s.window[1] * s.channels * s.filters,
    y: s.batch * side(s, 0) * side(s, 1) * out,
  };
};

/** Visits every product that a convolution is a sum of. */
function eachProduct(s: Sizes, perChannel: boolean, visit: (x: number, w: number, y: number) => void): void {
  const [height, width] = s.image;
  const [outHeight, outWidth] = [side(s, 0), side(s, 1)];
  for (let n = 0; n < s.batch; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let fy = 0; fy < s.window[0]; fy++)
          for (let fx = 0; fx < s.window[1]; fx++) {
            const y = oy * s.strides[0] - s.padding[0] + fy * s.dilations[0];
            const x = ox * s.strides[1] - s.padding[2] + fx * s.dilations[1];
            if (y < 0 || y >= height || x < 0 || x >= width) continue;
            const [pixel, result] = [(n * height + y) * width + x, (n * outHeight + oy) * outWidth + ox];
            for (let c = 0; c < s.channels; c++)
              for (let o = 0; o < s.filters; o++) {
                const weight = ((fy * s.window[1] + fx) * s.channels + c) * s.filters + o;
                const to = perChannel ? (result * s.channels + c) * s.filters + o : result * s.filters + o;
                visit(pixel * s.channels + c, weight, to);
              }
          }
}

const numbersOf = (s: Sizes): number[] => [
  s.batch,
  ...s.image,
  s.channels,
  ...s.window,
  s.filters,
  side(s, 0),
  side(s, 1),
  ...s.strides,
  s.padding[0],
  s.padding[2],
  ...s.dilations,
];

/** Runs one of three directions and compares it with the plain loop, or with one operand at the memory's end just runs it. */
function check(
  arena: Arena,
  s: Sizes,
  perChannel: boolean,
  direction: "" | "_input_grad" | "_filter_grad",
  flags = 0,
  end?: number,
): void {
  arena.reset();
  const size = counts(s, perChannel);
  const [x, w, y] = [arena.random(size.x), arena.random(size.filter), arena.random(size.y)];
  const wanted = { "": y, _input_grad: x, _filter_grad: w }[direction];
  const sums = new Float64Array(wanted.values.length);
  eachProduct(s, perChannel, (i, j, k) => {
    if (direction === "") sums[k]! += x.values[i]! * w.values[j]!;
    else if (direction === "_input_grad") sums[i]! += y.values[k]! * w.values[j]!;
    else sums[j]! += x.values[i]! * y.values[k]!;
  });
  const bias = arena.random(s.filters);
  const reference = sums.map((sum, i) => {
    let value = sum + ((flags & ACCUMULATE) !== 0 ? wanted.values[i]! : 0);
    if ((flags & BIAS) !== 0) value += bias.values[i % s.filters]!;
    return (flags & RELU) !== 0 ? Math.max(value, 0) : value;
  });
  const inputs = [x, w, y].filter((b) => b !== wanted);
  const numbers = [...(direction === "_input_grad" ? inputs.reverse() : inputs), wanted].map((b, i) =>
    i === end ? arena.atEnd(b) : b.at,
  );
  const bytes = perChannel ? 0 : arena.call("convolution_scratch", ...numbersOf(s));
  const scratch = arena.space(bytes);
  const after = perChannel ? [] : [scratch.at];
  if (!perChannel && direction === "") after.unshift(flags, bias.at);
  const name = (perChannel ? "depthwise_conv2d" : "conv2d") + direction;
  arena.call(name, ...numbers, ...numbersOf(s), ...after);
  if (end === undefined) expectClose(arena.read(wanted), reference);
  arena.expectGuards([wanted, scratch]);
  expect(bytes).toBeLessThan(600 * 1024);
}

const directions = ["", "_input_grad", "_filter_grad"] as const;

const small = fc.integer({ min: 1, max: 9 });
const tiny = fc.integer({ min: 1, max: 3 });
const pad = fc.integer({ min: 0, max: 4 });
const sizes: fc.Arbitrary<Sizes> = fc
  .record({
    batch: tiny,
    image: fc.tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 })),
    channels: small,
    window: fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
    filters: fc.integer({ min: 1, max: 20 }),
    strides: fc.tuple(tiny, tiny),
    padding: fc.tuple(pad, pad, pad, pad),
    dilations: fc.tuple(tiny, tiny),
  })
  .filter(fits);

for (const { name, skip, relaxed } of variants) {
  describe.skipIf(skip)(`convolutions, ${name}`, () => {
    const arena = new Arena(relaxed);

    for (const direction of directions) {
      it.each(table)(`conv2d${direction} of %j`, (s) => check(arena, s, false, direction));
      it.each(table)(`depthwise_conv2d${direction} of %j`, (s) => check(arena, s, true, direction));
      it(`conv2d${direction} of any sizes`, () => {
        fc.assert(
          fc.property(sizes, (s) => check(arena, s, false, direction)),
          { numRuns: 150 },
        );
      });
      it(`depthwise_conv2d${direction} of any sizes`, () => {
        const few = sizes.map((s) => ({ ...s, filters: ((s.filters - 1) % 3) + 1 }));
        fc.assert(
          fc.property(few, (s) => check(arena, s, true, direction)),
          { numRuns: 100 },
        );
      });
    }

    it("conv2d applies flags in every combination", () => {
      for (const s of table) for (let flags = 1; flags < 8; flags++) check(arena, s, false, "", flags);
    });

    it("reads nothing beyond an operand", () => {
      const ends = [0, 1, 2];
      for (const s of table) {
        for (const direction of directions) {
          for (const end of ends) check(arena, s, false, direction, 0, end);
          for (const end of ends) check(arena, s, true, direction, 0, end);
        }
      }
    });

    it("conv2d of no examples gives a filter's gradient of zeros", () => {
      check(arena, { ...table[1]!, batch: 0 }, false, "_filter_grad");
      check(arena, { ...table[2]!, batch: 0 }, false, "_filter_grad");
    });
  });
}
