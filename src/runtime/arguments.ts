import type { ModelFitOptions, PartialFitOptions } from "./api.js";
import type { ModelDescriptor } from "./descriptor.js";
import { InputError } from "./errors.js";
import { fitsFloat32 } from "./float32.js";
import { isObject, shown } from "./words.js";

/** What an option of a call takes, in words and as a test. */
export interface Taking {
  readonly takes: string;
  readonly is: (value: unknown) => boolean;
}

export type OptionsTaken<T> = { readonly [Name in keyof T]-?: Taking };

export function whole(least: number): Taking {
  return {
    takes: `a whole number of at least ${least}`,
    is: (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= least,
  };
}

export const flag: Taking = { takes: "true or false", is: (value) => typeof value === "boolean" };
export const callback: Taking = { takes: "a function", is: (value) => typeof value === "function" };
const rows: Taking = { takes: "rows as `fit` takes them", is: isObject };
export const signal: Taking = {
  takes: "an AbortSignal",
  is: (value) => isObject(value) && "aborted" in value && "addEventListener" in value,
};
const batch: Taking = {
  takes: "a whole number of at least 1, or `full`",
  is: (value) => value === "full" || whole(1).is(value),
};
const rate: Taking = {
  takes: "a number of at least 0",
  is: (value) => typeof value === "number" && value >= 0 && fitsFloat32(value),
};
/** As in a spec. */
export const seed: Taking = {
  takes: "a whole number from 0 to 2147483647",
  is: (value) => whole(0).is(value) && Number(value) <= 2_147_483_647,
};

export const text: Taking = { takes: "a string", is: (value) => typeof value === "string" };

/** What starting a model takes, from a spec or as a module. */
export const startOptions = { seed, threads: whole(1), backend: text };

/** The options of the calls of every model, by their names. */
export const optionsOf = {
  fit: {
    epochs: whole(0),
    batch,
    rows: whole(1),
    signal,
    onStep: callback,
    onEpochEnd: callback,
    resume: flag,
    refit: flag,
    validation: rows,
  } satisfies OptionsTaken<ModelFitOptions>,
  partialFit: { lr: rate } satisfies OptionsTaken<PartialFitOptions>,
};

/** Throws an InputError, which names the option and what it takes, where one is of another kind or there is no such. */
export function checkOptions(call: string, taken: Readonly<Record<string, Taking>>, options: unknown): void {
  const known = new Map(Object.entries(taken));
  const names = [...known.keys()].join(", ");
  if (!isObject(options) || Array.isArray(options)) {
    const takes = `an object with some of ${names}`;
    throw new InputError(`the options of ${call} are ${takes}, not ${shown(options)}.`, {
      argument: "options",
      takes,
    });
  }
  for (const [name, value] of Object.entries(options)) {
    const option = known.get(name);
    if (option === undefined)
      throw new InputError(`${call} has no option \`${name.slice(0, 100)}\`; it has ${names}.`, {
        argument: name,
      });
    if (value !== undefined) checkArgument(call, name, option, value);
  }
}

/** Throws an InputError, which names the argument and what it takes, where a value is of another kind. */
export function checkArgument(call: string, name: string, { takes, is }: Taking, value: unknown): void {
  if (!is(value))
    throw new InputError(`${call}: \`${name}\` is ${takes}, not ${shown(value)}.`, { argument: name, takes });
}

/** Throws an InputError where the options of a module's `createModel` are not some of those that it has. */
export function checkStart(options: unknown, ...names: readonly (keyof typeof startOptions)[]): void {
  checkOptions("createModel", Object.fromEntries(names.map((name) => [name, startOptions[name]])), options);
}

/** The seed that was given, or the spec's. Throws an InputError where it is none. */
export function seedOf(
  { train }: ModelDescriptor,
  { seed: given = train.seed }: { readonly seed?: number },
): number {
  checkArgument("createModel", "seed", seed, given);
  return given;
}

/** The bytes of a file, however a host gives them. */
export function bytesOf(call: string, value: unknown): Uint8Array<ArrayBufferLike> {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  // One of another realm, such as a frame's, is none of ours.
  if (isBuffer(value)) return new Uint8Array(value);
  throw new InputError(
    `${call} takes the bytes of a checkpoint, as a Uint8Array or an ArrayBuffer, not ${shown(value)}.`,
  );
}

function isBuffer(value: unknown): value is ArrayBufferLike {
  return /^\[object (Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}

/** Texts that are kept with a checkpoint. */
export function checkNotes(notes: unknown): void {
  if (
    isObject(notes) &&
    !Array.isArray(notes) &&
    Object.values(notes).every((text) => typeof text === "string")
  )
    return;
  throw new InputError(
    `save takes notes that are texts by their names, such as { by: "me" }, not ${shown(notes)}.`,
  );
}
