import type { FieldDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { elementCount } from "./elements.js";

/** Lists nested deeper than any shape are refused, since a list may contain itself. */
const DEEPEST = 9;

export function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || isNumberArray(value);
}

export function isNumberArray(value: unknown): value is ArrayLike<number> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/**
 * A field's rows as one flat list. Rows are flat, or nested as the field's shape says, which is checked level by level; a
 * typed array may stand for any part of the shape. A row that is null or undefined has all of its values missing.
 */
export function flattenRows(field: FieldDescriptor, raw: ArrayLike<unknown>, where: string): unknown[] {
  const rows = Array.from(raw);
  if (rows.every(isNothing)) return Array<null>(rows.length * field.width).fill(null);
  // A list without nested rows holds the values of all rows, as a typed array does.
  if (!rows.some(isArrayLike)) return rows;
  const shape = rawShape(field);
  const flat: unknown[] = [];
  rows.forEach((row, i) => {
    if (!append(row, shape, flat, true)) {
      throw new InputError(`${where}, row ${i}: ${complaint(row, shape, rows)}.`);
    }
  });
  return flat;
}

/** The shape of a row as callers give it: where a transform adds columns, that of those before it. */
function rawShape({ dims, width }: FieldDescriptor): readonly number[] {
  return elementCount(dims) === width ? dims : [width];
}

/** Adds a value of this shape to the flat list; false where it has another. */
function append(value: unknown, shape: readonly number[], flat: unknown[], isRow: boolean): boolean {
  const size = elementCount(shape);
  if (isNothing(value)) {
    for (let i = 0; i < size; i++) flat.push(null);
    return true;
  }
  if (!isArrayLike(value)) {
    flat.push(value);
    return size === 1;
  }
  const items = Array.from(value);
  if (isRow && items.length === 1 && isNothing(items[0])) return append(null, shape, flat, false);
  // May be flat: a whole row, a typed array, and a part that has one dimension besides those of size 1.
  if ((isRow || isNumberArray(value) || shape.includes(size) || size === 1) && !items.some(isArrayLike)) {
    for (const each of items) flat.push(each);
    return items.length === size;
  }
  const [length, ...rest] = shape;
  return items.length === length && items.every((item) => append(item, rest, flat, false));
}

export function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

function complaint(row: unknown, shape: readonly number[], rows: readonly unknown[]): string {
  const wanted = shape.length === 0 ? "a single value" : `the shape [${shape.join(", ")}]`;
  const found = shapeOf(row);
  if (typeof found === "string") return `${wanted} is expected, and ${found}`;
  const shown = found.length === 0 ? "a single value" : `[${found.join(", ")}]`;
  return `${wanted} is expected, and ${shown} was found${advice(shape, found, shapeOf(rows))}`;
}

/** A nested list's shape, or how it is ragged. */
function shapeOf(value: unknown, depth = 0): number[] | string {
  if (!isArrayLike(value)) return [];
  if (depth === DEEPEST) return "it is nested too deeply";
  const items = Array.from(value).filter((item) => !isNothing(item));
  const shapes: number[][] = [];
  for (const item of items) {
    const shape = shapeOf(item, depth + 1);
    if (typeof shape === "string") return shape;
    shapes.push(shape);
  }
  const [first = []] = shapes;
  for (const [i, other] of shapes.entries())
    if (String(other) !== String(first))
      return `the list is ragged: ${show(first)} at [0] and ${show(other)} at [${i}]`;
  return [value.length, ...first];
}

function show(shape: readonly number[]): string {
  if (shape.length === 0) return "a single value";
  return shape.length === 1 ? `${shape[0]} values` : `[${shape.join(", ")}]`;
}

/** What to do about a wrong shape, where the shape shows what went wrong. */
function advice(shape: readonly number[], found: readonly number[], all: number[] | string): string {
  const same = (a: readonly unknown[], b: readonly unknown[] | string) => String(a) === String(b);
  if (same(shape, all)) return "; put the row in a list: there are rows of it";
  const [first, ...others] = found;
  if (shape.length >= 3 && same(shape, [...others, first])) {
    return "; channels come last: transpose [channels, height, width] to [height, width, channels]";
  }
  if (shape.length >= 2 && same(shape, found.toReversed())) return "; it looks transposed";
  if (first === 1 && same(shape, others)) return "; take the list around it away";
  return "";
}
