import { parse } from "../../src/phases/1-parse.js";
import { makeSource } from "../../src/source/index.js";
import { walk } from "../../src/syntax/children.js";
import type { Node } from "../../src/syntax/tree.js";
import { mutate } from "./mutants.js";
import type { Random } from "../fuzz/random.js";

/** A stretch of a text that is one node. */
interface Piece {
  readonly kind: Node["kind"];
  readonly start: number;
  readonly end: number;
}

/** Kinds of nodes that can stand for each other, so that what comes of an exchange can mostly be read. */
const families: readonly (readonly Node["kind"][])[] = [
  [
    "number",
    "string",
    "boolean",
    "path",
    "call",
    "index",
    "list",
    "pipe",
    "binary",
    "unary",
    "parenthesized",
    "repeat",
    "comprehension",
    "range",
    "object",
    "as",
    "column",
  ],
  ["binding", "shared", "weight", "return", "setting", "label", "input", "task"],
  ["import", "const", "dim", "block", "model", "train", "meta", "data", "budget"],
  ["identifier"],
  ["argument", "entry", "parameter"],
  ["type"],
];

/** Names and numbers that have surprised programs. */
const surprises = [
  "constructor",
  "__proto__",
  "valueOf",
  "toString",
  "hasOwnProperty",
  "step",
  "lr",
  "seed",
  "dense",
  "relu",
  "output",
  "label",
  "x",
];
const numbers = ["0", "-1", "1e308", "9007199254740993", "0.5", "65536", "2147483648", "1e-300", "3"];

const wraps: readonly ((text: string) => string)[] = [
  (text) => `(${text})`,
  (text) => `[${text}]`,
  (text) => `[for i in 1..3: ${text}]`,
  (text) => `${text}[0]`,
  (text) => `-${text}`,
  (text) => `${text} + ${text}`,
  (text) => `concat(${text}, ${text})`,
  (text) => `${text} |> dense(2)`,
  (text) => `${text} as n`,
  (text) => `repeat 2 { ${text} }`,
  (text) => `${text}.shape[0]`,
];

export function piecesOf(text: string): Piece[] {
  const found: Piece[] = [];
  walk(parse(makeSource("a.nnspec", text)).value, ({ kind, span: { start, end } }) => {
    if (end > start && kind !== "file") found.push({ kind, start, end });
  });
  return found;
}

const familyOf = (kind: Node["kind"]): number => families.findIndex((family) => family.includes(kind));

function replaced(text: string, { start, end }: Piece, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** One change that goes by the grammar: a node for another of its family, here or from elsewhere. */
function exchange(text: string, random: Random, donors: readonly string[]): string {
  const pieces = piecesOf(text);
  if (pieces.length === 0) return text;
  const piece = random.pick(pieces);
  const own = text.slice(piece.start, piece.end);
  switch (random.int(0, 6)) {
    case 0:
      return replaced(text, piece, random.pick(wraps)(own));
    case 1:
      return replaced(text, piece, random.pick(surprises));
    case 2:
      return replaced(text, piece, random.pick(numbers));
    case 3:
      return replaced(text, piece, `${own} ${own}`);
    case 4:
      return replaced(text, piece, "");
    default: {
      const donor = random.chance(0.5) ? text : random.pick(donors);
      const fitting = piecesOf(donor).filter(({ kind }) => familyOf(kind) === familyOf(piece.kind));
      if (fitting.length === 0) return text;
      const other = random.pick(fitting);
      return replaced(text, piece, donor.slice(other.start, other.end));
    }
  }
}

const kinds = ["drop", "double", "swap", "insert", "cut"] as const;
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
  "?",
  ".",
];

/** A mutant of a text, which a seed determines: mostly one or two changes, by the grammar or against it. */
export function mutant(text: string, random: Random, donors: readonly string[]): string {
  let result = text;
  for (let left = random.pick([1, 1, 1, 2, 2, 3, 6]); left > 0; left--) {
    if (random.chance(0.6)) result = exchange(result, random, donors);
    else {
      const [at, other] = [random.int(0, 1e6), random.int(0, 1e6)];
      result = mutate(result, { kind: random.pick(kinds), at, other, stranger: random.pick(strangers) });
    }
    // Exchanges can double a text; a fuzzer of small texts sees more.
    if (result.length > 20_000) result = result.slice(0, 20_000);
  }
  return result;
}
