import type { Value } from "../tensor/index.js";

/** As many values as these, each in the place of one of them. */
export type AsMany<T extends readonly Value[]> = { readonly [K in keyof T]: Value };

/** Holds that there are as many values as were given, so that each can be taken by its place. */
export function asMany<T extends readonly Value[]>(given: T, values: readonly Value[]): AsMany<T> {
  if (!sameLength(given, values)) throw new Error(`${values.length} values where ${given.length} were given`);
  return values;
}

function sameLength<T extends readonly Value[]>(given: T, values: readonly Value[]): values is AsMany<T> {
  return values.length === given.length;
}

/** The items of two lists side by side. */
export function pairs<A, B extends object>(left: readonly A[], right: readonly B[]): [A, B][] {
  return left.map((a, i) => {
    const b = right[i];
    if (b === undefined) throw new Error(`${right.length} items beside ${left.length}`);
    return [a, b];
  });
}

/** An item of a list that has it, from the end where negative. */
export function itemAt<T extends object>(list: readonly T[], index: number): T {
  const item = list.at(index);
  if (item === undefined) throw new Error(`a list of ${list.length} items has no item ${index}`);
  return item;
}

export function lastOf<T extends object>(list: readonly T[]): T {
  return itemAt(list, -1);
}
