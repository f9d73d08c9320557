import { sameShape, type Shape } from "../dimension.js";
import type { Attributes } from "../emitter.js";
import * as ops from "../ops.js";
import { primitiveNamed } from "../primitives/index.js";
import type { Facts } from "../primitives/primitive.js";
import type { Operation, Value } from "../program.js";
import type { Application, Count, Signature } from "../signature.js";
import { joinedPlaces } from "./places.js";
import type { Rebuilder } from "./rebuilder.js";

type Rule = (b: Rebuilder, op: Operation) => Value | undefined;

function ruleOf<N extends Count, A extends Attributes>(
  signature: Signature<N, A>,
  rule: (b: Rebuilder, application: Application<N, A>, op: Operation) => Value | undefined,
): [primitive: string, Rule] {
  return [signature.name, (b, op) => rule(b, signature.read(op), op)];
}

/** The value that an operation equals by an identity of its primitive. */
export function rewrite(b: Rebuilder, op: Operation): Value | undefined {
  const facts = primitiveNamed(op.primitive);
  return (
    (facts.neutral && besideNeutral(b, op, facts.neutral)) ??
    (facts.involution ? undone(b, op) : undefined) ??
    RULES.get(op.primitive)?.(b, op)
  );
}

/** x where y is the neutral number, in the shape that both broadcast to. */
function besideNeutral(
  b: Rebuilder,
  op: Operation,
  { value, sides }: NonNullable<Facts["neutral"]>,
): Value | undefined {
  for (const side of sides) {
    const [other, kept] = [op.inputs[side], op.inputs[1 - side]];
    if (other && kept && b.splatOf(other) === value) return widened(b, op, kept, b.typeOf(other).shape);
  }
  return undefined;
}

/** The kept operand, broadcast where the dropped one had made it larger. */
function widened(b: Rebuilder, op: Operation, kept: Value, by: Shape): Value | undefined {
  const own = b.typeOf(kept).shape;
  const rank = Math.max(own.length, by.length);
  const shape = Array.from({ length: rank }, (_, i) => {
    const p = own[i - rank + own.length] ?? 1;
    return p === 1 ? (by[i - rank + by.length] ?? 1) : p;
  });
  return sameShape(own, shape) ? kept : b.instead(op, ops.broadcastSignature, [kept], { shape });
}

/** f(f(x)) is x. */
function undone(b: Rebuilder, op: Operation): Value | undefined {
  const [x] = op.inputs;
  const inner = x && b.producerOf(x);
  return inner?.primitive === op.primitive ? inner.inputs[0] : undefined;
}

/** The operation changes nothing if it leaves the type as it is. */
function sameType(b: Rebuilder, x: Value, shape: Shape): Value | undefined {
  return sameShape(b.typeOf(x).shape, shape) ? x : undefined;
}

const reshape = ruleOf(ops.reshapeSignature, (b, { inputs: [x], attributes: { shape } }, op) => {
  const inner = ops.reshapeSignature.of(b.producerOf(x));
  if (inner === undefined) return sameType(b, x, shape);
  const { inputs } = inner;
  return sameType(b, inputs[0], shape) ?? b.instead(op, ops.reshapeSignature, inputs, { shape });
});

const broadcast = ruleOf(ops.broadcastSignature, (b, { inputs: [x], attributes: { shape } }, op) => {
  const inner = ops.broadcastSignature.of(b.producerOf(x));
  return inner ? b.instead(op, ops.broadcastSignature, inner.inputs, { shape }) : sameType(b, x, shape);
});

const transpose = ruleOf(ops.transposeSignature, (b, { inputs, attributes: { perm } }, op) => {
  const inner = ops.transposeSignature.of(b.producerOf(inputs[0]));
  const from = inner?.inputs ?? inputs;
  const both = inner ? perm.map((axis) => inner.attributes.perm[axis]!) : perm;
  if (both.every((axis, i) => axis === i)) return from[0];
  return inner && b.instead(op, ops.transposeSignature, from, { perm: both });
});

const cast = ruleOf(ops.castSignature, (b, { inputs: [x], attributes: { dtype } }) =>
  b.typeOf(x).dtype === dtype ? x : undefined,
);

const sum = ruleOf(ops.sumSignature, (_b, { inputs: [x], attributes: { axes } }) =>
  axes.length === 0 ? x : undefined,
);

/** A condition that is known picks its side, in the shape of all three. */
const select = ruleOf(ops.selectSignature, (b, { inputs: [condition, x, y] }, op) => {
  const known = b.splatOf(condition);
  if (known === undefined) return undefined;
  const [picked, other] = known !== 0 ? [x, y] : [y, x];
  const shapes = [b.typeOf(condition).shape, b.typeOf(other).shape];
  return shapes.reduce<Value | undefined>(
    (v, shape) => (v === undefined ? v : widened(b, op, v, shape)),
    picked,
  );
});

/** An operand that was broadcast goes in as it was, where another operand has the result's shape already. */
export function withoutBroadcasts(b: Rebuilder, op: Operation): Operation {
  if (!primitiveNamed(op.primitive).broadcasts) return op;
  for (const [i, input] of op.inputs.entries()) {
    const source = ops.broadcastSignature.of(b.producerOf(input));
    if (source === undefined) continue;
    const { shape } = b.typeOf(input);
    const covered = op.inputs.some((v, k) => k !== i && sameShape(b.typeOf(v).shape, shape));
    if (!covered) continue;
    const inputs = op.inputs.map((v, k) => (k === i ? source.inputs[0] : v));
    return withoutBroadcasts(b, { ...op, inputs });
  }
  return op;
}

/** Rules for single primitives. There is none for x·0, which is NaN where x is infinite. */
const RULES: ReadonlyMap<string, Rule> = new Map([
  ["add", joinedPlaces],
  reshape,
  broadcast,
  transpose,
  cast,
  sum,
  select,
]);
