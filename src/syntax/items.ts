import type { BodyKind } from "../../grammar/index.js";
import * as t from "../../grammar/tokens.js";
import { diagnostic, didYouMean, type Diagnostic } from "../diagnostics/index.js";
import type { FailurePlace } from "./place.js";

const sectionWords = ["import", "const", "dim", "block", "model", "train", "meta", "data", "budget"];

/** Where each declaration belongs, and in what bodies it may stand. */
const homes: ReadonlyMap<string, { readonly home: string; readonly bodies: readonly BodyKind[] }> = new Map([
  ["input", { home: "in a model", bodies: ["model"] }],
  ["task", { home: "in a model", bodies: ["model"] }],
  ["shared", { home: "in a model, a task or a block", bodies: ["model", "task", "block"] }],
  ["weight", { home: "in a model, a task or a block", bodies: ["model", "task", "block"] }],
  ["return", { home: "in a block", bodies: ["block"] }],
]);

const settingBodies: readonly BodyKind[] = ["task", "train", "meta", "data"];

/** Failures at an item's first words: something that no item of this body is. */
export function itemFailure(place: FailurePlace): Diagnostic | undefined {
  const { first, found, body } = place.failure;
  const misplaced = misplacedDeclaration(place);
  if (misplaced !== undefined) return misplaced;
  if (found !== first) return undefined;
  if (place.is(first, t.Comma)) return diagnostic("NN1011", place.span(first), { separator: "," });
  if (place.is(first, t.LParen) && place.endsOperand(first - 1)) {
    return diagnostic("NN1025", place.span(first), {});
  }
  if (body === "file") return notASection(place);
  if (place.isOneOf(first, t.reservedWords) && place.isOneOf(first + 1, [t.Equals, t.Colon])) {
    return reservedName(place, first);
  }
  if (!place.layout.firstOnLine(first) && place.beginsOperand(first) && place.endsOperand(first - 1)) {
    const isApplied = place.is(first, t.Name) && place.is(first + 1, t.LParen);
    const hint = isApplied ? `A layer is applied with a pipe: \`|> ${place.image(first)}(…)\`.` : undefined;
    return misfit(place, first, "an operator or a new item", hint);
  }
  if (!place.is(first, t.Name)) return undefined;
  const mixed = mixedUp(place);
  if (mixed !== undefined) return mixed;
  return incompleteItem(place);
}

export function reservedName(place: FailurePlace, i: number): Diagnostic {
  const word = place.image(i);
  return diagnostic(
    "NN1012",
    place.span(i),
    { word },
    { hint: `Choose another name, such as \`${word}_\`.` },
  );
}

/** `task a {` in a train section, `model M {` in a model. */
function misplacedDeclaration(place: FailurePlace): Diagnostic | undefined {
  const { first, body } = place.failure;
  const word = place.image(first);
  const named = place.is(first + 1, t.Name);
  if (body !== "file" && place.isOneOf(first, t.sectionKeywords)) {
    const heads =
      place.is(first + 1, t.LCurly) || (named && place.isOneOf(first + 2, [t.LCurly, t.LParen, t.Equals]));
    if (!heads || !place.layout.firstOnLine(first)) return undefined;
    const hint = "Sections do not nest; is a `}` missing above?";
    const parameters = { what: word, where: place.body, home: "at the top of the file" };
    return diagnostic("NN1022", place.span(first), parameters, { hint });
  }
  const entry = homes.get(word);
  if (entry === undefined || entry.bodies.includes(body)) return undefined;
  if (!(word === "return" || (named && place.isOneOf(first + 2, [t.LCurly, t.Colon, t.Equals]))))
    return undefined;
  // `optimizer trunk: …` is a setting with a pattern, and so is `weight trunk: …` in a section that has settings.
  if (place.failure.found > first + 1 && place.is(first + 2, t.Colon) && settingBodies.includes(body))
    return undefined;
  const hint = body === "file" ? "Is there a `}` too many above?" : undefined;
  return diagnostic(
    "NN1022",
    place.span(first),
    { what: word, where: place.body, home: entry.home },
    { hint },
  );
}

function notASection(place: FailurePlace): Diagnostic {
  const { first } = place.failure;
  if (!place.is(first, t.Name)) {
    const parameters = { found: place.words(first), expected: "a section such as `model` or `train`" };
    return diagnostic("NN1002", place.span(first), parameters);
  }
  const word = place.image(first);
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word;
  const constant = place.is(first + 1, t.Equals)
    ? `A number for the whole file is \`const ${shown} = …\`.`
    : undefined;
  const hint = constant ?? didYouMean(word, sectionWords);
  return diagnostic("NN1014", place.span(first), { word: shown }, { hint });
}

/** `h: dense(3)` where only bindings are, `epochs = 10` where only settings are. */
function mixedUp(place: FailurePlace): Diagnostic | undefined {
  const { first, body } = place.failure;
  const name = place.image(first);
  const next = first + 1;
  if (place.is(next, t.Colon) && (body === "model" || body === "block")) {
    const parameters = { what: "A binding", written: ":", needed: "=" };
    return diagnostic("NN1013", place.span(next), parameters, { hint: `Write \`${name} = …\`.` });
  }
  return undefined;
}

/** The first word could begin an item, but what follows does not go on with it. */
function incompleteItem(place: FailurePlace): Diagnostic {
  const { first, body } = place.failure;
  const word = place.image(first);
  const next = first + 1;
  const declares = homes.get(word)?.bodies.includes(body) === true;
  if (declares && !place.isOneOf(next, [t.Equals, t.Colon])) {
    if (place.isOneOf(next, t.reservedWords)) return reservedName(place, next);
    return misfit(place, next, `a name after \`${word}\``);
  }
  if (
    place.isOneOf(next, t.reservedWords) ||
    place.layout.firstOnLine(next) ||
    place.tokens[next] === undefined
  ) {
    return misfit(place, first, itemWords(body));
  }
  const separators = settingBodies.includes(body) ? "`:` or `=`" : "`=`";
  // `inptu x: float`: a word and a name are the beginning of a declaration.
  const words = [...homes].flatMap(([declaring, { bodies }]) => (bodies.includes(body) ? [declaring] : []));
  const hint = place.is(next, t.Name) ? didYouMean(word, words) : undefined;
  return misfit(place, next, `${separators} after \`${word}\``, hint);
}

/** What an item of a body is, in words. */
export function itemWords(body: BodyKind): string {
  switch (body) {
    case "file":
      return "a section";
    case "block":
      return "a binding, `shared`, `weight` or `return`";
    case "model":
      return "`input`, `shared`, `weight`, `task` or a binding";
    case "task":
      return "a binding or a setting";
    case "data":
      return "a column binding or a setting";
    case "budget":
      return "a limit such as `parameters <= 20_000`";
    default:
      return "a setting such as `epochs: 10`";
  }
}

export function misfit(place: FailurePlace, i: number, expected: string, hint?: string): Diagnostic {
  return diagnostic("NN1002", place.span(i), { found: place.words(i), expected }, { hint });
}
