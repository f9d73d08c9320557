import { createToken, Lexer, type TokenType } from "chevrotain";

/** A word that names something. Contextual keywords are names as well; reserved words are not. */
export const Name = createToken({ name: "Name", pattern: /[A-Za-z_][A-Za-z0-9_]*/, label: "a name" });

function contextual(name: string, pattern: string): TokenType {
  return createToken({ name, pattern, longer_alt: Name, categories: [Name], label: `\`${pattern}\`` });
}

function reserved(name: string, pattern: string): TokenType {
  return createToken({ name, pattern, longer_alt: Name, label: `\`${pattern}\`` });
}

function sign(name: string, pattern: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, pattern, categories, label: `\`${pattern}\`` });
}

export const Import = contextual("Import", "import");
export const Const = contextual("Const", "const");
export const Dim = contextual("Dim", "dim");
export const Block = contextual("Block", "block");
export const Model = contextual("Model", "model");
export const Train = contextual("Train", "train");
export const Meta = contextual("Meta", "meta");
export const Data = contextual("Data", "data");
export const Budget = contextual("Budget", "budget");
export const From = contextual("From", "from");
export const Input = contextual("Input", "input");
export const Shared = contextual("Shared", "shared");
export const Weight = contextual("Weight", "weight");
export const Task = contextual("Task", "task");
export const Label = contextual("Label", "label");
/** The factor of a size right after its number. */
export const Unit = createToken({
  name: "Unit",
  pattern: /[KMG]B/,
  longer_alt: Name,
  categories: [Name],
  label: "`KB`, `MB` or `GB`",
});

export const Return = reserved("Return", "return");
export const Repeat = reserved("Repeat", "repeat");
export const For = reserved("For", "for");
export const In = reserved("In", "in");
export const As = reserved("As", "as");
export const True = reserved("True", "true");
export const False = reserved("False", "false");

/** The words that open a section. */
export const sectionKeywords = [Import, Const, Dim, Block, Model, Train, Meta, Data, Budget];
/** The words that can never be names. */
export const reservedWords = [Return, Repeat, For, In, As, True, False];

/** The category of the operators between two operands; precedence is settled where the AST is made. */
export const Operator = createToken({ name: "Operator", pattern: Lexer.NA, label: "an operator" });
/** The category of the signs that a budget compares with. */
export const Comparison = createToken({
  name: "Comparison",
  pattern: Lexer.NA,
  label: "a comparison such as `<=`",
});

const Pipe = sign("Pipe", "|>", [Operator]);
const Range = sign("Range", "..", [Operator]);
const Plus = sign("Plus", "+", [Operator]);
export const Minus = sign("Minus", "-", [Operator]);
export const Star = sign("Star", "*", [Operator]);
const Slash = sign("Slash", "/", [Operator]);

const LessOrEqual = sign("LessOrEqual", "<=", [Comparison]);
const GreaterOrEqual = sign("GreaterOrEqual", ">=", [Comparison]);
const Same = sign("Same", "==", [Comparison]);
const Less = sign("Less", "<", [Comparison]);
const Greater = sign("Greater", ">", [Comparison]);

export const comparisons = [LessOrEqual, GreaterOrEqual, Same, Less, Greater];

export const Equals = sign("Equals", "=");
export const Colon = sign("Colon", ":");
export const Comma = sign("Comma", ",");
export const Dot = sign("Dot", ".");
export const Question = sign("Question", "?");
export const LParen = sign("LParen", "(");
export const RParen = sign("RParen", ")");
export const LSquare = sign("LSquare", "[");
export const RSquare = sign("RSquare", "]");
export const LCurly = sign("LCurly", "{");
export const RCurly = sign("RCurly", "}");

// The look-ahead keeps `0..4` a range, lets a unit follow, and leaves `1.` and `2x` to MalformedNumber.
const number =
  /\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?(?=[KMG]B(?![A-Za-z0-9_])|(?![A-Za-z0-9_]|\.(?!\.)))/;

export const NumberLiteral = createToken({ name: "NumberLiteral", pattern: number, label: "a number" });
/** Stands where a number does, so that one bad number costs one report and no more. */
const MalformedNumber = createToken({
  name: "MalformedNumber",
  pattern: /\.?\d(?:[eE][+-]\d|\w|\.(?!\.))*/,
  categories: [NumberLiteral],
});
export const ColumnReference = createToken({
  name: "ColumnReference",
  pattern: /\$\d+(?![A-Za-z0-9_])/,
  label: "a column such as `$1`",
});

export const StringLiteral = createToken({
  name: "StringLiteral",
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/,
  label: "a string",
});
/** A string without its closing quote: it ends where its line does. */
const UnterminatedString = createToken({
  name: "UnterminatedString",
  pattern: /"[^\r\n]*/,
  categories: [StringLiteral],
});
/** In other quotes than `"`: single ones, or those that an editor has bent. */
const OtherwiseQuoted = createToken({
  name: "OtherwiseQuoted",
  pattern: /'[^'\r\n]*'|`[^`\r\n]*`|[“”„][^“”\r\n]*[“”]|[‘’‚][^‘’\r\n]*[‘’]/,
  categories: [StringLiteral],
});

const Space = createToken({
  name: "Space",
  pattern: /[ \t\r\n\f\v\uFEFF]+/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
/** The group keeps them out of the grammar: documentation may stand before any token. */
const DocComment = createToken({ name: "DocComment", pattern: /\/\/\/(?!\/)[^\r\n]*/, group: "docs" });
const LineComment = createToken({ name: "LineComment", pattern: /\/\/[^\r\n]*/, group: Lexer.SKIPPED });
const BlockComment = createToken({
  name: "BlockComment",
  pattern: /\/\*[\s\S]*?\*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const UnterminatedComment = createToken({
  name: "UnterminatedComment",
  pattern: /\/\*[\s\S]*/,
  group: "mistakes",
  line_breaks: true,
});
/** A token that no text holds, for what cannot follow although the grammar has it. */
export const Nothing = createToken({ name: "Nothing", pattern: Lexer.NA });

/** Every token, in the order in which the lexer tries them. */
export const tokens: TokenType[] = [
  Space,
  DocComment,
  LineComment,
  BlockComment,
  UnterminatedComment,
  Import,
  Const,
  Dim,
  Block,
  Model,
  Train,
  Meta,
  Data,
  Budget,
  From,
  Input,
  Shared,
  Weight,
  Task,
  Label,
  Unit,
  ...reservedWords,
  Name,
  NumberLiteral,
  MalformedNumber,
  ColumnReference,
  StringLiteral,
  UnterminatedString,
  OtherwiseQuoted,
  Pipe,
  Range,
  LessOrEqual,
  GreaterOrEqual,
  Same,
  Less,
  Greater,
  Equals,
  Colon,
  Comma,
  Dot,
  Question,
  LParen,
  RParen,
  LSquare,
  RSquare,
  LCurly,
  RCurly,
  Plus,
  Minus,
  Star,
  Slash,
  Operator,
  Comparison,
  Nothing,
];

/** Shared, but without state between calls. Lines are found by the source, so only offsets are kept here. */
export const lexer = makeLexer({ skipValidations: true });

/** Whether the tokens' patterns are sound is looked at by a test, and not at every start. */
export function makeLexer({ skipValidations }: { readonly skipValidations: boolean }): Lexer {
  return new Lexer(tokens, { positionTracking: "onlyOffset", ensureOptimizations: true, skipValidations });
}
