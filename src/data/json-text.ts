/** A number, or a word that Python and others write for one that JSON has not. */
const NUMBER = /NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** As many characters as may be more digits than a double keeps. */
const LONG = 16;
const SUSPECT = /NaN|Infinity|\d{16}|[eE]\+?\d{3}/;

/**
 * JSON with those numbers as texts that a parsed one would not be: NaN, infinities, and what has more digits than it keeps. For
 * messages on places they are other numbers that are as long. Every other text comes back as it is.
 */
export function numbersAsTexts(
  text: string,
  by: (number: string) => string = (number) => `"${number}"`,
): string {
  if (!SUSPECT.test(text)) return text;
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') {
      while (++at < text.length && text[at] !== '"') if (text[at] === "\\") at++;
      continue;
    }
    NUMBER.lastIndex = at;
    const number = NUMBER.exec(text)?.[0];
    if (number === undefined) continue;
    const end = at + number.length;
    // No number is a key.
    if (
      (number.length >= LONG || !Number.isFinite(Number(number))) &&
      !/^\s*:/.test(text.slice(end, end + 9))
    ) {
      parts.push(text.slice(from, at), by(number));
      from = end;
    }
    at = end - 1;
  }
  return parts.join("") + text.slice(from);
}

/** The same, with every character where it was. */
export function placesKept(text: string): string {
  return numbersAsTexts(text, (number) => (number.startsWith("-") ? "-" : "").padEnd(number.length, "1"));
}

/** How many keys the objects of a parsed value have, those within included. */
export function keysOf(value: unknown): number {
  let keys = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (typeof one !== "object" || one === null) continue;
    const members: unknown[] = Object.values(one);
    if (!Array.isArray(one)) keys += members.length;
    for (const member of members) if (typeof member === "object") waiting.push(member);
  }
  return keys;
}
