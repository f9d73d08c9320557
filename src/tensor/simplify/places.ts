import { add as addDimensions, sameDimension, type Dimension, type Shape } from "../dimension.js";
import type { Operation, Value } from "../program.js";
import type { Rebuilder } from "./rebuilder.js";

/** A value that lies along one axis of a larger one, from `begin` on. */
interface Piece {
  readonly value: Value;
  readonly axis: number;
  readonly begin: Dimension;
  readonly size: Dimension;
}

/**
 * A sum of places that lie beside each other and cover everything is a concatenation: the gradients of a layer's
 * parts come so.
 */
export function joinedPlaces(b: Rebuilder, op: Operation): Value | undefined {
  const pieces = op.inputs.flatMap((v) => piecesOf(b, v) ?? [undefined]);
  const [first] = pieces;
  if (first === undefined || pieces.some((p) => p?.axis !== first.axis)) return undefined;
  const whole = b.typeOf(op.inputs[0]!).shape;
  const ordered = inOrder(pieces as Piece[], whole[first.axis]!);
  return (
    ordered &&
    b.instead(
      op,
      "concat",
      ordered.map((p) => p.value),
      { axis: first.axis },
    )
  );
}

function piecesOf(b: Rebuilder, v: Value): Piece[] | undefined {
  const op = b.producerOf(v);
  if (op?.primitive === "place") {
    const piece = pieceOf(b, op);
    return piece && [piece];
  }
  if (op?.primitive !== "add") return undefined;
  const [left, right] = op.inputs.map((x) => piecesOf(b, x));
  return left && right && [...left, ...right];
}

function pieceOf(b: Rebuilder, { inputs, attributes }: Operation): Piece | undefined {
  const [begin, whole] = [attributes["begin"] as Shape, attributes["shape"] as Shape];
  const own = b.typeOf(inputs[0]!).shape;
  const moved = whole.flatMap((d, i) => (sameDimension(d, own[i]!) ? [] : [i]));
  const [axis] = moved;
  if (axis === undefined || moved.length > 1) return undefined;
  if ((attributes["stride"] as readonly number[]).some((s) => s !== 1)) return undefined;
  return { value: inputs[0]!, axis, begin: begin[axis]!, size: own[axis]! };
}

/** The pieces one after another, if they leave no gap and do not overlap. */
function inOrder(pieces: readonly Piece[], whole: Dimension): Piece[] | undefined {
  const left = [...pieces];
  const ordered: Piece[] = [];
  let at: Dimension | undefined = 0;
  while (left.length > 0) {
    const from: Dimension | undefined = at;
    const next = left.findIndex((p) => from !== undefined && sameDimension(p.begin, from));
    if (next < 0) return undefined;
    const [piece] = left.splice(next, 1);
    ordered.push(piece!);
    at = addDimensions(at!, piece!.size);
  }
  return at !== undefined && sameDimension(at, whole) ? ordered : undefined;
}
