import { lookup, pairs } from "../../tensor/lookup.js";
import { isPrimitive, type PrimitiveName } from "../../tensor/primitives/index.js";
import type { Operation, Program } from "../../tensor/program.js";
import { signatureOf, siteOf } from "../../tensor/site.js";
import type { Graph, Ref } from "./graph.js";
import type { Inline } from "./row.js";
import { graphTable } from "./table.js";

/** Thrown where the format cannot express a part of the model. */
export class NotInTarget extends Error {
  override readonly name = "NotInTarget";

  constructor(
    readonly primitive: string,
    readonly origin: string | undefined,
  ) {
    super(`a GraphModel has nothing for ${primitive}${origin === undefined ? "" : ` (from ${origin})`}`);
  }
}

/** Adds a program's operations to a graph and says where its outputs are. */
export function lowerProgram(g: Graph, program: Program, inputs: readonly Ref[]): Ref[] {
  const refs = new Map<number, Ref>();
  for (const [input, ref] of pairs(program.inputs, inputs)) refs.set(input.value.id, ref);
  for (const op of program.operations) {
    const given = op.inputs.map((v) => lookup(refs, v.id));
    const made = g.within(op.origin ?? "", () => lowerOperation(g, program, op, given));
    for (const [v, ref] of pairs(op.outputs, made)) refs.set(v.id, ref);
  }
  return program.outputs.map((o) => lookup(refs, o.value.id));
}

function lowerOperation(g: Graph, program: Program, op: Operation, inputs: readonly Ref[]): readonly Ref[] {
  if (!isPrimitive(op.primitive)) throw new Error(`there is no primitive ${op.primitive}`);
  const made = lowerAs(op.primitive, g, program, op, inputs);
  if (made === undefined) throw new NotInTarget(op.primitive, op.origin);
  return typeof made === "string" ? [made] : made;
}

function lowerAs<K extends PrimitiveName>(
  name: K,
  g: Graph,
  program: Program,
  op: Operation,
  inputs: readonly Ref[],
): Ref | readonly Ref[] | undefined {
  const operands = signatureOf(name).operands(inputs);
  const inline: Inline = (body, given) => lowerProgram(g, body, given);
  return graphTable[name](g, operands, siteOf(name, program, op), inline);
}
