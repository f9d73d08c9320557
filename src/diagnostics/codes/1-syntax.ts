import { define } from "../define.js";

/** NN1xxx: how a spec is written. */
export const syntaxCodes = {
  NN1001: define<{ found: string }>({
    severity: "error",
    title: "Unexpected character",
    explanation:
      'A character that no word, number or sign of the language can begin with. Names are ASCII; anything else goes into a quoted string where columns are meant:\n\n```nnspec\ndata { mass = "Body Mass (g)" }\n```',
    message: ({ found }) => `${found} cannot stand here.`,
  }),
  NN1002: define<{ found: string; expected: string }>({
    severity: "error",
    title: "Unexpected word or sign",
    explanation:
      "The text is made of known words and signs, but not in an order that the grammar has. The message says what was found and what could stand there instead. The rest of the item is skipped and reading goes on with the next one.",
    message: ({ found, expected }) => `Found ${found} where ${expected} was expected.`,
  }),
  NN1003: define<Record<never, never>>({
    severity: "error",
    title: "String without an end",
    explanation:
      'A string ends on the line on which it begins. Write `\\n` for a line break and `\\"` for a quote in it:\n\n```nnspec\ndata { from: "penguins.csv" }\n```',
    message: () => "This string has no closing quote.",
    hint: 'Close it with `"` on the same line; a quote within is written `\\"`, a line break `\\n`.',
  }),
  NN1004: define<Record<never, never>>({
    severity: "error",
    title: "Comment without an end",
    explanation: "A comment that begins with `/*` goes on to the next `*/`. Comments do not nest.",
    message: () => "This comment has no end.",
    hint: "Close it with `*/`.",
  }),
  NN1005: define<{ text: string; reason: string }>({
    severity: "error",
    title: "Malformed number",
    explanation:
      "A number has digits on both sides of its point (`0.5`, `5.0`), single `_` between digits, and perhaps an exponent (`3e-4`). A size may end in `KB`, `MB` or `GB`. Columns by position are `$1`, `$2`, ….",
    message: ({ text, reason }) => `\`${text}\` is not a number: ${reason}.`,
  }),
  NN1006: define<{ escape: string }>({
    severity: "error",
    title: "Unknown escape in a string",
    explanation:
      'A backslash in a string is followed by `"`, `\\`, `n`, `t`, or `u` and four hexadecimal digits.',
    message: ({ escape }) => `\`${escape}\` is not an escape.`,
    hint: 'The escapes are `\\"`, `\\\\`, `\\n`, `\\t` and `\\u` with four hexadecimal digits; a backslash itself is `\\\\`.',
  }),
  NN1007: define<Record<never, never>>({
    severity: "error",
    title: "Single quotes",
    explanation: 'Strings are written with double quotes: `from: "penguins.csv"`.',
    message: () => "Strings are written with double quotes.",
  }),
  NN1008: define<{ opener: string; closer: string }>({
    severity: "error",
    title: "Missing closing bracket",
    explanation:
      "A `(`, `[` or `{` was opened and the text around it ends before it is closed. The related place shows the one that is still open.",
    message: ({ opener, closer }) => `A \`${closer}\` is missing: \`${opener}\` is still open here.`,
  }),
  NN1009: define<{ closer: string }>({
    severity: "error",
    title: "Closing bracket without an opening one",
    explanation:
      "A `)`, `]` or `}` stands where nothing is open. Often one bracket too many was written before it.",
    message: ({ closer }) => `This \`${closer}\` closes nothing.`,
  }),
  NN1010: define<{ found: string }>({
    severity: "error",
    title: "Missing comma",
    explanation: "Arguments and the items of a list are separated by commas: `dense(10, relu)`.",
    message: ({ found }) => `A comma is missing before ${found}.`,
  }),
  NN1011: define<{ separator: string }>({
    severity: "error",
    title: "Separator that is not needed",
    explanation:
      "Items and settings in braces follow one another without a sign between them. Commas separate only arguments, list items and, if you like, the entries of an object.",
    message: ({ separator }) => `No \`${separator}\` is needed here.`,
    hint: "Leave it out: items are not separated by signs. Arguments are, by `,`.",
  }),
  NN1012: define<{ word: string }>({
    severity: "error",
    title: "Reserved word as a name",
    explanation:
      "`return`, `repeat`, `for`, `in`, `as`, `true` and `false` are never names. Every other word of the language may be one.",
    message: ({ word }) => `\`${word}\` is a reserved word and cannot be a name.`,
  }),
  NN1013: define<{ what: string; written: string; needed: string }>({
    severity: "error",
    title: "`=` and `:` mixed up",
    explanation:
      "`name = value` binds a name to a tensor; `key: value` is a setting, a named argument or an entry of an object:\n\n```nnspec\nmodel M {\n  h = x |> dense(units: 10)\n}\ntrain { epochs: 10 }\n```",
    message: ({ what, written, needed }) => `${what} is written with \`${needed}\`, not with \`${written}\`.`,
  }),
  NN1014: define<{ word: string }>({
    severity: "error",
    title: "Unknown section",
    explanation:
      "A file is made of the sections `import`, `const`, `dim`, `block`, `model`, `train`, `meta`, `data` and `budget`.",
    message: ({ word }) => `\`${word}\` does not begin a section.`,
    hint: "The sections are `import`, `const`, `dim`, `block`, `model`, `train`, `meta`, `data` and `budget`.",
  }),
  NN1015: define<{ stage: string }>({
    severity: "error",
    title: "Not a stage of a pipe",
    explanation:
      "What follows `|>` takes the value on the left, so it is a call, a name, a `repeat`, or a chain in parentheses. `|>` binds weaker than `+` and `*`, so `x |> f + y` has to be written `(x |> f) + y`.",
    message: ({ stage }) => `A value cannot be piped into ${stage}.`,
    hint: "A stage is a call, a name, a `repeat`, or a chain in parentheses.",
  }),
  NN1016: define<Record<never, never>>({
    severity: "error",
    title: "Chained range",
    explanation: "A range has two ends, both of which are in it: `0..4`.",
    message: () => "A range has two ends, not three.",
  }),
  NN1017: define<{ what: string; after: string }>({
    severity: "error",
    title: "Missing expression",
    explanation: "Something has to follow `=`, `:`, `|>`, an operator, `as`, or `return`.",
    message: ({ what, after }) =>
      `${what.charAt(0).toUpperCase()}${what.slice(1)} is missing after ${after}.`,
  }),
  NN1018: define<{ limit: string }>({
    severity: "error",
    title: "Source too long",
    explanation: "A spec may have up to 16,000,000 characters and 2,000,000 words and signs.",
    message: ({ limit }) => `This file is too long to be a spec: more than ${limit}.`,
  }),
  NN1019: define<Record<never, never>>({
    severity: "error",
    title: "Not a text",
    explanation:
      "The file holds NUL characters, which no text does. Perhaps a data file or a checkpoint was given.",
    message: () => "This is not a text: it holds a NUL character.",
    hint: "A spec is a UTF-8 text that ends in `.nnspec`; is this the right file?",
  }),
  NN1031: define<{ mistakes: number }>({
    severity: "error",
    title: "Not a spec",
    explanation:
      "The file has no section, and nothing in it reads like one. Perhaps a data file was given; the spec names it with `from:` in its `data` section.",
    message: ({ mistakes }) => `This is no spec: it has no section, and ${mistakes} mistakes.`,
    hint: "A spec is a text that ends in `.nnspec`; is this the right file?",
  }),
  NN1020: define<{ limit: number }>({
    severity: "error",
    title: "Brackets nested too deeply",
    explanation: "Brackets may be nested 128 deep. Name a part of the expression and use the name.",
    message: ({ limit }) => `Brackets are nested more than ${limit} deep here.`,
    hint: "Give a part of this a name of its own and use the name.",
  }),
  NN1021: define<{ limit: number }>({
    severity: "error",
    title: "Expression too deep",
    explanation:
      "Operators, signs, indices and brackets may be stacked 1,000 deep in one item. Pipes are not counted: they may be of any length.",
    message: ({ limit }) => `This expression is more than ${limit} operations deep.`,
    hint: "Use a list, as in `add([a, b, c])`, or name parts of it.",
  }),
  NN1022: define<{ what: string; where: string; home: string }>({
    severity: "error",
    title: "Declaration in the wrong place",
    explanation:
      "`input` and `task` belong in a `model`; `shared` and `weight` in a `model`, `task` or `block`; `return` in a `block`; sections stand at the top of the file.",
    message: ({ what, where, home }) => `\`${what}\` cannot stand in ${where}: it belongs ${home}.`,
  }),
  NN1023: define<Record<never, never>>({
    severity: "error",
    title: "No conditional operator",
    explanation:
      "There is no `?:`. A `?` only follows the type of a label that may be missing: `label: float?`.",
    message: () => "There is no conditional operator.",
    hint: "`?` only follows the type of a label that may be missing, as in `label: float?`.",
  }),
  NN1024: define<{ more: number }>({
    severity: "error",
    title: "Too many mistakes",
    explanation:
      "Only the first mistakes of a file are shown. Correct those and look again. A file with a thousand items that cannot be read is not read further, so that there may be still more mistakes than are counted.",
    message: ({ more }) => `${more} more mistakes are not shown.`,
  }),
  NN1030: define<{ more: number }>({
    severity: "warning",
    title: "Too many warnings",
    explanation: "Only the first warnings of a file are shown; there are no errors among the others.",
    message: ({ more }) => `${more} more warnings are not shown.`,
  }),
  NN1025: define<Record<never, never>>({
    severity: "error",
    title: "Only a name can be called",
    explanation: "A call is `name(…)`. To apply what a chain makes, use a pipe: `x |> (dense(4) |> relu)`.",
    message: () => "Only a name can be called.",
    hint: "Arguments follow a name directly; a value is given to a function with `|>`.",
  }),
};
