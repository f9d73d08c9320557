import { define } from "../define.js";

/** NN2xxx: names, types and options. */
export const nameCodes = {
  NN2001: define<{ name: string; what: string }>({
    severity: "error",
    title: "Unknown name",
    explanation:
      "A name is used that nothing declares. Names are case-sensitive. A model sees constants, dimensions, blocks, imports and its own declarations; a task sees the model's, its own, and `OTHER.output` of the tasks above it.",
    message: ({ name, what }) => `There is no ${what} called \`${name}\`.`,
  }),
  NN2002: define<{ name: string; first: string }>({
    severity: "error",
    title: "Name declared twice",
    explanation:
      "A visible name of the spec cannot be declared again, since a reader could not tell which one is meant. Library names can: yours wins.",
    message: ({ name, first }) => `\`${name}\` is already declared as ${first}.`,
    hint: "Choose another name for one of them.",
  }),
  NN2003: define<{ name: string; own?: boolean }>({
    severity: "error",
    title: "Name used before its declaration",
    explanation: "Names are declared before they are used, so a spec reads from top to bottom.",
    message: ({ name, own }) =>
      own === true
        ? `\`${name}\` is used in its own declaration.`
        : `\`${name}\` is used here, but declared further down.`,
    hint: "Move the declaration above this line.",
  }),
  NN2004: define<{ name: string }>({
    severity: "error",
    title: "Unknown layer",
    explanation: "What is called is neither a layer of the library nor a block or shared name of the spec.",
    message: ({ name }) => `There is no layer or block called \`${name}\`.`,
  }),
  NN2005: define<{ option: string; owner: string }>({
    severity: "error",
    title: "Unknown option",
    explanation: "Nothing is ever ignored: an option that a thing does not have is an error.",
    message: ({ option, owner }) => `\`${owner}\` has no option \`${option}\`.`,
  }),
  NN2006: define<{ option: string; owner: string; reason: string }>({
    severity: "error",
    title: "Option value not allowed",
    explanation: "The value of an option has the wrong type or lies outside its range.",
    message: ({ option, owner, reason }) => `\`${option}\` of \`${owner}\` ${reason}.`,
  }),
  NN2007: define<{ option: string; owner: string }>({
    severity: "error",
    title: "Missing argument",
    explanation: "An argument without a default must be given.",
    message: ({ option, owner }) => `\`${owner}\` needs \`${option}\`.`,
  }),
  NN2008: define<{ owner: string; reason: string }>({
    severity: "error",
    title: "Arguments do not fit",
    explanation: "Too many arguments, or one argument given twice.",
    message: ({ owner, reason }) => `\`${owner}\` ${reason}.`,
  }),
  NN2009: define<{ what: string }>({
    severity: "error",
    title: "A function where a tensor is wanted",
    explanation:
      "`dense(8)` without a tensor is a function that still waits for one. Apply it with a pipe, `x |> dense(8)`, or as `dense(x, 8)`.",
    message: ({ what }) => `${what} is a function that waits for a tensor, but a tensor is wanted here.`,
  }),
  NN2010: define<{ what: string }>({
    severity: "error",
    title: "A value where a function is wanted",
    explanation:
      "What stands behind `|>`, in `repeat` and after `shared NAME =` is a function: a layer, a block, a shared name or a chain of these.",
    message: ({ what }) => `${what} is a value, but a function is wanted here.`,
  }),
  NN2011: define<{ name: string }>({
    severity: "error",
    title: "A binding that holds a function",
    explanation:
      "A binding is a tensor. One set of weights for several places is `shared NAME = …`; a template whose every use makes fresh weights is a `block`.",
    message: ({ name }) => `\`${name}\` would be a function, and a binding holds a tensor.`,
  }),
  NN2012: define<{ cycle: string }>({
    severity: "error",
    title: "Recursive block",
    explanation: "Blocks are expanded when the spec is compiled, so one that uses itself would never end.",
    message: ({ cycle }) => `Blocks cannot use themselves: ${cycle}.`,
    hint: "`repeat n { … }` chains copies of a function.",
  }),
  NN2013: define<{ cycle: string }>({
    severity: "error",
    title: "Import cycle",
    explanation: "Files cannot import each other in a circle.",
    message: ({ cycle }) => `These files import each other: ${cycle}.`,
    hint: "Move what both need into a third file.",
  }),
  NN2014: define<{ path: string; reason: string }>({
    severity: "error",
    title: "Import not found",
    explanation: "Paths are relative to the file that imports. The standard library begins with `std/`.",
    message: ({ path, reason }) => `Cannot import "${path}": ${reason}.`,
  }),
  NN2015: define<{ name: string; path: string }>({
    severity: "error",
    title: "Imported name not declared there",
    explanation:
      "An import names blocks, constants or dimensions that the other file declares at its top level.",
    message: ({ name, path }) => `"${path}" declares no \`${name}\`.`,
  }),
  // NN2016 is retired: it named blocks of the standard library that were still to come.
  NN2017: define<{ reason: string }>({
    severity: "error",
    title: "Wrong kind of value",
    explanation: "An expression got a value of a kind that it cannot work with.",
    message: ({ reason }) => `${reason}.`,
  }),
  NN2018: define<{ index: string; length: number }>({
    severity: "error",
    title: "Index outside the list",
    explanation: "Indices count from 0, and from the end below it: -1 is the last item.",
    message: ({ index, length }) =>
      length === 0
        ? `Index ${index} is outside the list, which is empty.`
        : `Index ${index} is outside the list of ${length}.`,
    hint: "The first item has index 0, the last -1.",
  }),
  NN2019: define<{ reason: string }>({
    severity: "error",
    title: "Sections do not fit",
    explanation:
      "A spec has one `model`, at most one `data`, `meta` and `budget`, and any number of named `train NAME { … }`.",
    message: ({ reason }) => `${reason}.`,
  }),
  NN2020: define<{ kind: string; name: string }>({
    severity: "error",
    title: "Unknown library name",
    explanation:
      "The library has no activation, loss, metric, optimizer, schedule, initializer or the like of this name.",
    message: ({ kind, name }) => `There is no ${kind} called \`${name}\`.`,
  }),
  NN2021: define<{ key: string; section: string }>({
    severity: "error",
    title: "Unknown setting",
    explanation: "Nothing is ever ignored: a key that a section does not have is an error.",
    message: ({ key, section }) =>
      `${section.charAt(0).toUpperCase()}${section.slice(1)} has no setting \`${key}\`.`,
  }),
  NN2022: define<{ key: string; section: string }>({
    severity: "error",
    title: "Missing setting",
    explanation: "A setting without a default must be given.",
    message: ({ key, section }) => `${section.charAt(0).toUpperCase()}${section.slice(1)} needs \`${key}\`.`,
  }),
  NN2023: define<{ path: string }>({
    severity: "error",
    title: "Two weights of one path",
    explanation: "Every weight has a path of its own. `as NAME` pins a name for a layer.",
    message: ({ path }) => `Two weights would be called \`${path}\`.`,
    hint: "Give one of them another name with `as NAME`.",
  }),
  NN2024: define<{ reason: string }>({
    severity: "error",
    title: "Too many layers",
    explanation:
      "Blocks, `repeat` and comprehensions are expanded when the spec is compiled; the expansion is bounded, and so is holding patterns of many train sections against many weights.",
    message: ({ reason }) => `${reason}.`,
    hint: "Look for a block or a list that uses another one several times, level upon level.",
  }),
  NN2025: define<{ name: string }>({
    severity: "error",
    title: "Unknown type",
    explanation:
      "Types of inputs and labels are `float`, `int`, `binary` and `category(…)`; block parameters are `tensor`, `tensors`, `int`, `float`, `bool`, `string`, `activation` and `layer`.",
    message: ({ name }) => `There is no type \`${name}\` here.`,
  }),
  NN2026: define<{ reason: string }>({
    severity: "error",
    title: "Type not well formed",
    explanation:
      'For example `float[28, 28, 1]`, `category(5000)[20]`, `category("a", "b")`, `binary("no", "yes")?`.',
    message: ({ reason }) => `${reason}.`,
  }),
  NN2027: define<{ name: string }>({
    severity: "error",
    title: "Block without a result",
    explanation: "A block returns a tensor or a list of tensors with its last statement: `return x + h`.",
    message: ({ name }) => `Block \`${name}\` returns nothing.`,
    hint: "End it with `return …`.",
  }),
  NN2028: define<{ problem: string } & ({ pointer: string } | { line: number })>({
    severity: "error",
    title: "Model document not valid",
    explanation:
      "A JSON model document is checked against grammar/model.schema.json and against the library's own rules.",
    message: ({ problem, ...at }) =>
      `${problem} (at ${"line" in at ? `line ${at.line}` : at.pointer === "" ? "the top" : at.pointer}).`,
  }),
  NN2029: define<{ name: string }>({
    severity: "error",
    title: "Name that cannot be used",
    explanation: "JavaScript gives `__proto__` a meaning that no generated code can do without.",
    message: ({ name }) => `\`${name}\` cannot be a name.`,
    hint: "Choose another one.",
  }),
  NN2030: define<{ path: string }>({
    severity: "error",
    title: "No weight of that path",
    explanation:
      "A layer is tied to a weight by its path, from the model's top; a layer further up must have made it. `nnc summary` lists the paths.",
    message: ({ path }) => `No layer above has a weight \`${path}\`.`,
  }),
  NN2031: define<{ name: string }>({
    severity: "error",
    title: "Item after `return`",
    explanation: "A block ends with its `return`: what stands below it is in no use of the block.",
    message: ({ name }) => `Block \`${name}\` ends with the \`return\` above, and this is never used.`,
    hint: "Move it above the `return`, or take it out.",
  }),
  NN2032: define<{ unit: string }>({
    severity: "error",
    title: "Unit of bytes where no bytes are",
    explanation:
      "`KB`, `MB` and `GB` are sizes in bytes. The one thing that is measured in bytes is a budget's `weights`:\n\n```nnspec\nbudget { weights <= 400 KB }\n```",
    message: ({ unit }) => `\`${unit}\` counts bytes, and this is no number of bytes.`,
    hint: "Only a budget has one: `weights <= 400 KB`. Write the number without a unit.",
  }),
  NN2033: define<{ name: string }>({
    severity: "warning",
    title: "`as` that names nothing",
    explanation:
      "`as NAME` names a layer, a block or a chain of them in the paths of their weights: `dense(3) as head`. An input, a binding, an item of a list and what a shared name makes have their names already.",
    message: ({ name }) => `\`as ${name}\` names nothing: no layer is made here.`,
    hint: "Leave it out; `name = …` gives a tensor another name.",
  }),
};
