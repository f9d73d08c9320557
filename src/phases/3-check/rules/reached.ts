import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import { reachOf } from "../../../document/weights.js";
import type { CheckedSpec, Declaration } from "../checked.js";
import type { ModelValue } from "../values.js";

/** Warns of inputs, bindings, weights, shared names and blocks that no loss depends on. */
export function reached(spec: CheckedSpec): Diagnostic[] {
  const values = new Set<string>();
  const gradients = new Set<string>();
  for (const task of spec.tasks) {
    const reach = reachOf(spec, task);
    reach.values.forEach((ref) => values.add(ref));
    reach.gradients.forEach((ref) => gradients.add(ref));
  }
  return spec.declarations
    .filter((declaration) => !isReached(declaration, declaration.what === "weight" ? gradients : values))
    .map(({ what, name, span }) => {
      const hint = what === "block" ? "Apply it in a task's output, or take it out." : undefined;
      return diagnostic("NN4004", span, { what, name }, { hint });
    });
}

function isReached(declaration: Declaration, reached: ReadonlySet<string>): boolean {
  if (declaration.used !== undefined) return declaration.used;
  return refsOf(declaration.value).some((ref) => reached.has(ref));
}

function refsOf(value: ModelValue): string[] {
  if (value.kind === "tensor") return [value.ref];
  return value.kind === "list" ? value.items.flatMap(refsOf) : [];
}
