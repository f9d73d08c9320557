import type { IToken } from "chevrotain";
import type { ByteUnit, ColumnReference, ErrorExpression, NumberLiteral, StringLiteral } from "./tree.js";
import { errorExpression, spanOf, tokenSpan, type Builder } from "./builder.js";

const units: readonly ByteUnit[] = ["KB", "MB", "GB"];
const factors: { readonly [U in ByteUnit]: number } = { KB: 1e3, MB: 1e6, GB: 1e9 };

/** A number; what is wrong with its writing was told when the tokens were looked at. */
export function numberLiteral(b: Builder, written: IToken, unit?: IToken): NumberLiteral | ErrorExpression {
  const text = written.image.replaceAll("_", "");
  const at = spanOf(b, written, unit ?? written);
  const name = units.find((known) => known === unit?.image);
  const value = Number(text) * (name === undefined ? 1 : factors[name]);
  if (written.tokenType.name === "MalformedNumber" || !Number.isFinite(value)) return errorExpression(b, at);
  const integer = /^\d+$/.test(text);
  const [first, last] = [b.tokens.numberOf(written), b.tokens.numberOf(unit ?? written)];
  const number: NumberLiteral = { kind: "number", value, integer, span: at, first, last };
  return name === undefined ? number : { ...number, unit: name };
}

export function columnReference(b: Builder, token: IToken): ColumnReference | ErrorExpression {
  const index = Number(token.image.slice(1));
  const at = tokenSpan(b, token);
  const number = b.tokens.numberOf(token);
  return index >= 1 && Number.isSafeInteger(index)
    ? { kind: "column", index, span: at, first: number, last: number }
    : errorExpression(b, at);
}

export function stringLiteral(b: Builder, token: IToken): StringLiteral {
  const number = b.tokens.numberOf(token);
  return { kind: "string", value: unescape(token), span: tokenSpan(b, token), first: number, last: number };
}

const simple = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["n", "\n"],
  ["t", "\t"],
]);
/** An escape as written, right or wrong. */
export const escapePattern = /\\(?:u([0-9A-Fa-f]{4})|([^]))/g;

/** Whether an escape, as `escapePattern` finds it, is one of the language. */
export function isEscape(hex: string | undefined, letter: string | undefined): boolean {
  return hex !== undefined || (letter !== undefined && simple.has(letter));
}

function unescape(token: IToken): string {
  const closed = token.tokenType.name !== "UnterminatedString";
  const inner = token.image.slice(1, closed ? -1 : undefined);
  return inner.replace(escapePattern, (whole: string, hex?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return (letter === undefined ? undefined : simple.get(letter)) ?? whole;
  });
}
