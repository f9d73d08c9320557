import type { Json } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { isComponent } from "../library/options.js";
import type { NodeDocument } from "./types.js";

/** What a task's output ends with, as a cross-entropy sees it. */
export type OutputLink = "sigmoid" | "softmax" | "linear" | "other";

/**
 * Looks at what feeds the output: an activation folded into the layer, or a stage of its own. Layers that
 * compute sums (dense, convolutions, add) are linear; everything else counts as probabilities.
 */
export function outputLink(nodes: readonly NodeDocument[], output: string): OutputLink {
  const node = nodes.find((n) => n.id === output);
  if (!node) return "linear";
  const entry = libraryEntry("layer", node.layer);
  const name = entry.activation ?? (entry.activated ? activationName(node.options["activation"]) : undefined);
  if (name === "sigmoid" || name === "softmax") return name;
  if (name === "linear" || linearLayers.has(node.layer)) return "linear";
  return "other";
}

const linearLayers = new Set([
  "add",
  "subtract",
  "multiply",
  "reshape",
  "flatten",
  "concat",
  "mean",
  "last",
  "dot",
]);

function activationName(option: Json | undefined): string {
  return isComponent(option) ? option.name : "linear";
}
