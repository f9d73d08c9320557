import type { Operation, Program } from "../../tensor/program.js";
import { printCall, printLiteral } from "./call.js";
import { copies, disposals } from "./prepare.js";
import { callOf } from "./table.js";

/**
 * A program as the text of a TfjsProgram: the same calls in the same order as in process. The text is an expression
 * of TypeScript (and of JavaScript) over `kernels`, which the module imports from `nnspec/runtime/tfjs`.
 */
export function printTfjsProgram(program: Program): string {
  const inputs = program.inputs.map(({ name, kind, value }) => {
    const { dtype, shape } = program.types[value.id]!;
    const head = `name: ${JSON.stringify(name)}, kind: "${kind}", dtype: "${dtype}"`;
    return `    { ${head}, shape: (${shape.some((d) => typeof d !== "number") ? "B" : ""}) => ${printLiteral(shape)} },`;
  });
  const outputs = program.outputs.map((o) => `    { name: ${JSON.stringify(o.name)}, kind: "${o.kind}" },`);
  return [
    "{",
    "  inputs: [",
    ...inputs,
    "  ],",
    "  outputs: [",
    ...outputs,
    "  ],",
    `  run: ${printBody(program, "  ")},`,
    "}",
  ].join("\n");
}

function printBody(program: Program, indent: string): string {
  const dead = disposals(program);
  const copied = copies(program);
  const inner = `${indent}  `;
  const lines = [
    ...program.inputs.map((input, i) => `const v${input.value.id} = kernels.at(inputs, ${i});`),
    ...program.operations.flatMap((op, i) => printOperation(program, op, i, dead[i]!, inner)),
    `return [${program.outputs
      .map(({ value }, i) => (copied[i] === true ? `tf.clone(v${value.id})` : `v${value.id}`))
      .join(", ")}];`,
  ];
  return `(tf, inputs, B) => {\n${lines.map((line) => inner + line).join("\n")}\n${indent}}`;
}

function printOperation(
  program: Program,
  op: Operation,
  i: number,
  dead: readonly number[],
  indent: string,
): string[] {
  const names = op.inputs.map((v) => `v${v.id}`);
  const call = printCall(callOf(program, op), names, (body) => printBody(body, indent));
  const made =
    op.primitive === "scan"
      ? [`const s${i} = ${call};`, ...op.outputs.map((v, k) => `const v${v.id} = kernels.at(s${i}, ${k});`)]
      : [`const v${op.outputs[0]!.id} = ${call};`];
  return [...made, ...(dead.length === 0 ? [] : [`tf.dispose([${dead.map((id) => `v${id}`).join(", ")}]);`])];
}
