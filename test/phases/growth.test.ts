import { test } from "vitest";
import { planProgram } from "../../src/backends/wasm/plan.js";
import { lowerModel } from "../../src/compile.js";
import type { ModelDocument } from "../../src/document/types.js";
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

/** What is made of a size, made once. */
function kept<T>(make: (n: number) => T): (n: number) => T {
  const made = new Map<number, T>();
  return (n) => {
    const found = made.get(n) ?? make(n);
    made.set(n, found);
    return found;
  };
}

test.each(models)(
  "what comes behind the check grows with the model and not with its square: %s",
  (_name, text) => {
    const checked = kept((n) => compiled(text(n)).document);
    const documentOf = (n: number) => fresh(checked(n));
    const lowerOnce = kept((n) => {
      const document = documentOf(n);
      const { descriptor, programs } = lowerModel(document);
      return { document, descriptor, programs: { ...programs } };
    });
    const lowered = (n: number) => {
      const document = documentOf(n);
      return () => ({ ...lowerModel(document).programs });
    };
    expectLinear(lowered, SIZE, "lowering");
    const planned = (n: number) => {
      const programs = Object.values(lowerOnce(n).programs);
      return () => programs.map((program) => planProgram(program));
    };
    expectLinear(planned, SIZE, "planning");
    const emitted = (n: number) => {
      const parts = { ...lowerOnce(n), source: "grown.nnspec" };
      return () => emitWasmModule(parts);
    };
    expectLinear(emitted, SIZE, "emitting");
  },
);
