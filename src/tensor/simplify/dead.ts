import { lookup, typeOf } from "../lookup.js";
import { scanSignature } from "../ops.js";
import type { Operation, Program, TensorType, Value } from "../program.js";

/** Drops what no output needs (inputs stay: they are the program's signature) and numbers the values anew. */
export function withoutDeadCode(program: Program): Program {
  const needed = new Set(program.outputs.map((o) => o.value.id));
  const kept: Operation[] = [];
  for (let i = program.operations.length - 1; i >= 0; i--) {
    const op = program.operations[i]!;
    if (!op.outputs.some((v) => needed.has(v.id))) continue;
    const smaller = op.primitive === "scan" ? trimmedScan(op, needed) : op;
    for (const v of smaller.inputs) needed.add(v.id);
    kept.push(smaller);
  }
  kept.reverse();
  const now = new Map<number, Value>();
  const types: TensorType[] = [];
  const define = (v: Value): Value => {
    const value = { id: types.length };
    types.push(typeOf(program, v));
    now.set(v.id, value);
    return value;
  };
  const inputs = program.inputs.map((input) => ({ ...input, value: define(input.value) }));
  const operations = kept.map((op) => ({
    ...op,
    inputs: op.inputs.map((v) => lookup(now, v.id)),
    outputs: op.outputs.map(define),
  }));
  const outputs = program.outputs.map((o) => ({ ...o, value: lookup(now, o.value.id) }));
  return { name: program.name, inputs, operations, outputs, types };
}

/** A loop without the ys that nobody reads, and then without the constants and xs that its body does not read. */
function trimmedScan(op: Operation, needed: ReadonlySet<number>): Operation {
  const plan = scanSignature.attributes(op.attributes);
  const isKept = (_: unknown, i: number): boolean => i < plan.carries || needed.has(op.outputs[i]!.id);
  const outputs = op.outputs.filter(isKept);
  const smaller =
    outputs.length === op.outputs.length
      ? plan.body
      : withoutDeadCode({ ...plan.body, outputs: plan.body.outputs.filter(isKept) });
  const read = new Set([
    ...smaller.operations.flatMap((inner) => inner.inputs.map((v) => v.id)),
    ...smaller.outputs.map((o) => o.value.id),
  ]);
  const isCarry = (i: number): boolean => i >= plan.constants && i < plan.constants + plan.carries;
  const isRead = (_: unknown, i: number): boolean => isCarry(i) || read.has(smaller.inputs[i]!.value.id);
  const inputs = op.inputs.filter(isRead);
  if (outputs.length === op.outputs.length && inputs.length === op.inputs.length) return op;
  const body = withoutDeadCode({ ...smaller, inputs: smaller.inputs.filter(isRead) });
  const constants = op.inputs.slice(0, plan.constants).filter(isRead).length;
  // Dropping ys moves the ones that hold the incoming carries, so a later gradient has to add its own.
  const saved = outputs.length === op.outputs.length ? plan.saved : -1;
  return { ...op, inputs, outputs, attributes: { ...op.attributes, constants, saved, body } };
}
