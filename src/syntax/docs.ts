import type { IToken } from "chevrotain";

/**
 * The documentation before each token that has some: consecutive `///` lines, joined. Lines that a blank one or an
 * ordinary comment cuts off from the last are left out; a `///` behind code on the same line documents nothing.
 */
export function collectDocs(
  docs: readonly IToken[],
  tokens: readonly IToken[],
  text: string,
): Map<number, string> {
  const found = new Map<number, string[]>();
  let next = 0;
  let lines: string[] = [];
  let previousEnd = -1;
  for (const doc of docs) {
    while (next < tokens.length && tokens[next]!.startOffset < doc.startOffset) next++;
    const before = tokens[next - 1];
    const codeEnd = before === undefined ? 0 : before.startOffset + before.image.length;
    if (before !== undefined && !/[\r\n]/.test(text.slice(codeEnd, doc.startOffset))) continue;
    const gap = previousEnd < codeEnd ? "cut" : text.slice(previousEnd, doc.startOffset);
    if (!/^(\r\n|\r|\n)[ \t]*$/.test(gap)) lines = [];
    lines.push(doc.image.slice(3).replace(/^ /, "").trimEnd());
    previousEnd = doc.startOffset + doc.image.length;
    const documented = tokens[next];
    if (documented !== undefined) found.set(documented.startOffset, lines);
  }
  return new Map([...found].map(([offset, own]) => [offset, own.join("\n")]));
}
