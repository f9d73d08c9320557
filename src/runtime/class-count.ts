import type { FieldDescriptor } from "./descriptor.js";

/** How many classes a label or an input has. Throws (a defect of ours) where it is one of numbers. */
export function classCount({ name, kind, classes }: FieldDescriptor): number {
  if (kind === "binary") return 2;
  if (classes === undefined) throw new Error(`${name} has no classes`);
  return classes;
}
