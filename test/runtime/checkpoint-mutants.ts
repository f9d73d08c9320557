import type { Random } from "../fuzz/random.js";
import { documentMutant } from "../front/document-mutants.js";
import { bytesOf, partsOf, sealedBytes, type Parts } from "./checkpoint-file.js";

const strangers: readonly unknown[] = [
  null, true, -1, 0, 0.5, 1, 7, 1e300, 2 ** 53, "", "x", "F64", "F32", "I32", "BOOL", "F16", [], {}, [0], [-1], [2 ** 31, 2 ** 31],
  [0, 0], [[1]], [1, 1, 1, 1], ["1"], "NaN", "1e999", "-3", "0x10", "null", "{}", "[]", "nnspec-1", "nnspec-3",
]; // prettier-ignore

/** Another number, list or text that is near to one. */
function near(value: unknown, random: Random): unknown {
  if (typeof value === "number") return value + random.pick([-8, -4, -1, 1, 4, 8, 1e9]);
  if (typeof value === "string") return random.pick([`${value} `, value.slice(1), value.toUpperCase()]);
  if (!Array.isArray(value) || value.length === 0) return random.pick(strangers);
  const list: unknown[] = [...(value as unknown[])];
  const at = random.int(0, list.length - 1);
  switch (random.int(0, 3)) {
    case 0:
      return list.toReversed();
    case 1:
      return [...list, 1];
    case 2:
      return [list.reduce((a, b) => Number(a) * Number(b))];
    default:
      list[at] = near(list[at], random);
      return list;
  }
}

/** Not so where an earlier change has put something else there. */
function isJson(text: unknown): text is string {
  if (typeof text !== "string") return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where a tensor lies, as far as that is told. */
function offsetsOf(entry: unknown): number[] | undefined {
  if (typeof entry !== "object" || entry === null || !("data_offsets" in entry)) return undefined;
  const { data_offsets: offsets } = entry;
  return Array.isArray(offsets) ? (offsets as number[]) : undefined;
}

type Change = (parts: Parts, random: Random, other: Parts) => void;

function anyOf<T>(list: T[], random: Random): T | undefined {
  return list.length === 0 ? undefined : random.pick(list);
}

/** What somebody who keeps the digest right can do to a file. */
const changes: readonly Change[] = [
  // Lies about a tensor.
  ({ header }, random) => {
    const entry = anyOf(header, random);
    const described = entry?.[1];
    if (typeof described !== "object" || described === null) return;
    const key = random.pick(["dtype", "shape", "data_offsets"]);
    const changed = { ...described } as Record<string, unknown>;
    if (random.chance(0.15)) delete changed[key];
    else changed[key] = random.chance(0.5) ? near(changed[key], random) : random.pick(strangers);
    entry![1] = changed;
  },
  ({ header }, random) => {
    if (random.chance(0.5)) header.splice(random.int(0, header.length - 1), 1);
    else anyOf(header, random)![1] = random.pick(strangers);
  },
  // Two tensors under each other's names, or at each other's places.
  ({ header }, random) => {
    const [a, b] = [anyOf(header, random), anyOf(header, random)];
    if (!a || !b) return;
    const at = random.int(0, 1) as 0 | 1;
    const kept = a[at];
    (a as unknown[])[at] = b[at];
    (b as unknown[])[at] = kept;
  },
  ({ header }, random) => {
    const entry = anyOf(header, random);
    if (!entry) return;
    const prefix = random.pick(["last/", "", "x.", "best/"]);
    entry[0] = random.pick([
      `${prefix}${entry[0]}`,
      `${entry[0]}x`,
      entry[0].replace(/^last\//, ""),
      "__proto__",
      "",
      "constructor",
    ]);
  },
  // A name twice.
  ({ header, texts }, random) => {
    const list = random.chance(0.5) ? header : texts;
    const entry = anyOf<[string, unknown]>(list, random);
    if (entry) list.push([entry[0], random.chance(0.5) ? entry[1] : random.pick(strangers)]);
  },
  // Bytes, taken away with what is said of them.
  (parts, random) => {
    const entry = anyOf(parts.header, random);
    if (!entry) return;
    const [begin = 0, end = 0] = offsetsOf(entry[1]) ?? [];
    parts.header = parts.header.filter((one) => one !== entry);
    const size = end - begin;
    const data = [...parts.data];
    data.splice(begin, size);
    parts.data = Uint8Array.from(data);
    for (const [, described] of parts.header) {
      const offsets = offsetsOf(described);
      if (offsets && offsets[0]! >= end) offsets.forEach((at, i) => (offsets[i] = at - size));
    }
  },
  ({ data }, random) => {
    if (data.length < 8) return;
    const at = random.int(0, data.length - 8) & ~3;
    const view = new DataView(data.buffer, data.byteOffset);
    if (random.chance(0.3)) view.setFloat64(at, random.pick([NaN, Infinity, 1e300, -0]), true);
    else if (random.chance(0.5)) view.setFloat32(at, random.pick([NaN, -Infinity, 1e-45, 3e38]), true);
    else view.setInt32(at, random.pick([-1, 2 ** 31 - 1, 0, 0x7fc00000]), true);
  },
  (parts, random) => {
    parts.data = random.chance(0.5)
      ? parts.data.slice(0, random.int(0, parts.data.length))
      : Uint8Array.from([...parts.data, ...Array.from({ length: random.int(1, 9) }, () => 0)]);
  },
  // The JSON texts: progress, transforms, notes.
  ({ texts }, random) => {
    const json = texts.filter(([key]) => ["progress", "transforms", "notes"].includes(key));
    const entry = anyOf(json, random);
    if (entry && isJson(entry[1])) entry[1] = documentMutant(entry[1], random);
  },
  ({ texts }, random) => {
    const entry = anyOf(texts, random);
    if (entry) entry[1] = random.chance(0.3) ? near(entry[1], random) : random.pick(strangers);
  },
  ({ texts }, random) => {
    if (random.chance(0.7)) texts.splice(random.int(0, texts.length - 1), 1);
    else anyOf(texts, random)![0] = random.pick(["x", "sha256", "format", "__proto__", "hash"]);
  },
  // Another model's texts or tensors.
  (parts, random, other) => {
    const key = random.pick(["progress", "transforms", "notes", "seed", "hash"]);
    const entry = parts.texts.find(([name]) => name === key);
    const theirs = other.texts.find(([name]) => name === key);
    if (entry && theirs && random.chance(0.6)) entry[1] = theirs[1];
    else Object.assign(parts, { header: other.header, data: other.data });
  },
];

export interface Mutant {
  readonly bytes: Uint8Array;
  readonly how: string;
}

/** A mutant of a checkpoint, which a seed determines; `other` is another model's. */
export function checkpointMutant(original: Uint8Array, other: Uint8Array, random: Random): Mutant {
  const kind = random.int(0, 9);
  if (kind === 0) return { bytes: flipped(original, random), how: "bits" };
  if (kind === 1) return { bytes: cut(original, random), how: "cut" };
  const parts = structuredClone(partsOf(original));
  const theirs = structuredClone(partsOf(other));
  const which: number[] = [];
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left--) {
    which.push(random.int(0, changes.length - 1));
    changes[which.at(-1)!]!(parts, random, theirs);
  }
  // A file of the first format has no digest.
  if (random.chance(0.1)) {
    parts.texts = parts.texts.filter(([key]) => key !== "sha256");
    for (const text of parts.texts) if (text[0] === "format") text[1] = "nnspec-1";
  }
  const how = `change ${which.join(", ")}`;
  return random.chance(0.95)
    ? { bytes: sealedBytes(parts), how }
    : { bytes: bytesOf(parts), how: `${how}, with the digest of before` };
}

function flipped(original: Uint8Array, random: Random): Uint8Array {
  const bytes = original.slice();
  for (let left = random.pick([1, 1, 2, 8]); left > 0; left--)
    bytes[random.chance(0.1) ? random.int(0, 7) : random.int(0, bytes.length - 1)]! ^= 1 << random.int(0, 7);
  return bytes;
}

function cut(original: Uint8Array, random: Random): Uint8Array {
  const from = random.int(0, original.length);
  if (random.chance(0.6)) return original.slice(0, from);
  const to = random.int(from, original.length);
  return Uint8Array.from([...original.slice(0, from), ...original.slice(to)]);
}
