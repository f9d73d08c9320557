import { InputError } from "./errors.js";

/** Whether a number is finite after rounding to 32 bits. */
export function fitsFloat32(x: number): boolean {
  return Number.isFinite(Math.fround(x));
}

export function tooLarge(x: number): string {
  return Number.isNaN(x)
    ? "a value became no number in a transform"
    : `${x} is beyond what 32 bits hold (3.4e38)`;
}

/** Refuses numbers beyond float32, whatever the engine computes in; NaN stands for a missing value. */
export function refuseTooLarge(where: string, values: Float64Array, rows: number): void {
  const at = values.findIndex((x) => !Number.isNaN(x) && !fitsFloat32(x));
  if (at < 0) return;
  const row = Math.floor((at / values.length) * rows);
  throw new InputError(`${where}, row ${row}: ${tooLarge(values[at]!)}.`);
}
