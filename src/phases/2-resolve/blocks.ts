import { walk } from "../../syntax/children.js";
import type { BlockParameter, BlockSection } from "../../syntax/tree.js";
import { declareBroken } from "./broken.js";
import { bindAs } from "./bind.js";
import { expect } from "./expect.js";
import { infer } from "./infer.js";
import { resolveItem } from "./items.js";
import type { BlockTemplate, Definition, Scope } from "./model.js";
import { VALUE } from "./parts.js";
import { childScope, declare, type Resolution } from "./scope.js";
import { blockSlots, blockType, makeSignature, type ValueKind } from "./slots.js";

/** Resolves a block and makes it visible in its file; undefined where its parameters cannot be known. */
export function resolveBlock(r: Resolution, file: Scope, block: BlockSection): BlockTemplate | undefined {
  const items = block.items.flatMap((item) => (item.kind === "return" ? [] : [item.name.name]));
  const scope = r.model.openScope(block, childScope(file, items));
  guardItself(r, scope, block);
  declareBroken(r, scope, block);
  const parameters = block.parameters.map((parameter) => resolveParameter(r, scope, parameter));
  const returns = resolveBody(r, scope, block);
  const name = block.name.name;
  const common = { role: "a block", name, declaration: block.name } as const;
  const reported = parameters.find((parameter) => parameter.reported)?.reported;
  if (reported) {
    declare(r, file, block.name, { ...common, kind: "unknown", reported });
    return undefined;
  }
  const template: BlockTemplate = {
    declaration: block,
    parameters: new Map(parameters.map((parameter) => [parameter.name, parameter])),
    signature: makeSignature(blockSlots(block.parameters)),
    returns,
  };
  declare(r, file, block.name, { ...common, kind: "function", block: template });
  return template;
}

/** Its own name stays undeclared while the body is resolved: a block sees only earlier ones, so every recursion is direct. */
function guardItself(r: Resolution, scope: Scope, block: BlockSection): void {
  const name = block.name.name;
  const uses = block.items.some((item) => {
    const value = item.kind === "weight" ? item.initializer : item.value;
    let found = false;
    if (value)
      walk(value, (node) => {
        if (node.kind === "path" && node.segments.length === 1 && node.segments[0]?.name === name)
          found = true;
        return !found;
      });
    return found;
  });
  if (!uses) return;
  const reported = r.report.give("NN2012", block.name.span, { cycle: `${name} → ${name}` });
  scope.names.set(name, { role: "a block", name, kind: "unknown", declaration: block.name, reported });
}

function resolveParameter(
  r: Resolution,
  scope: Scope,
  { name, type, defaultValue }: BlockParameter,
): Definition {
  const of = blockType(type.base.name);
  bindAs(r, type.base, "a type");
  const reported = of ? undefined : r.report.give("NN2025", type.span, { name: type.base.name });
  if (defaultValue) {
    infer(r, scope, defaultValue);
    expect(r, scope, defaultValue, of?.wanted ?? { what: "anything" });
  }
  const definition: Definition = {
    role: "a parameter",
    name: name.name,
    kind: of?.kind ?? "scalar",
    declaration: name,
    reported,
  };
  declare(r, scope, name, definition);
  return definition;
}

/** What the block returns. */
function resolveBody(r: Resolution, scope: Scope, block: BlockSection): ValueKind {
  let returns: ValueKind | undefined;
  const end = block.items.findIndex(({ kind }) => kind === "return");
  const after = end < 0 ? undefined : block.items[end + 1];
  for (const item of block.items) {
    if (item.kind !== "return") {
      resolveItem(r, scope, item);
      continue;
    }
    const kind = infer(r, scope, item.value);
    returns ??= kind;
    expect(r, scope, item.value, VALUE);
  }
  if (after) r.report.give("NN2031", after.span, { name: block.name.name });
  // What could not be read may well be the `return`.
  if (returns === undefined && block.broken.length === 0)
    r.report.give("NN2027", block.name.span, { name: block.name.name });
  return returns ?? "unknown";
}
