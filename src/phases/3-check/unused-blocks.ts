import { walk } from "../../syntax/children.js";
import type { Expression } from "../../syntax/tree.js";
import type { Role, SemanticModel } from "../2-resolve/model.js";
import type { ResolvedSpec } from "../2-resolve/resolved.js";
import type { Environment } from "./environment.js";
import { evaluateOptions } from "./options.js";

/** A block that nothing applies has no shapes, but the options of its layers can be checked all the same. */
export function checkUnusedBlocks(environment: Environment, spec: ResolvedSpec): void {
  const { semantics } = environment.expansion;
  for (const { declaration } of spec.blocks) {
    if (spec.usedBlocks.has(declaration)) continue;
    walk(declaration, (node) => {
      const call = node.kind === "call" || node.kind === "path" ? semantics.callOf(node) : undefined;
      if (call?.target.kind !== "entry") return;
      const { name: owner, parameters } = call.target.entry;
      const given = new Map([...call.options].filter(([, { value }]) => isFixed(semantics, value)));
      evaluateOptions(environment, {
        owner,
        parameters: parameters.filter(({ name }) => given.has(name)),
        given,
      });
    });
  }
}

const changing: ReadonlySet<Role> = new Set([
  "a parameter",
  "a binding",
  "a shared name",
  "a weight",
  "a variable",
]);

/** Whether an expression has the same value at every use of the block that it stands in. */
function isFixed(semantics: SemanticModel, expression: Expression): boolean {
  let fixed = true;
  walk(expression, (node) => {
    const definition = node.kind === "identifier" ? semantics.definitionOf(node) : undefined;
    if (definition && changing.has(definition.role)) fixed = false;
    return fixed;
  });
  return fixed;
}
