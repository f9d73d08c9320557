import type { Json, JsonObject, JsonSchema } from "../json.js";

/** The values that an option takes: a JSON schema, and a guard for the type of a value that fits it. */
export interface ValueKind<T extends Json> {
  readonly schema: JsonSchema;
  is(value: Json): value is T;
}

const isNumber = (value: Json): value is number => typeof value === "number";
const isText = (value: Json): value is string => typeof value === "string";
const isNull = (value: Json): value is null => value === null;

export function integer(bounds: JsonObject = {}): ValueKind<number> {
  return { schema: { type: "integer", ...bounds }, is: isNumber };
}

export function number(bounds: JsonObject = {}): ValueKind<number> {
  return { schema: { type: "number", ...bounds }, is: isNumber };
}

export function text(bounds: JsonObject = {}): ValueKind<string> {
  return { schema: { type: "string", ...bounds }, is: isText };
}

export const count = integer({ minimum: 1, maximum: 1_000_000 });
export const steps = integer({ minimum: 0, maximum: 1_000_000_000 });
export const seed = integer({ minimum: 0, maximum: 2_147_483_647 });
export const rate = number({ minimum: 0, exclusiveMaximum: 1 });
export const nonNegative = number({ minimum: 0 });
export const positive = number({ exclusiveMinimum: 0 });
export const anyNumber = number();

export const flag: ValueKind<boolean> = {
  schema: { type: "boolean" },
  is: (value) => typeof value === "boolean",
};

export const nothing: ValueKind<null> = { schema: { type: "null" }, is: isNull };

/** One of these words or numbers. */
export function oneOf<const T extends string | number | null>(values: readonly T[]): ValueKind<T> {
  return {
    schema: { enum: values },
    is: (value): value is T => values.some((one) => one === value),
  };
}

/** This word, or null, among others of another kind. */
export function exactly<const T extends string | null>(one: T): ValueKind<T> {
  return { schema: { const: one }, is: (value): value is T => value === one };
}

export function either<A extends Json, B extends Json>(a: ValueKind<A>, b: ValueKind<B>): ValueKind<A | B> {
  return {
    schema: { anyOf: [a.schema, b.schema] },
    is: (value): value is A | B => a.is(value) || b.is(value),
  };
}

export function listOf<T extends Json>(of: ValueKind<T>, bounds: JsonObject = {}): ValueKind<readonly T[]> {
  return {
    schema: { type: "array", items: of.schema, ...bounds },
    is: (value): value is readonly T[] => Array.isArray(value) && value.every((item: Json) => of.is(item)),
  };
}

export function recordOf<T extends Json>(of: ValueKind<T>): ValueKind<{ readonly [key: string]: T }> {
  return {
    schema: { type: "object", additionalProperties: of.schema },
    is: (value): value is { readonly [key: string]: T } =>
      typeof value === "object" &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((item: Json) => of.is(item)),
  };
}

/** One count for both directions, or one for each: `3`, `[3, 5]`. */
export const pair = either(count, listOf(count, { minItems: 2, maxItems: 2 }));

/** Both numbers of a pair. */
export function both(value: number | readonly number[]): [number, number] {
  if (typeof value === "number") return [value, value];
  const [first, second] = value;
  if (first === undefined || second === undefined) throw new Error("a pair holds neither a number nor two");
  return [first, second];
}
