import type { Json } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { isComponent } from "../library/options.js";
import type { NodeDocument } from "./types.js";

/** What a task's output ends with, as a cross-entropy sees it. */
export type OutputLink = "sigmoid" | "softmax" | "linear" | "other";

/**
 * Looks at what feeds the output: an activation folded into the layer, or a stage of its own. Layers that
 * compute sums (dense, convolutions, add) are linear, unless all that they put together are probabilities;
 * everything else counts as probabilities.
 */
export function outputLink(nodes: readonly NodeDocument[], output: string): OutputLink {
  const node = nodes.find((n) => n.id === output);
  if (!node) return "linear";
  const name = activationOf(node);
  if (name === "sigmoid" || name === "softmax") return name;
  if (name === "linear") return "linear";
  return linearLayers.has(node.layer) && !probabilities(nodes).has(output) ? "linear" : "other";
}

/** Nodes that hold probabilities: `mean(p, q)` of two softmax outputs, or a sigmoid's output in another shape, does. */
function probabilities(nodes: readonly NodeDocument[]): Set<string> {
  const found = new Set<string>();
  const constants = new Set(nodes.filter((n) => n.layer === "constant").map((n) => n.id));
  for (const node of nodes) {
    const name = activationOf(node);
    const parts = node.inputs.filter((ref) => !constants.has(ref));
    const mixes = linearLayers.has(node.layer) || node.layer === "stack";
    const ofThem = mixes && parts.length > 0 && parts.every((ref) => found.has(ref));
    if (name === "sigmoid" || name === "softmax" || ofThem) found.add(node.id);
  }
  return found;
}

/** The activation that a node ends with; undefined for layers without one. */
function activationOf(node: NodeDocument): string | undefined {
  const entry = libraryEntry("layer", node.layer);
  return entry.activation ?? (entry.activated ? activationName(node.options["activation"]) : undefined);
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
  "slice",
  "take",
  "gradient_reversal",
  "dot",
]);

function activationName(option: Json | undefined): string {
  return isComponent(option) ? option.name : "linear";
}
