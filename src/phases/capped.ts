import { diagnostic, hasErrors, type Diagnostic } from "../diagnostics/index.js";

/** More messages than this help nobody; the last one says how many there are besides. */
const MOST_MESSAGES = 500;

/**
 * As many messages as are shown, and how many there are besides; `more` were counted and not kept. Errors are not crowded out by
 * warnings.
 */
export function capped(found: readonly Diagnostic[], more = 0): readonly Diagnostic[] {
  const left = Math.max(0, found.length - MOST_MESSAGES) + more;
  if (left === 0) return found;
  const errors = found.filter(({ severity }) => severity === "error").slice(0, MOST_MESSAGES);
  const kept = new Set(errors);
  for (const message of found) if (kept.size < MOST_MESSAGES) kept.add(message);
  const shown = found.filter((message) => kept.has(message));
  const last = shown.at(-1);
  if (!last) return shown;
  const code = hasErrors(found) ? "NN1024" : "NN1030";
  return [...shown, diagnostic(code, last.span, { more: left })];
}
