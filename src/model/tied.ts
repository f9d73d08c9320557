import { diagnostic, didYouMean, type Diagnostic, type Hints } from "../diagnostics/index.js";
import type { TiedWeightSpec } from "../library/entry.js";
import type { Span } from "../source/index.js";

/** Why a layer cannot be tied to the weight that it names, given all weights above it. */
export function tieProblem(
  spec: TiedWeightSpec,
  weights: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  at: Span,
  hints: Hints,
): Diagnostic | undefined {
  const show = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
  const wanted = show(spec.shape);
  const found = weights.get(spec.tied)?.shape;
  if (found === undefined) {
    const near = () => {
      const fitting = [...weights].flatMap(([path, { shape }]) => (show(shape) === wanted ? [path] : []));
      return didYouMean(spec.tied, fitting) ?? didYouMean(spec.tied, weights.keys());
    };
    const hint =
      hints.find(near) ??
      `A layer of ${wanted} must stand above this one; \`nnc summary\` lists the weights.`;
    return diagnostic("NN2030", at, { path: spec.tied }, { hint });
  }
  if (show(found) === wanted) return undefined;
  return diagnostic(
    "NN3008",
    at,
    { path: spec.tied, shape: show(found), wanted },
    { hint: mismatchHint(found, spec.shape) },
  );
}

function mismatchHint(found: readonly number[], [units, features]: readonly number[]): string {
  if (found.length !== 2) return "A tied weight has two dimensions, [units, features].";
  if (found[0] === features && found[1] === units)
    return "The weight is used transposed: an `embedding`'s table is [units, features], a `dense` kernel the other way round.";
  return found[1] === features
    ? `\`units\` is the weight's first dimension, ${found[0]}.`
    : `What comes in has the weight's second dimension: \`dense(${found[1]})\` before it brings it there.`;
}
