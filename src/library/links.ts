import type { LabelType, Link } from "./kinds/types.js";

/** What makes probabilities of a label's classes; undefined where it has none. */
export function linkOf(kind: LabelType["kind"]): Link | undefined {
  switch (kind) {
    case "binary":
      return "sigmoid";
    case "category":
      return "softmax";
    default:
      return undefined;
  }
}
