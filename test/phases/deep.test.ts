import { expect, test } from "vitest";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { lowerModel } from "../../src/compile.js";
import { generated } from "../../bench/generated-spec.mjs";
import type { NodeDocument } from "../../src/document/types.js";
import { compiled } from "../helpers.js";

test("10,000 layers in sequence are lowered and planned without a stack as deep", () => {
  const { document } = compiled(`model Deep {
  input x: float[8]
  h0 = x |> dense(8, relu)
  task y { output = h0 |> dense(2)  label: float[2]?  loss: mse }
}`);
  const [dense, output] = document.nodes as readonly [NodeDocument, NodeDocument];
  const nodes = Array.from({ length: 10_000 }, (_, i): NodeDocument => {
    const weights = { kernel: `h${i}.kernel`, bias: `h${i}.bias` };
    return { ...dense, id: `h${i}`, inputs: [i === 0 ? "x" : `h${i - 1}`], weights };
  });
  const grown = { ...document, nodes: [...nodes, { ...output, inputs: ["h9999"] }] };
  const { predict } = lowerModel(grown).programs;
  expect(planProgram(predict).calls).toHaveLength(10_001);
});

test.each(["chain", "pipe", "repeat"])("a model has room for 10,000 layers, as a %s", (kind) => {
  const { document } = compiled(generated(kind, 10_000));
  expect(document.nodes).toHaveLength(10_000);
});
