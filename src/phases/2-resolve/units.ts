import { walk } from "../../syntax/children.js";
import type { Tree } from "../../syntax/tree.js";
import { explain, type Resolution } from "./scope.js";

/** Refuses units of bytes wherever no bytes are counted, which only a budget of `weights` does. */
export function refuseUnits(r: Resolution, tree: Tree): void {
  // Most files have none: to see that, the text is looked through faster than the tree.
  if (!/[KMG]B/.test(tree.span.source.text)) return;
  walk(tree, (node) => {
    if (node.kind === "limit") return node.quantity.name !== "weights";
    if (node.kind === "number" && node.unit !== undefined)
      explain(r, node, r.report.give("NN2032", node.span, { unit: node.unit }));
    return true;
  });
}
