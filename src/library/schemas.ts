import type { ComponentParameter, Component, JsonSchema, OptionParameter, TensorParameter } from "./entry.js";

/** Schemas and parameters that many entries share. */
export const count: JsonSchema = { type: "integer", minimum: 1, maximum: 1_000_000 };
export const steps: JsonSchema = { type: "integer", minimum: 0, maximum: 1_000_000_000 };
export const rate: JsonSchema = { type: "number", minimum: 0, exclusiveMaximum: 1 };
export const nonNegative: JsonSchema = { type: "number", minimum: 0 };
export const positive: JsonSchema = { type: "number", exclusiveMinimum: 0 };
export const anyNumber: JsonSchema = { type: "number" };
export const flag: JsonSchema = { type: "boolean" };

/** One count for both directions, or one for each: `3`, `[3, 5]`. */
export const pair: JsonSchema = {
  anyOf: [count, { type: "array", items: count, minItems: 2, maxItems: 2 }],
};

export const paddingSchema: JsonSchema = { enum: ["valid", "same"] };

export const x: TensorParameter = { kind: "tensor", name: "x", doc: "What it is applied to." };

export function option(
  name: string,
  schema: JsonSchema,
  doc: string,
  ...fallback: [] | [NonNullable<OptionParameter["default"]> | null]
): OptionParameter {
  return { kind: "option", name, schema, doc, ...(fallback.length === 0 ? {} : { default: fallback[0]! }) };
}

export function component(name: string, options: Component["options"] = {}): Component {
  return { name, options };
}

export const activationOption: ComponentParameter = {
  kind: "component",
  of: "activation",
  name: "activation",
  doc: "What is applied to the result.",
  default: { name: "linear", options: {} },
};

export function initializerOption(name: string, fallback: string, doc: string): ComponentParameter {
  return { kind: "component", of: "initializer", name, doc, default: component(fallback) };
}

export function regularizerOption(name: string, doc: string): ComponentParameter {
  return { kind: "component", of: "regularizer", name, doc, default: null };
}

/** Both numbers of a `pair` option. */
export function both(value: unknown): [number, number] {
  if (typeof value === "number") return [value, value];
  if (Array.isArray(value) && typeof value[0] === "number" && typeof value[1] === "number")
    return [value[0], value[1]];
  throw new Error("a pair option holds neither a number nor two");
}

/** A learning rate: a number, or a schedule. */
export function learningRate(fallback: number): ComponentParameter {
  return {
    kind: "component",
    of: "schedule",
    name: "lr",
    plain: nonNegative,
    doc: "The learning rate.",
    default: fallback,
  };
}
