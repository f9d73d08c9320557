import { liveNodes, readsFull } from "./chain.js";
import { sameExtent } from "./extent.js";
import type { Group } from "./group.js";
import type { Item } from "./items.js";
import { resultOf } from "../../tensor/lookup.js";
import type { Node } from "./node.js";
import { isDenseAccess, type Views } from "./views.js";

/** What an item reads and writes, by value. */
export interface Traffic {
  readonly reads: ReadonlySet<number>;
  /** Values read one element at a time, each just before a result is written at the same index, which may overwrite it. */
  readonly direct: ReadonlySet<number>;
  readonly writes: readonly number[];
}

/** The values in memory that nodes read. */
export function memorySources(nodes: readonly Node[]): Set<number> {
  return new Set(nodes.flatMap((n) => n.operands.flatMap((o) => (o.kind === "memory" ? [o.source] : []))));
}

export function trafficOf(item: Item, views: Views): Traffic {
  if (item.kind === "chain") return chainTraffic(item.group);
  const { op } = item;
  const epilogue = item.kind === "kernel" ? item.epilogue : undefined;
  const reads = [...op.inputs.map((v) => v.id), ...(epilogue?.reads ?? [])].map(
    (id) => views.of({ id }).source,
  );
  const twin = item.kind === "kernel" && item.twin ? [resultOf(item.twin).id] : [];
  const writes = epilogue ? [epilogue.value] : [...op.outputs.map((v) => v.id), ...twin];
  return { reads: new Set(reads), direct: new Set(), writes };
}

function chainTraffic(group: Group): Traffic {
  const nodes = liveNodes(group);
  const direct = new Set<number>();
  const other = new Set<number>();
  for (const node of nodes) {
    for (const o of node.operands) {
      if (o.kind !== "memory") continue;
      const inPlace = readsFull(node) && isDenseAccess(o.access) && sameExtent(o.access.offset, 0);
      (inPlace ? direct : other).add(o.source);
    }
  }
  for (const id of other) direct.delete(id);
  return { reads: memorySources(nodes), direct, writes: [...group.outputs] };
}
