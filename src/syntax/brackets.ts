import * as t from "../../grammar/tokens.js";
import { diagnostic, type Diagnostic } from "../diagnostics/index.js";
import type { FailurePlace } from "./place.js";

const closerOf = new Map([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** A body whose `}` is missing. */
export function unclosedBody(place: FailurePlace): Diagnostic {
  return missing(place, place.failure.first, place.failure.found);
}

function missing(place: FailurePlace, opener: number, found: number): Diagnostic {
  const text = place.image(opener);
  const closer = closerOf.get(text) ?? "}";
  const atEnd = place.tokens[found] === undefined;
  const where = atEnd || !place.layout.firstOnLine(found) ? place.span(found) : place.after(found - 1);
  return diagnostic(
    "NN1008",
    where,
    { opener: text, closer },
    { hint: `Close it with \`${closer}\`.`, related: [{ span: place.span(opener), message: "opened here" }] },
  );
}

/** A bracket that is still open, a comma that is missing in it, or a closing bracket too many. */
export function bracketFailure(place: FailurePlace): Diagnostic | undefined {
  const { found, first, expected } = place.failure;
  if (found === first && place.isOneOf(found, [t.RParen, t.RSquare, t.RCurly])) {
    return diagnostic("NN1009", place.span(found), { closer: place.image(found) });
  }
  if (expected !== "`)`" && expected !== "`]`" && expected !== "`}`") {
    // Within a bracket that is never closed, whatever fails is the next item's text.
    const open = place.openBracket();
    const cut = place.tokens[found] === undefined || place.failure.resume <= found;
    if (open === undefined || place.layout.partner[open] !== -1 || !cut) return undefined;
    if (place.failure.resume === found && place.isOneOf(found - 1, [t.Equals, t.Colon, t.Operator])) {
      return undefined;
    }
    return missing(place, open, place.failure.resume);
  }
  const open = place.openBracket();
  if (open === undefined || place.is(found, t.Question)) return undefined;
  if (place.layout.partner[open] === -1)
    return missing(place, open, place.failure.resume < found ? place.failure.resume : found);
  const listed = expected !== "`}`" && !place.failure.rules.at(-1)?.startsWith("parenthesized");
  if (listed && place.beginsOperand(found) && place.endsOperand(found - 1)) {
    const isColumn = place.failure.body === "data" && place.is(found, t.Name) && place.is(found - 1, t.Name);
    const quoted = isColumn
      ? ` A name with a blank stands in quotes: \`"${place.image(found - 1)} ${place.image(found)}"\`.`
      : "";
    const hint = `Write \`, ${place.image(found)}\`.${quoted}`;
    const extras = place.image(found).length > 40 ? {} : { hint };
    return diagnostic("NN1010", place.span(found), { found: place.words(found) }, extras);
  }
  return undefined;
}
