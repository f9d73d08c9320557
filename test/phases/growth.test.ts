import { expect, test } from "vitest";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { lowerModel } from "../../src/compile.js";
import type { ModelDocument, NodeDocument } from "../../src/document/types.js";
import { emitWasmModule } from "../../src/emit/typescript/wasm.js";
import { compiled } from "../helpers.js";
import { expectLinear } from "../work.js";

const SIZE = 16;

const model = ({ body, tasks, balance }: { body: string; tasks: string; balance?: string }) => `model Grown {
  input x: float[8]
  ${body}
  ${tasks}
}
train {
  optimizer: adam(lr: 0.001)
  ${balance === undefined ? "" : `balance: ${balance}`}
}
`;

const task = (name: string, output: string) =>
  `task ${name} { output = ${output} |> dense(2) label: float[2]? loss: mse }`;

const repeated = (n: number, text: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => text(i)).join("\n  ");

const chained = (n: number) => repeated(n, (i) => `h${i} = ${i === 0 ? "x" : `h${i - 1}`} |> dense(8, relu)`);

/** Models of so many layers or tasks. */
const models: readonly (readonly [string, (n: number) => string])[] = [
  ["layers in sequence", (n) => model({ body: chained(n), tasks: task("y", `h${n - 1}`) })],
  [
    "a value added to itself",
    (n) =>
      model({
        body: repeated(n, (i) => `h${i} = ${i === 0 ? "x + x" : `h${i - 1} + h${i - 1}`}`),
        tasks: task("y", `h${n - 1}`),
      }),
  ],
  [
    "tasks on one layer",
    (n) => model({ body: "h = x |> dense(8, relu)", tasks: repeated(n, (i) => task(`y${i}`, "h")) }),
  ],
  [
    "tasks with a balancer",
    (n) =>
      model({
        body: "h = x |> dense(8, relu)",
        tasks: repeated(n, (i) => task(`y${i}`, "h")),
        balance: "uncertainty",
      }),
  ],
];

/** A copy of a document under names that nothing has cached. */
const fresh = (document: ModelDocument): ModelDocument => structuredClone(document);

test.each(models)(
  "what comes behind the check grows with the model and not with its square: %s",
  (_name, text) => {
    const documentOf = (n: number) => fresh(compiled(text(n)).document);
    const programsOf = (n: number) => ({ ...lowerModel(documentOf(n)).programs });
    const lowered = (n: number) => {
      const document = documentOf(n);
      return () => ({ ...lowerModel(document).programs });
    };
    expectLinear(lowered, SIZE, "lowering");
    const planned = (n: number) => {
      const programs = Object.values(programsOf(n));
      return () => programs.map((program) => planProgram(program));
    };
    expectLinear(planned, SIZE, "planning");
    const emitted = (n: number) => {
      const { document, descriptor, programs } = lowerModel(documentOf(n));
      const parts = { document, descriptor, programs: { ...programs }, source: "grown.nnspec" };
      return () => emitWasmModule(parts);
    };
    expectLinear(emitted, SIZE, "emitting");
  },
);

test("10,000 layers in sequence are lowered and planned without a stack as deep", () => {
  const { document } = compiled(model({ body: chained(1), tasks: task("y", "h0") }));
  const [dense, output] = document.nodes as readonly [NodeDocument, NodeDocument];
  const nodes = Array.from({ length: 10_000 }, (_, i): NodeDocument => {
    const weights = { kernel: `h${i}.kernel`, bias: `h${i}.bias` };
    return { ...dense, id: `h${i}`, inputs: [i === 0 ? "x" : `h${i - 1}`], weights };
  });
  const grown = { ...document, nodes: [...nodes, { ...output, inputs: ["h9999"] }] };
  const { predict } = lowerModel(grown).programs;
  expect(planProgram(predict).calls).toHaveLength(10_001);
});
