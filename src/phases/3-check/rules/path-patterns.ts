import { diagnostic, someOf, type Diagnostic } from "../../../diagnostics/index.js";
import { PatternIndex } from "../../../model/patterns.js";
import type { Span } from "../../../source/index.js";
import type { Subject } from "./rule.js";

/** Patterns of a section, held against the weights of the model. */
export class PathPatterns {
  readonly #matched = new Set<string>();
  #hint: string | undefined;

  constructor(
    private readonly model: Subject,
    patterns: Iterable<string>,
  ) {
    const index = new PatternIndex(patterns);
    if (index.isEmpty) return;
    for (const { path } of model.weights)
      for (const pattern of index.matching(path)) this.#matched.add(pattern);
  }

  matches(pattern: string): boolean {
    return this.#matched.has(pattern);
  }

  /** What to say of a pattern that matches no weight. */
  unmatched(pattern: string, where: string, span: Span): Diagnostic[] {
    if (this.matches(pattern)) return [];
    this.#hint ??= `There is ${groups(this.model.weights.map(({ path }) => path))}.`;
    return [diagnostic("NN5002", span, { pattern, where }, { hint: this.#hint })];
  }
}

/** `trunk.*`, `species.*`: the first levels of the paths, for hints. */
function groups(paths: readonly string[]): string {
  const tops = [...new Set(paths.map((path) => path.split(".", 1)[0]))];
  const shown = tops.slice(0, 8).map((top) => `\`${top}.*\``);
  return tops.length > 8 ? `${shown.join(", ")}, …` : shown.join(", ");
}

/** The first of them, for messages. */
export function list(paths: readonly string[]): string {
  return someOf(
    paths.map((path) => `\`${path}\``),
    4,
  );
}
