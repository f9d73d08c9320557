import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import { pointerKey } from "./places.js";
import type { Source, Span } from "../source/index.js";

/** Brackets of JSON deeper than this are refused before they are read. */
const MAX_DEPTH = 128;

export interface JsonText {
  readonly value: unknown;
  /** The span of every value by its JSON pointer. */
  readonly places: ReadonlyMap<string, Span>;
  /** Keys that an object has more than once; `value` holds what stands last. */
  readonly repeated: readonly RepeatedKey[];
}

export interface RepeatedKey {
  readonly key: string;
  readonly pointer: string;
  /** The key where it stands again. */
  readonly span: Span;
}

/** What keeps a text from being read as JSON. */
export interface JsonProblem {
  readonly problem: string;
  readonly span: Span;
}

/** Reads JSON with the place of every part, or says what is wrong and where. */
export function readJsonText(source: Source): JsonText | JsonProblem {
  // A byte order mark is no part of a text; a blank in its place keeps every offset.
  const text = source.text.replace(/^\uFEFF/, " ");
  const deep = tooDeep(text);
  if (deep !== undefined) {
    return {
      problem: `Brackets are nested more than ${MAX_DEPTH} deep`,
      span: { source, start: deep, end: deep + 1 },
    };
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  const [error] = errors;
  if (error || !root) {
    const start = error?.offset ?? 0;
    const what = error
      ? printParseErrorCode(error.error)
          .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
          .toLowerCase()
      : "nothing there";
    return {
      problem: `This is no JSON: ${what}`,
      span: { source, start, end: start + (error?.length ?? 0) },
    };
  }
  const places = new Map<string, Span>();
  const repeated: RepeatedKey[] = [];
  walk(root, "", { source, places, repeated });
  return { value: JSON.parse(text), places, repeated };
}

interface Walk {
  readonly source: Source;
  readonly places: Map<string, Span>;
  readonly repeated: RepeatedKey[];
}

function walk(node: Node, pointer: string, found: Walk): void {
  const { source, places, repeated } = found;
  const spanOf = ({ offset, length }: Node): Span => ({ source, start: offset, end: offset + length });
  places.set(pointer, spanOf(node));
  node.children?.forEach((child, i) => {
    if (node.type === "array") return walk(child, `${pointer}/${i}`, found);
    const [name, value] = child.children ?? [];
    if (!name || !value) return;
    const key = String(name.value);
    const at = `${pointer}/${pointerKey(key)}`;
    if (places.has(at)) repeated.push({ key, pointer: at, span: spanOf(name) });
    walk(value, at, found);
  });
}

function tooDeep(text: string): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === "\\") i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "[" || c === "{") {
      if (++depth > MAX_DEPTH) return i;
    } else if (c === "]" || c === "}") depth--;
  }
  return undefined;
}
