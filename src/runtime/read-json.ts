import type { PlainJson } from "./parameter.js";

/** The members of a parsed JSON object. Like the other functions here it throws a TypeError for another kind of value. */
export function objectIn(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("no object");
  return new Map(Object.entries(value));
}

/** The members of an object, each read. */
export function entriesIn<V>(value: unknown, read: (member: unknown) => V): [string, V][] {
  return [...objectIn(value)].map(([name, member]) => [name, read(member)]);
}

/** A number; null counts as 0, since JSON writes it for NaN and infinities. */
export function numberIn(value: unknown): number {
  if (value === null) return 0;
  if (typeof value !== "number") throw new TypeError("no number");
  return value;
}

export function numbersIn(value: unknown): number[] {
  if (!Array.isArray(value)) throw new TypeError("no list");
  return value.map(numberIn);
}

export function plainIn(value: unknown): PlainJson {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (Array.isArray(value)) return value.map(plainIn);
  return Object.fromEntries(entriesIn(value, plainIn));
}
