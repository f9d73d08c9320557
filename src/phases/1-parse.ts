import { readText } from "../../grammar/index.js";
import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { span, type Source } from "../source/index.js";
import { checkBounds } from "../syntax/bounds.js";
import { toTree } from "../syntax/build.js";
import { collectDocs } from "../syntax/docs.js";
import { failureDiagnostics } from "../syntax/failures.js";
import { lexicalMistakes } from "../syntax/lexical.js";
import { TokenList } from "../syntax/tokens.js";
import type { Tree } from "../syntax/tree.js";

/** More reports than this help nobody; the last one says how many there are besides. */
const maximumReports = 500;

/** Text to tree. A broken item is reported once and left out; all others are in the tree. */
export function parse(source: Source): { value: Tree; diagnostics: Diagnostic[] } {
  const refusal = checkBounds(source);
  if (refusal !== undefined) return { value: unread(source), diagnostics: [refusal] };
  const reading = readText(source.text);
  const { tokens } = reading.layout;
  const lexical = lexicalMistakes(source, tokens, reading.mistakes);
  const reports = lexical.map((m) => m.diagnostic).concat(failureDiagnostics(source, reading, lexical));
  const docs = collectDocs(reading.docs, tokens, source.text);
  const list = new TokenList(source.text, reading);
  const value = toTree({ source, tokens: list, docs, report: (d) => void reports.push(d) }, reading.cst);
  return { value, diagnostics: inOrder(reports) };
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

function inOrder(reports: Diagnostic[]): Diagnostic[] {
  reports.sort((a, b) => a.span.start - b.span.start);
  if (reports.length <= maximumReports) return reports;
  const first = reports[maximumReports]!;
  const rest = diagnostic("NN1024", first.span, { more: reports.length - maximumReports });
  return [...reports.slice(0, maximumReports), rest];
}
