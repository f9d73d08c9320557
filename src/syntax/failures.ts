import type { Diagnostic } from "../diagnostics/index.js";
import type { Source } from "../source/index.js";
import { bracketFailure, unclosedBody } from "./brackets.js";
import { itemFailure } from "./items.js";
import type { LexicalMistake } from "./lexical.js";
import { generalFailure } from "./misfits.js";
import type { Failure, Reading } from "./parser/index.js";
import { FailurePlace } from "./place.js";

/** One report for every item that could not be read, in words for the one who wrote it. */
export function failureDiagnostics(
  source: Source,
  reading: Reading,
  lexical: readonly LexicalMistake[],
): Diagnostic[] {
  const disturbing = lexical.filter((m) => m.disturbs);
  const signs = lexical.filter((m) => m.diagnostic.code === "NN1011").map((m) => m.offset);
  const found: Diagnostic[] = [];
  for (const failure of reading.failures) {
    const place = new FailurePlace(source, reading.layout, failure);
    if (!isConsequence(place, failure, disturbing) && !hasSignBefore(place, signs))
      found.push(explain(place));
  }
  return found;
}

function explain(place: FailurePlace): Diagnostic {
  if (place.failure.kind === "unclosed") return unclosedBody(place);
  return bracketFailure(place) ?? itemFailure(place) ?? generalFailure(place);
}

/** Whether a bad token within the item, told of already, is the likely cause. */
function isConsequence(place: FailurePlace, failure: Failure, lexical: readonly LexicalMistake[]): boolean {
  // A stray word may be the second half of a line that a strange character cut in two.
  const { first } = failure;
  const from = place.layout.firstOnLine(first) ? place.span(first).start : place.after(first - 1).start;
  const atEnd = place.tokens[failure.found] === undefined;
  const to = atEnd ? place.source.text.length : place.span(failure.found).end;
  let low = 0;
  let high = lexical.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lexical[middle]!.offset < from) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < lexical.length && lexical[i]!.offset <= to; i++) {
    if (failure.kind === "item" || swallowsBrace(place, lexical[i]!)) return true;
  }
  return false;
}

/** `dense(8; relu)`: what fits behind the wrong sign was said of the sign. */
function hasSignBefore(place: FailurePlace, signs: readonly number[]): boolean {
  const { found } = place.failure;
  if (found === 0 || signs.length === 0) return false;
  const [from, to] = [place.after(found - 1).start, place.span(found).start];
  return signs.some((offset) => offset >= from && offset < to);
}

/** A string or comment without an end may hold the brace that seems to be missing. */
function swallowsBrace(place: FailurePlace, { diagnostic }: LexicalMistake): boolean {
  if (diagnostic.code === "NN1004") return true;
  const { source, start, end } = diagnostic.span;
  return (
    diagnostic.code === "NN1003" && source === place.source && source.text.slice(start, end).includes("}")
  );
}
