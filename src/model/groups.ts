/** Weights of one kind, under the shortest name that holds them and no others. */
export interface WeightGroup<W> {
  /** `trunk.*`, or a single weight's path. */
  readonly pattern: string;
  readonly weights: readonly [W, ...W[]];
}

/**
 * Groups weights whose `kind` is the same by the levels of their paths; a level with weights of several kinds is split into the
 * levels below it.
 */
export function groupWeights<W extends { readonly path: string }>(
  weights: readonly W[],
  kind: (weight: W) => string,
  level = 1,
): WeightGroup<W>[] {
  const byPrefix = new Map<string, [W, ...W[]]>();
  for (const weight of weights) {
    const prefix = weight.path.split(".").slice(0, level).join(".");
    const inside = byPrefix.get(prefix);
    if (inside) inside.push(weight);
    else byPrefix.set(prefix, [weight]);
  }
  return [...byPrefix].flatMap(([prefix, inside]) => {
    const [first, ...others] = inside;
    if (others.length === 0) return [{ pattern: first.path, weights: inside }];
    if (others.every((other) => kind(other) === kind(first)))
      return [{ pattern: `${prefix}.*`, weights: inside }];
    return groupWeights(inside, kind, level + 1);
  });
}
