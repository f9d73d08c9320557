import type { WeightValues } from "./api.js";
import { InputError } from "./errors.js";
import { fitsFloat32 } from "./float32.js";
import type { HostTensor } from "./tensor.js";
import { shown } from "./words.js";

/** Numbers that a weight can hold. */
export function weightNumbers(path: string, data: unknown): Float64Array {
  if (typeof data !== "object" || data === null || !("length" in data))
    throw new InputError(`${path} takes a list of numbers, not ${shown(data)}.`);
  // Whatever has a length is a list here, and what is in it is looked at.
  const given: readonly unknown[] = Array.from(data as ArrayLike<unknown>);
  const bad = given.findIndex((x) => typeof x !== "number" || !fitsFloat32(x));
  if (bad >= 0)
    throw new InputError(`${path}: ${shown(given[bad])} at ${bad} is no number that a weight can be.`);
  return Float64Array.from(given, Number);
}

/** A weight's numbers. Throws (a defect of ours) where it has other than floats. */
export function weightValues(path: string, { shape, data }: HostTensor): WeightValues {
  if (data instanceof Int32Array) throw new Error(`${path} holds whole numbers`);
  return { shape, data };
}
