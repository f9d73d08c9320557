import { names as runtimeNames } from "../../runtime/programs.js";
import type { Program } from "../../tensor/program.js";
import { typeOf } from "../../tensor/lookup.js";
import { innerSteps, isInnerBody, isOfEpisode, type Gradient, type InnerPhase } from "./meta-phases.js";

export type Phase = "forward" | "gradients" | "updates" | InnerPhase;

/** The phases of a program (forward pass, gradients, updates), as told from its inputs and outputs. */
export interface Phases {
  /** The phase of the operation at this index. */
  of(place: number): Phase;
  /** The one state that an update's value goes into (`a.kernel` where it is for several of its slots), if it is one. */
  targetOf(id: number): string | undefined;
  /** The path of a weight, if the value is that weight after an inner step. */
  movedOf(id: number): string | undefined;
  /** The gradients of weights, as the updates and inner steps take them. */
  readonly gradients: readonly Gradient[];
}

const LOSS = runtimeNames.loss("");
/** Inputs that only updates read: the schedule's clock. Slots of optimizers are such too (see `firstUpdate`). */
const CLOCK = new Set<string>([
  runtimeNames.totalSteps,
  runtimeNames.epoch,
  runtimeNames.scheduleStep,
  runtimeNames.scheduleEpoch,
  runtimeNames.lr,
]);

export function phasesOf(program: Program): Phases {
  const weightOf = weightNames(program);
  const episode = isOfEpisode(program) || isInnerBody(program);
  const lossAt = lastLoss(program);
  // Programs that adapt a model or keep a support give no loss, and all of their operations belong before one.
  const gradientsAt = episode && lossAt < 0 ? program.operations.length : lossAt + 1;
  const updatesAt = firstUpdate(program, gradientsAt, weightOf);
  const targets = targetsOf(program, updatesAt, weightOf);
  const targetOf = (id: number): string | undefined => targets.get(id) ?? undefined;
  const between = { from: gradientsAt, to: updatesAt };
  const gradients = gradientsOf(program, between, targetOf, weightOf);
  if (episode) {
    const inner = innerSteps(program, gradientsAt);
    return {
      of: (place) => (place >= updatesAt ? "updates" : inner.of(place)),
      targetOf: (id) => targetOf(id) ?? inner.targetOf(id),
      movedOf: inner.movedOf,
      gradients: [...inner.gradients, ...gradients],
    };
  }
  return {
    of: (place) => (place >= updatesAt ? "updates" : place >= gradientsAt ? "gradients" : "forward"),
    targetOf,
    movedOf: () => undefined,
    gradients,
  };
}

type WeightOf = (state: string) => string;

/** The weight that a state is a slot of (`a.kernel/m`); a state that is no slot is its own. */
function weightNames(program: Program): WeightOf {
  const states = new Set(
    [...program.inputs, ...program.outputs].filter((x) => x.kind === "state").map((x) => x.name),
  );
  return (state) => {
    const parent = state.slice(0, Math.max(0, state.lastIndexOf("/")));
    return states.has(parent) ? parent : state;
  };
}

/** The index of the last operation that gives a loss; the number of operations where nothing is trained. */
function lastLoss(program: Program): number {
  const updates = program.outputs.some((o) => o.kind === "state");
  if (!updates) return program.operations.length;
  const losses = new Set(program.outputs.filter((o) => o.name.startsWith(LOSS)).map((o) => o.value.id));
  return program.operations.findLastIndex((op) => op.outputs.some((v) => losses.has(v.id)));
}

/** Updates begin where a slot or the clock is read, or with the constants just before. */
function firstUpdate(program: Program, from: number, weightOf: WeightOf): number {
  if (from === 0) return 0;
  const read = new Set(
    program.inputs.flatMap(({ kind, name, value }) =>
      (kind === "state" ? weightOf(name) !== name : CLOCK.has(name)) ? [value.id] : [],
    ),
  );
  let place = program.operations.findIndex((op, i) => i >= from && op.inputs.some((v) => read.has(v.id)));
  if (place < 0) return program.operations.length;
  while (place > from && program.operations[place - 1]!.inputs.length === 0) place--;
  return place;
}

/** For each value of the updates the state that it goes into; null where these are states of several weights. */
function targetsOf(program: Program, from: number, weightOf: WeightOf): Map<number, string | null> {
  const targets = new Map<number, string | null>();
  const add = (id: number, target: string | null): void => {
    const before = targets.get(id);
    targets.set(id, before === undefined ? target : common(before, target, weightOf));
  };
  for (const { kind, name, value } of program.outputs) if (kind === "state") add(value.id, name);
  for (let i = program.operations.length - 1; i >= from; i--) {
    const op = program.operations[i]!;
    for (const out of op.outputs) {
      const target = targets.get(out.id);
      if (target !== undefined) for (const v of op.inputs) add(v.id, target);
    }
  }
  return targets;
}

function common(a: string | null, b: string | null, weightOf: WeightOf): string | null {
  if (a === b || a === null || b === null) return a === b ? a : null;
  return weightOf(a) === weightOf(b) ? weightOf(a) : null;
}

/** The gradients of weights: values computed before the updates that go into one weight's update and have its shape. */
function gradientsOf(
  program: Program,
  { from, to }: { readonly from: number; readonly to: number },
  targetOf: (id: number) => string | undefined,
  weightOf: WeightOf,
): { id: number; path: string }[] {
  const shapes = new Map(
    program.inputs.flatMap(({ kind, name, value }) =>
      kind === "state" ? [[name, typeOf(program, value).shape.join()] as const] : [],
    ),
  );
  return program.operations.slice(from, to).flatMap((op) =>
    op.outputs.flatMap(({ id }) => {
      const target = targetOf(id);
      if (target === undefined || op.inputs.length === 0) return [];
      const path = weightOf(target);
      return shapes.get(path) === typeOf(program, { id }).shape.join() ? [{ id, path }] : [];
    }),
  );
}
