import { lexText, Layout, type Lexed } from "../../../grammar/index.js";
import type { Diagnostic } from "../../diagnostics/index.js";
import type { Source } from "../../source/index.js";
import { collectDocs } from "../docs.js";
import { TokenList } from "../tokens.js";
import type { Tree } from "../tree.js";
import type { Failure } from "./recovery.js";
import { NnspecParser } from "./sections.js";

export type { Failure } from "./recovery.js";

/** Chevrotain's parser is stateful and costly to make: this is the one shared instance. It is synchronous. */
const parser = new NnspecParser();

/** What the grammar makes of a text. */
export interface Reading extends Lexed {
  readonly tree: Tree;
  readonly layout: Layout;
  readonly failures: readonly Failure[];
  /** Mistakes within items that could be read. */
  readonly reports: readonly Diagnostic[];
}

/** Lexes and parses; nothing in a text makes it throw. */
export function readText(source: Source): Reading {
  const { text } = source;
  const lexed = lexText(text);
  const { tokens, mistakes } = lexed;
  const layout = new Layout(tokens, text);
  const reports: Diagnostic[] = [];
  const read = parser.read(layout, {
    source,
    tokens: new TokenList(text, tokens, mistakes),
    docs: collectDocs(lexed.docs, tokens, text),
    report: (d) => void reports.push(d),
  });
  return { ...lexed, ...read, layout, reports };
}

/** The rules, for tests. */
export function grammarRules(): ReturnType<NnspecParser["getGAstProductions"]> {
  return parser.getGAstProductions();
}
