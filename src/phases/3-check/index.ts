import { hasErrors, type Diagnostic } from "../../diagnostics/index.js";
import { ModelAnalysis } from "../../model/analysis.js";
import type { Span } from "../../source/index.js";
import type { PhaseResult } from "../context.js";
import type { ResolvedSpec } from "../2-resolve/resolved.js";
import type { CheckedSpec } from "./checked.js";
import { elaborate } from "./elaborate.js";
import { documentRules } from "./rules/index.js";
import { reached } from "./rules/reached.js";

/** Phase 3: expands the model, infers every shape, and applies the rules. */
export function check(spec: ResolvedSpec, earlier: readonly Diagnostic[]): PhaseResult<CheckedSpec> {
  const { value, report } = elaborate(spec);
  const settings = settingSpans(spec);
  const broken =
    value.holes || hasErrors(earlier.filter((d) => !settings.some((span) => isWithin(d.span, span))));
  const model = new ModelAnalysis(broken ? { ...value, incomplete: value.declared } : value, value.weights);
  for (const rule of documentRules) for (const found of rule(model, value.places)) report.add(found);
  // A mistake leaves holes in the graph; what seems unused then may well be used.
  if (!broken) for (const found of reached(value, model)) report.add(found);
  return { value, diagnostics: report.diagnostics, more: report.more };
}

/** The sections that add nothing to the graph of layers. */
function settingSpans({ train, meta, data, budget }: ResolvedSpec): Span[] {
  const sections = [...train.map((t) => t.section), meta?.section, data?.section, budget];
  return sections.flatMap((section) => (section ? [section.span] : []));
}

function isWithin(inner: Span, outer: Span): boolean {
  return inner.source === outer.source && inner.start >= outer.start && inner.end <= outer.end;
}
