import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { lowerModel } from "../../src/compile.js";
import { groups } from "../../src/runtime/wasm/kernels.generated.js";
import { loadKernels } from "../../src/runtime/wasm/kernels.js";
import { bytesOf, layoutArena, lowerBound } from "../../src/runtime/wasm/layout.js";
import { sizedBuffers } from "../../src/runtime/wasm/planned.js";
import { temporary, type WasmBuffer } from "../../src/runtime/wasm/program.js";
import { compiled, specText } from "../helpers.js";

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
