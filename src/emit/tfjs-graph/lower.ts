import type { PrimitiveName } from "../../tensor/primitives/index.js";
import type { Operation, Program } from "../../tensor/program.js";
import type { Graph, Ref } from "./graph.js";
import type { GraphRow } from "./row.js";
import { graphTable } from "./table.js";

/** The format has nothing for a part of the model. */
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
  program.inputs.forEach((input, i) => refs.set(input.value.id, inputs[i]!));
  for (const op of program.operations) {
    const given = op.inputs.map((v) => refs.get(v.id)!);
    const made = g.within(op.origin ?? "", () => lowerOperation(g, program, op, given));
    op.outputs.forEach((v, i) => refs.set(v.id, made[i]!));
  }
  return program.outputs.map((o) => refs.get(o.value.id)!);
}

function lowerOperation(g: Graph, program: Program, op: Operation, inputs: readonly Ref[]): readonly Ref[] {
  const row: GraphRow = graphTable[op.primitive as PrimitiveName];
  const site = {
    attributes: op.attributes,
    inputs: op.inputs.map((v) => program.types[v.id]!),
    outputs: op.outputs.map((v) => program.types[v.id]!),
  };
  const made = row(g, inputs, site, (body, given) => lowerProgram(g, body, given));
  if (made === undefined) throw new NotInTarget(op.primitive, op.origin);
  return typeof made === "string" ? [made] : made;
}
