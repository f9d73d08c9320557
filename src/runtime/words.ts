/** What a caller gave, in words of messages. */

/** Names, but not so many that a message becomes a page. */
export function listed(names: readonly string[], most = 8): string {
  const first = names.slice(0, most).join(", ");
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}

/** A value in a message, but not a page of it. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  return isObject(value) ? "an object" : String(value);
}

export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
