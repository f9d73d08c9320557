/** What an object holds under a text; what it inherits, such as `constructor`, is nothing that anybody put there. */
export function own<T>(object: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
