/** Numbers that look random and are the same everywhere, from -1 to 1. */
export function numbers(count, seed) {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Indices below `of`. */
export const classes = (count, of, seed) =>
  Int32Array.from(numbers(count, seed), (x) => Math.min(of - 1, Math.floor(((x + 1) / 2) * of)));

export const bits = (count, seed) => Float32Array.from(numbers(count, seed), (x) => Number(x > 0));
