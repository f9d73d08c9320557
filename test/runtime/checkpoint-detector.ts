import { isDeepStrictEqual } from "node:util";
import { isSealed, readNotes, strangeness } from "../../src/runtime/checkpoint.js";
import { InputError, type ModelDescriptor } from "../../src/runtime/index.js";
import { isWhole, partsOf, tensorsOf, type Parts } from "./checkpoint-file.js";

/** A model that checkpoints are loaded into; a test plants faults in it. */
export interface Target {
  readonly descriptor: Pick<ModelDescriptor, "hash" | "formerHash">;
  load(bytes: Uint8Array): Promise<Readonly<Record<string, string>>>;
  loadWeights(bytes: Uint8Array): Promise<unknown>;
  save(notes?: Readonly<Record<string, string>>): Promise<Uint8Array>;
  /** Makes it what it was before a case. */
  reset(): Promise<unknown>;
  /** Writes a weight by hand. */
  setWeight(path: string, data: readonly number[]): Promise<void>;
  /** Goes on with training from what was loaded. */
  resume(): Promise<unknown>;
}

export interface Finding {
  readonly what: "throws" | "changed by a refusal" | "silent";
  readonly detail: string;
}

export interface Verdict {
  readonly accepted: boolean;
  readonly found: readonly Finding[];
}

/** Runs what may refuse a file: whether it did not, and what it threw where that is no refusal. */
async function attempt(work: () => unknown): Promise<{ done: boolean; thrown?: string }> {
  try {
    await work();
    return { done: true };
  } catch (error) {
    if (error instanceof InputError) return { done: false };
    return { done: false, thrown: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** What is wrong with how a changed checkpoint is taken. The model is as `before` again after it. */
export async function inspectLoad(
  target: Target,
  before: Uint8Array,
  original: Uint8Array,
  changed: Uint8Array,
): Promise<Verdict> {
  const found: Finding[] = [];
  const say = (what: Finding["what"], detail: string) => void found.push({ what, detail });
  for (const read of [readNotes, isSealed, (bytes: Uint8Array) => strangeness(target.descriptor, bytes)]) {
    const { thrown } = await attempt(() => read(changed));
    if (thrown !== undefined) say("throws", thrown);
  }
  let notes: Readonly<Record<string, string>> = {};
  const loading = await attempt(async () => (notes = await target.load(changed)));
  if (loading.thrown !== undefined) say("throws", loading.thrown);
  if (!loading.done) {
    if (!same(await target.save(), before)) say("changed by a refusal", "");
    const weights = await attempt(() => target.loadWeights(changed));
    if (weights.thrown !== undefined) say("throws", weights.thrown);
  } else if (!same(changed, original)) {
    for (const detail of await differences(target, await target.save(notes), original, changed))
      say("silent", detail);
  }
  if (!same(await target.save(), before)) await target.reset();
  return { accepted: loading.done, found };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** How what was restored is another thing than the file says. */
async function differences(
  target: Target,
  restored: Uint8Array,
  original: Uint8Array,
  changed: Uint8Array,
): Promise<string[]> {
  if (!isWhole(changed)) return ["the digest is of another file"];
  const [said, kept] = [partsOf(changed), partsOf(restored)];
  const found = [...textDifferences(said, kept)];
  const [saidTensors, keptTensors] = [tensorsOf(said), tensorsOf(kept)];
  const own = tensorsOf(partsOf(original));
  let lacks = false;
  for (const [name, tensor] of keptTensors) {
    const told = saidTensors.get(name);
    if (!told) lacks = true;
    else if (
      !isDeepStrictEqual(
        { ...told, values: told.values.map(Math.fround) },
        { ...tensor, values: tensor.values.map(Math.fround) },
      )
    )
      found.push(`${name} is another one`);
  }
  // What another optimizer keeps is not taken; a weight is.
  for (const name of saidTensors.keys())
    if (!keptTensors.has(name) && (own.has(name) || !name.includes("/"))) found.push(`${name} was dropped`);
  const going = await attempt(() => target.resume());
  if (going.thrown !== undefined) found.push(`resuming throws: ${going.thrown}`);
  if (lacks && going.done) found.push("training goes on although something is missing");
  return found;
}

/** What files of the first format may lack of the progress, and then begins anew. */
const EARLIER = {
  start: { step: 0, epoch: 0 },
  rate: { step: 0, epoch: 0, totalSteps: 1 },
  references: {},
  partial: null,
};

function textDifferences(said: Parts, kept: Parts): string[] {
  const of = ({ texts }: Parts, key: string) =>
    texts.filter(([name]) => name === key).map(([, text]) => text);
  const earlier = of(said, "format")[0] === "nnspec-1" ? EARLIER : {};
  const value = (texts: readonly unknown[], key: string): unknown => {
    if (texts.length !== 1) return texts;
    if (key === "seed") return Number(texts[0]);
    const json: unknown = JSON.parse(String(texts[0]));
    return key === "progress" ? { ...earlier, ...Object(json) } : json;
  };
  return ["seed", "progress", "transforms", "notes"].flatMap((key) =>
    isDeepStrictEqual(value(of(said, key), key), value(of(kept, key), key))
      ? []
      : [`${key}: ${String(of(said, key)[0])}`],
  );
}
