import type { Value } from "../tensor/index.js";

/** A tuple of values that is as long as `T`. */
export type AsMany<T extends readonly Value[]> = { readonly [K in keyof T]: Value };

/** Throws unless there are as many values as were given, so that the type can say so. */
export function asMany<T extends readonly Value[]>(given: T, values: readonly Value[]): AsMany<T> {
  if (!sameLength(given, values)) throw new Error(`${values.length} values where ${given.length} were given`);
  return values;
}

function sameLength<T extends readonly Value[]>(given: T, values: readonly Value[]): values is AsMany<T> {
  return values.length === given.length;
}

/** Pairs of the items of two lists; throws where the second is shorter. */
export function pairs<A, B extends object>(left: readonly A[], right: readonly B[]): [A, B][] {
  return left.map((a, i) => {
    const b = right[i];
    if (b === undefined) throw new Error(`${right.length} items beside ${left.length}`);
    return [a, b];
  });
}

/** The item at an index, from the end where negative; throws where the list has none. */
export function itemAt<T extends object>(list: readonly T[], index: number): T {
  const item = list.at(index);
  if (item === undefined) throw new Error(`a list of ${list.length} items has no item ${index}`);
  return item;
}

export function lastOf<T extends object>(list: readonly T[]): T {
  return itemAt(list, -1);
}
