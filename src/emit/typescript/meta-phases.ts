import { names as runtimeNames } from "../../runtime/programs.js";
import { resultOf } from "../../tensor/lookup.js";
import { scanSignature } from "../../tensor/ops.js";
import type { Operation, Program, Value } from "../../tensor/program.js";

export type InnerPhase = "inner forward" | "inner gradients" | "inner step" | "inner loop";

/** A value that is the gradient of the weight at a path. */
export interface Gradient {
  readonly id: number;
  readonly path: string;
}

/** Which operations of a meta-learning program are inner steps. */
export interface InnerSteps {
  /** The phase of the operation at this index, which is before the updates. */
  of(place: number): InnerPhase | "forward" | "gradients";
  /** The path of a weight, if the value is that weight after an inner step. */
  movedOf(id: number): string | undefined;
  /** The path of the weight that a value of an inner step serves to move, if it is just one. */
  targetOf(id: number): string | undefined;
  readonly gradients: readonly Gradient[];
}

/** Whether an operation is a loop of inner steps: its body differentiates a loss of its own. */
export function isInnerLoop(op: Operation): boolean {
  const loop = scanSignature.of(op);
  return loop !== undefined && isInnerBody(loop.attributes.body);
}

export function isInnerBody({ inputs, operations }: Program): boolean {
  const isBody = inputs.every(({ kind }) => kind === "argument") && inputs.some(({ name }) => isCarry(name));
  const adjoint = operations.filter((op) => op.adjoint === true).length;
  return isBody && adjoint > 0 && adjoint < operations.length;
}

/** The carries of a loop of inner steps, each as the value before the loop and the value after it. */
function carried({ inputs, outputs, attributes }: Operation): (readonly [from: Value, to: Value])[] {
  const { constants, carries } = scanSignature.attributes(attributes);
  return outputs.slice(0, carries).map((to, i) => [inputs[constants + i]!, to]);
}

/** Whether a program reads the rows of an episode. */
export function isOfEpisode({ inputs }: Program): boolean {
  return inputs.some(({ kind, name }) => kind === "argument" && /^(support|query)\//.test(name));
}

/** Finds inner steps: operations before `gradientsAt`, where the loss is known, that read gradients. */
export function innerSteps(program: Program, gradientsAt: number): InnerSteps {
  const { operations } = program;
  const steps = stepsOf(program, gradientsAt);
  const moved = movedWeights(program, steps);
  const targets = targetsOf(program, steps, moved);
  const isLoop = (op: Operation) => op.adjoint !== true && isInnerLoop(op);
  const last = operations.findLastIndex((op) => steps.has(op) || isLoop(op));
  const of: InnerSteps["of"] = (place) => {
    const op = operations[place]!;
    if (steps.has(op)) return "inner step";
    if (place <= last && steps.size === 0 && op.origin === undefined) return "inner loop";
    const gradient = op.adjoint === true || (op.origin === undefined && place >= gradientsAt);
    if (place > last) return gradient ? "gradients" : "forward";
    return gradient ? "inner gradients" : "inner forward";
  };
  const targetOf = (id: number) => targets.get(id) ?? undefined;
  return {
    of,
    movedOf: (id) => moved.get(id),
    targetOf,
    gradients: gradientsIn(program, targetOf),
  };
}

/** Operations without a node that read gradients, or results of such operations, and operations that only these use. */
function stepsOf({ operations, outputs }: Program, to: number): ReadonlySet<Operation> {
  const before = operations.slice(0, to);
  const first = before.findIndex((op) => op.adjoint === true);
  if (first < 0) return new Set();
  const own = new Set(before.slice(first).filter((op) => op.adjoint !== true && op.origin === undefined));
  const read = new Set(before.flatMap((op) => (op.adjoint === true ? op.outputs.map(({ id }) => id) : [])));
  const steps = new Set<Operation>();
  for (const op of own) {
    if (!op.inputs.some(({ id }) => read.has(id))) continue;
    steps.add(op);
    for (const { id } of op.outputs) read.add(id);
  }
  const elsewhere = new Set(outputs.map(({ value }) => value.id));
  for (const op of operations) if (!own.has(op)) for (const { id } of op.inputs) elsewhere.add(id);
  for (const op of [...own].reverse()) {
    if (!steps.has(op) && !op.outputs.some(({ id }) => elsewhere.has(id))) steps.add(op);
    if (!steps.has(op)) for (const { id } of op.inputs) elsewhere.add(id);
  }
  operations.forEach((op, i) => {
    if (own.has(op) && op.inputs.length === 0 && steps.has(operations[i - 1]!)) steps.add(op);
  });
  return steps;
}

/** The values that are weights after a step, with the weights' paths. */
function movedWeights(program: Program, steps: ReadonlySet<Operation>): ReadonlyMap<number, string> {
  const paths = new Map(
    program.inputs.flatMap(({ kind, name, value }) =>
      kind === "state" || isCarry(name) ? [[value.id, name] as const] : [],
    ),
  );
  const moved = new Map<number, string>();
  const move = (from: Value, to: Value) => {
    const path = paths.get(from.id);
    if (path === undefined) return;
    paths.set(to.id, path);
    moved.set(to.id, path);
  };
  for (const op of program.operations) {
    const [from, by] = op.inputs;
    if (isInnerLoop(op)) for (const [before, after] of carried(op)) move(before, after);
    // The difference of two weights is a distance, not a moved weight.
    else if (steps.has(op) && op.primitive === "sub" && from && by && !paths.has(by.id))
      move(from, resultOf(op));
  }
  return moved;
}

/** For each value that steps read, the weight that it serves to move; null where there are several. */
function targetsOf(
  program: Program,
  steps: ReadonlySet<Operation>,
  moved: ReadonlyMap<number, string>,
): ReadonlyMap<number, string | null> {
  const targets = new Map<number, string | null>();
  for (const op of program.operations.filter((op) => steps.has(op)).reverse()) {
    const out = resultOf(op).id;
    const target = moved.get(out) ?? targets.get(out);
    if (target === undefined) continue;
    for (const { id } of op.inputs) {
      const before = targets.get(id);
      targets.set(id, before === undefined || before === target ? target : null);
    }
  }
  return targets;
}

/** Whether an input of a loop's body is a carry, by its name. */
function isCarry(name: string): boolean {
  return /^carry\d+$/.test(name);
}

/** The gradients of weights: results of differentiation that serve to move one weight and have its shape. */
function gradientsIn(
  { inputs, operations, types }: Program,
  targetOf: (id: number) => string | undefined,
): Gradient[] {
  const shapeOf = (id: number) => types[id]!.shape.join();
  // Of two inputs of one name the first counts.
  const shapes = new Map([...inputs].reverse().map(({ name, value }) => [name, shapeOf(value.id)]));
  const made = operations.flatMap((op) => (op.adjoint === true ? op.outputs : []));
  return made.flatMap(({ id }) => {
    const path = targetOf(id);
    return path !== undefined && shapes.get(path) === shapeOf(id) ? [{ id, path }] : [];
  });
}

/** What a weight is called once it has moved. */
export function movedName(path: string): string {
  const prefix = runtimeNames.adapted("");
  return path.startsWith(prefix) ? path : prefix + path;
}
