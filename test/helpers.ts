import { readFileSync } from "node:fs";
import { compile, type Compilation } from "../src/index.js";

/** The text of a spec of the repository. */
export function specText(name: string): string {
  return readFileSync(new URL(`../specs/${name}.nnspec`, import.meta.url), "utf8");
}

/** Compiles text that must be without errors. */
export function compiled(text: string): Compilation & { document: NonNullable<Compilation["document"]> } {
  const result = compile(text);
  if (!result.document) throw new Error(result.diagnostics.map((d) => `${d.code} ${d.message}`).join("\n"));
  return { ...result, document: result.document };
}

/** Numbers that look random and are the same everywhere, from -1 to 1. */
export function numbers(count: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** Rows of so many numbers. */
export function rows(count: number, width: number, seed = 1): number[][] {
  const flat = numbers(count * width, seed);
  return Array.from({ length: count }, (_, i) => flat.slice(i * width, (i + 1) * width));
}
