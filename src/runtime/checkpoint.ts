import type { ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import type { Fitted } from "./pipeline.js";
import { FormatError, readSafetensors, writeSafetensors } from "./safetensors/index.js";
import { names } from "./programs.js";
import type { Session } from "./session.js";
import type { HostTensor } from "./tensor.js";
import { newTrainingState, type PartialEpoch, type TrainingState } from "./training-state.js";
import { readTensors, weightNames } from "./best-weights.js";

const VERSION = "1";
const LAST = "last/";
/** What the hash is of: the meaning of the model document. Checkpoints without this have one of its spelling. */
const HASHES = "meaning";

/** What a checkpoint holds beside tensors. */
interface Progress {
  readonly step: number;
  readonly epoch: number;
  /** The next three are not in those of earlier versions. */
  readonly start?: TrainingState["start"];
  readonly rate?: TrainingState["rate"];
  readonly references?: Readonly<Record<string, number>>;
  readonly wait: number;
  readonly stopped: boolean;
  readonly best: { readonly value: number; readonly at: number } | null;
  readonly partial: PartialEpoch | null;
}

export interface CheckpointContent {
  /** Why it is not of this model; undefined where it is. */
  readonly stranger: string | undefined;
  readonly tensors: Readonly<Record<string, HostTensor>>;
  readonly training: TrainingState;
  readonly seed: number;
  /** Undefined where the model was never fitted. */
  readonly fitted: Fitted | undefined;
  /** Texts that the caller keeps with it, such as a hash of the split. */
  readonly notes: Readonly<Record<string, string>>;
}

/** What a checkpoint is made of. */
interface CheckpointRequest extends Pick<CheckpointContent, "training" | "seed" | "fitted" | "notes"> {
  readonly descriptor: ModelDescriptor;
  readonly session: Session;
}

/**
 * The bytes of a checkpoint. Weights under their own paths are those to predict with: the best ones, where validation
 * chooses them; what training goes on from then stands under `last/`.
 */
export function writeCheckpoint({
  descriptor,
  session,
  training,
  seed,
  fitted,
  notes,
}: CheckpointRequest): Uint8Array {
  // What a task has made of the weights is no part of the model.
  const kept = session.stateNames().filter((name) => !name.startsWith(names.adapted("")));
  const tensors = new Map(Object.entries(readTensors(session, kept)));
  const { best } = training;
  const last = training.last ?? (best ? readTensors(session, weightNames(descriptor)) : {});
  // Once the best weights have been put back, the session holds them.
  if (best && !training.last)
    for (const [name, tensor] of Object.entries(best.tensors)) tensors.set(name, tensor);
  for (const [name, tensor] of Object.entries(last)) tensors.set(LAST + name, tensor);
  const progress: Progress = {
    step: training.step,
    epoch: training.epoch,
    start: training.start,
    rate: training.rate,
    wait: training.wait,
    references: training.references,
    stopped: training.stopped,
    best: best ? { value: best.value, at: best.at } : null,
    partial: training.partial ?? null,
  };
  return writeSafetensors(Object.fromEntries(tensors), {
    format: `nnspec-${VERSION}`,
    model: descriptor.name,
    hash: descriptor.hash,
    hashes: HASHES,
    document: descriptor.documentHash,
    seed: String(seed),
    progress: JSON.stringify(progress),
    transforms: JSON.stringify(fitted ?? null),
    notes: JSON.stringify(notes),
  });
}

/** Reads a checkpoint; throws an InputError where it is none of ours. */
export function readCheckpoint(descriptor: ModelDescriptor, bytes: Uint8Array): CheckpointContent {
  const { tensors, metadata } = open(bytes);
  if (metadata["format"] !== `nnspec-${VERSION}`) {
    throw new InputError("this safetensors file was not written by nnspec, or by another version of it.");
  }
  const progress = json<Progress>(metadata, "progress");
  const training = newTrainingState();
  training.step = progress.step;
  training.epoch = progress.epoch;
  training.start = progress.start ?? training.start;
  training.rate = progress.rate ?? training.rate;
  training.wait = progress.wait;
  training.references = { ...progress.references };
  training.stopped = progress.stopped;
  training.partial = progress.partial ?? undefined;
  const plain: [string, HostTensor][] = [];
  const last: [string, HostTensor][] = [];
  const weights = new Set(weightNames(descriptor));
  for (const [name, tensor] of Object.entries(tensors)) {
    const weight = name.slice(LAST.length);
    // A weight may be called `last`: its slots are under `last/` as well.
    if (name.startsWith(LAST) && weights.has(weight)) last.push([weight, tensor]);
    else plain.push([name, tensor]);
  }
  const content = Object.fromEntries(plain);
  if (progress.best) {
    training.best = {
      ...progress.best,
      tensors: Object.fromEntries(plain.filter(([name]) => weights.has(name))),
    };
    training.last = Object.fromEntries(last);
  }
  return {
    stranger: strangerTo(descriptor, metadata),
    tensors: content,
    training,
    seed: Number(metadata["seed"] ?? 0),
    fitted: json<Fitted | null>(metadata, "transforms") ?? undefined,
    notes: json<Record<string, string>>(metadata, "notes"),
  };
}

/** Why a checkpoint is not of the model, or nothing. */
function strangerTo(
  descriptor: ModelDescriptor,
  metadata: Readonly<Record<string, string>>,
): string | undefined {
  const former = metadata["hashes"] === undefined;
  const { hash, formerHash } = descriptor;
  if (metadata["hash"] === (former ? formerHash : hash)) return undefined;
  return former
    ? "the checkpoint was written by an earlier version of nnspec, and belongs to another model or to another version of this one"
    : "the checkpoint belongs to another model, or to another version of this one";
}

/** The notes of a checkpoint, before there is a model to load it. */
export function readNotes(bytes: Uint8Array): Readonly<Record<string, string>> {
  return json<Record<string, string> | null>(open(bytes).metadata, "notes") ?? {};
}

function open(bytes: Uint8Array) {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    if (error instanceof FormatError) throw new InputError(`this is no safetensors file: ${error.message}.`);
    throw error;
  }
}

function json<T>(metadata: Readonly<Record<string, string>>, key: string): T {
  try {
    return JSON.parse(metadata[key] ?? "null") as T;
  } catch {
    throw new InputError(`the checkpoint's ${key} cannot be read.`);
  }
}
