import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceSession } from "../../src/engines/reference.js";
import {
  B,
  createBuilder,
  ops,
  printProgram,
  simplify,
  type Builder,
  type Program,
  type Value,
} from "../../src/tensor/index.js";
import { draw, error } from "./numbers.js";

function simplified(make: (b: Builder, x: Value) => Value): Program {
  const b = createBuilder("p");
  const x = b.argument("x", { dtype: "float", shape: [B, 4] });
  b.result("y", make(b, x));
  return simplify(b.build());
}

const names = (p: Program): string[] => p.operations.map((op) => op.primitive);

describe("identities", () => {
  test.each<[string, (b: Builder, x: Value) => Value]>([
    ["x + 0", (b, x) => ops.add(b, x, 0)],
    ["1 · x", (b, x) => ops.mul(b, 1, x)],
    ["x − 0", (b, x) => ops.sub(b, x, 0)],
    ["x / 1", (b, x) => ops.div(b, x, 1)],
    ["− −x", (b, x) => ops.neg(b, ops.neg(b, x))],
    ["transposed twice", (b, x) => ops.transpose(b, ops.transpose(b, x))],
    ["reshaped there and back", (b, x) => ops.reshape(b, ops.reshape(b, x, [2, B, 2]), [B, 4])],
    ["a known condition", (b, x) => ops.select(b, ops.lt(b, ops.scalar(b, 1), 2), x, 3)],
    ["x plus zeros of its shape", (b, x) => ops.add(b, ops.fill(b, 0, [B, 4]), x)],
  ])("%s is x", (_name, make) => {
    expect(names(simplified(make))).toEqual([]);
  });

  test("x + 0 keeps the shape that the 0 had given it", () => {
    const b = createBuilder("p");
    const x = b.argument("x", { dtype: "float", shape: [4] });
    b.result("y", ops.add(b, x, ops.fill(b, 0, [B, 4])));
    const p = simplify(b.build());
    expect(names(p)).toEqual(["broadcast"]);
    expect(p.types[p.outputs[0]!.value.id]!.shape).toEqual([B, 4]);
  });

  test("x · 0 stays: x may be infinite", () => {
    expect(names(simplified((b, x) => ops.mul(b, x, 0)))).toEqual(["constant", "mul"]);
  });

  test("equal computations merge, barriers do not", () => {
    const twice = (b: Builder, x: Value): Value => ops.add(b, ops.sin(b, x), ops.sin(b, x));
    expect(names(simplified(twice))).toEqual(["sin", "add"]);
    const held = (b: Builder, x: Value): Value => ops.sin(b, ops.barrier(b, x));
    expect(names(simplified((b, x) => ops.add(b, held(b, x), held(b, x))))).toEqual([
      "barrier",
      "sin",
      "barrier",
      "sin",
      "add",
    ]);
  });

  test("0 and −0 are not one constant", () => {
    const p = simplified((b, x) => ops.concat(b, [x, ops.fill(b, 0, [B, 1]), ops.fill(b, -0, [B, 1])], 1));
    expect(names(p).filter((n) => n === "constant")).toHaveLength(2);
  });

  test("constants fold; what depends on the batch does not", () => {
    expect(names(simplified((b, x) => ops.mul(b, x, ops.exp(b, ops.scalar(b, 2)))))).toEqual([
      "constant",
      "mul",
    ]);
    expect(names(simplified((b, x) => ops.mul(b, x, ops.size(b, B))))).toEqual(["size", "mul"]);
  });

  test("a broadcast operand goes in as it was", () => {
    expect(names(simplified((b, x) => ops.mul(b, x, ops.broadcast(b, ops.size(b, B), [B, 4]))))).toEqual([
      "size",
      "mul",
    ]);
  });
});

describe("a sum of places", () => {
  const placed = (begins: readonly number[]) => (b: Builder, x: Value) =>
    begins
      .map((begin) => ops.place(b, ops.sin(b, ops.add(b, x, begin)), [0, begin], [B, 12]))
      .reduce((sum, part) => ops.add(b, sum, part));

  test("that lie beside each other is a concatenation, in whatever order they are added", async () => {
    const make = placed([8, 0, 4]);
    const program = simplified(make);
    expect(names(program).filter((name) => name === "place")).toEqual([]);
    expect(names(program).at(-1)).toBe("concat");
    const b = createBuilder("p");
    b.result("y", make(b, b.argument("x", { dtype: "float", shape: [B, 4] })));
    const sessions = [program, b.build()].map((p) => createReferenceSession({ p }));
    const [found, right] = await Promise.all(sessions.map((s) => s.run("p", { x: draw(1, [3, 4]) }, 3)));
    expect(found!["y"]!.data).toEqual(right!["y"]!.data);
  });

  test.each([
    ["leaves a gap", [0, 8]],
    ["overlaps", [0, 2, 6]],
    ["places twice", [0, 4, 4]],
  ])("that %s stays a sum", (_what, begins) => {
    expect(names(simplified(placed(begins)))).not.toContain("concat");
  });
});

test("a loop loses the ys, constants and xs that nobody needs", () => {
  const b = createBuilder("loop");
  const x = b.argument("x", { dtype: "float", shape: [3, 2] });
  const k = b.argument("k", { dtype: "float", shape: [2] });
  const zero = ops.zeros(b, [2]);
  const { carries } = ops.scan(
    b,
    3,
    { constants: [k], carries: [zero], xs: [x, ops.exp(b, x)] },
    (body, [q], [c], [s, e]) => ({
      carries: [ops.add(body, ops.add(body, c!, 0), s!)],
      ys: [ops.mul(body, e!, q!)],
    }),
  );
  b.result("y", carries[0]!);
  const p = simplify(b.build());
  expect(names(p)).not.toContain("exp");
  const scan = p.operations.find((op) => op.primitive === "scan")!;
  expect([scan.inputs.length, scan.outputs.length]).toEqual([2, 1]);
  expect(names(scan.attributes["body"] as Program)).toEqual(["add"]);
});

/** A random program: each number picks an operation and its operands among what is there. */
function randomProgram(
  picks: readonly (readonly [number, number, number])[],
  withGradient: boolean,
): Program {
  const b = createBuilder("random");
  const row = b.argument("row", { dtype: "float", shape: [4] });
  const whole = b.argument("whole", { dtype: "float", shape: [B, 4] });
  const column = b.argument("column", { dtype: "float", shape: [B, 1] });
  const pool: Value[] = [
    row,
    whole,
    column,
    ops.scalar(b, 0),
    ops.scalar(b, 1),
    ops.fill(b, 0, [B, 4]),
    ops.fill(b, 1, [B, 1]),
  ];
  const makers: ((x: Value, y: Value) => Value)[] = [
    (x, y) => ops.add(b, x, y),
    (x, y) => ops.mul(b, x, y),
    (x, y) => ops.sub(b, x, y),
    (x, y) => ops.max(b, x, y),
    (x) => ops.neg(b, x),
    (x) => ops.sin(b, x),
    (x) => ops.tanh(b, x),
    (x, y) => ops.select(b, ops.lt(b, x, y), y, x),
    (x) =>
      ops.sum(
        b,
        x,
        b.typeOf(x).shape.map((_, i) => i),
        true,
      ),
    (x) => ops.transpose(b, ops.transpose(b, x)),
    (x) => ops.detach(b, x),
    (x) => ops.barrier(b, x),
    (x) => ops.div(b, x, 1),
    (x) => ops.cast(b, ops.cast(b, ops.mul(b, x, 3), "int"), "float"),
    (x) =>
      ops.sum(
        b,
        ops.scan(b, 2, { constants: [row], carries: [x] }, (body, [k], [c]) => ({
          carries: [ops.sin(body, ops.add(body, c!, ops.sumAll(body, ops.mul(body, k!, 1))))],
          ys: [ops.add(body, c!, 0)],
        })).ys[0]!,
        [0],
      ),
  ];
  for (const [which, p, q] of picks) {
    const x = pool[p % pool.length]!;
    const y = pool[q % pool.length]!;
    if (b.typeOf(x).shape.length > 2) continue;
    pool.push(makers[which % makers.length]!(x, b.typeOf(y).shape.length > 2 ? x : y));
  }
  const last = pool.at(-1)!;
  b.result("last", last);
  if (withGradient) {
    const loss = ops.sumAll(b, ops.sin(b, last));
    b.gradients(loss, [row, whole, column]).forEach((g, i) => b.result(`g${i}`, g));
  }
  return b.build();
}

test("simplified programs give the same results", async () => {
  const pick = fc.tuple(fc.nat(14), fc.nat(100), fc.nat(100));
  const args = { row: draw(1, [4]), whole: draw(2, [3, 4]), column: draw(3, [3, 1]) };
  await fc.assert(
    fc.asyncProperty(
      fc.array(pick, { minLength: 1, maxLength: 25 }),
      fc.boolean(),
      async (picks, withGradient) => {
        const program = randomProgram(picks, withGradient);
        const smaller = simplify(program);
        const session = createReferenceSession({ program, smaller });
        const right = await session.run("program", args, 3);
        const found = await session.run("smaller", args, 3);
        for (const [name, tensor] of Object.entries(right)) {
          expect(found[name]!.shape).toEqual(tensor.shape);
          expect(error(found[name]!.data, tensor.data), `${name}\n${printProgram(program)}`).toBeLessThan(
            1e-12,
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("the gradient of a broadcast sums over what was repeated", async () => {
  const dimension = fc.integer({ min: 1, max: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(dimension, fc.boolean()), { maxLength: 4 }),
      fc.nat(2),
      async (axes, drop) => {
        const to = axes.map(([n]) => n);
        const from = axes.map(([n, whole]) => (whole ? n : 1)).slice(drop);
        const b = createBuilder("broadcast");
        const x = b.argument("x", { dtype: "float", shape: from });
        const g = b.gradients(ops.sumAll(b, ops.broadcast(b, x, to)), [x])[0]!;
        b.result("g", g);
        const out = await createReferenceSession({ f: b.build() }).run("f", { x: draw(1, from) }, 1);
        const count = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);
        expect(out["g"]!.shape).toEqual(from);
        expect([...out["g"]!.data].every((v) => v === count(to) / count(from))).toBe(true);
      },
    ),
  );
});

test("a chain of 100,000 operations", () => {
  const b = createBuilder("long");
  const x = b.argument("x", { dtype: "float", shape: [B, 4] });
  let y = x;
  for (let i = 0; i < 50_000; i++) y = ops.add(b, ops.sin(b, y), i % 7);
  b.result("y", y);
  const program = b.build();
  expect(simplify(program).operations.length).toBeGreaterThanOrEqual(50_000);
});
