import { describe, expect, it } from "vitest";
import { stridesOf } from "../../src/tensor/kernels/host.js";
import { argmax, argsort, cumsum, max_reduce, sum } from "../../src/tensor/primitives/reduce.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import type { Primitive } from "../../src/tensor/primitives/primitive.js";
import { draws, Workbench, type Guarded } from "./assemble.js";
import { variants } from "./arena.js";

const random = draws(11);

function tensorOf(shape: readonly number[], isInt: boolean): HostTensor {
  const count = shape.reduce((n, d) => n * d, 1);
  // Few different values, so that there are equal ones.
  const values = Array.from({ length: count }, () => Math.floor(20 * random()) - 10);
  return isInt
    ? { dtype: "int", shape, data: Int32Array.from(values) }
    : { dtype: "float", shape, data: Float64Array.from(values, (x) => x / 4) };
}

function evaluate(
  primitive: Primitive,
  x: HostTensor,
  attributes: Record<string, unknown>,
): ArrayLike<number> {
  const context = {} as Parameters<Primitive["evaluate"]>[2];
  return primitive.evaluate([x], attributes as Parameters<Primitive["evaluate"]>[1], context)[0]!.data;
}

const LINES = [1, 2, 3, 4, 5, 8, 9, 31, 64, 100];
const KINDS = [false, true];

describe.each(variants)("reductions, $name", ({ relaxed, skip }) => {
  const bench = new Workbench(relaxed);

  const write = (x: HostTensor): Guarded =>
    bench.buffer(x.data.length, x.data, x.dtype === "int" ? "int" : "float");
  const read = (buffer: Guarded, isInt: boolean): number[] => [...(isInt ? buffer.ints() : buffer.floats())];

  /** Calls a kernel over the middle axis, for every kind and several sizes. */
  function eachMiddle(
    visit: (x: HostTensor, shape: readonly [number, number, number], isInt: boolean) => void,
  ): void {
    for (const isInt of KINDS) {
      for (const length of LINES) {
        for (const [outer, inner] of [
          [1, 1],
          [3, 1],
          [2, 3],
          [2, 4],
          [3, 9],
          [1, 66],
        ] as const) {
          bench.reset();
          visit(tensorOf([outer, length, inner], isInt), [outer, length, inner], isInt);
          bench.expectIntact();
        }
      }
    }
  }

  it.skipIf(skip).each([
    [[7], [0]],
    [[100], [0]],
    [[5, 7], [0]],
    [[5, 7], [1]],
    [[5, 100], [0]],
    [[64, 64], [1]],
    [
      [5, 7],
      [0, 1],
    ],
    [[5, 7], []],
    [[3, 4, 5], [1]],
    [
      [3, 4, 5],
      [0, 2],
    ],
    [
      [3, 4, 18],
      [0, 1],
    ],
    [
      [2, 3, 4, 5],
      [1, 3],
    ],
    [
      [2, 3, 4, 5],
      [0, 2],
    ],
    [[2, 3, 4, 1], [1]],
    [[2, 0, 4], [1]],
    [[0, 4], [1]],
    [[], []],
  ] as [number[], number[]][])("sums %j over axes %j", (shape, axes) => {
    for (const isInt of KINDS) {
      bench.reset();
      const x = tensorOf(shape, isInt);
      const strides = stridesOf(shape);
      const all = shape.map((size, i) => [size, strides[i]!]);
      const kept = all.filter((_, i) => !axes.includes(i));
      const reduced = all.filter((_, i) => axes.includes(i));
      const words = [kept.length, ...kept.flat(), reduced.length, ...reduced.flat()];
      const count = kept.reduce((n, [size]) => n * size!, 1);
      const [source, out, block] = [write(x), bench.buffer(count), bench.buffer(words.length, words, "int")];
      bench.call("reduce_sum", source.address, out.address, block.address, isInt ? 1 : 0);
      expect(read(out, isInt)).toEqual([...(evaluate(sum, x, { axes, keep: false }) as Float64Array)]);
      bench.expectIntact();
    }
  });

  it.skipIf(skip)("finds maxima and the first place of each", () => {
    eachMiddle((x, [outer, length, inner], isInt) => {
      const [source, best, places] = [write(x), bench.buffer(outer * inner), bench.buffer(outer * inner)];
      bench.call("reduce_max", source.address, best.address, outer, length, inner, isInt ? 1 : 0);
      bench.call("argmax", source.address, places.address, outer, length, inner, isInt ? 1 : 0);
      expect(read(best, isInt)).toEqual([
        ...(evaluate(max_reduce, x, { axis: 1, keep: false }) as Float64Array),
      ]);
      expect(read(places, true)).toEqual([...(evaluate(argmax, x, { axis: 1 }) as Int32Array)]);
    });
  });

  it.skipIf(skip)("takes NaN for a maximum only where it comes first", () => {
    for (const inner of [1, 3, 4]) {
      for (const length of [1, 2, 5, 9, 33]) {
        for (let nan = 0; nan < length; nan++) {
          bench.reset();
          const values = Float64Array.from({ length: length * inner }, () => Math.floor(5 * random()));
          values.fill(NaN, nan * inner, (nan + 1) * inner);
          const x: HostTensor = { dtype: "float", shape: [1, length, inner], data: values };
          const [source, best, places] = [write(x), bench.buffer(inner), bench.buffer(inner)];
          bench.call("reduce_max", source.address, best.address, 1, length, inner, 0);
          bench.call("argmax", source.address, places.address, 1, length, inner, 0);
          expect(read(best, false)).toEqual([
            ...(evaluate(max_reduce, x, { axis: 1, keep: false }) as Float64Array),
          ]);
          expect(read(places, true)).toEqual([...(evaluate(argmax, x, { axis: 1 }) as Int32Array)]);
        }
      }
    }
  });

  it.skipIf(skip)("sorts, equal ones in their order", () => {
    eachMiddle((x, [outer, length, inner], isInt) => {
      for (const ascending of [true, false]) {
        const [source, out, scratch] = [write(x), bench.buffer(x.data.length), bench.buffer(2 * length)];
        bench.call(
          "argsort",
          source.address,
          out.address,
          outer,
          length,
          inner,
          ascending ? 1 : 0,
          isInt ? 1 : 0,
          scratch.address,
        );
        expect(read(out, true)).toEqual([...(evaluate(argsort, x, { axis: 1, ascending }) as Int32Array)]);
      }
    });
  });

  it.skipIf(skip)("gives every index once where there is NaN", () => {
    bench.reset();
    const values = Float32Array.from({ length: 50 }, (_, i) => (i % 3 === 0 ? NaN : random()));
    const [source, out, scratch] = [bench.buffer(50, values), bench.buffer(50), bench.buffer(100)];
    bench.call("argsort", source.address, out.address, 1, 50, 1, 1, 0, scratch.address);
    expect(read(out, true).sort((p, q) => p - q)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it.skipIf(skip)("sums along", () => {
    eachMiddle((x, [outer, length, inner], isInt) => {
      for (const [exclusive, reverse] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const [source, out] = [write(x), bench.buffer(x.data.length)];
        bench.call(
          "cumsum",
          source.address,
          out.address,
          outer,
          length,
          inner,
          exclusive ? 1 : 0,
          reverse ? 1 : 0,
          isInt ? 1 : 0,
        );
        expect(read(out, isInt)).toEqual([
          ...(evaluate(cumsum, x, { axis: 1, exclusive, reverse }) as Float64Array),
        ]);
      }
    });
  });
});
