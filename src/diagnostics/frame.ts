import { printable } from "./printable.js";
import { lineText, positionAt, trimBreaks, type Source, type Span } from "../source/index.js";

/** A place to mark in a frame. */
export interface Label {
  readonly span: Span;
  readonly message: string;
  readonly primary: boolean;
}

/** How the parts of a frame are coloured. */
export interface Paint {
  readonly gutter: (text: string) => string;
  readonly mark: (text: string, primary: boolean) => string;
}

const widest = 100;
const tabWidth = 4;

interface Line {
  readonly number: number;
  readonly marks: Mark[];
}

/** Columns of a line that a label marks; `message` on the line where the label ends. */
interface Mark {
  readonly from: number;
  readonly to: number;
  readonly message: string;
  readonly primary: boolean;
}

/** The lines of one source that the labels touch, with the marks under them. */
export function renderFrame(source: Source, labels: readonly Label[], paint: Paint): string[] {
  const lines = markedLines(source, labels);
  const width = String(lines.reduce((most, { number }) => Math.max(most, number), 0) + 1).length;
  const rows: string[] = [];
  let previous: number | undefined;
  for (const line of lines) {
    if (previous !== undefined && line.number === previous + 2) {
      for (const each of renderLine(source, { number: previous + 1, marks: [] }, width, paint))
        rows.push(each);
    } else if (previous !== undefined && line.number > previous + 2) {
      rows.push(paint.gutter(`${" ".repeat(width)} …`));
    }
    for (const each of renderLine(source, line, width, paint)) rows.push(each);
    previous = line.number;
  }
  return rows;
}

/** A long span is shown by its first and its last line. */
function markedLines(source: Source, labels: readonly Label[]): Line[] {
  const lines = new Map<number, Mark[]>();
  const add = (number: number, mark: Mark): void => {
    const marks = lines.get(number) ?? [];
    marks.push(mark);
    lines.set(number, marks);
  };
  for (const { span, message, primary } of labels) {
    const start = positionAt(source, span.start);
    // A span that ends with a line break ends on the line that it breaks.
    const last = Math.max(span.start, trimBreaks(source.text, span.start, span.end));
    const end = positionAt(source, last);
    if (start.line === end.line) {
      add(start.line, { from: start.character, to: end.character, message, primary });
      continue;
    }
    const firstLength = lineText(source, start.line).length;
    add(start.line, {
      from: start.character,
      to: Math.max(firstLength, start.character),
      message: "",
      primary,
    });
    const text = lineText(source, end.line);
    const indent = Math.min(text.length - text.trimStart().length, end.character);
    add(end.line, { from: indent, to: end.character, message, primary });
  }
  return [...lines].sort(([a], [b]) => a - b).map(([number, marks]) => ({ number, marks }));
}

function renderLine(source: Source, line: Line, width: number, paint: Paint): string[] {
  const marks = [...line.marks].sort((a, b) => a.from - b.from);
  const shown = excerptOf(lineText(source, line.number), marks);
  const gutter = (label: string): string => paint.gutter(`${label.padStart(width)} │`);
  const rows = [`${gutter(String(line.number + 1))} ${shown.text}`.trimEnd()];
  for (const mark of marks) {
    const from = shown.column(mark.from);
    const length = Math.max(1, shown.column(mark.to) - from);
    const underline = (mark.primary ? "^" : "-").repeat(length);
    const text = mark.message === "" ? underline : `${underline} ${printable(mark.message)}`;
    rows.push(`${gutter("")} ${" ".repeat(from)}${paint.mark(text, mark.primary)}`);
  }
  return rows;
}

interface Excerpt {
  readonly text: string;
  /** The column at which a character of the line stands in the excerpt. */
  readonly column: (character: number) => number;
}

/** A line as it is shown: tabs and control characters spelled out, and not wider than a terminal. */
function excerptOf(line: string, marks: readonly Mark[]): Excerpt {
  const margin = Math.floor(widest / 3);
  const first = marks[0]?.from ?? 0;
  const last = marks.reduce((most, m) => Math.max(most, Math.min(m.to, m.from + widest)), first);
  const from = line.length <= widest || last <= widest - 10 ? 0 : Math.max(0, first - margin);
  const to = Math.min(line.length, from + widest);
  const before = from > 0 ? "…" : "";
  const columns: number[] = [];
  let text = before;
  let columnsBefore = before.length;
  for (let i = from; i < to; i++) {
    columns[i - from] = columnsBefore;
    const piece = line[i] === "\t" ? " ".repeat(tabWidth) : printable(line[i]!);
    text += piece;
    columnsBefore += displayWidth(piece);
  }
  const end = columnsBefore;
  if (to < line.length) text += "…";
  const column = (character: number): number => {
    if (character <= from) return Math.min(before.length, end);
    return columns[character - from] ?? end;
  };
  return { text, column };
}

/** Wide East Asian characters take two columns, combining marks and the second half of a pair none. */
function displayWidth(piece: string): number {
  if (piece.length !== 1) return piece.length;
  const c = piece.charCodeAt(0);
  if (c >= 0xdc00 && c <= 0xdfff) return 1;
  if ((c >= 0x300 && c <= 0x36f) || c === 0x200d || (c >= 0xfe00 && c <= 0xfe0f)) return 0;
  const wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3);
  return wide || (c >= 0xf900 && c <= 0xfaff) || (c >= 0xff00 && c <= 0xff60) ? 2 : 1;
}
