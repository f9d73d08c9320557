import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACCUMULATE, BIAS, RELU } from "../../src/runtime/wasm/opcodes.js";
import { Arena, expectClose, variants, type Buffer } from "./arena.js";

interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch?: number;
  readonly flags?: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  /** What the leading dimensions and the strides between matrices exceed the smallest ones by. */
  readonly gaps?: readonly [a: number, b: number, c: number];
}

const shapes: readonly (readonly [m: number, n: number, k: number])[] = [
  [1, 1, 1],
  [1, 1, 0],
  [1, 5, 0],
  [9, 11, 0],
  [0, 5, 3],
  [5, 0, 3],
  [1, 37, 19],
  [37, 1, 19],
  [2, 3, 5],
  [3, 70, 9],
  [32, 10, 10],
  [10, 10, 32],
  [32, 1, 10],
  [5, 4, 7],
  [6, 12, 65],
  [13, 17, 66],
  [128, 1, 256],
  [1, 256, 128],
  [17, 9, 257],
  [300, 20, 70],
  [70, 90, 600],
  [128, 256, 256],
];

const places = (lines: number, lead: number, width: number): number =>
  lines === 0 ? 0 : (lines - 1) * lead + width;

/** Runs a product and compares it with the plain loop. */
function check(arena: Arena, p: Product): void {
  arena.reset();
  const { m, n, k, batch = 1, flags = 0, transposeA = false, transposeB = false, gaps = [0, 0, 0] } = p;
  const [linesA, widthA] = transposeA ? [k, m] : [m, k];
  const [linesB, widthB] = transposeB ? [n, k] : [k, n];
  const [lda, ldb, ldc] = [widthA + gaps[0], widthB + gaps[1], n + gaps[2]];
  const [sizeA, sizeB, sizeC] = [places(linesA, lda, widthA), places(linesB, ldb, widthB), places(m, ldc, n)];
  const [strideA, strideB, strideC] = [sizeA + gaps[0], sizeB + gaps[1], sizeC + gaps[2]];
  const a = arena.random(places(batch, strideA, sizeA));
  const b = arena.random(places(batch, strideB, sizeB));
  const c = arena.random(places(batch, strideC, sizeC));
  const bias = arena.random(n);
  const reference = Float64Array.from(c.values);
  let terms = 0;
  for (let t = 0; t < batch; t++)
    for (let i = 0; i < m; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        let size = 0;
        for (let l = 0; l < k; l++) {
          const left = a.values[t * strideA + (transposeA ? l * lda + i : i * lda + l)]!;
          const product = left * b.values[t * strideB + (transposeB ? j * ldb + l : l * ldb + j)]!;
          sum += product;
          size += Math.abs(product);
        }
        const at = t * strideC + i * ldc + j;
        if ((flags & ACCUMULATE) !== 0) sum += c.values[at]!;
        if ((flags & BIAS) !== 0) sum += bias.values[j]!;
        terms = Math.max(terms, size);
        reference[at] = (flags & RELU) !== 0 ? Math.max(sum, 0) : sum;
      }
  const bytes = arena.call("matmul_scratch", m, n, k, Number(transposeA), Number(transposeB));
  expect(bytes).toBeLessThan(600 * 1024);
  const scratch = arena.space(bytes);
  const numbers = [
    batch,
    strideA,
    strideB,
    strideC,
    m,
    n,
    k,
    lda,
    ldb,
    ldc,
    Number(transposeA),
    Number(transposeB),
  ];
  arena.call("matmul_strided", a.at, b.at, c.at, ...numbers, flags, bias.at, scratch.at);
  const result = arena.read(c);
  expectClose(result, reference, terms);
  // Gaps between rows and matrices keep their floats.
  for (let i = 0; i < result.length; i++) {
    if (i % strideC >= sizeC || (i % strideC) % ldc >= n) expect(result[i]).toBe(c.values[i]);
  }
  arena.expectGuards([a, b, c, bias, scratch]);
}

const forms = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
);
const name = (p: Partial<Product>) =>
  (p.transposeA === true ? "T" : "N") + (p.transposeB === true ? "T" : "N");

const size = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 90 }));
const gap = fc.integer({ min: 0, max: 5 });
const products: fc.Arbitrary<Product> = fc.record({
  m: size,
  n: size,
  k: fc.oneof(size, fc.integer({ min: 200, max: 700 })),
  batch: fc.integer({ min: 0, max: 3 }),
  flags: fc.integer({ min: 0, max: 7 }),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  gaps: fc.tuple(gap, gap, gap),
});

for (const variant of variants) {
  describe.skipIf(variant.skip)(`matmul, ${variant.name}`, () => {
    const arena = new Arena(variant.relaxed);

    for (const form of forms) {
      it.each(shapes)(`${name(form)} of %i × %i × %i`, (m, n, k) => {
        for (let flags = 0; flags < 8; flags++) check(arena, { m, n, k, flags, ...form });
      });
      it.each(shapes)(`${name(form)} of %i × %i × %i with gaps, in a batch`, (m, n, k) => {
        check(arena, { m, n, k, ...form, batch: 2, gaps: [3, 1, 2] });
        check(arena, { m, n, k, ...form, batch: 2, gaps: [1, 2, 5], flags: ACCUMULATE | BIAS | RELU });
      });
    }

    it("any product", () => {
      fc.assert(
        fc.property(products, (p) => check(arena, p)),
        { numRuns: 1000 },
      );
    });

    it("passes NaN on through RELU", () => {
      eachSmall(arena, (p, [a, b, c], numbers) => {
        for (const operand of [a, b]) arena.fill(operand, Number.NaN);
        arena.call("matmul_strided", a.at, b.at, c.at, ...numbers(RELU));
        expect(arena.read(c).every(Number.isNaN), JSON.stringify(p)).toBe(true);
      });
    });

    it("reads nothing beyond an operand", () => {
      eachSmall(arena, (_, [a, b, c], numbers) => {
        arena.call("matmul_strided", arena.atEnd(a), b.at, c.at, ...numbers(0));
        arena.call("matmul_strided", a.at, arena.atEnd(b), c.at, ...numbers(0));
        arena.call("matmul_strided", a.at, b.at, arena.atEnd(c), ...numbers(ACCUMULATE));
      });
    });
  });
}

/** Calls `visit` with operands and the numbers after them, for every shape that is not empty and every form. */
function eachSmall(
  arena: Arena,
  visit: (
    p: Product,
    operands: [a: Buffer, b: Buffer, c: Buffer],
    numbers: (flags: number) => number[],
  ) => void,
): void {
  for (const [m, n, k] of shapes.filter((shape) => !shape.includes(0))) {
    for (const form of forms) {
      arena.reset();
      const [a, b, c] = [arena.random(m * k), arena.random(k * n), arena.random(m * n)];
      const [ta, tb] = [Number(form.transposeA), Number(form.transposeB)];
      const scratch = arena.space(arena.call("matmul_scratch", m, n, k, ta, tb));
      const sizes = [1, 0, 0, 0, m, n, k, ta === 1 ? m : k, tb === 1 ? k : n, n, ta, tb];
      visit({ m, n, k, ...form }, [a, b, c], (flags) => [...sizes, flags, 0, scratch.at]);
    }
  }
}
