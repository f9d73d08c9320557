import type { Span } from "../../source/index.js";
import type { BlockSection } from "../../syntax/tree.js";
import type { ResolvedSpec } from "../2-resolve/resolved.js";
import { unknown, type ModelValue } from "./values.js";
import type { Environment } from "./environment.js";
import { evaluateOptions } from "./options.js";

/** A block that nothing applies has no shapes, but its options can be checked all the same. */
export function checkUnusedBlocks(environment: Environment, spec: ResolvedSpec): void {
  const unused = [...spec.blocks.values()]
    .map((block) => block.declaration)
    .filter((block) => block.span.source === spec.source && !spec.usedBlocks.has(block));
  const environments = new Map(unused.map((block) => [block, insideOf(environment, block)]));
  for (const [expression, { target, options }] of spec.matches) {
    const block = target.kind === "entry" ? blockAround(unused, expression.span) : undefined;
    if (!block || target.kind !== "entry") continue;
    evaluateOptions(environments.get(block)!, target.entry.name, target.entry.parameters, options);
  }
}

function insideOf(environment: Environment, block: BlockSection): Environment {
  return {
    ...environment,
    values: new Map(block.parameters.map((p): [string, ModelValue] => [p.name.name, unknown])),
  };
}

/** The block that a place lies in, of blocks in the order of the text. */
function blockAround(blocks: readonly BlockSection[], span: Span): BlockSection | undefined {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle]!.span.start <= span.start) low = middle + 1;
    else high = middle;
  }
  const block = blocks[low - 1];
  return block && isWithin(span, block.span) ? block : undefined;
}

export function isWithin(inner: Span, outer: Span): boolean {
  return inner.source === outer.source && inner.start >= outer.start && inner.end <= outer.end;
}
