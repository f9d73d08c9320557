/** Chevrotain makes a list of parts when it meets the first one, so that none is empty. */
export function withParts(types) {
  return types.replace(/: \(?(\w+)\)?\[\];/g, ": [$1, ...$1[]];");
}
