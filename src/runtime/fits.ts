import { weightNames } from "./best-weights.js";
import { LAST, type CheckpointContent } from "./checkpoint.js";
import type { ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { fitsFloat32 } from "./float32.js";
import { isKept } from "./kept.js";
import type { Session } from "./session.js";
import { infiniteAt, type HostTensor } from "./tensor.js";
import type { TrainingState } from "./training-state.js";
import { listed } from "./words.js";

function isAlike(a: HostTensor, b: HostTensor): boolean {
  return a.dtype === b.dtype && a.shape.join() === b.shape.join();
}

/** The tensors of a checkpoint that a model takes. */
export interface Fitting {
  readonly taken: readonly (readonly [string, HostTensor])[];
  /** What training would need to go on, and is not there. */
  readonly lacking: readonly string[];
}

/**
 * Looks at all tensors of a checkpoint before any of them is written. Every weight has to be there, finite, with its type and
 * shape, and no tensor may stand for a weight that the model has not. Slots of an optimizer may be those of another train
 * section, which predictions do not need.
 */
export function fitCheckpoint(
  descriptor: ModelDescriptor,
  session: Session,
  { tensors, training, fitted }: CheckpointContent,
): Fitting {
  if (!fitted && isFittedOnce(descriptor, training))
    throw new InputError("the checkpoint has steps of training, and no fitted transforms.");
  const states = session.stateNames().filter(isKept);
  const known = new Set(states);
  const weights = weightNames(descriptor);
  const missing = weights.filter((name) => !tensors.has(name));
  const unknown = [...tensors.keys()].filter((name) => !known.has(name));
  const own = new Set(weights);
  // Names of weights have no `/`, those of slots do; where no epoch was the best one, nothing is kept beside the weights.
  const strange = unknown.filter(
    (name) => !name.includes("/") || (name.startsWith(LAST) && own.has(name.slice(LAST.length))),
  );
  if (missing.length + strange.length > 0) throw new InputError(unlike(missing, strange));
  const taken = [...tensors].filter(([name]) => known.has(name));
  const last = training.last ?? new Map<string, HostTensor>();
  refuseMisfits(session, [...taken, ...last]);
  refuseInfinite(taken);
  const ends = training.best ? weights.filter((name) => !last.has(name)) : [];
  const slots = states.filter((name) => !tensors.has(name));
  return { taken, lacking: [...slots, ...ends.map((name) => `last/${name}`)] };
}

/** The weights that fit, and the names of those that do not or are not there. Throws where one that fits is not finite. */
export function fitWeights(
  descriptor: ModelDescriptor,
  session: Session,
  tensors: CheckpointContent["tensors"],
): {
  readonly taken: readonly (readonly [string, HostTensor])[];
  readonly missing: string[];
  readonly mismatched: string[];
} {
  const taken: [string, HostTensor][] = [];
  const missing: string[] = [];
  const mismatched: string[] = [];
  for (const name of weightNames(descriptor)) {
    const tensor = tensors.get(name);
    if (!tensor) missing.push(name);
    else if (!isAlike(tensor, session.read(name))) mismatched.push(name);
    else taken.push([name, tensor]);
  }
  if (session.precision === "float32") for (const [name, tensor] of taken) refuseTooWide(name, tensor);
  refuseInfinite(taken);
  return { taken, missing, mismatched };
}

function unlike(missing: readonly string[], strange: readonly string[]): string {
  const lacks = missing.length > 0 ? `lacks ${listed(missing)}` : "";
  const holds = strange.length > 0 ? `holds ${listed(strange)}, which the model has not` : "";
  return `the checkpoint ${[lacks, holds].filter((text) => text !== "").join(" and ")}.`;
}

function refuseMisfits(session: Session, tensors: Iterable<readonly [string, HostTensor]>): void {
  for (const [name, tensor] of tensors) {
    const own = session.read(name);
    if (!isAlike(tensor, own))
      throw new InputError(
        `the checkpoint's ${name} is ${textOf(tensor)}, and the model's is ${textOf(own)}.`,
      );
    if (session.precision === "float32") refuseTooWide(name, tensor);
  }
}

/** An engine of 64 bits can write what one of 32 bits cannot hold. */
function refuseTooWide(name: string, { data }: HostTensor): void {
  if (!(data instanceof Float64Array)) return;
  const at = data.findIndex((x) => Number.isFinite(x) && !fitsFloat32(x));
  if (at < 0) return;
  throw new InputError(
    `the checkpoint's ${name} is ${data[at]} at ${at}, which is beyond what 32 bits hold.`,
  );
}

/** Whether a training of this length has fitted transforms and statistics; that of tasks may have had none to fit. */
function isFittedOnce({ inputs, tasks, meta }: ModelDescriptor, { step }: TrainingState): boolean {
  return step > 0 && (!meta || [...inputs, ...tasks].some(({ transforms }) => transforms.length > 0));
}

function textOf({ dtype, shape }: HostTensor): string {
  return `${dtype}[${shape.join(", ")}]`;
}

function refuseInfinite(tensors: Iterable<readonly [string, HostTensor]>): void {
  for (const [name, tensor] of tensors) {
    const at = infiniteAt(tensor);
    if (at === -1) continue;
    throw new InputError(
      `the checkpoint's ${name} is ${tensor.data[at]} at ${at}: the training that wrote it had diverged.`,
    );
  }
}
