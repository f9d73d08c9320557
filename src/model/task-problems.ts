import type { TypeDocument } from "../document/types.js";
import type { ValueType } from "../library/entry.js";

/** Why a value cannot be a task's output, or nothing. */
export function outputProblem({ batched, dtype }: ValueType): string | undefined {
  if (!batched) return "its output does not depend on any input";
  return dtype === "float" ? undefined : "its output holds category indices, and must hold numbers";
}

/** How many classes a label has; 0 where it has none. */
export function classCount({ base, classes }: TypeDocument): number {
  return base === "binary" ? 2 : base === "category" ? (classes ?? 0) : 0;
}

/** Why class weights do not suit a label, or nothing. */
export function classWeightsProblem(label: TypeDocument, weights: unknown): string | undefined {
  if (weights === null) return undefined;
  const classes = classCount(label);
  if (classes === 0) return `a ${label.base} label has no classes`;
  if (Array.isArray(weights) && weights.length !== classes)
    return `${weights.length} numbers for ${classes} classes`;
  return undefined;
}

/** Why the classes of a type do not fit together, and in which part of it; or nothing. */
export function classesProblem({
  base,
  classes,
  names,
}: TypeDocument): { readonly part: "" | "/classes" | "/names"; readonly message: string } | undefined {
  if (base === "category" && classes === undefined)
    return { part: "", message: "A category says how many `classes` there are" };
  if (base !== "category" && classes !== undefined)
    return { part: "/classes", message: "Only a category has `classes`" };
  if (names === undefined) return undefined;
  const wanted = base === "binary" ? 2 : classes;
  if (names.length !== wanted)
    return { part: "/names", message: `There are ${names.length} names for ${wanted ?? "no"} classes` };
  if (new Set(names).size === names.length) return undefined;
  return { part: "/names", message: `Two classes of \`${base}\` have one name` };
}
