import { expect, test } from "vitest";
import { B, createBuilder, ops, printProgram } from "../../src/tensor/index.js";

test("a program's text", () => {
  const b = createBuilder("step");
  const x = b.argument("x", { dtype: "float", shape: [3, B, 2] });
  const w = b.state("w", { dtype: "float", shape: [2, 4] });
  const zero = ops.zeros(b, [B, 4]);
  const { carries } = b.withOrigin("trunk.rnn", () =>
    ops.scan(b, 3, { constants: [w], carries: [zero], xs: [x] }, (body, [k], [c], [s]) => ({
      carries: [ops.tanh(body, ops.add(body, c!, ops.matmul(body, s!, k!)))],
      ys: [],
    })),
  );
  b.result("h", carries[0]!);
  b.update("w", ops.mul(b, w, -0));
  expect(printProgram(b.build())).toMatchInlineSnapshot(`
    "program step
      %0: float[3, B, 2] = argument x
      %1: float[2, 4] = state w
      %2: float[] = constant {data: [0], shape: [], dtype: float}
      %3: float[B, 4] = broadcast %2 {shape: [B, 4]}
      %4: float[B, 4] = scan %1 %3 %0 {length: 3, constants: 1, carries: 1, reverse: false, saved: -1}  // trunk.rnn
        program scan
          %0: float[2, 4] = argument constant0
          %1: float[B, 4] = argument carry0
          %2: float[B, 2] = argument x0
          %3: float[B, 4] = matmul %2 %0 {transposeA: false, transposeB: false}  // trunk.rnn
          %4: float[B, 4] = add %1 %3  // trunk.rnn
          %5: float[B, 4] = tanh %4  // trunk.rnn
          result carry0 = %5
      %5: float[] = constant {data: [-0], shape: [], dtype: float}
      %6: float[2, 4] = mul %1 %5
      result h = %4
      update w = %6
    "
  `);
});
