import type { ModelDocument, NodeDocument, TaskDocument } from "../../document/types.js";
import type { Component, ComponentKind, Json } from "../../library/entry.js";
import { findEntry } from "../../library/index.js";
import { completeOptions, isComponent } from "../../library/options.js";
import { B, showShape } from "../../tensor/dimension.js";

/** What to say of the node or task that operations came from. */
export interface Origin {
  readonly text: string;
  /** The shape of a node's value, as text. */
  readonly shape?: string;
}

/** By a node's id or a task's name. */
export type Origins = ReadonlyMap<string, Origin>;

/** Each node and task as its spec would say it: `trunk.dense: dense(units: 64, activation: relu)`. */
export function describeOrigins({ nodes, tasks }: Pick<ModelDocument, "nodes" | "tasks">): Origins {
  return new Map([
    ...nodes.map((node) => [node.id, nodeOrigin(node)] as const),
    ...tasks.map((task) => [task.name, { text: `Loss of ${task.name}: ${showLoss(task)}` }] as const),
  ]);
}

function nodeOrigin({ id, layer, options, type }: NodeDocument): Origin {
  const text = `${id}: ${showUse("layer", { name: layer, options })}`;
  return { text, shape: showShape([...(type.batched ? [B] : []), ...type.dims]) };
}

function showLoss({ loss }: TaskDocument): string {
  return showUse("loss", loss);
}

/** A name with those options that differ from their defaults. */
function showUse(kind: ComponentKind, { name, options }: Component): string {
  const entry = findEntry(kind, name);
  const defaults = entry ? completeOptions(entry, {}) : {};
  const shown = Object.entries(options).flatMap(([key, value]) => {
    if (JSON.stringify(value) === JSON.stringify(defaults[key])) return [];
    const parameter = entry?.parameters.find((p) => p.name === key);
    return [`${key}: ${show(value, parameter?.kind === "component" ? parameter.of : undefined)}`];
  });
  const bare = shown.length === 0 && kind !== "layer" && kind !== "loss";
  return bare ? name : `${name}(${shown.join(", ")})`;
}

function show(value: Json, kind?: ComponentKind): string {
  if (kind !== undefined && isComponent(value)) return showUse(kind, value);
  if (Array.isArray(value)) return `[${value.map((item: Json) => show(item, kind)).join(", ")}]`;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
