/** Text that is laid out to a width: one line where it fits, else broken at its brackets. */
export type Doc = string | Group | Block;

/** Items between brackets. */
export interface Group {
  readonly open: string;
  readonly items: readonly Doc[];
  readonly close: string;
  /** Several items to a line where it is broken; otherwise one. */
  readonly fill?: boolean;
  /** Spaces inside the brackets where it is not broken. */
  readonly spaced?: boolean;
  /** Broken even where it would fit in a line. */
  readonly broken?: boolean;
}

/** Lines that are always broken. */
export interface Block {
  readonly lines: (indent: string) => string;
}

const WIDTH = 110;

export function list(items: readonly Doc[]): Group {
  return { open: "[", items, close: "]", fill: items.every((item) => typeof item === "string") };
}

export function object(entries: readonly (readonly [key: string, value: Doc])[]): Doc {
  if (entries.length === 0) return "{}";
  return { open: "{", items: entries.map(([k, v]) => prefixed(`${k}: `, v)), close: "}", spaced: true };
}

export function call(name: string, args: readonly Doc[]): Group {
  return { open: `${name}(`, items: args, close: ")" };
}

function prefixed(prefix: string, doc: Doc): Doc {
  if (typeof doc === "string") return prefix + doc;
  if ("lines" in doc) return { lines: (indent) => prefix + doc.lines(indent) };
  return { ...doc, open: prefix + doc.open };
}

/** The text of a doc whose first line begins after `used` columns and whose last is followed by `after`. */
export function render(doc: Doc, indent: string, used: number, after = 0): string {
  if (typeof doc === "string") return doc;
  if ("lines" in doc) return doc.lines(indent);
  const flat = flatText(doc, WIDTH - used - after);
  if (flat !== undefined) return flat;
  const [only] = doc.items;
  if (doc.items.length === 1 && typeof only === "object" && doc.spaced !== true) {
    return doc.open + render(only, indent, used + doc.open.length, after + doc.close.length) + doc.close;
  }
  const inner = `${indent}  `;
  const lines =
    doc.fill && doc.items.every((item) => typeof item === "string")
      ? filled(doc.items, inner)
      : doc.items.map((item) => `${inner}${render(item, inner, inner.length, 1)},\n`);
  return `${doc.open}\n${lines.join("")}${indent}${doc.close}`;
}

function filled(items: readonly string[], indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const item of items) {
    const next = line === indent ? `${line}${item},` : `${line} ${item},`;
    if (next.length > WIDTH && line !== indent) {
      lines.push(`${line}\n`);
      line = `${indent}${item},`;
    } else line = next;
  }
  return [...lines, `${line}\n`];
}

/** On one line, if it is no longer than this. */
function flatText(doc: Doc, width: number): string | undefined {
  if (typeof doc === "string") return doc.length <= width ? doc : undefined;
  if ("lines" in doc || doc.broken === true) return undefined;
  const parts: string[] = [];
  let left = width - doc.open.length - doc.close.length;
  for (const item of doc.items) {
    const text = flatText(item, left);
    if (text === undefined) return undefined;
    left -= text.length + 2;
    parts.push(text);
  }
  const space = doc.spaced === true ? " " : "";
  const text = `${doc.open}${space}${parts.join(", ")}${space}${doc.close}`;
  return text.length <= width ? text : undefined;
}
