import type { LabelType, ValueType } from "../library/entry.js";
import type { TypeDocument } from "../document/types.js";

/** What a tensor of an input's type is inside the model. */
export function inputValueType(type: TypeDocument): ValueType {
  if (type.base === "category")
    return { dtype: "int", dims: type.dims, batched: true, classes: classesOf(type) };
  // A binary or whole number is a number like any other; without dimensions it is a vector of one.
  return { dtype: "float", dims: type.dims.length === 0 ? [1] : type.dims, batched: true };
}

/** A label's type as losses see it. */
export function labelType(type: TypeDocument): LabelType {
  const { base: kind, dims, optional = false } = type;
  return kind === "category" ? { kind, dims, optional, classes: classesOf(type) } : { kind, dims, optional };
}

/** A type's classes; a category without `classes` is refused elsewhere, and has none until then. */
function classesOf(type: TypeDocument): { count: number; names?: readonly string[] } {
  return { count: type.classes ?? 0, ...(type.names ? { names: type.names } : {}) };
}
