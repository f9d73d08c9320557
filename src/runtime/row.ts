import type { FieldDescriptor, ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";

/** One raw row as inputs of one row: by input names, or by the columns of the data section. */
export function rawRow(
  descriptor: ModelDescriptor,
  row: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = new Set(descriptor.inputs.flatMap((field) => [field.name, ...field.columns]));
  const labels = new Set(descriptor.tasks.flatMap((task) => [task.name, ...task.columns]));
  for (const key of Object.keys(row)) {
    if (known.has(key) || labels.has(key)) continue;
    throw new InputError(`the row's ${JSON.stringify(key)} is no input; there is ${[...known].join(", ")}.`);
  }
  return Object.fromEntries(descriptor.inputs.map((field) => [field.name, valuesOf(field, row)]));
}

function valuesOf(field: FieldDescriptor, row: Readonly<Record<string, unknown>>): unknown {
  if (Object.hasOwn(row, field.name)) {
    const value = row[field.name];
    return Array.isArray(value) || ArrayBuffer.isView(value) ? value : [value];
  }
  const missing = field.columns.filter((column) => !Object.hasOwn(row, column));
  if (field.columns.length > 0 && missing.length < field.columns.length) {
    return field.columns.map((column) => (Object.hasOwn(row, column) ? row[column] : null));
  }
  const wanted =
    field.columns.length > 0 ? `${field.name} (or ${field.columns.slice(0, 6).join(", ")})` : field.name;
  throw new InputError(`the row lacks ${wanted}.`);
}
