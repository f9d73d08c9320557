/**
 * Damerau-Levenshtein distance (adjacent transpositions count one), bounded: above `limit` it answers limit + 1. It is asked
 * of thousands of names in a row, most of them far off: it looks no further than the limit reaches.
 */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  let current: number[] = previous.slice();
  let leastBefore = 0;
  for (let i = 1; i <= a.length; i++) {
    current[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, beforePrevious[j - 2]! + 1);
      }
      current[j] = best;
      if (best < least) least = best;
    }
    // A row follows from the two above it.
    if (least > limit && leastBefore > limit) return limit + 1;
    leastBefore = least;
    const free = i > 1 ? beforePrevious : previous.slice();
    beforePrevious = previous;
    previous = current;
    current = free;
  }
  return Math.min(previous[b.length]!, limit + 1);
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[_\-\s]/g, "");
}

interface Candidate {
  readonly candidate: string;
  readonly distance: number;
}

const likelier = (a: Candidate, b: Candidate): number =>
  a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1);

/** More names than this are not suggested. */
const MOST = 3;

/** Names from `known` that a writer of `name` may have meant, the likeliest first. */
export function suggestions(name: string, known: Iterable<string>): string[] {
  const wanted = normalize(name.slice(0, 100));
  const found: Candidate[] = [];
  // As far off as a name may be; once enough are found, no further than the last of them.
  let limit = Math.max(1, Math.floor(wanted.length * 0.4));
  for (const candidate of new Set(known)) {
    const other = normalize(candidate);
    const contains =
      wanted.length >= 3 && other.length >= 3 && (other.startsWith(wanted) || wanted.startsWith(other));
    const distance = contains ? 0.5 : editDistance(wanted, other, limit);
    if (distance > limit || candidate === name || candidate === "") continue;
    found.push({ candidate, distance });
    found.sort(likelier);
    if (found.length > MOST) found.pop();
    if (found.length === MOST) limit = found[MOST - 1]!.distance;
  }
  return found.map((f) => f.candidate);
}

/** `Did you mean "adam" or "adamw"?`, or nothing when no name is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const names = suggestions(name, known).map((n) => `\`${n}\``);
  const last = names.pop();
  if (last === undefined) return undefined;
  return names.length === 0 ? `Did you mean ${last}?` : `Did you mean ${names.join(", ")} or ${last}?`;
}
