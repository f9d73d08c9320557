import { dimension, flag, boolean, number, program, whole } from "../attributes.js";
import type { Dimension } from "../dimension.js";
import type { Builder, Emitter } from "../emitter.js";
import type { Program, Value } from "../program.js";
import { signature, type ApplicationOf } from "../signature.js";

/** How a loop's inputs and outputs divide. */
export const scanSignature = signature("scan", "any", {
  length: dimension,
  constants: whole,
  carries: whole,
  reverse: boolean,
  /** Whether the gradient keeps nothing of a step but its incoming carries. */
  recompute: flag,
  /** The first of the ys that hold each step's incoming carries, or -1. */
  saved: number,
  body: program,
});

type Read = ApplicationOf<typeof scanSignature>["attributes"];

/** The attributes as they are written: a flag that is false is left out. */
type Emitted = Omit<Read, "recompute"> & { readonly recompute?: true };

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

export interface ScanStep extends ScanResult {
  /** By the ids of the body's values, values that hold the same already, so that those need not be computed. */
  readonly known?: ReadonlyMap<number, Value>;
}

/** The values inside the body are the body builder's own; outer values come in only as constants, carries or xs. */
export type ScanBody = (
  body: Builder,
  constants: readonly Value[],
  carries: readonly Value[],
  xs: readonly Value[],
) => ScanStep;

export interface ScanOptions {
  /** Goes from the last slice to the first; ys keep their places. */
  readonly reverse?: boolean;
  /** Whether the gradient keeps nothing of a step but its incoming carries. */
  readonly recompute?: boolean;
}

/** A loop of `length` steps. */
export function scan(
  b: Emitter,
  length: Dimension,
  { constants = [], carries = [], xs = [] }: ScanInputs,
  step: ScanBody,
  { reverse = false, recompute = false }: ScanOptions = {},
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
  const attributes: Emitted = {
    length,
    constants: constants.length,
    carries: carries.length,
    reverse,
    ...(recompute ? { recompute } : {}),
    saved: -1,
    body: withKnown(body.build(), out.known ?? new Map()),
  };
  const results = b.emitMany(scanSignature.name, [...constants, ...carries, ...xs], attributes);
  return { carries: results.slice(0, carries.length), ys: results.slice(carries.length) };
}

function withKnown(program: Program, known: ReadonlyMap<number, Value>): Program {
  if (known.size === 0) return program;
  const read = (v: Value): Value => known.get(v.id) ?? v;
  return {
    ...program,
    operations: program.operations.map((op) => ({ ...op, inputs: op.inputs.map(read) })),
    outputs: program.outputs.map((output) => ({ ...output, value: read(output.value) })),
  };
}
