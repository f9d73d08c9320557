import { isProgram } from "./attributes.js";
import type { Attributes } from "./emitter.js";
import { lookup, pairs, typeOf } from "./lookup.js";
import { rewrite, withoutBroadcasts } from "./simplify/identities.js";
import { fold } from "./simplify/fold.js";
import { keyOf } from "./simplify/key.js";
import { Rebuilder } from "./simplify/rebuilder.js";
import { withoutDeadCode } from "./simplify/dead.js";
import type { Operation, Program, Value } from "./program.js";
import { verify } from "./verify.js";

/**
 * An equal program with less work: constants are folded, identities applied, equal computations merged and
 * unused ones dropped, inside loops as well. Every result keeps its type. Nothing that could be NaN becomes a number.
 */
export function simplify(program: Program): Program {
  const smaller = withoutDeadCode(rebuilt(program));
  verify(smaller);
  return smaller;
}

/** One pass from front to back; inputs of an operation are simplified before it. */
function rebuilt(program: Program): Program {
  const b = new Rebuilder();
  const now = new Map<number, Value>();
  const inputs = program.inputs.map((input) => {
    const value = b.fresh(typeOf(program, input.value));
    now.set(input.value.id, value);
    return { ...input, value };
  });
  const known = new Map<string, readonly Value[]>();
  for (const original of program.operations) {
    const given = {
      ...original,
      inputs: original.inputs.map((v) => lookup(now, v.id)),
      attributes: inner(original.attributes),
    };
    const op = withoutBroadcasts(b, given);
    const types = original.outputs.map((v) => typeOf(program, v));
    const key = keyOf(op);
    const same = key === undefined ? undefined : known.get(key);
    const outputs = same ?? simplified(b, op) ?? b.emit(op, types);
    if (key !== undefined && same === undefined) known.set(key, outputs);
    for (const [v, made] of pairs(original.outputs, outputs)) now.set(v.id, made);
  }
  const outputs = program.outputs.map((o) => ({ ...o, value: lookup(now, o.value.id) }));
  return { name: program.name, inputs, operations: b.operations, outputs, types: b.types };
}

function inner(attributes: Attributes): Attributes {
  if (!Object.values(attributes).some(isProgram)) return attributes;
  const entries = Object.entries(attributes).map(
    ([key, a]) => [key, isProgram(a) ? simplify(a) : a] as const,
  );
  return Object.fromEntries(entries);
}

/** Values that can take the place of the operation's outputs; the operation is then left out. */
function simplified(b: Rebuilder, op: Operation): readonly Value[] | undefined {
  const value = rewrite(b, op) ?? fold(b, op);
  return value === undefined ? undefined : [value];
}
