import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { span, type Source } from "../source/index.js";
import { checkBounds } from "../syntax/bounds.js";
import { failureDiagnostics } from "../syntax/failures.js";
import { lexicalMistakes } from "../syntax/lexical.js";
import { readText } from "../syntax/parser/index.js";
import { TokenList } from "../syntax/tokens.js";
import type { Tree } from "../syntax/tree.js";
import type { PhaseResult } from "./context.js";

/** More reports than this are only counted. */
const maximumReports = 1000;

/** A text without a section that has more mistakes than this is likely no spec. */
const MOST_WITHOUT_SECTION = 10;

/** Text to tree. A broken item is reported once and left out; all others are in the tree. */
export function parse(source: Source): PhaseResult<Tree> {
  const refusal = checkBounds(source);
  if (refusal !== undefined) return { value: unread(source), diagnostics: [refusal], more: 0 };
  const reading = readText(source);
  const lexical = lexicalMistakes(source, reading.tokens, reading.mistakes);
  const reports = [
    ...lexical.map((m) => m.diagnostic),
    ...failureDiagnostics(source, reading, lexical),
    ...reading.reports,
  ].sort((a, b) => a.span.start - b.span.start);
  // A data file, say: what is wrong with each of its lines helps nobody.
  if (reading.tree.sections.length === 0 && reports.length > MOST_WITHOUT_SECTION)
    return { value: reading.tree, diagnostics: [noSpec(source, reports.length)], more: 0 };
  const more = Math.max(0, reports.length - maximumReports);
  return { value: reading.tree, diagnostics: reports.slice(0, maximumReports), more };
}

function noSpec(source: Source, mistakes: number): Diagnostic {
  const end = source.text.search(/[\r\n]/);
  return diagnostic("NN1031", span(source, 0, end < 0 ? source.text.length : end), { mistakes });
}

/** What was not looked at is one unknown token. */
function unread(source: Source): Tree {
  const whole = { kind: "characters", startOffset: 0, image: source.text } as const;
  const tokens = new TokenList(source.text, [], [whole]);
  const at = span(source, 0, source.text.length);
  return { kind: "file", sections: [], broken: [], tokens, span: at, first: 0, last: tokens.length - 1 };
}
