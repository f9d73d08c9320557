import { coefficientOf, type Dimension, type Shape } from "./dimension.js";
import type { Attributes } from "./emitter.js";
import type { Attribute, DType, Program } from "./program.js";

function wrong(attributes: Attributes, key: string, wanted: string): Error {
  const present = key in attributes ? `is ${JSON.stringify(attributes[key])?.slice(0, 80)}` : "is missing";
  return new Error(`attribute ${key} ${present}, but must be ${wanted}`);
}

export function isDimension(a: unknown): a is Dimension {
  if (typeof a === "number") return true;
  return typeof a === "object" && a !== null && "coefficient" in a && "power" in a;
}

export function isProgram(a: Attribute | undefined): a is Program {
  return typeof a === "object" && a !== null && "operations" in a;
}

export function numberAt(attributes: Attributes, key: string): number {
  const a = attributes[key];
  if (typeof a !== "number") throw wrong(attributes, key, "a number");
  return a;
}

/** A whole number, at least `least`. */
export function integerAt(attributes: Attributes, key: string, least = 0): number {
  const a = numberAt(attributes, key);
  if (!Number.isInteger(a) || a < least) throw wrong(attributes, key, `a whole number from ${least}`);
  return a;
}

export function booleanAt(attributes: Attributes, key: string): boolean {
  const a = attributes[key];
  if (typeof a !== "boolean") throw wrong(attributes, key, "true or false");
  return a;
}

export function dimensionAt(attributes: Attributes, key: string): Dimension {
  const a = attributes[key];
  if (!isDimension(a) || coefficientOf(a) < 0) throw wrong(attributes, key, "a dimension");
  return a;
}

export function shapeAt(attributes: Attributes, key: string): Shape {
  const a = attributes[key];
  if (!Array.isArray(a) || !a.every((d) => isDimension(d) && isWhole(coefficientOf(d)))) {
    throw wrong(attributes, key, "a shape");
  }
  return a as Shape;
}

function isWhole(n: number): boolean {
  return Number.isInteger(n) && n >= 0;
}

export function numbersAt(attributes: Attributes, key: string): readonly number[] {
  const a = attributes[key];
  if (!Array.isArray(a) || !a.every((d) => typeof d === "number")) throw wrong(attributes, key, "numbers");
  return a as readonly number[];
}

/** `length` whole numbers, each at least `least`. */
export function integersAt(
  attributes: Attributes,
  key: string,
  length: number,
  least = 0,
): readonly number[] {
  const a = numbersAt(attributes, key);
  if (a.length !== length || !a.every((n) => Number.isInteger(n) && n >= least)) {
    throw wrong(attributes, key, `${length} whole numbers from ${least}`);
  }
  return a;
}

/** Different axes of a tensor of this rank. */
export function axesAt(attributes: Attributes, key: string, rank: number): readonly number[] {
  const a = numbersAt(attributes, key);
  if (new Set(a).size !== a.length || !a.every((n) => isWhole(n) && n < rank)) {
    throw wrong(attributes, key, `different axes of rank ${rank}`);
  }
  return a;
}

export function axisAt(attributes: Attributes, key: string, rank: number): number {
  const a = integerAt(attributes, key);
  if (a >= rank) throw wrong(attributes, key, `an axis of rank ${rank}`);
  return a;
}

export function dtypeAt(attributes: Attributes, key: string): DType {
  const a = attributes[key];
  if (a !== "float" && a !== "int" && a !== "bool") throw wrong(attributes, key, "a dtype");
  return a;
}

export function programAt(attributes: Attributes, key: string): Program {
  const a = attributes[key];
  if (!isProgram(a)) throw wrong(attributes, key, "a program");
  return a;
}

export type Padding = readonly [readonly [number, number], readonly [number, number]];

export function paddingAt(attributes: Attributes, key: string): Padding {
  const a = attributes[key];
  const pair = (p: unknown): p is [number, number] =>
    Array.isArray(p) && p.length === 2 && p.every((n) => typeof n === "number" && isWhole(n));
  if (!Array.isArray(a) || a.length !== 2) throw wrong(attributes, key, "[[top, bottom], [left, right]]");
  const [rows, columns] = a as readonly unknown[];
  if (!pair(rows) || !pair(columns)) throw wrong(attributes, key, "[[top, bottom], [left, right]]");
  return [rows, columns];
}
