import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { lowerModel } from "../../src/compile.js";
import { groups } from "../../src/runtime/wasm/kernels.generated.js";
import { loadKernels } from "../../src/runtime/wasm/kernels.js";
import { Gaps } from "../../src/runtime/wasm/gaps.js";
import { bytesOf, layoutArena, lowerBound } from "../../src/runtime/wasm/layout.js";
import { sizedBuffers } from "../../src/runtime/wasm/planned.js";
import { temporary, type WasmBuffer } from "../../src/runtime/wasm/program.js";
import { compiled, specText } from "../helpers.js";
import { expectLinear } from "../work.js";

const buffer = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.nat(60), fc.nat(20))
  .map(([size, first, more]) => temporary([size], first, first + more));

function expectApart(buffers: readonly WasmBuffer[]): void {
  const { offsets, size } = layoutArena(buffers);
  expect(size).toBeGreaterThanOrEqual(lowerBound(buffers));
  buffers.forEach((a, i) => {
    if (offsets[i]! < 0) return;
    expect(offsets[i]! % 16).toBe(0);
    expect(offsets[i]! + bytesOf(a)).toBeLessThanOrEqual(size);
    for (let k = 0; k < i; k++) {
      const b = buffers[k]!;
      if (offsets[k]! < 0 || a.first > b.last || b.first > a.last) continue;
      const apart = offsets[i]! >= offsets[k]! + bytesOf(b) || offsets[k]! >= offsets[i]! + bytesOf(a);
      if (!apart) throw new Error(`buffers ${k} and ${i} lie over each other`);
    }
  });
}

test("buffers that live at once never overlap", () => {
  fc.assert(
    fc.property(fc.array(buffer, { maxLength: 60 }), (buffers) => {
      expectApart(buffers);
    }),
  );
});

test("many buffers take the quick way, and do not overlap either", () => {
  const many = Array.from({ length: 1600 }, (_, i) =>
    temporary([(i * 7919) % 300], (i * 31) % 800, ((i * 31) % 800) + ((i * 17) % 40)),
  );
  expectApart(many);
});

/** The same by looking at every byte. */
class Bytes {
  private readonly used: boolean[] = [];

  take(size: number): number {
    const offset = this.smallest(size);
    this.fill(offset, size, true);
    return offset;
  }

  fill(offset: number, size: number, used: boolean): void {
    for (let i = offset; i < offset + size; i++) this.used[i] = used;
  }

  private smallest(size: number): number {
    let [best, bestSize] = [-1, Number.POSITIVE_INFINITY];
    let start = 0;
    this.used.forEach((used, i) => {
      if (!used) return;
      if (i - start >= size && i - start < bestSize) [best, bestSize] = [start, i - start];
      start = i + 1;
    });
    // What is free at the end is a gap like another, and may be made longer.
    const left = this.used.length - start;
    return best >= 0 && (left < size || bestSize <= left) ? best : start;
  }
}

test("a buffer goes to the smallest gap that it fits, the first of several", () => {
  const steps = fc.array(fc.tuple(fc.nat(9), fc.nat(30)), { minLength: 40, maxLength: 200 });
  fc.assert(
    fc.property(steps, (steps) => {
      const [gaps, bytes] = [new Gaps(), new Bytes()];
      const held: (readonly [offset: number, size: number])[] = [];
      for (const [size, which] of steps) {
        const [done] = held.splice(which % (2 * held.length + 1), 1);
        if (done) gaps.free(...done);
        if (done) bytes.fill(...done, false);
        const offset = gaps.take(size + 1);
        expect(offset).toBe(bytes.take(size + 1));
        held.push([offset, size + 1]);
      }
    }),
  );
});

test("of many gaps one is found as quickly as of few", () => {
  // Every second buffer leaves a gap, and what comes then fits in none of them.
  const buffers = (count: number) => [
    ...Array.from({ length: count }, (_, i) => temporary([4 * (1 + (i % 97))], 0, i % 2 === 0 ? 1 : count)),
    ...Array.from({ length: count }, (_, i) => temporary([1000], 2 + i, 2 + i)),
  ];
  const work = (count: number) => {
    const all = buffers(count);
    return () => layoutArena(all);
  };
  expectLinear(work, 500);
});

describe("the plans of the specs", () => {
  test.each(["two-towers", "penguins", "digits"])(
    "%s: peak memory is at most 1.15 of what lives at once",
    async (name) => {
      const { functions } = await loadKernels(groups);
      const { programs } = lowerModel(compiled(specText(name)).document);
      for (const program of Object.values(programs)) {
        const buffers = sizedBuffers(planProgram(program), 32, functions);
        expectApart(buffers);
        expect(layoutArena(buffers).size).toBeLessThanOrEqual(1.15 * lowerBound(buffers));
      }
    },
  );
});
