import { positionAt, type Source } from "../source/index.js";

/** A change of a text: the range from `start` to `end` is replaced by `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Lines that change, from a line number (from 1) on. */
export interface LineChange {
  readonly line: number;
  readonly remove: readonly string[];
  readonly add: readonly string[];
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  return inOrder(edits).reduceRight(
    (made, { start, end, text: by }) => made.slice(0, start) + by + made.slice(end),
    text,
  );
}

/** What edits do to whole lines. */
export function lineChanges(source: Source, edits: readonly Edit[]): LineChange[] {
  const ranges: { first: number; last: number; edits: Edit[] }[] = [];
  for (const edit of inOrder(edits)) {
    const [first, last] = [positionAt(source, edit.start).line, positionAt(source, edit.end).line];
    const before = ranges.at(-1);
    if (before && first <= before.last) {
      before.last = Math.max(before.last, last);
      before.edits.push(edit);
    } else ranges.push({ first, last, edits: [edit] });
  }
  return ranges.map(({ first, last, edits: inside }) => {
    const start = source.lineStarts[first]!;
    const text = source.text.slice(start, source.lineStarts[last + 1] ?? source.text.length);
    const moved = inside.map((edit) => ({ ...edit, start: edit.start - start, end: edit.end - start }));
    return trimmed(first + 1, linesOf(text), linesOf(applyEdits(text, moved)));
  });
}

/** The change without leading and trailing lines that stay the same. */
function trimmed(line: number, before: readonly string[], after: readonly string[]): LineChange {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return {
    line: line + head,
    remove: before.slice(head, before.length - tail),
    add: after.slice(head, after.length - tail),
  };
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return text.replace(/\r?\n$/, "").split(/\r?\n/);
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.start - b.start);
}
