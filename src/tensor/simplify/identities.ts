import { numbersAt, shapeAt } from "../attributes.js";
import { sameShape, type Shape } from "../dimension.js";
import { primitiveNamed } from "../primitives/index.js";
import type { Facts } from "../primitives/primitive.js";
import type { Operation, Value } from "../program.js";
import { joinedPlaces } from "./places.js";
import type { Rebuilder } from "./rebuilder.js";

type Rule = (b: Rebuilder, op: Operation) => Value | undefined;

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
    const other = op.inputs[side]!;
    const kept = op.inputs[1 - side]!;
    if (b.splatOf(other) === value) return widened(b, op, kept, b.typeOf(other).shape);
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
  return sameShape(own, shape) ? kept : b.instead(op, "broadcast", [kept], { shape });
}

/** f(f(x)) is x. */
function undone(b: Rebuilder, op: Operation): Value | undefined {
  const inner = b.producerOf(op.inputs[0]!);
  return inner?.primitive === op.primitive ? inner.inputs[0] : undefined;
}

/** The operation changes nothing if it leaves the type as it is. */
const sameType: Rule = (b, op) => {
  const [x] = op.inputs;
  const wanted = shapeAt(op.attributes, "shape");
  return sameShape(b.typeOf(x!).shape, wanted) ? x : undefined;
};

const reshape: Rule = (b, op) => {
  const inner = b.producerOf(op.inputs[0]!);
  if (inner?.primitive !== "reshape") return sameType(b, op);
  const [x] = inner.inputs;
  const shape = shapeAt(op.attributes, "shape");
  return sameShape(b.typeOf(x!).shape, shape) ? x : b.instead(op, "reshape", [x!], { shape });
};

const broadcast: Rule = (b, op) => {
  const inner = b.producerOf(op.inputs[0]!);
  if (inner?.primitive !== "broadcast") return sameType(b, op);
  return b.instead(op, "broadcast", [inner.inputs[0]!], { shape: shapeAt(op.attributes, "shape") });
};

const transpose: Rule = (b, op) => {
  const perm = numbersAt(op.attributes, "perm");
  const inner = b.producerOf(op.inputs[0]!);
  const [from, both] =
    inner?.primitive === "transpose"
      ? [inner.inputs[0]!, perm.map((axis) => numbersAt(inner.attributes, "perm")[axis]!)]
      : [op.inputs[0]!, perm];
  if (both.every((axis, i) => axis === i)) return from;
  return both === perm ? undefined : b.instead(op, "transpose", [from], { perm: both });
};

const cast: Rule = (b, op) =>
  b.typeOf(op.inputs[0]!).dtype === op.attributes["dtype"] ? op.inputs[0] : undefined;

const sum: Rule = (_b, op) => (numbersAt(op.attributes, "axes").length === 0 ? op.inputs[0] : undefined);

/** A condition that is known picks its side, in the shape of all three. */
const select: Rule = (b, op) => {
  const [condition, x, y] = op.inputs;
  const known = b.splatOf(condition!);
  if (known === undefined) return undefined;
  const [picked, other] = known !== 0 ? [x!, y!] : [y!, x!];
  const shapes = [b.typeOf(condition!).shape, b.typeOf(other).shape];
  return shapes.reduce<Value | undefined>(
    (v, shape) => (v === undefined ? v : widened(b, op, v, shape)),
    picked,
  );
};

/** An operand that was broadcast goes in as it was, where another operand has the result's shape already. */
export function withoutBroadcasts(b: Rebuilder, op: Operation): Operation {
  if (!primitiveNamed(op.primitive).broadcasts) return op;
  for (let i = 0; i < op.inputs.length; i++) {
    const source = b.producerOf(op.inputs[i]!);
    if (source?.primitive !== "broadcast") continue;
    const { shape } = b.typeOf(op.inputs[i]!);
    const covered = op.inputs.some((v, k) => k !== i && sameShape(b.typeOf(v).shape, shape));
    if (!covered) continue;
    const inputs = op.inputs.map((v, k) => (k === i ? source.inputs[0]! : v));
    return withoutBroadcasts(b, { ...op, inputs });
  }
  return op;
}

/** Of single primitives. x·0 stays: it is NaN where x is infinite. */
const RULES: ReadonlyMap<string, Rule> = new Map([
  ["add", joinedPlaces],
  ["reshape", reshape],
  ["broadcast", broadcast],
  ["transpose", transpose],
  ["cast", cast],
  ["sum", sum],
  ["select", select],
]);
