import type { NodeDocument } from "../document/types.js";
import type { Component, Range } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { completeOptions, foldedActivation } from "../library/options.js";
import { linear } from "../library/ranges.js";

/** Bounds of every node's output, from the facts of its layer. Inputs may have any value. */
export function rangesOf(nodes: ReadonlyMap<string, NodeDocument>): ReadonlyMap<string, Range> {
  const ranges = new Map<string, Range>();
  for (const node of nodes.values()) {
    const layer = libraryEntry("layer", node.layer);
    const options = completeOptions(layer, node.options);
    const range = layer.range({
      options,
      ranges: node.inputs.map((ref) => ranges.get(ref) ?? linear),
      inputs: node.inputs.map((ref) => nodes.get(ref)?.type.dims ?? []),
      output: node.type.dims,
      activation: (component) => activated(component, linear, node),
    });
    const own = foldedActivation(layer, options);
    ranges.set(node.id, activated(own, range, node));
  }
  return ranges;
}

function activated(component: Component | null, range: Range, node: NodeDocument): Range {
  if (!component) return range;
  const entry = libraryEntry("activation", component.name);
  return entry.range(completeOptions(entry, component.options), range, node.type.dims.at(-1) ?? 1);
}

/** The activation that a node ends with: folded into the layer, or a stage of its own. */
export function activationOf(node: NodeDocument): string | undefined {
  const layer = libraryEntry("layer", node.layer);
  if (layer.activation !== undefined) return layer.activation;
  return foldedActivation(layer, completeOptions(layer, node.options))?.name;
}
