import type { Argument, Call, Literal } from "../../backends/tfjs/call.js";
import { isBatchDimension, isLiterals } from "../../backends/tfjs/call.js";
import { copies, disposals } from "../../backends/tfjs/prepare.js";
import { callOf } from "../../backends/tfjs/table.js";
import { lastOf, pairs, resultOf, typeOf } from "../../tensor/lookup.js";
import { scanSignature } from "../../tensor/ops.js";
import type { Operation, Program } from "../../tensor/program.js";
import { call, list, object, render, type Block, type Doc } from "./layout.js";
import { lineComment, numberLiteral, propertyName, stringLiteral } from "./literals.js";
import { isInnerBody, isInnerLoop, movedName } from "./meta-phases.js";
import { nameValues, type ValueNames } from "./names.js";
import type { Origins } from "./origins.js";
import { phasesOf, type Phase } from "./phases.js";

/**
 * A program as the text of a TfjsProgram: the same calls in the same order as in process. The text is an expression
 * of TypeScript (and of JavaScript) over `kernels`, which the module imports from `nnspec/runtime/tfjs`.
 */
export function printTfjsProgram(program: Program, origins: Origins = new Map()): string {
  const inputs = program.inputs.map(({ name, kind, value }) => {
    const { dtype, shape } = typeOf(program, value);
    const head = `    { name: ${stringLiteral(name)}, kind: "${kind}", dtype: "${dtype}", shape: `;
    const dims = shape.map(literalDoc);
    const made = render(list(dims), "    ", 0);
    return `${head}(${shape.some((d) => typeof d !== "number") ? "B" : ""}) => ${made} },`;
  });
  const outputs = program.outputs.map((o) => `    { name: ${stringLiteral(o.name)}, kind: "${o.kind}" },`);
  const body = printBody(program, { indent: "  ", origins, inputNames: [], commented: true });
  return [
    "{",
    "  inputs: [",
    ...inputs,
    "  ],",
    "  outputs: [",
    ...outputs,
    "  ],",
    `  run: ${body},`,
    "}",
  ].join("\n");
}

interface BodyOptions {
  readonly indent: string;
  readonly origins: Origins;
  /** The names that a body's inputs have outside of it, where they are known. */
  readonly inputNames: readonly (string | undefined)[];
  /** Whether comments tell where operations came from; a loop's body is mostly of one node. */
  readonly commented: boolean;
}

function printBody(program: Program, options: BodyOptions): string {
  const { indent, origins } = options;
  const inner = `${indent}  `;
  const values = nameValues(program, origins, options.inputNames);
  const { names } = values;
  const groups = groupsOf(program);
  const printing = { program, values, origins, states: statesOf(program) };
  const lines: string[] = [];
  groups.forEach((group, i) => {
    if (options.commented)
      for (const each of groupHead(groups, i, origins).map((line) => line && inner + line)) lines.push(each);
    for (const op of group.operations)
      for (const each of operationLines(printing, op, inner)) lines.push(each);
    if (group.dead.length > 0) lines.push(statement("", disposal(group.dead.map((id) => names[id]!)), inner));
  });
  const copied = copies(program);
  const results = program.outputs.map(({ value }, i) =>
    copied[i] === true ? `tf.clone(${names[value.id]})` : names[value.id]!,
  );
  if (lines.length > 0 && options.commented) lines.push("");
  lines.push(statement("return ", list(results), inner));
  const text = lines.join("\n");
  const parameters = [
    "tf",
    /^(?! *\/\/).*\bB\b/m.test(text) ? "B" : "_B",
    ...program.inputs.map((i) => names[i.value.id]!),
  ];
  return `kernels.body(${parameterList(parameters, indent)} => {\n${text}\n${indent}})`;
}

/** The comment above a group: its phase where one begins, and where its operations came from. */
function groupHead(groups: readonly OperationGroup[], i: number, origins: Origins): string[] {
  const { phase, origin } = groups[i]!;
  const phased = groups[0]?.phase !== lastOf(groups).phase;
  const known = origin === undefined || phase === "updates" ? undefined : origins.get(origin);
  return [
    ...(i > 0 ? [""] : []),
    ...(phased && groups[i - 1]?.phase !== phase ? [HEADS[phase]] : []),
    ...(origin === undefined ? [] : [lineComment(known?.text ?? origin)]),
  ];
}

const HEADS: Readonly<Record<Phase, string>> = {
  forward: "// ---- Forward pass and losses ----",
  gradients: "// ---- Gradients ----",
  updates: "// ---- Updates ----",
  "inner forward": "// ---- Inner step: forward pass and losses ----",
  "inner gradients": "// ---- Inner step: gradients ----",
  "inner step": "// ---- Inner step: weights ----",
  "inner loop": "// ---- Inner steps ----",
};

function parameterList(names: readonly string[], indent: string): string {
  return render({ open: "(", items: names, close: ")", fill: true }, indent, indent.length + 20, 5);
}

function disposal(names: readonly string[]): Doc {
  return call("tf.dispose", [list(names)]);
}

function statement(head: string, doc: Doc, indent: string): string {
  return `${indent}${head}${render(doc, indent, indent.length + head.length, 1)};`;
}

/** Operations in a row that came from one node, and what nobody reads after them. */
interface OperationGroup {
  readonly phase: Phase;
  readonly origin: string | undefined;
  readonly operations: Operation[];
  readonly dead: number[];
}

function groupsOf(program: Program): OperationGroup[] {
  const phases = phasesOf(program);
  const groups: OperationGroup[] = [];
  pairs(program.operations, disposals(program)).forEach(([op, dead], i) => {
    const phase = phases.of(i);
    let group = groups.at(-1);
    if (group === undefined || group.phase !== phase || group.origin !== op.origin) {
      group = { phase, origin: op.origin, operations: [], dead: [] };
      groups.push(group);
    }
    group.operations.push(op);
    for (const each of dead) group.dead.push(each);
  });
  return groups;
}

/** What the lines of operations are printed from. */
interface Printing {
  readonly program: Program;
  readonly values: ValueNames;
  readonly origins: Origins;
  /** The inputs that are kept between calls. */
  readonly states: ReadonlySet<number>;
}

function statesOf({ inputs }: Program): ReadonlySet<number> {
  return new Set(inputs.flatMap(({ kind, value }) => (kind === "state" ? [value.id] : [])));
}

function operationLines(printing: Printing, op: Operation, indent: string): string[] {
  const { names, fresh } = printing.values;
  const given = op.inputs.map((v) => names[v.id]!);
  const doc = callDoc(callOf(printing.program, op), given, (body) => bodyDoc(printing, body, op, given));
  const result = names[resultOf(op).id];
  if (op.primitive !== "scan") return [statement(`const ${result} = `, doc, indent)];
  const loop = fresh(isInnerLoop(op) ? "inner_loop" : `${result}_loop`);
  return [
    statement(`const ${loop} = `, doc, indent),
    ...op.outputs.map((v, k) => `${indent}const ${names[v.id]} = kernels.at(${loop}, ${k});`),
  ];
}

/** A loop's body as a function. Its constants keep their outer names; weights that inner steps move are named after theirs. */
function bodyDoc(
  { origins, states }: Printing,
  body: Program,
  op: Operation,
  given: readonly string[],
): Block {
  const constants = scanSignature.attributes(op.attributes).constants;
  const commented = isInnerBody(body);
  const isWeight = (i: number) => states.has(op.inputs[i]!.id);
  const inputNames = given.map((name, i) =>
    i < constants ? name : commented && isWeight(i) ? movedName(name) : undefined,
  );
  return { lines: (indent) => printBody(body, { indent, origins, inputNames, commented }) };
}

/** The call as an expression; the batch is the variable `B`. `bodyDoc` prints a loop's body as a function. */
function callDoc(c: Call, names: readonly string[], bodyDoc: (program: Program) => Doc): Doc {
  const args = c.args.map((a) => argumentDoc(a, names, bodyDoc));
  return call(`${c.target}.${c.name}`, c.target === "kernels" ? ["tf", ...args] : args);
}

function argumentDoc(a: Argument, names: readonly string[], bodyDoc: (program: Program) => Doc): Doc {
  switch (a.kind) {
    case "input":
      return names[a.index]!;
    case "inputs":
      return list(names);
    case "batch":
      return "B";
    case "program":
      return bodyDoc(a.program);
    case "literal":
      return literalDoc(a.value);
  }
}

function literalDoc(value: Literal): Doc {
  if (typeof value === "number") return numberLiteral(value);
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value !== "object") return String(value);
  if (isBatchDimension(value)) {
    const power = value.power === 1 ? "B" : `B ** ${value.power}`;
    return value.coefficient === 1 ? power : `${value.coefficient} * ${power}`;
  }
  if (isLiterals(value)) return list(value.map(literalDoc));
  return object(Object.entries(value).map(([k, v]) => [propertyName(k), literalDoc(v)]));
}
