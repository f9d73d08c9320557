import { diagnostic } from "../../diagnostics/index.js";
import type { TypeExpression } from "../../syntax/tree.js";
import { resolveScalar } from "./scalars.js";
import type { Resolution, Scope } from "./scope.js";

/** Resolves the names in a type of an input, a label or a weight, and says where the base is no type. */
export function resolveTypeNames(r: Resolution, scope: Scope, type: TypeExpression): void {
  if (!["float", "int", "binary", "category"].includes(type.base.name)) {
    r.diagnostics.push(
      diagnostic(
        "NN2025",
        type.base.span,
        { name: type.base.name },
        { hint: "There is `float`, `int`, `binary` and `category(…)`." },
      ),
    );
  }
  for (const argument of type.arguments) resolveScalar(r, scope, argument);
  for (const size of type.dimensions) resolveScalar(r, scope, size);
}
