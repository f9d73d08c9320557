import { classCount } from "./class-count.js";
import type { FieldDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { flattenRows, isArrayLike, isNothing, isNumberArray } from "./nested.js";

/** Raw values as numbers: class indices, or numbers, with NaN for a missing value. */
export interface EncodedField {
  readonly rows: number;
  readonly values: Float64Array;
}

/** Turns raw values of an input or a label into numbers; `where` names it in messages. */
export function encodeField(field: FieldDescriptor, raw: unknown, where: string): EncodedField {
  if (!isArrayLike(raw)) throw new InputError(`${where} must be an array of rows.`);
  const flat = isNumberArray(raw) ? raw : flattenRows(field, raw, where);
  const rows = flat.length / field.width;
  if (!Number.isInteger(rows)) {
    throw new InputError(`${where} has ${flat.length} values, which is no multiple of ${field.width} a row.`);
  }
  const values = new Float64Array(flat.length);
  for (let i = 0; i < flat.length; i++)
    values[i] = encodeCell(field, flat[i], where, Math.floor(i / field.width));
  return { rows, values };
}

function encodeCell(field: FieldDescriptor, cell: unknown, where: string, row: number): number {
  if (isNothing(cell) || Number.isNaN(cell)) return Number.NaN;
  if (typeof cell === "boolean") return cell ? 1 : 0;
  if (field.kind === "float" || field.kind === "int") {
    if (
      typeof cell === "number" &&
      Number.isFinite(cell) &&
      (field.kind === "float" || Number.isInteger(cell))
    ) {
      return cell;
    }
    if (typeof cell === "number") {
      const wanted = Number.isFinite(cell) ? "a whole number" : "a finite number";
      throw new InputError(`${where}, row ${row}: ${cell} is not ${wanted}.`);
    }
    throw new InputError(`${where}, row ${row}: ${show(cell)} is not a number.`);
  }
  const classes = classCount(field);
  if (typeof cell === "string") {
    const index = field.names?.indexOf(cell) ?? -1;
    if (index >= 0) return index;
    const known = field.names
      ? `known are ${field.names.map((n) => JSON.stringify(n)).join(", ")}`
      : "give its index";
    throw new InputError(`${where}, row ${row}: there is no class ${show(cell)}; ${known}.`);
  }
  if (typeof cell === "number" && Number.isInteger(cell) && cell >= 0 && cell < classes) return cell;
  throw new InputError(`${where}, row ${row}: ${show(cell)} is not a class from 0 to ${classes - 1}.`);
}

function show(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
