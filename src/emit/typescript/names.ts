import { callOf } from "../../backends/tfjs/table.js";
import { names as runtimeNames } from "../../runtime/programs.js";
import { showShape } from "../../tensor/dimension.js";
import { resultOf, typeOf } from "../../tensor/lookup.js";
import { constantSignature } from "../../tensor/ops.js";
import type { Operation, Program, Value } from "../../tensor/program.js";
import { isInnerLoop, movedName } from "./meta-phases.js";
import type { Origins } from "./origins.js";
import { phasesOf, type Phases } from "./phases.js";

/** Names that no variable gets: words of the language, and other names that a program's body uses. */
const RESERVED = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export " +
    "extends false finally for function if implements import in instanceof interface let new null package " +
    "private protected public return static super switch this throw true try typeof undefined var void while " +
    "with yield Infinity NaN tf B _B kernels inputs"
  ).split(" "),
);

const ARGUMENT = runtimeNames.input("");

/** Gives names that no two values share. */
export class Namer {
  private readonly taken: Set<string>;
  private readonly counts = new Map<string, number>();

  /** `more` are further names that are taken. */
  constructor(more: readonly string[] = []) {
    this.taken = new Set([...RESERVED, ...more]);
  }

  fresh(text: string): string {
    const base = identifier(text);
    let name = base;
    let count = this.counts.get(base) ?? 1;
    while (this.taken.has(name)) name = `${base}_${++count}`;
    this.counts.set(base, count);
    this.taken.add(name);
    return name;
  }

  isFree(text: string): boolean {
    return !this.taken.has(identifier(text));
  }
}

/** Any text as a name: what may not stand in one becomes `_`. */
function identifier(text: string): string {
  const name = text.replaceAll(/[^A-Za-z0-9_]+/g, "_").slice(0, 80);
  return /^[0-9]/.test(name) || name === "" ? `_${name}` : name;
}

export interface ValueNames {
  /** By a value's id. */
  readonly names: readonly string[];
  /** A further name that is none of these. */
  readonly fresh: (text: string) => string;
}

/**
 * Gives each value, by its id, a variable name. Inputs and outputs keep their names; values in between are named after their
 * node (its last operation gets the bare name), and those of an update after the state that is updated.
 */
export function nameValues(
  program: Program,
  origins: Origins,
  inputNames: readonly (string | undefined)[] = [],
): ValueNames {
  const namer = new Namer();
  const phases = phasesOf(program);
  const names = Array.from<string | undefined>({ length: program.types.length });
  const give = (id: number, text: string) => {
    names[id] ??= namer.fresh(text);
  };
  const called = new Map(program.inputs.map(({ name }, i) => [name, inputNames[i] ?? name]));
  const nameOf = (path: string) => called.get(path) ?? path;
  for (const [id, text] of namesOfInputs(program, inputNames)) give(id, text);
  for (const output of program.outputs) {
    const name = nameOf(output.name);
    give(output.value.id, namer.isFree(name) ? name : `new_${name}`);
  }
  for (const { id } of program.operations.flatMap(({ outputs }) => outputs)) {
    const path = phases.movedOf(id);
    if (path !== undefined) give(id, movedName(nameOf(path)));
  }
  for (const { id, path } of phases.gradients) give(id, `d_${nameOf(path)}`);
  for (const [id, origin] of valuesOfNodes(program, phases, origins)) give(id, origin);
  const inputsById = new Map(program.inputs.map(({ name, value }) => [value.id, name]));
  const inputNamed = (v: Value | undefined) => v && inputsById.get(v.id);
  program.operations.forEach((op, i) => {
    const text = describe({ program, phases, nameOf, inputNamed }, op, i);
    for (const { id } of op.outputs) give(id, text);
  });
  return { names: names.map((name) => name ?? ""), fresh: (text) => namer.fresh(text) };
}

/** The inputs' names; those of inputs that nothing reads begin with a `_`. */
function namesOfInputs(
  program: Program,
  inputNames: readonly (string | undefined)[],
): (readonly [id: number, text: string])[] {
  const used = usedInputs(program);
  return program.inputs.map(({ name, value: { id } }, i) => {
    const text = inputNames[i] ?? (name.startsWith(ARGUMENT) ? name.slice(ARGUMENT.length) : name);
    return [id, used.has(id) ? text : `_${text}`];
  });
}

function usedInputs(program: Program): Set<number> {
  const used = new Set(program.outputs.map((o) => o.value.id));
  for (const op of program.operations) for (const v of op.inputs) used.add(v.id);
  return used;
}

/** For each node the value of its last operation in the forward pass, with the node's id. */
function valuesOfNodes(
  program: Program,
  phases: Phases,
  origins: Origins,
): (readonly [id: number, origin: string])[] {
  const last = new Map<string, Operation>();
  program.operations.forEach((op, i) => {
    if (phases.of(i).endsWith("forward") && op.origin !== undefined) last.set(op.origin, op);
  });
  // Where a loss works on logits, a node's last remaining operation may give another value than the node's, of another shape.
  return [...last].flatMap(([origin, op]) => {
    const wanted = origins.get(origin)?.shape;
    const { id } = resultOf(op);
    const right = wanted === undefined || wanted === showShape(typeOf(program, { id }).shape);
    return right && op.outputs.length === 1 && op.primitive !== "constant" ? [[id, origin] as const] : [];
  });
}

interface Describing {
  readonly program: Program;
  readonly phases: Phases;
  readonly nameOf: (path: string) => string;
  /** The name of the input that a value is, if it is one. */
  readonly inputNamed: (v: Value | undefined) => string | undefined;
}

function describe({ program, phases, nameOf, inputNamed }: Describing, op: Operation, i: number): string {
  const what = op.primitive === "constant" ? constantName(op) : callOf(program, op).name;
  if (op.primitive === "constant" && what !== undefined) return what;
  const verb = what ?? "constant";
  switch (phases.of(i)) {
    case "forward":
    case "inner forward": {
      const from = op.origin ?? inputNamed(op.inputs[0]);
      return from === undefined ? verb : `${from}_${verb}`;
    }
    case "gradients":
    case "inner gradients":
      return op.origin === undefined ? `d_${verb}` : `d_${op.origin}_${verb}`;
    case "updates":
    case "inner step": {
      const target = phases.targetOf(resultOf(op).id);
      return target === undefined ? verb : `${nameOf(target)}_${verb}`;
    }
    case "inner loop":
      return isInnerLoop(op) ? "inner_steps" : verb;
  }
}

/** A scalar is called by its value: `zero`, `c0_9`. */
function constantName({ attributes }: Operation): string | undefined {
  const { data, dtype } = constantSignature.attributes(attributes);
  const [value] = data;
  if (value === undefined || data.length > 1) return undefined;
  if (dtype === "bool") return value === 0 ? "no" : "yes";
  const digits = String(Number(value.toPrecision(6)))
    .replace("+", "")
    .replaceAll("-", "minus_")
    .replaceAll(".", "_");
  if (dtype === "int") return `int_${digits}`;
  return value === 0 ? "zero" : value === 1 ? "one" : `c${digits}`;
}
