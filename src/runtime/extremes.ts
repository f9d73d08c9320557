/** The greatest of any number of numbers: `Math.max` takes no more than the stack has room for. */
export function greatest(numbers: Iterable<number>): number {
  let found = -Infinity;
  for (const x of numbers) found = Math.max(found, x);
  return found;
}

/** The least of any number of numbers. */
export function least(numbers: Iterable<number>): number {
  let found = Infinity;
  for (const x of numbers) found = Math.min(found, x);
  return found;
}
