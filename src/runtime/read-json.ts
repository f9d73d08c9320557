function misfit(): never {
  throw new TypeError("not what was written");
}

/** The members of a parsed JSON object. Like the other functions here it throws a TypeError for another kind of value. */
export function objectIn(value: unknown): ReadonlyMap<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : misfit();
}

type Reader<V> = (value: unknown) => V;

/** An object of these members and of no others: what is not known is not passed over. */
export function shapeIn<T extends object>(
  value: unknown,
  readers: { readonly [K in keyof T]: Reader<T[K]> },
): T {
  const members = objectIn(value);
  fitting([...members.keys()].every((name) => Object.hasOwn(readers, name)));
  const read = Object.entries<Reader<unknown>>(readers).map(([name, as]) => [name, as(members.get(name))]);
  // Each member has been read by the reader of its name.
  return Object.fromEntries(read) as T;
}

/** Throws unless something holds. */
export function fitting(holds: boolean): void {
  if (!holds) misfit();
}

/** The members of an object, each read. */
export function entriesIn<V>(value: unknown, read: Reader<V>): [string, V][] {
  return [...objectIn(value)].map(([name, member]) => [name, read(member)]);
}

/** A finite number: JSON may spell others, such as 1e999. */
export function numberIn(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : misfit();
}

/** A number, or NaN for the null that JSON writes for NaN and infinities. */
export function lossIn(value: unknown): number {
  return value === null ? Number.NaN : numberIn(value);
}

export function orNull<V>(read: Reader<V>): Reader<V | null> {
  return (value) => (value === null ? null : read(value));
}

export function wholeIn(value: unknown): number {
  return Number.isSafeInteger(value) ? Number(value) : misfit();
}

export function countIn(value: unknown): number {
  const count = wholeIn(value);
  return count < 0 ? misfit() : count;
}

export function flagIn(value: unknown): boolean {
  return typeof value === "boolean" ? value : misfit();
}

export function textIn(value: unknown): string {
  return typeof value === "string" ? value : misfit();
}

export function listIn<V>(value: unknown, read: Reader<V>): V[] {
  return Array.isArray(value) ? value.map((item: unknown) => read(item)) : misfit();
}
