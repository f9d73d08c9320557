import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import { pointerKey } from "./places.js";
import type { Source, Span } from "../source/index.js";

/** Brackets of JSON deeper than this are refused before they are read. */
const MAX_DEPTH = 128;

export interface JsonText {
  readonly value: unknown;
  /** The span of every value by its JSON pointer. */
  readonly places: ReadonlyMap<string, Span>;
}

/** Reads JSON with the place of every part, or says what is wrong and where. */
export function readJsonText(source: Source): JsonText | { readonly problem: string; readonly span: Span } {
  const deep = tooDeep(source.text);
  if (deep !== undefined) {
    return {
      problem: `Brackets are nested more than ${MAX_DEPTH} deep`,
      span: { source, start: deep, end: deep + 1 },
    };
  }
  const errors: ParseError[] = [];
  const root = parseTree(source.text, errors, { disallowComments: true });
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
  walk(root, "", source, places);
  return { value: JSON.parse(source.text), places };
}

function walk(node: Node, pointer: string, source: Source, places: Map<string, Span>): void {
  places.set(pointer, { source, start: node.offset, end: node.offset + node.length });
  node.children?.forEach((child, i) => {
    if (node.type === "array") walk(child, `${pointer}/${i}`, source, places);
    else {
      const [key, value] = child.children ?? [];
      if (value) walk(value, `${pointer}/${pointerKey(String(key?.value))}`, source, places);
    }
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
