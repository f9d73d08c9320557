import { activationOf, rangesOf } from "./ranges.js";
import type { NodeDocument } from "./types.js";

/** What a task's output ends with, as a cross-entropy sees it. */
export type OutputLink = "sigmoid" | "softmax" | "linear" | "other";

/** Looks at what makes an output; what is neither linear nor ends with a link counts as probabilities. */
export function outputLinks(nodes: readonly NodeDocument[]): (output: string) => OutputLink {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  let ranges: ReturnType<typeof rangesOf> | undefined;
  return (output) => {
    const node = byId.get(output);
    if (!node) return "linear";
    const name = activationOf(node);
    if (name === "sigmoid" || name === "softmax") return name;
    ranges ??= rangesOf(nodes);
    return ranges.get(output)?.linear === true ? "linear" : "other";
  };
}

/** The same of one output. */
export function outputLink(nodes: readonly NodeDocument[], output: string): OutputLink {
  return outputLinks(nodes)(output);
}
