import { textOfUtf8 } from "../host.js";
import { scanJson } from "../json-scan.js";
import type { HostTensor } from "../tensor.js";
import { FormatError } from "./format-error.js";
import { elementTypes, metadataKey, type ElementType, type HeaderEntry } from "./types.js";

/** What a safetensors file holds. All names are properties of their own, so `__proto__` is a name like any other. */
export interface SafetensorsContent {
  readonly tensors: Record<string, HostTensor>;
  readonly metadata: Record<string, string>;
}

/** As much as the format's own library accepts. */
const longestHeader = 100_000_000;

/** Reads a file and copies its tensors out of it. Throws a `FormatError` if the bytes contradict themselves. */
export function readSafetensors(bytes: Uint8Array): SafetensorsContent {
  const headerLength = readHeaderLength(bytes);
  const header = parseHeader(bytes.subarray(8, 8 + headerLength));
  const data = bytes.subarray(8 + headerLength);
  const metadata = metadataOf(header);
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, entry]): [string, HeaderEntry] => [name, checkEntry(name, entry, data.length)]);
  checkCoverage(entries, data.length);
  const tensors = entries.map(([name, entry]): [string, HostTensor] => {
    const [begin, end] = entry.data_offsets;
    return [name, toTensor(entry, new Uint8Array(data.subarray(begin, end)))];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

/** The texts of a file, without a look at its tensors. Throws a `FormatError` where its header is none. */
export function readMetadata(bytes: Uint8Array): Record<string, string> {
  return metadataOf(parseHeader(bytes.subarray(8, 8 + readHeaderLength(bytes))));
}

function metadataOf(header: Record<string, unknown>): Record<string, string> {
  return Object.hasOwn(header, metadataKey) ? checkMetadata(header[metadataKey]) : {};
}

function readHeaderLength(bytes: Uint8Array): number {
  if (bytes.length < 8) throw new FormatError(`too short for a safetensors file: ${bytes.length} bytes`);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > BigInt(longestHeader))
    throw new FormatError("not a safetensors file, or its header is too long");
  if (length > BigInt(bytes.length - 8)) throw new FormatError("the file ends within its header");
  return Number(length);
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  const { keys, depth } = scanJson(bytes);
  let header: unknown;
  try {
    header = JSON.parse(textOfUtf8(bytes));
  } catch {
    throw new FormatError("the header is not JSON");
  }
  if (!isObject(header)) throw new FormatError("the header is not a JSON object");
  if (depth > 3) throw new FormatError("the header is nested too deep");
  const members = Object.values(header).reduce(
    (sum: number, m) => sum + (isObject(m) ? Object.keys(m).length : 0),
    0,
  );
  // Of a key that stands twice, parsing keeps the last without a word.
  if (Object.keys(header).length + members !== keys) throw new FormatError("the header has a key twice");
  return header;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function checkMetadata(value: unknown): Record<string, string> {
  if (!isObject(value)) throw new FormatError(`${metadataKey} is not an object`);
  const texts = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== "string") throw new FormatError(`${metadataKey}.${shown(key)} is not a string`);
    return [key, text];
  });
  return Object.fromEntries(texts);
}

function checkEntry(name: string, value: unknown, available: number): HeaderEntry {
  const what = `tensor ${shown(name)}`;
  if (!isObject(value)) throw new FormatError(`${what} has no description`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isElementType(dtype)) {
    const known = Object.keys(elementTypes).join(", ");
    throw new FormatError(`${what} has elements of type ${shown(dtype)}; ${known} can be read`);
  }
  if (!isCounts(shape)) throw new FormatError(`${what} has a shape that is not a list of counts`);
  const [begin, end] = isCounts(offsets) && offsets.length === 2 ? offsets : [];
  if (begin === undefined || end === undefined) throw new FormatError(`${what} has no valid data_offsets`);
  if (begin > end || end > available) throw new FormatError(`${what} lies outside the file`);
  const size = shape.reduce((a, b) => a * b, elementTypes[dtype].bytes);
  if (size !== end - begin) {
    throw new FormatError(`${what} of shape [${shape.join(", ")}] takes ${size} bytes, not ${end - begin}`);
  }
  return { dtype, shape, data_offsets: [begin, end] };
}

function isElementType(value: unknown): value is ElementType {
  return typeof value === "string" && Object.hasOwn(elementTypes, value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 32 && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/** Throws unless the tensors cover the data without overlap or gap, which a correct writer never leaves. */
function checkCoverage(entries: readonly (readonly [string, HeaderEntry])[], length: number): void {
  const sorted = entries.toSorted(([, a], [, b]) => {
    return a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1];
  });
  let end = 0;
  for (const [name, { data_offsets: offsets }] of sorted) {
    if (offsets[0] < end) throw new FormatError(`tensor ${shown(name)} overlaps another one`);
    if (offsets[0] > end) throw new FormatError(`nothing is said of the bytes before tensor ${shown(name)}`);
    end = offsets[1];
  }
  if (end !== length) throw new FormatError(`${length - end} bytes follow the last tensor`);
}

/** `bytes` is a copy, and so is aligned for any element type. */
function toTensor({ dtype, shape }: HeaderEntry, bytes: Uint8Array): HostTensor {
  switch (dtype) {
    case "F64":
      return { shape, dtype: "float", data: new Float64Array(bytes.buffer) };
    case "F32":
      return { shape, dtype: "float", data: new Float32Array(bytes.buffer) };
    case "I32":
      return { shape, dtype: "int", data: new Int32Array(bytes.buffer) };
    case "BOOL":
      return { shape, dtype: "bool", data: Int32Array.from(bytes, (x) => (x === 0 ? 0 : 1)) };
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
