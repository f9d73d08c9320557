import { diagnostic, type Diagnostic } from "../../../diagnostics/index.js";
import type { ModelAnalysis } from "../../../model/analysis.js";
import type { Reach } from "../../../model/reach.js";
import type { CheckedSpec, Declaration } from "../checked.js";
import type { ModelValue } from "../values.js";

/** Warns of inputs, bindings, weights, shared names and blocks that no loss depends on. */
export function reached(
  { declarations }: Pick<CheckedSpec, "declarations">,
  { reach }: ModelAnalysis,
): Diagnostic[] {
  return declarations
    .filter((declaration) => !isReached(declaration, reach))
    .map(({ what, name, span }) => {
      const hint = what === "block" ? "Apply it in a task's output, or take it out." : undefined;
      return diagnostic("NN4004", span, { what, name }, { hint });
    });
}

function isReached({ what, value, used }: Declaration, reach: Reach): boolean {
  if (used !== undefined) return used;
  const isUsed = (ref: string) => (what === "weight" ? reach.hasGradient(ref) : reach.hasValue(ref));
  return holdsRef(value, isUsed);
}

function holdsRef(value: ModelValue, is: (ref: string) => boolean): boolean {
  if (value.kind === "tensor") return is(value.ref);
  return value.kind === "list" && value.items.some((item) => holdsRef(item, is));
}
