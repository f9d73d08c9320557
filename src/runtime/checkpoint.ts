import { own } from "./own.js";
import type { ModelDescriptor } from "./descriptor.js";
import { digestKey, noDigest, refuseBroken, seal } from "./digest.js";
import { InputError } from "./errors.js";
import { fittedIn, fittedJson } from "./fitted.js";
import type { Fitted } from "./pipeline.js";
import { FormatError, readMetadata, readSafetensors, writeSafetensors } from "./safetensors/index.js";
import { isKept } from "./kept.js";
import { progressJson, readProgress } from "./progress.js";
import { entriesIn, textIn } from "./read-json.js";
import type { Session } from "./session.js";
import type { HostTensor } from "./tensor.js";
import { newTrainingState, type TrainingState } from "./training-state.js";
import { readTensors, weightNames } from "./best-weights.js";

const FORMAT = "nnspec-2";
/** Files of before had no digest. */
const UNSEALED = "nnspec-1";
/** Before the names of the weights that training ended with. */
export const LAST = "last/";
/** Marks hashes of a document's meaning; checkpoints without it have hashes of the document's spelling. */
const HASHES = "meaning";

export interface CheckpointContent {
  /** Why the checkpoint is of another model; undefined where it is of this one. */
  readonly stranger: string | undefined;
  readonly tensors: ReadonlyMap<string, HostTensor>;
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
 * The bytes of a checkpoint. Under their own paths are the weights to predict with: the best ones, where validation chooses
 * them; the weights that training resumes from are then under `last/`.
 */
export function writeCheckpoint({
  descriptor,
  session,
  training,
  seed,
  fitted,
  notes,
}: CheckpointRequest): Promise<Uint8Array> {
  const tensors = readTensors(session, session.stateNames().filter(isKept));
  const { best } = training;
  const last = training.last ?? (best ? readTensors(session, weightNames(descriptor)) : []);
  // After the best weights have been put back (`last` is set), the session itself holds them.
  if (best && !training.last) for (const [name, tensor] of best.tensors) tensors.set(name, tensor);
  for (const [name, tensor] of last) tensors.set(LAST + name, tensor);
  const bytes = writeSafetensors(Object.fromEntries(tensors), {
    [digestKey]: noDigest,
    format: FORMAT,
    model: descriptor.name,
    hash: descriptor.hash,
    hashes: HASHES,
    document: descriptor.documentHash,
    seed: String(seed),
    progress: JSON.stringify(progressJson(training)),
    transforms: JSON.stringify(fittedJson(fitted)),
    notes: JSON.stringify(notes),
  });
  return seal(bytes);
}

/** Reads a checkpoint; throws an InputError where it is none of ours, or damaged. */
export async function readCheckpoint(
  descriptor: ModelDescriptor,
  bytes: Uint8Array,
): Promise<CheckpointContent> {
  const { tensors, metadata } = open(bytes, readSafetensors);
  await refuseUnlikeSealed(bytes, metadata);
  const others = { seed: seedIn(metadata), notes: read(metadata, "notes", notesIn) };
  const stranger = strangerTo(descriptor, metadata);
  // Of another model there are weights to take, and nothing that training could go on from.
  if (stranger !== undefined) {
    const plain = new Map(Object.entries(tensors));
    return { stranger, tensors: plain, training: newTrainingState(), fitted: undefined, ...others };
  }
  const whole = own(metadata, "format") === FORMAT;
  const training = read(metadata, "progress", (value) => readProgress(value, descriptor.tasks, whole));
  const fitted = read(metadata, "transforms", (value) => fittedIn(value, descriptor));
  return { stranger, tensors: takeTensors(descriptor, training, tensors), training, fitted, ...others };
}

/** Refuses what no version of ours wrote, and what has changed since where the file can tell. */
async function refuseUnlikeSealed(
  bytes: Uint8Array,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const digest = own(metadata, digestKey);
  const format = own(metadata, "format");
  if (format === UNSEALED && digest === undefined) return;
  if (format !== FORMAT)
    throw new InputError("this safetensors file was not written by nnspec, or by another version of it.");
  await refuseBroken(bytes, digest ?? "");
}

function seedIn(metadata: Readonly<Record<string, string>>): number {
  const text = own(metadata, "seed") ?? "";
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= 2_147_483_647) return seed;
  throw new InputError("the checkpoint's seed cannot be read.");
}

/** The tensors for the session; copies of the best weights, and those under `last/`, go into the training state. */
function takeTensors(
  descriptor: ModelDescriptor,
  training: TrainingState,
  tensors: Readonly<Record<string, HostTensor>>,
): ReadonlyMap<string, HostTensor> {
  const plain = new Map<string, HostTensor>();
  const last = new Map<string, HostTensor>();
  const weights = new Set(weightNames(descriptor));
  for (const [name, tensor] of Object.entries(tensors)) {
    const weight = name.slice(LAST.length);
    // A weight may itself be called `last`, and then its slots are under `last/` too.
    if (training.best && name.startsWith(LAST) && weights.has(weight)) last.set(weight, tensor);
    else plain.set(name, tensor);
  }
  if (training.best) {
    training.best.tensors = new Map([...plain].filter(([name]) => weights.has(name)));
    training.last = last;
  }
  return plain;
}

function notesIn(value: unknown): Record<string, string> {
  return Object.fromEntries(entriesIn(value, textIn));
}

/** Why a checkpoint is not of the model, or nothing. */
function strangerTo(
  { hash, formerHash }: Pick<ModelDescriptor, "hash" | "formerHash">,
  metadata: Readonly<Record<string, string>>,
): string | undefined {
  const former = metadata["hashes"] === undefined;
  if (metadata["hash"] === (former ? formerHash : hash)) return undefined;
  return former
    ? "the checkpoint was written by an earlier version of nnspec, and belongs to another model or to another version of this one"
    : "the checkpoint belongs to another model, or to another version of this one";
}

/** Why a file is no checkpoint of the model with these hashes, or nothing. */
export function strangeness(
  hashes: Pick<ModelDescriptor, "hash" | "formerHash">,
  bytes: Uint8Array,
): string | undefined {
  try {
    const metadata = readMetadata(bytes);
    if (own(metadata, "format")?.startsWith("nnspec-")) return strangerTo(hashes, metadata);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
  return "it is no checkpoint of nnspec";
}

/** The notes of a checkpoint, before there is a model to load it. */
export function readNotes(bytes: Uint8Array): Readonly<Record<string, string>> {
  const metadata = open(bytes, readMetadata);
  // Another program's file is refused by what it lacks besides.
  return own(metadata, "notes") === undefined ? {} : read(metadata, "notes", notesIn);
}

/** Whether a checkpoint can tell that it is whole. */
export function isSealed(bytes: Uint8Array): boolean {
  return own(open(bytes, readMetadata), digestKey) !== undefined;
}

function open<T>(bytes: Uint8Array, readBy: (bytes: Uint8Array) => T): T {
  try {
    return readBy(bytes);
  } catch (error) {
    if (error instanceof FormatError) throw new InputError(`this is no safetensors file: ${error.message}.`);
    throw error;
  }
}

/** Parses one of the checkpoint's JSON texts. */
function read<T>(
  metadata: Readonly<Record<string, string>>,
  key: "progress" | "transforms" | "notes",
  as: (value: unknown) => T,
): T {
  try {
    return as(JSON.parse(own(metadata, key) ?? ""));
  } catch {
    throw new InputError(`the checkpoint's ${key} cannot be read.`);
  }
}
