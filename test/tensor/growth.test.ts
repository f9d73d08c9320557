import { expect, test } from "vitest";
import { isProgram } from "../../src/tensor/attributes.js";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { printTfjsProgram } from "../../src/emit/typescript/program.js";
import { printWasmProgram } from "../../src/emit/typescript/wasm-program.js";
import { B, createBuilder, ops, simplify, type Program } from "../../src/tensor/index.js";
import { expectLinear, growthOf } from "../work.js";
import { chain, links } from "./chain.js";

const SIZE = 100;

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
