/** Names in use at one level of weight paths. */
export interface NameScope {
  readonly prefix: readonly string[];
  readonly used: Map<string, number>;
  /** `_3` inside the third copy of a `repeat` or comprehension. */
  readonly suffix: string;
  /** In a shared layer or block, which makes the same paths each time that it is applied. */
  readonly shared: boolean;
  /** Set by `as NAME`: the name of the next layer or block. */
  readonly pinned?: string;
}

export function nameScope(prefix: readonly string[], shared = false): NameScope {
  return { prefix, used: new Map(), suffix: "", shared };
}

/** The next free name of this base: `dense`, `dense_2`, …; with the copy's number inside a copy. */
export function takeName(names: NameScope, base: string): string {
  const wanted = (names.pinned ?? base) + names.suffix;
  const count = (names.used.get(wanted) ?? 0) + 1;
  names.used.set(wanted, count);
  return count === 1 ? wanted : `${wanted}_${count}`;
}
