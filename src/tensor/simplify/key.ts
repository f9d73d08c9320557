import { isDimension, isList } from "../attributes.js";
import { coefficientOf, powerOf } from "../dimension.js";
import { primitiveNamed } from "../primitives/index.js";
import type { Attribute, Operation } from "../program.js";

const LONGEST = 256;

/** A text that two operations share only if they compute the same; undefined if they must not be merged. */
export function keyOf(op: Operation): string | undefined {
  if (primitiveNamed(op.primitive).distinct) return undefined;
  let key = op.primitive;
  for (const v of op.inputs) key += ` ${v.id}`;
  for (const name of Object.keys(op.attributes).sort()) {
    const shown = show(op.attributes[name]!);
    if (shown === undefined) return undefined;
    key += ` ${name}=${shown}`;
  }
  return key;
}

/** Unlike JSON it tells -0, NaN and the infinities apart. */
function show(a: Attribute): string | undefined {
  if (typeof a === "number") return Object.is(a, -0) ? "-0" : String(a);
  if (typeof a === "string") return JSON.stringify(a);
  if (typeof a !== "object" || a === null) return String(a);
  if (isList(a)) {
    if (a.length > LONGEST) return undefined;
    const parts = a.map(show);
    return parts.includes(undefined) ? undefined : `[${parts.join()}]`;
  }
  return isDimension(a) ? `${coefficientOf(a)}B${powerOf(a)}` : undefined;
}
