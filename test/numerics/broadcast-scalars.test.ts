import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  B,
  createBuilder,
  ops,
  simplify,
  type Builder,
  type Program,
  type Shape,
  type Value,
} from "../../src/tensor/index.js";
import { float32Engines } from "./engines.js";

const BATCH = 7;

/** One number, from wherever a program may have it. */
const scalars: Readonly<Record<string, (b: Builder) => Value>> = {
  constant: (b) => ops.scalar(b, 1.5),
  state,
  "state of one row": rowState,
  "element of a vector": (b) => ops.reshape(b, ops.slice(b, vector(b), [2], [1]), []),
  sum: (b) => ops.sumAll(b, ops.mul(b, vector(b), 0.25)),
  computed: (b) => ops.mul(b, state(b), 1),
  size: (b) => ops.mul(b, ops.size(b, B), 1.5 / BATCH),
};

function state(b: Builder): Value {
  return b.state("s", { dtype: "float", shape: [] });
}

function rowState(b: Builder): Value {
  return b.state("row", { dtype: "float", shape: [1] });
}

function vector(b: Builder): Value {
  return b.state("v", { dtype: "float", shape: [3] });
}

const sizes = [1, 2, 3, 4, 5, 6, 8, 9, 17, 700, B] as const;

interface Recipe {
  readonly from: string;
  readonly shape: Shape;
  readonly axes: readonly number[];
  readonly int: boolean;
  /** Whether another value of the same shape is beside it, so that they may share a chain. */
  readonly beside: boolean;
}

const recipe: fc.Arbitrary<Recipe> = fc
  .array(fc.constantFrom(...sizes), { minLength: 1, maxLength: 3 })
  .filter((shape) => shape.filter((d) => d === 700).length < 2)
  .chain((shape) =>
    fc.record({
      from: fc.constantFrom(...Object.keys(scalars)),
      shape: fc.constant(shape),
      axes: fc.subarray(
        shape.map((_, i) => i),
        { minLength: 1 },
      ),
      int: fc.boolean(),
      beside: fc.boolean(),
    }),
  );

const at = (d: Shape[number]) => (d === B ? BATCH : (d as number));

function programOf({ from, shape, axes, int, beside }: Recipe): Program {
  const b = createBuilder("p");
  for (const make of [state, rowState, vector]) make(b);
  const one = scalars[from]!(b);
  const x = int ? ops.cast(b, ops.mul(b, one, 4), "int") : one;
  const many = ops.broadcast(b, x, shape);
  if (beside) b.result("beside", ops.sum(b, ops.mul(b, many, int ? 3 : 0.5), axes));
  b.result("sum", ops.sum(b, many, axes));
  b.result("max", ops.maxReduce(b, many, axes[0]!));
  b.result("last", ops.cumsum(b, many, axes[0]!));
  return b.build();
}

describe.each(float32Engines)("reductions of one number that is repeated: %s", (_name, start) => {
  test("are the number times how often it is repeated, or the number", async () => {
    await fc.assert(
      fc.asyncProperty(recipe, async (r) => {
        const program = programOf(r);
        const session = await start({ p: program, simple: simplify(program) });
        session.write("s", { dtype: "float", shape: [], data: Float64Array.of(1.5) });
        session.write("row", { dtype: "float", shape: [1], data: Float64Array.of(1.5) });
        session.write("v", { dtype: "float", shape: [3], data: Float64Array.of(1, 3.5, 1.5) });
        const number = r.int ? 6 : 1.5;
        const count = r.axes.reduce((n, axis) => n * at(r.shape[axis]!), 1);
        for (const name of ["p", "simple"]) {
          const found = await session.run(name, {}, BATCH);
          for (const x of found["sum"]!.data) expect(x).toBeCloseTo(number * count, 2);
          for (const x of found["max"]!.data) expect(x).toBe(number);
          for (const x of found["beside"]?.data ?? [])
            expect(x).toBeCloseTo(number * count * (r.int ? 3 : 0.5), 2);
          expect(Math.max(...found["last"]!.data)).toBeCloseTo(number * at(r.shape[r.axes[0]!]!), 2);
        }
        session.dispose();
      }),
      { numRuns: 150, seed: 2 },
    );
  });

  test.each([3, 130, 1000])("numbers that count rows go on from tile to tile: %i rows", async (rows) => {
    const b = createBuilder("p");
    const x = b.argument("x", { dtype: "float", shape: [B, 3] });
    const place = ops.cast(b, ops.iota(b, [B]), "float");
    const sums = ops.sum(b, x, [1]);
    b.result("out", ops.select(b, ops.lt(b, ops.iota(b, [B]), 500), ops.add(b, sums, place), sums));
    b.result("same", ops.cast(b, ops.eq(b, sums, place), "float"));
    const session = await start({ p: b.build() });
    const data = Float64Array.from({ length: rows * 3 }, (_, i) => Math.floor(i / 3) / 4);
    const found = await session.run("p", { x: { dtype: "float", shape: [rows, 3], data } }, rows);
    const right = Array.from({ length: rows }, (_, i) => 0.75 * i + (i < 500 ? i : 0));
    expect([...found["out"]!.data]).toEqual(right);
    expect([...found["same"]!.data]).toEqual(right.map((_, i) => (i === 0 ? 1 : 0)));
    session.dispose();
  });
});
