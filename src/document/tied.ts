import { diagnostic, didYouMean, type Diagnostic } from "../diagnostics/index.js";
import type { TiedWeightSpec } from "../library/entry.js";
import type { Span } from "../source/index.js";

/** Why a layer cannot be tied to the weight that it names, given the shapes of all weights above it. */
export function tieProblem(
  spec: TiedWeightSpec,
  shapes: ReadonlyMap<string, readonly number[]>,
  at: Span,
): Diagnostic | undefined {
  const show = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
  const wanted = show(spec.shape);
  const found = shapes.get(spec.tied);
  const fitting = [...shapes].flatMap(([path, shape]) => (show(shape) === wanted ? [path] : []));
  if (found === undefined) {
    const hint =
      didYouMean(spec.tied, fitting) ??
      didYouMean(spec.tied, shapes.keys()) ??
      `A layer of ${wanted} must stand above this one; \`nnc summary\` lists the weights.`;
    return diagnostic("NN2030", at, { path: spec.tied }, { hint });
  }
  if (show(found) === wanted) return undefined;
  const hint =
    found.toReversed().join() === spec.shape.join()
      ? `The weight is used transposed: it is [units, features], as an \`embedding\`'s table is, not a kernel of [features, units].`
      : `With \`units: ${found[0]}\`, ${found[1] ?? "no"} features must come in.`;
  return diagnostic("NN3008", at, { path: spec.tied, shape: show(found), wanted }, { hint });
}
