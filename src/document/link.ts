import { activationOf, rangesOf } from "./ranges.js";
import type { NodeDocument } from "./types.js";

/** What a task's output ends with, as a cross-entropy sees it. */
export type OutputLink = "sigmoid" | "softmax" | "linear" | "other";

/** Looks at what makes the output; what is neither linear nor ends with a link counts as probabilities. */
export function outputLink(nodes: readonly NodeDocument[], output: string): OutputLink {
  const node = nodes.find((n) => n.id === output);
  if (!node) return "linear";
  const name = activationOf(node);
  if (name === "sigmoid" || name === "softmax") return name;
  return rangesOf(nodes).get(output)!.linear ? "linear" : "other";
}
