import { expect } from "vitest";
import { readFileSync } from "node:fs";
import { parse } from "../../src/phases/1-parse.js";
import { renderAll } from "../../src/diagnostics/render.js";
import { makeSource, type Span } from "../../src/source/index.js";
import type { Section, Tree } from "../../src/syntax/tree.js";

/** Parses a text and wants no diagnostic. */
export function parsed(text: string): Tree {
  const { value, diagnostics } = parse(makeSource("a.nnspec", text));
  if (diagnostics.length > 0) throw new Error(renderAll(diagnostics, { color: false }));
  return value;
}

/** The messages as a user sees them. */
export function rendered(text: string): string {
  return `\n${renderAll(parse(makeSource("a.nnspec", text)).diagnostics, { color: false })}\n`;
}

/** One broken line in a model whose other items are good. */
export function inModel(line: string): string {
  const text = `model M {\n  input x: float[4]\n${line}\n  tail = x\n}\n`;
  const { value, diagnostics } = parse(makeSource("a.nnspec", text));
  const model = value.sections[0];
  const items = model?.kind === "model" ? model.items.length : 0;
  // The broken line is in the tree only if it could be read, perhaps with an error within.
  expect(items).toBeGreaterThanOrEqual(2);
  expect(diagnostics).toHaveLength(1);
  return rendered(text);
}

/** One mistake in a file of its own. */
export function inFile(text: string): string {
  expect(parse(makeSource("a.nnspec", text)).diagnostics).toHaveLength(1);
  return rendered(text);
}

/** A tree without its places. */
export function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== "object" || value === null) return value;
  const node = value as Record<string, unknown>;
  if (node["kind"] === "identifier") return node["name"];
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !["span", "keyword", "first", "last", "broken"].includes(key))
      .map(([key, child]) => [key, shape(child)]),
  );
}

/** The text of a span. */
export function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}

/** The first section of one kind. */
export function sectionOf<K extends Section["kind"]>(ast: Tree, kind: K): Extract<Section, { kind: K }> {
  const found = ast.sections.find((s): s is Extract<Section, { kind: K }> => s.kind === kind);
  if (found === undefined) throw new Error(`there is no ${kind} section`);
  return found;
}

/** The examples of the language, shared with the fixtures of this folder. */
export const examples: readonly string[] = ["towers", "penguins", "sinusoid"].map((name) =>
  readFileSync(new URL(`fixtures/${name}.nnspec`, import.meta.url), "utf8"),
);
