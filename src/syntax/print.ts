import type { Node, Tree } from "./tree.js";
import type { Token } from "./tokens.js";

/** A token as it stands in the file, with all that belongs to it. */
function printToken({ leading, text, trailing }: Token): string {
  return [...leading, { text }, ...trailing].map((piece) => piece.text).join("");
}

/** The text of a tree, or of one of its nodes, byte for byte: of its tokens, never of the source. */
export function print(tree: Tree, node: Node = tree): string {
  return tree.tokens.all
    .slice(node.first, node.last + 1)
    .map(printToken)
    .join("");
}
