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
  return used ?? reaches(reach, what, value);
}

function reaches(reach: Reach, what: Declaration["what"], value: ModelValue): boolean {
  if (value.kind === "list") return value.items.some((item) => reaches(reach, what, item));
  if (value.kind !== "tensor") return false;
  return what === "weight" ? reach.hasGradient(value.ref) : reach.hasValue(value.ref);
}
