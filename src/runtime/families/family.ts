import type { OptionParameter, OptionValues } from "../parameter.js";

/** Draws one number, uniform in [0, 1). */
export type Uniform = () => number;

/** A distribution over regression tasks of one number in and one number out. */
export interface Family {
  readonly name: string;
  readonly doc: string;
  readonly example: string;
  readonly parameters: readonly OptionParameter[];
  /** Draws a task: the function that its labels are values of. */
  draw(uniform: Uniform, options: OptionValues): (x: number) => number;
  /** Where inputs are drawn from, uniformly. */
  domain(options: OptionValues): readonly [from: number, to: number];
}

/** A range `[from, to]` that a task's number is drawn from. */
export function rangeOption(name: string, doc: string, from: number, to: number): OptionParameter {
  const schema = { type: "array", items: { type: "number" }, minItems: 2, maxItems: 2 };
  return { name, doc, schema, required: false, default: [from, to] };
}

export function rangeOf(options: OptionValues, name: string): readonly [number, number] {
  const value = options[name];
  if (Array.isArray(value) && typeof value[0] === "number" && typeof value[1] === "number")
    return [value[0], value[1]];
  throw new TypeError(`option ${name} is not a range`);
}

export function within(uniform: Uniform, [from, to]: readonly [number, number]): number {
  return from + uniform() * (to - from);
}
