import fc from "fast-check";

/** A word, a number, a string, a comment, a run of blanks, or a sign. */
const pieces = /[A-Za-z_]\w*|\d[\d._]*|"[^"\n]*"?|\/\/[^\n]*|\s+|\|>|\.\.|<=|>=|==|[^\s\w]/g;

const strangers = [
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  "=",
  "|>",
  "..",
  "*",
  "/*",
  "*/",
  "//",
  '"',
  "'",
  "§",
  "é",
  "\r",
  "\n\n",
  "@",
  "$",
  "-",
];

interface Mutation {
  readonly kind: "drop" | "double" | "swap" | "insert" | "cut";
  readonly at: number;
  readonly other: number;
  readonly stranger: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom("drop", "double", "swap", "insert", "cut"),
  at: fc.nat(),
  other: fc.nat(),
  stranger: fc.constantFrom(...strangers),
});

/** A text, with pieces of it dropped, doubled, exchanged, or strange ones put between. */
export function mutants(texts: readonly string[], most = 4): fc.Arbitrary<string> {
  const mutations = fc.array(mutation, { minLength: 1, maxLength: most });
  return fc
    .tuple(fc.constantFrom(...texts), mutations)
    .map(([text, changes]) => changes.reduce(mutate, text));
}

/** One change of a text. */
export function mutate(text: string, { kind, at, other, stranger }: Mutation): string {
  const parts = text.match(pieces) ?? [""];
  const [i, j] = [at % parts.length, other % parts.length];
  switch (kind) {
    case "drop":
      parts.splice(i, 1);
      break;
    case "double":
      parts.splice(i, 0, parts[i]!);
      break;
    case "swap":
      [parts[i], parts[j]] = [parts[j]!, parts[i]!];
      break;
    case "insert":
      parts.splice(i, 0, stranger);
      break;
    default:
      parts.splice(i, 1 + (other % 6));
  }
  return parts.join("");
}
