import * as t from "../../grammar/tokens.js";
import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import { itemWords, misfit, reservedName } from "./items.js";
import type { FailurePlace } from "./place.js";

/** Failures within an item: what stands there, and what would have fitted. */
export function generalFailure(place: FailurePlace): Diagnostic {
  const { found, expected } = place.failure;
  if (place.is(found, t.Question)) return strayQuestion(place);
  const missing = missingExpression(place);
  if (missing !== undefined) return missing;
  const stray = strayWord(place);
  if (stray !== undefined) return stray;
  const separator = wrongSeparator(place);
  if (separator !== undefined) return separator;
  const wantsName =
    ["a name", "a type", "an expression", "an item"].includes(expected) || wantsParameter(place);
  if (wantsName && place.isOneOf(found, t.reservedWords)) return reservedName(place, found);
  if (expected === "an item") return misfit(place, found, itemWords(place.failure.body), hintFor(place));
  if (place.is(found, t.LParen) && place.is(found - 1, t.RParen))
    return diagnostic("NN1025", place.span(found), {});
  return misfit(place, found, fuller(place), hintFor(place));
}

/** `block f(x: tensor, as: int)`: the grammar says that a `)` is wanted. */
function wantsParameter(place: FailurePlace): boolean {
  const { found, rules } = place.failure;
  return rules.at(-1) === "blockSection" && place.isOneOf(found - 1, [t.LParen, t.Comma]);
}

/** `float[?, 2]`, or a `?` behind something that is no type. */
function strayQuestion(place: FailurePlace): Diagnostic {
  const { found } = place.failure;
  const open = place.openBracket();
  if (open === undefined || !place.is(open, t.LSquare)) return diagnostic("NN1023", place.span(found), {});
  const hint = "The batch is never written, and every length is fixed: `float[20, 2]`.";
  return misfit(place, found, "a length", hint);
}

/** `x =` with nothing behind it, at the end of a body or before the next line's item. */
function missingExpression(place: FailurePlace): Diagnostic | undefined {
  const { found, first, resume, expected } = place.failure;
  const at = resume > first && resume < found ? resume : found;
  const opens = [t.Equals, t.Colon, t.Operator, t.Comparison, t.Return, t.As, t.Repeat];
  if (!place.isOneOf(at - 1, opens)) return undefined;
  const what = expected === "a type" || place.isOneOf(at - 1, [t.As, t.Repeat]) ? expected : "an expression";
  const cut = at < found || (expected === what && endsItem(place, at));
  if (!cut) return undefined;
  return diagnostic("NN1017", place.span(at - 1), { what, after: place.words(at - 1) });
}

function endsItem(place: FailurePlace, i: number): boolean {
  const closes = place.isOneOf(i, [t.RParen, t.RSquare, t.RCurly, t.Comma]);
  const begins = place.is(i, t.Name) && place.is(i + 1, t.Colon);
  return place.tokens[i] === undefined || closes || begins || place.layout.firstOnLine(i);
}

/** `y = my column` with `z = …` on the next line: the second word would be a setting's key. */
function strayWord(place: FailurePlace): Diagnostic | undefined {
  const { found, first } = place.failure;
  const isNext = found === first + 2 && place.layout.firstOnLine(first + 1);
  if (!isNext || !place.isOneOf(found, [t.Equals, t.Colon, t.LCurly]) || place.layout.firstOnLine(first))
    return undefined;
  const isName = place.is(first - 1, t.Name) && place.is(first, t.Name);
  const hint = isName
    ? `A name with a blank stands in quotes: \`"${place.image(first - 1)} ${place.image(first)}"\`.`
    : undefined;
  return misfit(place, first, itemWords(place.failure.body), hint);
}

function wrongSeparator(place: FailurePlace): Diagnostic | undefined {
  const { found, expected, rules } = place.failure;
  const written = place.image(found);
  const name = place.image(found - 1);
  const within = rules.at(-1);
  if (place.isOneOf(found, [t.Colon, t.Equals]) && expected === "a comparison such as `<=`") {
    const parameters = { what: "A limit", written, needed: "<=" };
    return diagnostic("NN1013", place.span(found), parameters, { hint: `Write \`${name} <= …\`.` });
  }
  if (place.is(found, t.Equals)) {
    const inCall = within === "call" && place.is(found - 1, t.Name);
    const what = inCall ? "A named argument" : expected === "`:`" ? separated(within) : undefined;
    if (what === undefined) return undefined;
    const hint = `Write \`${name}: …\`.`;
    return diagnostic("NN1013", place.span(found), { what, written, needed: ":" }, { hint });
  }
  if (place.is(found, t.Colon) && expected === "`=`") {
    const parameters = { what: within === "constSection" ? "A constant" : "A binding", written, needed: "=" };
    return diagnostic("NN1013", place.span(found), parameters, { hint: `Write \`${name} = …\`.` });
  }
  return undefined;
}

function separated(rule: string | undefined): string {
  switch (rule) {
    case "setting":
      return "A setting";
    case "entry":
      return "An entry of an object";
    case "blockParameter":
      return "The type of a parameter";
    default:
      return "The type";
  }
}

/** The grammar says only one thing that would fit; where several would, they are said here. */
function fuller(place: FailurePlace): string {
  const { expected, rules } = place.failure;
  const rule = rules.at(-1);
  const open = place.openBracket();
  const inList =
    rule === "call" || rule === "list" || rule === "postfix" || rule === "type" || rule === "blockSection";
  if (inList && (expected === "`)`" || expected === "`]`")) {
    return place.is(place.failure.found - 1, t.Comma) || open === place.failure.found - 1
      ? `${rule === "blockSection" ? "a parameter" : "an expression"} or ${expected}`
      : `a comma or ${expected}`;
  }
  if (rule === "importSection" && expected === "`}`") return "a comma or `}`";
  if (rule === "blockParameter" && expected === "`:`") return "`:` and a type";
  if (rule === "object" && expected === "`}`") return "an entry such as `key: value`, or `}`";
  return expected === "something else" ? "something else" : expected;
}

function hintFor(place: FailurePlace): string | undefined {
  const { found, rules } = place.failure;
  if (place.image(found) === ">") return "A pipe is written `|>`.";
  if (rules.at(-1) === "importSection") return 'An import is written `import { name } from "file.nnspec"`.';
  if (rules.at(-1) === "setting" && place.is(found, t.LCurly)) {
    return `A setting is written \`${place.image(found - 1)}: …\`.`;
  }
  if (place.is(found, t.StringLiteral) && rules.at(-1) === "type") {
    return `A type is wanted; one that lists its texts is \`category(${place.image(found)}, …)\`.`;
  }
  if (place.is(found, t.StringLiteral) && place.failure.expected === "a name") {
    return "Quotes are for texts; a name stands without them.";
  }
  return undefined;
}
