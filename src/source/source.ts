/** A text that came from a file or a caller, and where it came from. */
export interface Source {
  /** The path as the user wrote it, for messages. */
  readonly path: string;
  readonly text: string;
  /** Its lines are not shown: it lies outside the spec's folder, and may be anything. */
  readonly hidden: boolean;
  /** The line, counted from 0, at which the text begins; not 0 where it is a part of a large file. */
  readonly firstLine: number;
  /** Offsets at which each line begins; made once, on first use. */
  readonly lineStarts: readonly number[];
}

/** A half-open range of UTF-16 offsets in one source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Line and character, both counted from 0, as editors count them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export function makeSource(
  path: string,
  text: string,
  { hidden = false, firstLine = 0 }: Partial<Pick<Source, "hidden" | "firstLine">> = {},
): Source {
  let starts: number[] | undefined;
  return {
    path,
    text,
    hidden,
    firstLine,
    get lineStarts() {
      return (starts ??= findLineStarts(text));
    },
  };
}

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 13 && text.charCodeAt(i + 1) === 10) i++;
    if (code === 10 || code === 13) starts.push(i + 1);
  }
  return starts;
}

export function positionAt(source: Source, offset: number): Position {
  const starts = source.lineStarts;
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= clamped) low = middle;
    else high = middle - 1;
  }
  return { line: source.firstLine + low, character: clamped - starts[low]! };
}

/** The text of a line, without its line break. */
export function lineText(source: Source, line: number): string {
  const at = line - source.firstLine;
  const start = source.lineStarts[at];
  if (start === undefined) return "";
  const end = source.lineStarts[at + 1] ?? source.text.length;
  return source.text.slice(start, trimBreaks(source.text, start, end));
}

/** The end of a range of a text without the line breaks that it ends with. */
export function trimBreaks(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && (text[last - 1] === "\n" || text[last - 1] === "\r")) last--;
  return last;
}

export function span(source: Source, start: number, end: number): Span {
  return { source, start, end: Math.max(start, end) };
}

/** A place for messages about a whole file, without a line to show. */
export function wholeFile(path: string): Span {
  return span(makeSource(path, ""), 0, 0);
}

/** The smallest span that covers both; both must come from one source. */
export function cover(first: Span, last: Span): Span {
  return span(first.source, Math.min(first.start, last.start), Math.max(first.end, last.end));
}
