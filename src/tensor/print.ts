import { isDimension, isList, isProgram } from "./attributes.js";
import { showDimension } from "./dimension.js";
import { showType } from "./primitives/primitive.js";
import { typeOf } from "./lookup.js";
import type { Attribute, Operation, Program, Value } from "./program.js";

const LONGEST_LIST = 16;

/** The program as text: one line to an operation, the bodies of loops indented below theirs. */
export function printProgram(program: Program): string {
  return lines(program, "").join("\n") + "\n";
}

function lines(program: Program, indent: string): string[] {
  const typed = (v: Value): string => `%${v.id}: ${showType(typeOf(program, v))}`;
  return [
    `${indent}program ${program.name}`,
    ...program.inputs.map((i) => `${indent}  ${typed(i.value)} = ${i.kind} ${i.name}`),
    ...program.operations.flatMap((op) => operationLines(op, typed, `${indent}  `)),
    ...program.outputs.map(
      (o) => `${indent}  ${o.kind === "state" ? "update" : "result"} ${o.name} = %${o.value.id}`,
    ),
  ];
}

function operationLines(op: Operation, typed: (v: Value) => string, indent: string): string[] {
  const plain = Object.entries(op.attributes).filter(([, a]) => !isProgram(a));
  const attributes = plain.map(([key, a]) => `${key}: ${show(a)}`).join(", ");
  const words = [
    op.primitive,
    ...op.inputs.map((v) => `%${v.id}`),
    ...(attributes === "" ? [] : [`{${attributes}}`]),
  ];
  const origin = op.origin === undefined ? "" : `  // ${op.origin}`;
  const bodies = Object.values(op.attributes).filter(isProgram);
  return [
    `${indent}${op.outputs.map(typed).join(", ")} = ${words.join(" ")}${origin}`,
    ...bodies.flatMap((body) => lines(body, `${indent}  `)),
  ];
}

function show(a: Attribute): string {
  if (typeof a === "number") return Object.is(a, -0) ? "-0" : String(a);
  if (isDimension(a)) return showDimension(a);
  if (!isList(a)) return String(a);
  const shown = a.slice(0, LONGEST_LIST).map(show);
  return `[${shown.join(", ")}${a.length > LONGEST_LIST ? `, … ${a.length} in all` : ""}]`;
}
