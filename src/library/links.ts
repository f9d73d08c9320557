import type { LabelType, Link } from "./kinds/types.js";

/** The link that turns outputs into probabilities of a label's classes; undefined for labels without classes. */
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
