import { describe, expect, it } from "vitest";
import * as op from "../../src/runtime/wasm/opcodes.js";
import * as special from "../../src/tensor/kernels/special.js";
import { draws, ulps, Workbench } from "./assemble.js";
import { variants } from "./arena.js";

interface Bound {
  readonly name: string;
  readonly opcode: number;
  readonly f: (x: number) => number;
  readonly ulps: number;
  /** Absolute errors that are allowed as well. */
  readonly absolute?: (x: number) => number;
}

/** What the kernels' docstrings say. */
const BOUNDS: readonly Bound[] = [
  { name: "exp", opcode: op.EXP, f: Math.exp, ulps: 1.1 },
  { name: "log", opcode: op.LOG, f: Math.log, ulps: 1 },
  { name: "log1p", opcode: op.LOG1P, f: Math.log1p, ulps: 1 },
  { name: "expm1", opcode: op.EXPM1, f: Math.expm1, ulps: 1.7 },
  { name: "tanh", opcode: op.TANH, f: Math.tanh, ulps: 1.4 },
  { name: "sigmoid", opcode: op.SIGMOID, f: special.sigmoid, ulps: 2 },
  { name: "softplus", opcode: op.SOFTPLUS, f: special.softplus, ulps: 1.7 },
  { name: "erf", opcode: op.ERF, f: special.erf, ulps: 1.4 },
  // A relative 1e-6 is 8.4 units where a float's are largest.
  { name: "erfinv", opcode: op.ERFINV, f: special.erfinv, ulps: 8 },
  ...(["sin", "cos"] as const).map((name) => ({
    name,
    opcode: op[name === "sin" ? "SIN" : "COS"],
    f: Math[name],
    ulps: 2,
    absolute: (x: number) => (Math.abs(x) <= 1e5 ? 0 : Math.abs(x) <= 1e7 ? 1e-7 : 2),
  })),
];

const COUNT = 1 << 15;
const words = new Int32Array(1);
const asFloat = new Float32Array(words.buffer);

/** Floats of any exponent, and dense ones where the functions change. */
const SWEEPS: readonly (readonly [string, (u: number) => number])[] = [
  ["any bits", (u) => ((words[0] = u * 2 ** 32), asFloat[0]!)],
  ["−1 to 1", (u) => 2 * u - 1],
  ["−2 to 2", (u) => 4 * u - 2],
  ["−12 to 12", (u) => 24 * u - 12],
  ["−104 to 104", (u) => 208 * u - 104],
  ["near 1", (u) => 1 + (u - 0.5) * 0.01],
  ["near −1", (u) => -1 + 2 ** (-24 * u)],
  ["powers", (u) => 2 ** (200 * u - 150)],
  ["−1e5 to 1e5", (u) => 2e5 * (u - 0.5)],
  ["−1e7 to 1e7", (u) => 2e7 * (u - 0.5)],
];

const SPECIALS = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  2 ** -149,
  -(2 ** -149),
  2 ** -126,
  88.72283,
  88.73,
  -103.9,
  -104,
  3.4e38,
  -3.4e38,
];

describe.each(variants)("functions, $name", ({ relaxed, skip }) => {
  const bench = new Workbench(relaxed);

  function apply(opcode: number, values: Float32Array): Float32Array {
    bench.reset();
    const [out, x] = [bench.buffer(values.length), bench.buffer(values.length, values)];
    const registers = [
      [out.address, op.BY_ELEMENTS],
      [x.address, op.BY_ELEMENTS],
    ] as const;
    bench.run({ row: 1, tile: 1024, registers, body: [{ opcode, dst: 0, a: 1 }] }, 0, values.length);
    return out.floats();
  }

  function check(bound: Bound, values: Float32Array): void {
    const out = apply(bound.opcode, values);
    values.forEach((x, i) => {
      const wanted = bound.f(x);
      const near = Math.abs(out[i]! - wanted) <= (bound.absolute?.(x) ?? 0);
      if (!near && ulps(out[i]!, wanted) > bound.ulps) {
        throw new Error(`${bound.name}(${x}) is ${out[i]}, not ${wanted}: ${ulps(out[i]!, wanted)} ulps`);
      }
    });
  }

  for (const bound of BOUNDS) {
    it.skipIf(skip)(`${bound.name} is within ${bound.ulps} ulps`, () => {
      for (const [, from] of SWEEPS) {
        const random = draws(bound.opcode);
        check(
          bound,
          Float32Array.from({ length: COUNT }, () => from(random())),
        );
      }
    });
    it.skipIf(skip)(`${bound.name} has the reference's values at the ends`, () => {
      check(bound, Float32Array.from(SPECIALS));
    });
  }

  it.skipIf(skip)("stays in −1 to 1 for sine and cosine of large numbers", () => {
    const random = draws(3);
    const large = Float32Array.from({ length: COUNT }, () => 10 ** (7 + 31 * random()));
    for (const opcode of [op.SIN, op.COS])
      expect(apply(opcode, large).every((y) => Math.abs(y) <= 1)).toBe(true);
  });

  it.skipIf(skip)("keeps the digits of small arguments", () => {
    const small = Float32Array.from({ length: 100 }, (_, i) => 2 ** (-13 - i) * 1.2345);
    for (const opcode of [op.EXPM1, op.LOG1P, op.TANH, op.SIN]) {
      apply(opcode, small).forEach((y, i) =>
        expect(
          ulps(
            y,
            small[i]! *
              (opcode === op.EXPM1 ? 1 + small[i]! / 2 : opcode === op.LOG1P ? 1 - small[i]! / 2 : 1),
          ),
        ).toBeLessThanOrEqual(1),
      );
    }
  });

  it.skipIf(skip)("raises to powers as float64 does", () => {
    const random = draws(5);
    const x = Float32Array.from({ length: COUNT }, () => 10 ** (8 * random() - 4));
    const y = Float32Array.from({ length: COUNT }, () => 20 * random() - 10);
    bench.reset();
    const buffers = [bench.buffer(COUNT), bench.buffer(COUNT, x), bench.buffer(COUNT, y)];
    const registers = buffers.map(({ address }) => [address, op.BY_ELEMENTS] as const);
    bench.run({ row: 1, tile: 1024, registers, body: [{ opcode: op.POW, dst: 0, a: 1, b: 2 }] }, 0, COUNT);
    buffers[0]!.floats().forEach((z, i) => expect(ulps(z, x[i]! ** y[i]!)).toBeLessThan(0.5001));
  });
});
