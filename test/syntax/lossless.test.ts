import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "../../src/phases/1-parse.js";
import { makeSource } from "../../src/source/index.js";
import { childrenOf, walk } from "../../src/syntax/children.js";
import { print } from "../../src/syntax/print.js";
import type { Node, Tree } from "../../src/syntax/tree.js";
import { mutants } from "../front/mutants.js";
import { examples } from "./helpers.js";

const treeOf = (text: string): Tree => parse(makeSource("a.nnspec", text)).value;

/** For each token the innermost node that it lies in. */
function owners(tree: Tree): (Node | undefined)[] {
  const owner: (Node | undefined)[] = Array.from({ length: tree.tokens.length });
  walk(tree, (node) => {
    for (let i = node.first; i <= node.last; i++) owner[i] = node;
  });
  return owner;
}

function check(text: string): void {
  const tree = treeOf(text);
  const pieces = tree.tokens.all.flatMap(({ leading, text: own, trailing }) => [
    ...leading,
    { text: own },
    ...trailing,
  ]);
  expect(pieces.map((piece) => piece.text).join("")).toBe(text);
  expect(print(tree)).toBe(text);
  expect(owners(tree)).not.toContain(undefined);
  walk(tree, (node) => {
    let after = node.first;
    for (const child of childrenOf(node)) {
      // Children stand in the order of the text, within their parent and beside each other.
      expect(child.first).toBeGreaterThanOrEqual(after);
      expect(child.last).toBeLessThanOrEqual(node.last);
      after = Math.max(after, child.last + 1);
    }
  });
}

test("the examples are printed back", () => {
  for (const text of examples) check(text);
});

test("so is any text with mistakes in it", () => {
  fc.assert(
    fc.property(mutants(examples), (text) => check(text)),
    { numRuns: 400 },
  );
});

test("comments and blank lines belong to the token below, and to the code before them on its line", () => {
  const { tokens } = treeOf("// a\n\nconst x = 1 // b\n/* c */ const y = 2 /* d */\n// e");
  const around = tokens.all.map(({ leading, text, trailing }) => [
    leading.map((t) => t.text).join(""),
    text,
    trailing.map((t) => t.text).join(""),
  ]);
  expect(around).toEqual([
    ["// a\n\n", "const", ""],
    [" ", "x", ""],
    [" ", "=", ""],
    [" ", "1", " // b"],
    ["\n/* c */ ", "const", ""],
    [" ", "y", ""],
    [" ", "=", ""],
    [" ", "2", " /* d */"],
    ["\n// e", "", ""],
  ]);
});

test("a broken item keeps its name and what could be read of it", () => {
  const tree = treeOf("model M {\n  input x: float[4]\n  h = concat(x, dense(x, 4), y |>\n  g = x\n}\n");
  const model = tree.sections.find((section) => section.kind === "model");
  const [broken] = model?.broken ?? [];
  expect(broken?.name?.name).toBe("h");
  const texts = broken?.pieces.map(({ span }) => span.source.text.slice(span.start, span.end));
  expect(texts).toEqual(["h", "concat", "x", "dense(x, 4)", "y"]);
  expect(model?.items.map((item) => item.name.name)).toEqual(["x", "g"]);
});
