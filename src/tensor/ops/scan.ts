import type { Dimension } from "../dimension.js";
import type { Builder, Emitter } from "../emitter.js";
import type { Value } from "../program.js";

export interface ScanInputs {
  /** The same in every step. */
  readonly constants?: readonly Value[];
  /** Handed from step to step. */
  readonly carries?: readonly Value[];
  /** One slice along the first axis to a step. */
  readonly xs?: readonly Value[];
}

export interface ScanResult {
  readonly carries: readonly Value[];
  readonly ys: readonly Value[];
}

/** The values inside the body are the body builder's own; outer values come in only as constants, carries or xs. */
export type ScanBody = (
  body: Builder,
  constants: readonly Value[],
  carries: readonly Value[],
  xs: readonly Value[],
) => ScanResult;

/** A loop of `length` steps; `reverse` goes from the last slice to the first (ys keep their places). */
export function scan(
  b: Emitter,
  length: Dimension,
  { constants = [], carries = [], xs = [] }: ScanInputs,
  step: ScanBody,
  { reverse = false }: { reverse?: boolean } = {},
): ScanResult {
  const body = b.child("scan");
  const inputs = [
    ...constants.map((v, i) => body.argument(`constant${i}`, b.typeOf(v))),
    ...carries.map((v, i) => body.argument(`carry${i}`, b.typeOf(v))),
    ...xs.map((v, i) => {
      const { dtype, shape } = b.typeOf(v);
      return body.argument(`x${i}`, { dtype, shape: shape.slice(1) });
    }),
  ];
  const split = constants.length + carries.length;
  const out = step(
    body,
    inputs.slice(0, constants.length),
    inputs.slice(constants.length, split),
    inputs.slice(split),
  );
  out.carries.forEach((v, i) => body.result(`carry${i}`, v));
  out.ys.forEach((v, i) => body.result(`y${i}`, v));
  const results = b.emitMany("scan", [...constants, ...carries, ...xs], {
    length,
    constants: constants.length,
    carries: carries.length,
    reverse,
    saved: -1,
    body: body.build(),
  });
  return { carries: results.slice(0, carries.length), ys: results.slice(carries.length) };
}
