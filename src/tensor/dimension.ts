/**
 * A dimension is c·Bᵏ: `B`, the batch, becomes known when a program is called.
 * A plain number is c·B⁰.
 */
export type Dimension = number | BatchDimension;

export interface BatchDimension {
  readonly coefficient: number;
  /** At least 1. */
  readonly power: number;
}

export type Shape = readonly Dimension[];

/** The batch itself. */
export const B: BatchDimension = { coefficient: 1, power: 1 };

export function coefficientOf(d: Dimension): number {
  return typeof d === "number" ? d : d.coefficient;
}

export function powerOf(d: Dimension): number {
  return typeof d === "number" ? 0 : d.power;
}

export function dimension(coefficient: number, power: number): Dimension {
  return power === 0 || coefficient === 0 ? coefficient : { coefficient, power };
}

export function multiply(a: Dimension, b: Dimension): Dimension {
  return dimension(coefficientOf(a) * coefficientOf(b), powerOf(a) + powerOf(b));
}

/** a + b where that is again c·Bᵏ; otherwise undefined. */
export function add(a: Dimension, b: Dimension): Dimension | undefined {
  if (coefficientOf(a) === 0) return b;
  if (coefficientOf(b) === 0) return a;
  if (powerOf(a) !== powerOf(b)) return undefined;
  return dimension(coefficientOf(a) + coefficientOf(b), powerOf(a));
}

export function sizeOf(shape: Shape): Dimension {
  return shape.reduce<Dimension>(multiply, 1);
}

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return coefficientOf(a) === coefficientOf(b) && powerOf(a) === powerOf(b);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((d, i) => sameDimension(d, b[i]!));
}

/** The shape if it is the same for every batch. */
export function knownShape(shape: Shape): readonly number[] | undefined {
  return shape.every((d) => typeof d === "number") ? shape : undefined;
}

/** The four sizes of an image [N, H, W, C] or a filter [h, w, C, O]; throws for a shape of another rank. */
export function fourSides<D extends Dimension>(shape: readonly D[]): readonly [D, D, D, D] {
  const [a, b, c, d] = shape;
  if (a === undefined || b === undefined || c === undefined || d === undefined || shape.length > 4)
    throw new Error(`takes an image [N, H, W, C] or a filter of four axes, not ${showShape(shape)}`);
  return [a, b, c, d];
}

/** The number that a dimension is once the batch is known. */
export function evaluateDimension(d: Dimension, batch: number): number {
  return typeof d === "number" ? d : d.coefficient * batch ** d.power;
}

export function evaluateShape(shape: Shape, batch: number): number[] {
  return shape.map((d) => evaluateDimension(d, batch));
}

/** `B`, `3`, `2B`, `B²`. */
export function showDimension(d: Dimension): string {
  if (typeof d === "number") return String(d);
  const power = d.power === 1 ? "B" : `B^${d.power}`;
  return d.coefficient === 1 ? power : `${d.coefficient}${power}`;
}

export function showShape(shape: Shape): string {
  return `[${shape.map(showDimension).join(", ")}]`;
}
