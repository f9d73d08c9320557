import type { Dimension } from "../dimension.js";
import type { Value } from "../program.js";

/** A value placed among zeros along one axis of a larger tensor, from `begin` on. */
export interface Piece {
  readonly axis: number;
  readonly size: Dimension;
  readonly value: Value;
  readonly begin: Dimension;
}

/** What a sum of pieces of one axis consists of; `size` is that of all of them. */
export type Pieces = Piece | Joined;

interface Joined {
  readonly axis: number;
  readonly size: Dimension;
  readonly left: Pieces;
  readonly right: Pieces;
}
