import { add as addDimensions, coefficientOf, sameDimension, showDimension } from "../dimension.js";
import type { Dimension } from "../dimension.js";
import { concatSignature, placeSignature } from "../ops.js";
import type { Operation, Value } from "../program.js";
import type { ApplicationOf } from "../signature.js";
import type { Piece, Pieces } from "./pieces.js";
import type { Rebuilder } from "./rebuilder.js";

/**
 * A sum of `place` operations that fill an axis without overlap is a concatenation; the gradient of a value that is read in
 * slices has this form.
 */
export function joinedPlaces(b: Rebuilder, op: Operation): Value | undefined {
  const [x, y] = op.inputs;
  if (!x || !y) return undefined;
  const [left, right] = [piecesOf(b, x), piecesOf(b, y)];
  const pieces = left && right && both(left, right);
  if (!pieces) return undefined;
  const whole = b.typeOf(x).shape[pieces.axis]!;
  // Pieces are put in order only once their sizes add up to the whole axis, so that this is done once.
  if (!sameDimension(pieces.size, whole)) return undefined;
  const values = inOrder(pieces, whole);
  return values && b.instead(op, concatSignature, values, { axis: pieces.axis });
}

/** The pieces that a value is a sum of. What is found is remembered, so that every addition is looked at once. */
function piecesOf(b: Rebuilder, v: Value): Pieces | undefined {
  const known = b.pieces.get(v.id);
  if (known !== undefined) return known ?? undefined;
  const found = findPieces(b, b.producerOf(v));
  b.pieces.set(v.id, found ?? null);
  return found;
}

function findPieces(b: Rebuilder, op: Operation | undefined): Pieces | undefined {
  const place = placeSignature.of(op);
  if (place) return pieceOf(b, place);
  if (op?.primitive !== "add") return undefined;
  // Both are known: `joinedPlaces` looked at them before the addition was emitted.
  const [left, right] = op.inputs.map((x) => b.pieces.get(x.id));
  return left && right ? both(left, right) : undefined;
}

/** The sum of pieces of one axis, if their sizes can be added. */
function both(left: Pieces, right: Pieces): Pieces | undefined {
  if (left.axis !== right.axis) return undefined;
  const size = addDimensions(left.size, right.size);
  return size === undefined ? undefined : { axis: left.axis, size, left, right };
}

function pieceOf(b: Rebuilder, place: ApplicationOf<typeof placeSignature>): Pieces | undefined {
  const {
    inputs: [value],
    attributes: { begin, shape: whole, stride },
  } = place;
  const own = b.typeOf(value).shape;
  const moved = whole.flatMap((d, i) => (sameDimension(d, own[i]!) ? [] : [i]));
  const [axis] = moved;
  if (axis === undefined || moved.length > 1 || coefficientOf(own[axis]!) === 0) return undefined;
  if (stride.some((s) => s !== 1)) return undefined;
  return { value, axis, begin: begin[axis]!, size: own[axis]! };
}

/** The pieces' values one after another, if they leave no gap and do not overlap. */
function inOrder(pieces: Pieces, whole: Dimension): Value[] | undefined {
  const byBegin = piecesByBegin(pieces);
  if (!byBegin) return undefined;
  const values: Value[] = [];
  let at: Dimension | undefined = 0;
  while (at !== undefined && values.length < byBegin.size) {
    const piece = byBegin.get(showDimension(at));
    if (!piece) return undefined;
    values.push(piece.value);
    at = addDimensions(at, piece.size);
  }
  return at !== undefined && sameDimension(at, whole) ? values : undefined;
}

/** The pieces by the text of their begin; undefined if two have the same. */
function piecesByBegin(pieces: Pieces): Map<string, Piece> | undefined {
  const found = new Map<string, Piece>();
  const waiting = [pieces];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if ("left" in next) {
      waiting.push(next.left, next.right);
      continue;
    }
    const key = showDimension(next.begin);
    if (found.has(key)) return undefined;
    found.set(key, next);
  }
  return found;
}
