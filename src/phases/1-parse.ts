import { readText } from "../../grammar/index.js";
import { span, type Source } from "../source/index.js";
import { checkBounds } from "../syntax/bounds.js";
import { toTree } from "../syntax/build.js";
import { collectDocs } from "../syntax/docs.js";
import { failureDiagnostics } from "../syntax/failures.js";
import { lexicalMistakes } from "../syntax/lexical.js";
import { TokenList } from "../syntax/tokens.js";
import type { Tree } from "../syntax/tree.js";
import type { PhaseResult } from "./context.js";

/** More reports than this are only counted. */
const maximumReports = 1000;

/** Text to tree. A broken item is reported once and left out; all others are in the tree. */
export function parse(source: Source): PhaseResult<Tree> {
  const refusal = checkBounds(source);
  if (refusal !== undefined) return { value: unread(source), diagnostics: [refusal], more: 0 };
  const reading = readText(source.text);
  const { tokens } = reading.layout;
  const lexical = lexicalMistakes(source, tokens, reading.mistakes);
  const reports = lexical.map((m) => m.diagnostic).concat(failureDiagnostics(source, reading, lexical));
  const docs = collectDocs(reading.docs, tokens, source.text);
  const list = new TokenList(source.text, reading);
  const value = toTree({ source, tokens: list, docs, report: (d) => void reports.push(d) }, reading.cst);
  reports.sort((a, b) => a.span.start - b.span.start);
  const more = Math.max(0, reports.length - maximumReports);
  return { value, diagnostics: reports.slice(0, maximumReports), more };
}

/** What was not looked at is one unknown token. */
function unread(source: Source): Tree {
  const tokens = new TokenList(source.text, {
    layout: { tokens: [] },
    mistakes: [{ kind: "characters", startOffset: 0, image: source.text }],
  });
  const at = span(source, 0, source.text.length);
  return { kind: "file", sections: [], broken: [], tokens, span: at, first: 0, last: tokens.length - 1 };
}
