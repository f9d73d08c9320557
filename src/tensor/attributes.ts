import { coefficientOf, type Dimension, type Shape } from "./dimension.js";
import type { Attribute, DType, Program } from "./program.js";

/** Gives an attribute its type, and throws where it is missing or another. */
export type Reader<T extends Attribute> = (a: Attribute | undefined, key: string) => T;

function wrong(a: Attribute | undefined, key: string, wanted: string): Error {
  const found = a === undefined ? "is missing" : `is ${JSON.stringify(a).slice(0, 80)}`;
  return new Error(`attribute ${key} ${found}, but must be ${wanted}`);
}

function reader<T extends Attribute>(is: (a: unknown) => a is T, wanted: string): Reader<T> {
  return (a, key) => {
    if (!is(a)) throw wrong(a, key, wanted);
    return a;
  };
}

const isNumber = (a: unknown) => typeof a === "number";
const isWhole = (a: unknown): a is number => typeof a === "number" && Number.isInteger(a) && a >= 0;
const isPositive = (a: unknown) => isWhole(a) && a > 0;
const isSize = (a: unknown) => isDimension(a) && isWhole(coefficientOf(a));
const isSides = (a: unknown) => Array.isArray(a) && a.length === 2 && a.every(isWhole);

export function isDimension(a: unknown): a is Dimension {
  if (typeof a === "number") return true;
  return typeof a === "object" && a !== null && "coefficient" in a && "power" in a;
}

export function isProgram(a: unknown): a is Program {
  return typeof a === "object" && a !== null && "operations" in a;
}

export function isList(a: Attribute): a is Extract<Attribute, readonly unknown[]> {
  return Array.isArray(a);
}

/** [[top, bottom], [left, right]]. */
export type Padding = readonly [readonly [number, number], readonly [number, number]];

export const number = reader(isNumber, "a number");
export const whole = reader(isWhole, "a whole number from 0");
export const boolean = reader((a) => typeof a === "boolean", "true or false");
export const dtype = reader((a): a is DType => a === "float" || a === "int" || a === "bool", "a dtype");
export const program = reader(isProgram, "a program");
export const dimension = reader(
  (a): a is Dimension => isDimension(a) && coefficientOf(a) >= 0,
  "a dimension",
);
export const shape = reader((a): a is Shape => Array.isArray(a) && a.every(isSize), "a shape");
export const numbers = reader(
  (a): a is readonly number[] => Array.isArray(a) && a.every(isNumber),
  "numbers",
);
export const pair = reader(
  (a): a is readonly [number, number] => Array.isArray(a) && a.length === 2 && a.every(isPositive),
  "2 whole numbers from 1",
);
export const padding = reader(
  (a): a is Padding => Array.isArray(a) && a.length === 2 && a.every(isSides),
  "[[top, bottom], [left, right]]",
);

/** A bool that may be left out: then it is false. */
export const flag: Reader<boolean> = (a, key) => (a === undefined ? false : boolean(a, key));

/** Different axes of a tensor of this rank. */
export function wantAxes(axes: readonly number[], key: string, rank: number): void {
  if (new Set(axes).size !== axes.length || !axes.every((n) => isWhole(n) && n < rank)) {
    throw wrong(axes, key, `different axes of rank ${rank}`);
  }
}

export function wantAxis(axis: number, key: string, rank: number): void {
  if (axis >= rank) throw wrong(axis, key, `an axis of rank ${rank}`);
}

/** A positive whole number for each axis. */
export function wantSteps(steps: readonly number[], key: string, rank: number): void {
  if (steps.length !== rank || !steps.every(isPositive)) {
    throw wrong(steps, key, `${rank} whole numbers from 1`);
  }
}
