import { expect, test } from "vitest";
import { createReferenceSession } from "../../src/engines/reference.js";
import { float32Engines } from "./engines.js";
import { createBuilder, ops, type Builder, type Value } from "../../src/tensor/index.js";
import { draw, error, ints } from "./numbers.js";

async function reference(f: (b: Builder, x: Value) => Value, data: readonly number[]): Promise<number[]> {
  const b = createBuilder("special");
  b.result("y", f(b, b.argument("x", { dtype: "float", shape: [data.length] })));
  const x = { dtype: "float" as const, shape: [data.length], data: Float64Array.from(data) };
  return [...(await createReferenceSession({ f: b.build() }).run("f", { x }, 1))["y"]!.data];
}

// Abramowitz & Stegun, table 7.1, and Python's math.erf.
test("erf", async () => {
  const found = await reference(ops.erf, [0, 0.5, 1, 2, 3, -4]);
  const right = [
    0, 0.5204998778130465, 0.8427007929497149, 0.9953222650189527, 0.9999779095030014, -0.9999999845827421,
  ];
  expect(error(found, right)).toBeLessThan(1e-14);
});

// Quantiles of the normal distribution (probit / √2): 0.975, 0.995 and the 6-sigma one.
test("erfinv", async () => {
  const found = await reference(ops.erfinv, [0.95, -0.99, 0.5]);
  const right = [1.959963984540054, -2.5758293035489004, 0.6744897501960817].map((z) => z / Math.SQRT2);
  expect(error(found, right)).toBeLessThan(1e-13);
  const far = [1 - 2 ** -24, -(1 - 2 ** -24), 1e-9];
  const there = await reference((b, x) => ops.erf(b, ops.erfinv(b, x)), far);
  expect(error(there, far)).toBeLessThan(1e-15);
});

test("a gradient is stopped by detach, and only by it", async () => {
  const b = createBuilder("detached");
  const x = b.argument("x", { dtype: "float", shape: [] });
  const loss = ops.mul(b, ops.detach(b, ops.square(b, x)), x);
  b.result("g", b.gradients(loss, [x])[0]!);
  const x3 = { dtype: "float" as const, shape: [], data: Float64Array.of(3) };
  const out = await createReferenceSession({ f: b.build() }).run("f", { x: x3 }, 1);
  expect(out["g"]!.data[0]).toBe(9);
});

test.each(float32Engines)("large arguments on %s", async (_engine, start) => {
  const b = createBuilder("large");
  const x = b.argument("x", { dtype: "float", shape: [40] });
  // Logits that differ by 1 or 2: a gradient that is all cancellation would only show rounding.
  const logits = b.argument("logits", { dtype: "float", shape: [4] });
  const { sigmoid, tanh, softplus, erf, softmax } = ops;
  for (const [name, f] of Object.entries({ sigmoid, tanh, softplus, erf, softmax })) {
    const v = f === softmax ? logits : x;
    const y = f(b, v);
    b.result(name, y);
    b.result(`${name} gradient`, b.gradients(ops.sumAll(b, ops.square(b, y)), [v])[0]!);
  }
  const program = b.build();
  const near = { dtype: "float" as const, shape: [4], data: Float64Array.of(10_000, 9_998, 10_001, 9_999) };
  const args = { x: draw(1, [40], -1000, 1000), logits: near };
  const right = await createReferenceSession({ f: program }).run("f", args, 1);
  const found = await (await start({ f: program })).run("f", args, 1);
  for (const [name, { data }] of Object.entries(right))
    expect(error(found[name]!.data, data), name).toBeLessThan(1e-4);
});

test.each(float32Engines)(
  "normal draws on %s: finite, of mean 0 and deviation 1; truncated ones stay within 2",
  async (_engine, start) => {
    const b = createBuilder("draws");
    const seed = b.argument("seed", { dtype: "int", shape: [] });
    const step = b.argument("step", { dtype: "int", shape: [] });
    b.result("normal", ops.normal(b, { seed, step, stream: 1 }, [20_000]));
    b.result("truncated", ops.truncatedNormal(b, { seed, step, stream: 2 }, [20_000]));
    // The generator's extremes, through the same map: u = 0 and u = 1 - 2⁻²⁴.
    const u = ops.constant(b, [-1 + 2 ** -24, 1 - 2 ** -24], [2]);
    b.result("extremes", ops.erfinv(b, u));
    const program = b.build();
    const args = { seed: ints([], [3]), step: ints([], [0]) };
    const right = await createReferenceSession({ f: program }).run("f", args, 1);
    const found = await (await start({ f: program })).run("f", args, 1);
    for (const results of [right, found]) {
      const data = Array.from(results["normal"]!.data);
      const mean = data.reduce((t, x) => t + x, 0) / data.length;
      const deviation = Math.sqrt(data.reduce((t, x) => t + (x - mean) ** 2, 0) / data.length);
      expect(Math.abs(mean)).toBeLessThan(0.03);
      expect(Math.abs(deviation - 1)).toBeLessThan(0.02);
      expect([...data, ...results["extremes"]!.data].every(Number.isFinite)).toBe(true);
      // 0.8796… is the deviation of a standard normal cut at two: √(1 − 4φ(2)/erf(√2)).
      const cut = Array.from(results["truncated"]!.data);
      expect(Math.max(...cut.map(Math.abs))).toBeLessThan(2.0001);
      expect(Math.abs(Math.sqrt(cut.reduce((t, x) => t + x * x, 0) / cut.length) - 0.8796)).toBeLessThan(
        0.02,
      );
    }
    expect(error(found["normal"]!.data, right["normal"]!.data)).toBeLessThan(1e-4);
  },
);
