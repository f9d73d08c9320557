import { expect, test } from "vitest";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { lowerModel } from "../../src/compile.js";
import { isLoop } from "../../src/runtime/wasm/plan.js";
import { RELU } from "../../src/runtime/wasm/opcodes.js";
import { compiled } from "../helpers.js";

test.each([
  ["matmul", "input x: float[4]", "x |> dense(8, relu) |> dense(8, relu) |> dense(1)", 9],
  [
    "conv2d",
    "input x: float[6, 6, 1]",
    "x |> conv2d(3, 2, relu) |> conv2d(3, 2, relu) |> flatten |> dense(1)",
    18,
  ],
] as const)(
  "%s: a relu is taken while the product is written, in training too",
  (kernel, input, output, flags) => {
    const spec = `model M { ${input}  task y { output = ${output}  label: float  loss: mse } }`;
    const { programs } = lowerModel(compiled(spec).document);
    for (const program of [programs.predict, programs.step]) {
      const calls = planProgram(program!).calls.flatMap((call) => (isLoop(call) ? [] : [call]));
      const found = calls.filter((call) => {
        const word = call.kernel === kernel ? call.args[flags] : undefined;
        return word !== undefined && "extent" in word && (Number(word.extent) & RELU) !== 0;
      });
      expect(found).toHaveLength(2);
    }
  },
);
