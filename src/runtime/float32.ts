import { InputError } from "./errors.js";

/** Whether a number is one of 32 bits too, rounded; what is larger would become infinite. */
export function fitsFloat32(x: number): boolean {
  return Number.isFinite(Math.fround(x));
}

export function tooLarge(x: number): string {
  return Number.isNaN(x)
    ? "a value became no number in a transform"
    : `${x} is beyond what 32 bits hold (3.4e38)`;
}

/** What models are given is within float32, whatever the engine computes in; NaN stands for nothing. */
export function refuseTooLarge(where: string, values: Float64Array, rows: number): void {
  const at = values.findIndex((x) => !Number.isNaN(x) && !fitsFloat32(x));
  if (at < 0) return;
  const row = Math.floor((at / values.length) * rows);
  throw new InputError(`${where}, row ${row}: ${tooLarge(values[at]!)}.`);
}
