import { expect, test } from "vitest";
import { isProgram } from "../../src/tensor/attributes.js";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { printTfjsProgram } from "../../src/emit/typescript/program.js";
import { printWasmProgram } from "../../src/emit/typescript/wasm-program.js";
import {
  B,
  createBuilder,
  ops,
  simplify,
  type Builder,
  type Program,
  type Value,
} from "../../src/tensor/index.js";
import { expectLinear, growthOf } from "../work.js";

const SIZE = 100;

/** One more operation on y; w is a square matrix. */
type Link = (b: Builder, y: Value, w: Value, i: number) => Value;

const links: Readonly<Record<string, Link>> = {
  "added to itself": (b, y) => ops.add(b, y, y),
  "multiplied by a matrix": (b, y, w) => ops.relu(b, ops.matmul(b, y, w)),
  "read in another shape": (b, y, _w, i) =>
    ops.barrier(b, ops.reshape(b, y, i % 2 === 0 ? [B, 4, 2] : [B, 8])),
  "turned and cut": (b, y) =>
    ops.concat(b, [ops.slice(b, y, [0, 4], [B, 4]), ops.slice(b, y, [0, 0], [B, 4])], 1),
  compared: (b, y) => ops.mul(b, y, ops.cast(b, ops.lt(b, y, 1), "float")),
  "summed and spread": (b, y) => ops.add(b, y, ops.broadcast(b, ops.sum(b, y, [1], true), [B, 8])),
};

/** So many operations one after the other, with gradients and an update. */
function chain(link: Link, length: number): Program {
  const b = createBuilder("chain");
  const x = b.argument("x", { dtype: "float", shape: [B, 8] });
  const w = b.state("w", { dtype: "float", shape: [8, 8] });
  let y = x;
  for (let i = 0; i < length; i++) y = link(b, y, w, i);
  const loss = ops.sumAll(b, ops.square(b, y));
  const [toX, toW] = b.gradients(loss, [x, w]);
  b.result("gradient", toX!);
  b.update("w", ops.sub(b, w, ops.mul(b, toW!, 0.1)));
  return b.build();
}

/** A sum of slices of one tensor: its gradient is a sum of places. */
function slices(length: number): Program {
  const b = createBuilder("slices");
  const x = b.argument("x", { dtype: "float", shape: [B, 8 * length] });
  const parts = Array.from({ length }, (_, i) => ops.tanh(b, ops.slice(b, x, [0, 8 * i], [B, 8])));
  const loss = ops.sumAll(
    b,
    parts.reduce((sum, part) => ops.add(b, sum, part)),
  );
  b.result("gradient", b.gradients(loss, [x])[0]!);
  return b.build();
}

/** Weights that each get an update, from zeros that all of them share. */
function states(length: number): Program {
  const b = createBuilder("states");
  for (let i = 0; i < length; i++) {
    const w = b.state(`w${i}`, { dtype: "float", shape: [4] });
    b.update(`w${i}`, ops.mul(b, w, 0.5));
    b.update(`m${i}`, ops.zeros(b, [4]));
  }
  return b.build();
}

const programs: readonly (readonly [string, (length: number) => Program])[] = [
  ...Object.entries(links).map(([name, link]) => [name, (n: number) => chain(link, n)] as const),
  ["summed slices", slices],
  ["many states", states],
];

test("a loop over everything within a loop over everything is seen, though it does next to nothing", () => {
  const linear = (n: number) => () => chain(links["compared"]!, n);
  const planted = (n: number) => () => {
    const { operations } = chain(links["compared"]!, n);
    return operations.some(() => operations.some(({ primitive }) => isProgram(primitive)));
  };
  expect(growthOf(linear, SIZE).share).toBeLessThan(0.01);
  expect(growthOf(planted, SIZE)).toEqual({
    share: expect.any(Number),
    where: expect.stringContaining("isProgram"),
  });
  expect(() => expectLinear(planted, SIZE)).toThrow("grows with the square");
});

test.each(programs)("work grows with the program and not with its square: %s", (_name, make) => {
  const later = (work: (program: Program) => unknown) => (n: number) => {
    const program = simplify(make(n));
    return () => work(program);
  };
  expectLinear((n) => () => make(n), SIZE, "building");
  expectLinear((n) => () => simplify(make(n)), SIZE, "simplifying");
  expectLinear(later(planProgram), SIZE, "planning");
  expectLinear(later(printTfjsProgram), SIZE, "tfjs");
  expectLinear(
    later((program) => printWasmProgram(program, new Map())),
    SIZE,
    "wasm",
  );
});

test.each(["added to itself", "read in another shape", "compared"])(
  "nothing recurses as deep as a program is long: %s",
  (name) => {
    const program = simplify(chain(links[name]!, 10_000));
    expect(() => planProgram(program)).not.toThrow();
  },
);
