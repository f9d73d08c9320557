/** What an object holds under a name of its own; names such as `constructor` are found in every object otherwise. */
export function own<V>(holder: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(holder, name) ? holder[name] : undefined;
}
