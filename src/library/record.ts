/**
 * A plain object of these entries, as `Object.fromEntries` makes it: that one takes six times as long, and every layer of a model
 * needs several.
 */
export function recordOf<V>(entries: readonly (readonly [string, V])[]): Record<string, V> {
  const made: Record<string, V> = {};
  for (const [key, value] of entries) {
    if (key === "__proto__") return Object.fromEntries(entries);
    // Nothing is read by the key, and the only one that would not become the object's own is sorted out above.
    // oxlint-disable-next-line nnc/plain-keys
    made[key] = value;
  }
  return made;
}
