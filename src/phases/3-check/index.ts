import type { Diagnostic } from "../../diagnostics/index.js";
import { hasErrors } from "../../diagnostics/index.js";
import { ModelAnalysis } from "../../model/analysis.js";
import type { Span } from "../../source/index.js";
import type { PhaseResult } from "../context.js";
import type { ResolvedSpec } from "../2-resolve/resolved.js";
import type { CheckedSpec } from "./checked.js";
import { elaborate } from "./elaborate.js";
import { documentRules } from "./rules/index.js";
import { reached } from "./rules/reached.js";
import { isWithin } from "./unused-blocks.js";

/** Phase 3: expands the model, infers every shape, and applies the rules. */
export function check(spec: ResolvedSpec, earlier: readonly Diagnostic[]): PhaseResult<CheckedSpec> {
  const { value, diagnostics } = elaborate(spec);
  const found = [...diagnostics];
  const settings = settingSpans(spec);
  const broken =
    value.holes || hasErrors(earlier.filter((d) => !settings.some((span) => isWithin(d.span, span))));
  const model = new ModelAnalysis(broken ? { ...value, incomplete: value.declared } : value);
  for (const rule of documentRules) for (const d of rule(model, value.places)) found.push(d);
  // A mistake leaves holes in the graph; what seems unused then may well be used.
  if (!broken) for (const d of reached(value, model)) found.push(d);
  return { value, diagnostics: distinct(found) };
}

/** A block that is used several times gives its mistakes several times; once is enough. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter((d) => {
    const key = `${d.code} ${d.span.source.path} ${d.span.start} ${d.span.end} ${d.message}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The sections that add nothing to the graph of layers. */
function settingSpans({ train, meta, data, budget }: ResolvedSpec): Span[] {
  const sections = [...train.map((t) => t.section), meta?.section, data?.section, budget];
  return sections.flatMap((section) => (section ? [section.span] : []));
}
