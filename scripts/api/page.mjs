import { docOf, membersOf } from "./declarations.mjs";

/** Where each call's options are declared; the ones that one extends come first. */
const declared = {
  compile: [["compile.ts", "CompileOptions"]],
  create: [["calls.ts", "CreateOptions"]],
  createMeta: [["calls.ts", "CreateOptions"]],
  createModel: [["calls.ts", "CreateOptions"]],
  fit: [
    ["runtime/fit-api.ts", "FitOptions"],
    ["runtime/api.ts", "ModelFitOptions"],
  ],
  partialFit: [["runtime/api.ts", "PartialFitOptions"]],
  metaFit: [["runtime/meta/api.ts", "MetaFitOptions"]],
  validation: [["runtime/meta/api.ts", "MetaValidation"]],
  adapt: [["runtime/meta/api.ts", "AdaptOptions"]],
  metaEvaluate: [
    ["runtime/meta/api.ts", "AdaptOptions"],
    ["runtime/meta/api.ts", "MetaEvaluateOptions"],
  ],
};

/**
 * docs/api.md: what the calls do, from the comments of their types, and what their options take, from the tables that the calls check
 * them by. An option without a comment is a mistake.
 */
export function apiPage(tables) {
  const options = (call) =>
    optionsTable(
      call,
      tables[call],
      declared[call].flatMap((at) => membersOf(...at)),
    );
  return `${[
    "# The calls",
    "Made by `npm run generate:docs` from the types and from the tables by which the calls check their options. A mistake in what a call is given is an `InputError`, whose `argument` and `takes` say which option it is and what that takes.",
    "## From a spec",
    call("compile(source, options?)", docOf("index.ts", "function compile")),
    options("compile"),
    ...membersOf("index.ts", "Compilation").flatMap(({ name, signature, doc }) => [
      call(signature, doc),
      ...(declared[name] ? [options(name)] : []),
    ]),
    "## From a generated module",
    call(
      "createModel(options?)",
      "Starts the module's model. It has those of these options that its target has.",
    ),
    options("createModel"),
    "## A model",
    docOf("runtime/api.ts", "interface Model<"),
    ...calls(membersOf("runtime/api.ts", "Model"), options),
    "### Rows",
    docOf("runtime/api.ts", "type FitData<"),
    "## A model that learns to learn",
    docOf("runtime/meta/api.ts", "interface MetaModel<"),
    ...calls(membersOf("runtime/meta/api.ts", "MetaModel"), options),
    "### metaFit's `validation`",
    docOf("runtime/meta/api.ts", "interface MetaValidation<"),
    options("validation"),
    "### An adapted model",
    docOf("runtime/meta/api.ts", "interface AdaptedModel<"),
    ...calls(membersOf("runtime/meta/api.ts", "AdaptedModel"), () => ""),
  ]
    .filter((part) => part !== "")
    .join("\n\n")}\n`;
}

function calls(members, options) {
  return members.flatMap(({ name, signature, doc }) => [
    call(signature, doc),
    ...(declared[name] ? [options(name)] : []),
  ]);
}

function call(signature, doc) {
  return `### \`${signature.replaceAll(/<T>|T\["(\w+)"\]/g, (_, part) => (part === undefined ? "" : capital(part)))}\`\n\n${doc}`.trimEnd();
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

function optionsTable(name, table, members) {
  const docs = new Map(members.map((member) => [member.name, member.doc]));
  const rows = Object.entries(table).map(([option, { takes }]) => {
    const doc = docs.get(option);
    if (!doc) throw new Error(`the option ${option} of ${name} has no doc comment`);
    return `| \`${option}\` | ${cell(takes)} | ${cell(doc)} |`;
  });
  return ["| option | takes | |", "| --- | --- | --- |", ...rows].join("\n");
}

function cell(text) {
  return text.replaceAll("|", "\\|");
}
