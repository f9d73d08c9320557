/** A set of small whole numbers as bits of words, the first of which is word `first`. Immutable, so that sets can be shared. */
export interface IndexSet {
  readonly first: number;
  readonly words: Uint32Array;
}

export function single(index: number): IndexSet {
  return { first: index >>> 5, words: Uint32Array.of(1 << (index & 31)) };
}

export function has(set: IndexSet | undefined, index: number): boolean {
  const word = set?.words[(index >>> 5) - set.first] ?? 0;
  return (word & (1 << (index & 31))) !== 0;
}

/** Whether it holds two numbers or more. */
export function hasSeveral({ words }: IndexSet): boolean {
  let found = false;
  for (const word of words) {
    if (word === 0) continue;
    if (found || (word & (word - 1)) !== 0) return true;
    found = true;
  }
  return false;
}

/** The union; returns `a` or `b` itself where it holds the other, so that a long chain of layers shares one set. */
export function union(a: IndexSet | undefined, b: IndexSet | undefined): IndexSet | undefined {
  if (!a || !b || a === b) return a ?? b;
  if (contains(a, b)) return a;
  if (contains(b, a)) return b;
  const first = Math.min(a.first, b.first);
  const end = Math.max(a.first + a.words.length, b.first + b.words.length);
  const words = new Uint32Array(end - first);
  for (const set of [a, b]) {
    const offset = set.first - first;
    for (let i = 0; i < set.words.length; i++) words[i + offset]! |= set.words[i]!;
  }
  return { first, words };
}

function contains(a: IndexSet, b: IndexSet): boolean {
  const offset = b.first - a.first;
  if (offset < 0 || offset + b.words.length > a.words.length) return false;
  return b.words.every((word, i) => (word & ~a.words[i + offset]!) === 0);
}

/** The numbers, in ascending order. */
export function indexesOf({ first, words }: IndexSet): number[] {
  const found: number[] = [];
  words.forEach((word, i) => {
    for (let rest = word; rest !== 0; rest &= rest - 1)
      found.push((first + i) * 32 + 31 - Math.clz32(rest & -rest));
  });
  return found;
}
