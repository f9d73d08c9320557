import fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceSession } from "../../src/engines/reference.js";
import { createWasmEngineSession } from "../../src/engines/wasm.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import {
  B,
  createBuilder,
  ops,
  simplify,
  type Builder,
  type Program,
  type Value,
} from "../../src/tensor/index.js";
import { draw } from "../tensor/numbers.js";

/** How to make one more value of those that are there: what, of which, and how. */
type Choice = readonly [what: number, first: number, second: number];

/**
 * Comparisons are shifted, so that nothing compares with what it is equal to but for rounding.
 * Matrices [B, 6] and, beside them, what reductions give; each choice adds one value that fits again.
 */
function grow(b: Builder, values: Value[], vectors: Value[], [what, first, second]: Choice): void {
  const x = values[first % values.length]!;
  const y = values[second % values.length]!;
  const v = vectors[second % vectors.length]!;
  const add = (value: Value) => values.push(value);
  switch (what % 20) {
    case 0:
      return void add(ops.add(b, x, y));
    case 1:
      return void add(ops.sub(b, x, ops.mul(b, y, 0.5)));
    case 2:
      return void add(ops.mul(b, x, v));
    case 3:
      return void add(ops.tanh(b, ops.add(b, x, v)));
    case 4:
      return void add(ops.select(b, ops.lt(b, x, ops.add(b, y, 0.1234)), x, 0.25));
    case 5:
      return void add(ops.max(b, x, 0));
    case 6:
      return void vectors.push(ops.sum(b, x, [0]));
    case 7:
      return void add(ops.sub(b, x, ops.sum(b, y, [1], true)));
    case 8:
      return void add(ops.softmax(b, x));
    case 9:
      return void add(
        ops.matmul(
          b,
          ops.reshape(b, x, [B, 6]),
          ops.reshape(
            b,
            ops.concat(
              b,
              Array.from({ length: 6 }, () => v),
              0,
            ),
            [6, 6],
          ),
        ),
      );
    case 10:
      return void add(ops.reshape(b, ops.transpose(b, ops.reshape(b, x, [B, 2, 3]), [0, 2, 1]), [B, 6]));
    case 11: {
      const left = ops.sliceAxis(b, x, 1, 0, 2);
      return void add(ops.concat(b, [ops.sliceAxis(b, y, 1, 2, 4), left], 1));
    }
    case 12:
      return void add(ops.broadcast(b, ops.tanh(b, v), [B, 6]));
    case 13:
      return void vectors.push(ops.add(b, ops.mul(b, v, 0.5), ops.sumAll(b, ops.mul(b, x, 0.01))));
    case 14:
      return void add(
        ops.reshape(
          b,
          ops.mul(b, ops.reshape(b, x, [B, 3, 2]), ops.reshape(b, ops.sliceAxis(b, v, 0, 0, 3), [3, 1])),
          [B, 6],
        ),
      );
    case 15:
      return void add(ops.reverse(b, x, [1]));
    case 16: {
      const { carries, ys } = ops.scan(
        b,
        3,
        { constants: [v], carries: [x], xs: [ops.reshape(b, ops.mul(b, v, 0.1), [3, 2])] },
        (body, [k], [c], [part]) => {
          const next = ops.tanh(body, ops.add(body, ops.mul(body, c!, 0.7), k!));
          return { carries: [next], ys: [ops.add(body, part!, ops.sumAll(body, ops.mul(body, next, 0.01)))] };
        },
      );
      vectors.push(ops.reshape(b, ys[0]!, [6]));
      return void add(carries[0]!);
    }
    case 17: {
      const total = ops.mul(b, ops.sumAll(b, x), 0.001);
      return void vectors.push(ops.sum(b, ops.broadcast(b, total, [B, 6]), [0]));
    }
    case 18: {
      const one = ops.reshape(b, ops.sliceAxis(b, v, 0, 2, 1), []);
      const early = ops.lt(b, ops.iota(b, [B, 1]), 2);
      const sums = ops.select(b, early, ops.sum(b, x, [1], true), 0);
      const repeated = ops.sum(b, ops.broadcast(b, one, [B, 6]), [1], true);
      return void add(ops.sub(b, y, ops.mul(b, ops.add(b, sums, repeated), 0.1)));
    }
    default:
      return void add(ops.mul(b, ops.cast(b, ops.le(b, x, ops.add(b, v, 0.1234)), "float"), y));
  }
}

interface Recipe {
  readonly choices: readonly Choice[];
  /** Which values go into the states and results. */
  readonly ends: readonly number[];
  readonly simple: boolean;
}

function programOf({ choices, ends, simple }: Recipe): Program {
  const b = createBuilder("fuzz");
  const x = b.argument("x", { dtype: "float", shape: [B, 6] });
  const s = b.state("s", { dtype: "float", shape: [6] });
  const t = b.state("t", { dtype: "float", shape: [6] });
  const values = [x];
  const vectors = [s, t];
  for (const choice of choices) grow(b, values, vectors, choice);
  const at = (all: readonly Value[], i: number) => all[i % all.length]!;
  b.update("s", at(vectors, ends[0]!));
  b.update("t", at(vectors, ends[1]!));
  b.result("matrix", at(values, ends[2]!));
  b.result("again", at(values, ends[3]!));
  b.result("vector", at(vectors, ends[4]!));
  b.result("total", ops.sumAll(b, values.at(-1)!));
  const program = b.build();
  return simple ? simplify(program) : program;
}

/** Relative to the largest number there, or to 1: sums of what cancels have no digits of their own. */
function difference(found: HostTensor, right: HostTensor): number {
  const scale = Math.max(1, ...Array.from(right.data, Math.abs));
  return Math.max(0, ...Array.from(right.data, (x, i) => Math.abs(x - found.data[i]!) / scale));
}

const recipe = fc.record({
  choices: fc.array(fc.tuple(fc.nat(19), fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 14 }),
  ends: fc.array(fc.nat(30), { minLength: 5, maxLength: 5 }),
  simple: fc.boolean(),
});

test("random programs give on wasm what they give on the reference, call after call, at any batch", async () => {
  await fc.assert(
    fc.asyncProperty(recipe, async (r) => {
      const program = programOf(r);
      const sessions = [
        createReferenceSession({ fuzz: program }),
        await createWasmEngineSession({ fuzz: program }),
      ] as const;
      for (const session of sessions) {
        session.write("s", draw(1, [6]));
        session.write("t", draw(2, [6]));
      }
      for (const [call, batch] of [5, 5, 3, 8].entries()) {
        const args = { x: draw(10 + call, [batch, 6]) };
        const [right, found] = [
          await sessions[0].run("fuzz", args, batch),
          await sessions[1].run("fuzz", args, batch),
        ];
        for (const name of Object.keys(right)) {
          // Sums of sums grow; where they do, float32 has no more digits to compare.
          fc.pre(right[name]!.data.every((v) => Math.abs(v) <= 1e4));
          expect(difference(found[name]!, right[name]!), `${name}, call ${call}`).toBeLessThan(1e-4);
        }
        for (const name of ["s", "t"])
          expect(difference(sessions[1].read(name), sessions[0].read(name)), name).toBeLessThan(1e-4);
      }
    }),
    { numRuns: 300 },
  );
});
