import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileAtomic } from "../data/atomic.js";
import { diagnostic } from "../diagnostics/index.js";
import { placeOf } from "../document/places.js";
import { formerModelHash, modelHash } from "../document/hash.js";
import { readNotes, strangeness } from "../runtime/checkpoint.js";
import type { Model } from "../runtime/index.js";
import { orRefuse, readCheckpointFile } from "./model.js";
import { signalCodes } from "./exit.js";
import { print, printError, report } from "./output.js";
import { refuse, type LoadedSpec } from "./spec.js";
import { systemReason } from "./system.js";

/** How often a training keeps a checkpoint, so that a killed one loses little. */
export const SAVE_EVERY_MS = 10_000;

/** A checkpoint that training goes on from. */
export interface Resumed {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly notes: Readonly<Record<string, string>>;
}

/** Reads what `--resume` names, `true` being the checkpoint that is written. */
export async function openResumed(
  { resume }: { readonly resume?: string | boolean },
  checkpoint: string,
): Promise<Resumed | undefined> {
  const path = resume === true ? checkpoint : resume || undefined;
  if (path === undefined) return undefined;
  const bytes = readCheckpointFile(path);
  return { path, bytes, notes: await orRefuse(path, () => readNotes(bytes)) };
}

/** A training that can be asked to end. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** No longer listens. */
  readonly end: () => void;
  /** The exit code, where somebody has asked. */
  readonly code: () => number | undefined;
}

/**
 * Ctrl-C, a `kill` or a terminal that is closed ends a training with what it has come to; a second signal ends the command. A
 * closed terminal does so under `nohup` too: Node takes the signal back that `nohup` has it ignore.
 */
export function interruptible(): Interruption {
  const abort = new AbortController();
  let code: number | undefined;
  const listeners = Object.entries(signalCodes).map(([name, number]) => {
    const listener = () => {
      code ??= number;
      abort.abort();
    };
    process.once(name, listener);
    return { name, listener };
  });
  const end = () => listeners.forEach(({ name, listener }) => void process.removeListener(name, listener));
  return { signal: abort.signal, end, code: () => code };
}

/** Found out before an hour of training, not after it. */
export function assertWritable(path: string): void {
  try {
    if (path === "-") throw new Error("a checkpoint is a file, and no output");
    accessSync(dirname(path), constants.W_OK);
    if (existsSync(path) && statSync(path).isDirectory()) throw new Error("it is a folder");
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
}

/** Another model's training is not lost by a command that did not mean it. */
export function assertOwn({ document }: LoadedSpec, path: string, force: boolean | undefined): void {
  if (force || !existsSync(path) || !statSync(path).isFile()) return;
  const hashes = { hash: modelHash(document), formerHash: formerModelHash(document) };
  const reason = strangeness(hashes, readCheckpointFile(path));
  if (reason !== undefined) refuse("NN6013", path, { path, reason });
}

export function writeCheckpointFile(path: string, bytes: Uint8Array): void {
  try {
    writeFileAtomic(path, bytes);
  } catch (error) {
    refuse("NN6006", path, { path, reason: systemReason(error) });
  }
}

/** A test row must not have been trained on before the training went on. */
export function requireSplit(
  spec: LoadedSpec,
  splitHash: string,
  notes: Readonly<Record<string, string>>,
): void {
  if (notes["split"] === undefined || notes["split"] === splitHash) return;
  report([diagnostic("NN7056", placeOf(spec.places, "/data/split"), {})]);
}

/** Takes what fits of another model's weights, and says what does not. */
export async function takeWeights(
  model: Pick<Model, "loadWeights">,
  file: string,
  json: boolean | undefined,
): Promise<void> {
  const bytes = readCheckpointFile(file);
  const { taken, missing, mismatched } = await orRefuse(file, () => model.loadWeights(bytes));
  const say = json ? printError : print;
  say(`${file}: ${taken.length} weights taken.`);
  if (missing.length > 0) say(`  not there, begun anew: ${missing.join(", ")}`);
  if (mismatched.length > 0) say(`  of another shape, begun anew: ${mismatched.join(", ")}`);
}
