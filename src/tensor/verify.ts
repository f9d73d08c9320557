import { isProgram } from "./attributes.js";
import { sameShape } from "./dimension.js";
import { primitiveNamed } from "./primitives/index.js";
import { showType } from "./primitives/primitive.js";
import { pairs, typeOf } from "./lookup.js";
import type { Operation, Program, TensorType, Value } from "./program.js";

/** Throws an Error, a defect of whatever made the program, unless it is well formed; loop bodies included. */
export function verify(program: Program): void {
  verifyStructure(program, (op, where) => {
    for (const a of Object.values(op.attributes)) if (isProgram(a)) verify(a);
    verifyTypes(program, op, where);
  });
}

/** Like `verify` for a program whose types have just been inferred, and so need no check; `check` gets each operation. */
export function verifyStructure(
  program: Program,
  check?: (op: Operation, where: () => string) => void,
): void {
  const defined = new Set<number>();
  const define = (v: Value, where: () => string): void => {
    if (program.types[v.id] === undefined) fail(program, where(), `%${v.id} has no type`);
    if (defined.has(v.id)) fail(program, where(), `%${v.id} is defined twice`);
    defined.add(v.id);
  };
  const names = new Set<string>();
  for (const input of program.inputs) {
    if (names.has(input.name)) fail(program, "inputs", `two are called ${input.name}`);
    names.add(input.name);
    define(input.value, () => `input ${input.name}`);
  }
  program.operations.forEach((op, i) => {
    const where = () =>
      `operation ${i}, ${op.primitive}${op.origin === undefined ? "" : `, from ${op.origin}`}`;
    for (const v of op.inputs)
      if (!defined.has(v.id)) fail(program, where(), `%${v.id} is used before it is defined`);
    check?.(op, where);
    for (const v of op.outputs) define(v, where);
  });
  verifyOutputs(program, defined);
}

function verifyTypes(program: Program, op: Operation, where: () => string): void {
  let inferred: TensorType[];
  try {
    inferred = primitiveNamed(op.primitive).infer(
      op.inputs.map((v) => typeOf(program, v)),
      op.attributes,
    );
  } catch (cause) {
    fail(program, where(), cause instanceof Error ? cause.message : String(cause));
  }
  if (inferred.length !== op.outputs.length) {
    fail(program, where(), `has ${op.outputs.length} outputs instead of ${inferred.length}`);
  }
  for (const [v, right] of pairs(op.outputs, inferred)) {
    const type = program.types[v.id];
    if (type === undefined || type.dtype !== right.dtype || !sameShape(type.shape, right.shape)) {
      const found = type === undefined ? "without a type" : showType(type);
      fail(program, where(), `%${v.id} is ${found} instead of ${showType(right)}`);
    }
  }
}

function verifyOutputs(program: Program, defined: ReadonlySet<number>): void {
  const names = new Set<string>();
  const states = new Map(program.inputs.filter((i) => i.kind === "state").map((i) => [i.name, i]));
  for (const output of program.outputs) {
    const where = `output ${output.name}`;
    const key = `${output.kind} ${output.name}`;
    if (names.has(key)) fail(program, where, "is given twice");
    names.add(key);
    const type = program.types[output.value.id];
    if (type === undefined || !defined.has(output.value.id)) {
      return fail(program, where, `%${output.value.id} is not defined`);
    }
    const before = output.kind === "state" ? states.get(output.name) : undefined;
    const was = before === undefined ? undefined : program.types[before.value.id];
    if (was !== undefined && (was.dtype !== type.dtype || !sameShape(was.shape, type.shape))) {
      fail(program, where, `replaces ${showType(was)} by ${showType(type)}`);
    }
  }
}

function fail(program: Program, where: string, why: string): never {
  throw new Error(`program ${program.name}, ${where}: ${why}`);
}
