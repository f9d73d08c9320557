import type { IToken } from "chevrotain";
import type { LexicalError } from "../../grammar/index.js";
import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { span, type Source } from "../source/index.js";
import { escapePattern, isEscape } from "./literals.js";

/** A mistake within a token, and whether what surrounds it can be trusted to be meant as it is read. */
export interface LexicalMistake {
  readonly diagnostic: Diagnostic;
  readonly offset: number;
  /** A parse failure nearby is likely its consequence, and is not told. */
  readonly disturbs: boolean;
}

/** What is wrong with single tokens, wherever in the file they stand. */
export function lexicalMistakes(
  source: Source,
  tokens: readonly IToken[],
  outside: readonly LexicalError[],
): LexicalMistake[] {
  const found = powers(source, tokens);
  for (const token of outside) {
    found.push({
      diagnostic: outsideMistake(source, token),
      offset: token.startOffset,
      disturbs: token.image !== ";",
    });
  }
  for (const token of tokens) {
    const mistake = tokenMistake(source, token);
    if (mistake !== undefined) found.push({ diagnostic: mistake, offset: token.startOffset, disturbs: true });
    else if (token.tokenType.name === "StringLiteral")
      for (const each of escapeMistakes(source, token)) found.push(each);
  }
  return found.sort((a, b) => a.offset - b.offset);
}

/** `2**3`, of which the grammar would make a product with a pattern. */
function powers(source: Source, tokens: readonly IToken[]): LexicalMistake[] {
  const hint = "There is no power: write `x * x`.";
  const found: LexicalMistake[] = [];
  for (const { tokenType, startOffset: offset } of tokens) {
    const isPower = tokenType.name === "Star" && source.text.startsWith("**", offset);
    if (!isPower || source.text[offset - 1] === "*") continue;
    const mistake = diagnostic("NN1001", span(source, offset, offset + 2), { found: "`**`" }, { hint });
    // What stands behind it is left over.
    found.push({ diagnostic: mistake, offset: offset + 2, disturbs: true });
  }
  return found;
}

function at(source: Source, token: IToken | LexicalError): ReturnType<typeof span> {
  return span(source, token.startOffset, token.startOffset + token.image.length);
}

function outsideMistake(source: Source, token: LexicalError): Diagnostic {
  if (token.kind === "comment") {
    return diagnostic("NN1004", span(source, token.startOffset, token.startOffset + 2), {});
  }
  if (token.image === ";") return diagnostic("NN1011", at(source, token), { separator: ";" });
  return diagnostic(
    "NN1001",
    at(source, token),
    { found: describe(token.image) },
    { hint: hintFor(token.image) },
  );
}

function describe(image: string): string {
  if (image === "`") return "A backtick";
  const visible = /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(image);
  if (visible) return `\`${image.length > 20 ? `${image.slice(0, 20)}…` : image}\``;
  const point = (image.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `The character U+${point}`;
}

function hintFor(image: string): string | undefined {
  if (image === "'") return 'Strings are written with double quotes: `"…"`.';
  if (image === "`") return 'Strings are written with double quotes: `"…"`.';
  if (image === "|") return "A pipe is written `|>`.";
  if (image === "#") return "A comment begins with `//`.";
  if (image === "%" || image === "&" || image === "!" || image === "^")
    return "The operators are `+ - * /` and `|>`.";
  if (image === "$") return "A column by position is `$1`, `$2`, ….";
  if (/^\p{L}/u.test(image))
    return "Names are ASCII letters, digits and `_`; any other text goes into double quotes.";
  if (/^\p{Pi}|^\p{Pf}/u.test(image)) return 'Strings are written with straight double quotes: `"…"`.';
  return undefined;
}

function tokenMistake(source: Source, token: IToken): Diagnostic | undefined {
  const { image } = token;
  switch (token.tokenType.name) {
    case "MalformedNumber":
      return malformedNumber(source, token);
    case "NumberLiteral":
      if (Number.isFinite(Number(image.replaceAll("_", "")))) return undefined;
      return diagnostic("NN1005", at(source, token), { text: shortened(image), reason: "it is too large" });
    case "ColumnReference":
      if (/[1-9]/.test(image) && Number.isSafeInteger(Number(image.slice(1)))) return undefined;
      return diagnostic("NN1005", at(source, token), {
        text: shortened(image),
        reason: "columns are counted from `$1`",
      });
    case "UnterminatedString":
      return diagnostic("NN1003", at(source, token), {});
    case "OtherwiseQuoted": {
      const inner = image.slice(1, -1).replaceAll('"', '\\"');
      const hint = inner.length > 60 ? 'Write it as `"…"`.' : `Write \`"${inner}"\`.`;
      return diagnostic("NN1007", at(source, token), {}, { hint });
    }
    default:
      return undefined;
  }
}

function shortened(image: string): string {
  return image.length > 40 ? `${image.slice(0, 40)}…` : image;
}

function malformedNumber(source: Source, token: IToken): Diagnostic {
  const { image } = token;
  const text = shortened(image);
  const place = at(source, token);
  if (/^\.\d+$/.test(image)) {
    const parameters = { text, reason: "it needs a digit before its point" };
    return diagnostic("NN1005", place, parameters, { hint: `Write \`0${text}\`.` });
  }
  if (/^\d+\.$/.test(image)) {
    const parameters = { text, reason: "it needs a digit after its point" };
    return diagnostic("NN1005", place, parameters, {
      hint: `Write \`${text}0\` or \`${text.slice(0, -1)}\`.`,
    });
  }
  if (/^[\d_]+$/.test(image)) {
    const reason = "a single `_` may stand between two digits";
    return diagnostic(
      "NN1005",
      place,
      { text, reason },
      { hint: `Write \`${shortened(image.replaceAll("_", ""))}\`.` },
    );
  }
  if (/^\d+(\.\d+){2,}$/.test(image)) {
    return diagnostic("NN1005", place, { text, reason: "it has more than one point" });
  }
  if (/[eE][+-]?$/.test(image)) {
    return diagnostic("NN1005", place, { text, reason: "its exponent has no digits" });
  }
  const reason = "letters follow its digits";
  const hint = "Names begin with a letter; the units are `KB`, `MB` and `GB`.";
  return diagnostic("NN1005", place, { text, reason }, { hint });
}

function escapeMistakes(source: Source, token: IToken): LexicalMistake[] {
  if (!token.image.includes("\\")) return [];
  const found: LexicalMistake[] = [];
  for (const match of token.image.slice(0, -1).matchAll(escapePattern)) {
    if (isEscape(match[1], match[2])) continue;
    const offset = token.startOffset + match.index;
    const place = span(source, offset, offset + match[0].length);
    found.push({ diagnostic: diagnostic("NN1006", place, { escape: match[0] }), offset, disturbs: false });
  }
  return found;
}
