import type { HostTensor } from "../tensor.js";
import { elementCount } from "../elements.js";
import { utf8 } from "../host.js";
import { FormatError } from "./format-error.js";
import { elementTypes, metadataKey, type ElementType, type HeaderEntry } from "./types.js";

interface Placed {
  readonly name: string;
  readonly tensor: HostTensor;
  readonly type: ElementType;
}

/**
 * The bytes of a safetensors file. The same tensors and texts give the same bytes, in whatever order they come.
 * Throws a `FormatError` if a tensor's data does not fit its shape, or its name is the one that the format reserves.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, HostTensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const placed = Object.entries(tensors).map(([name, tensor]) => checked(name, tensor));
  // Wide elements first keeps each tensor aligned; names settle the rest.
  placed.sort(
    (a, b) => elementTypes[b.type].bytes - elementTypes[a.type].bytes || (a.name < b.name ? -1 : 1),
  );
  const entries: [string, HeaderEntry][] = [];
  let length = 0;
  for (const { name, tensor, type } of placed) {
    const end = length + tensor.data.length * elementTypes[type].bytes;
    entries.push([name, { dtype: type, shape: tensor.shape, data_offsets: [length, end] }]);
    length = end;
  }
  const header = encodeHeader(entries, metadata);
  const bytes = new Uint8Array(8 + header.length + length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  let at = 8 + header.length;
  for (const { tensor } of placed) {
    const part = elements(tensor);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function checked(name: string, tensor: HostTensor): Placed {
  if (name === metadataKey) throw new FormatError(`a tensor cannot be called ${metadataKey}`);
  const count = elementCount(tensor.shape);
  if (count !== tensor.data.length) {
    const shape = `[${tensor.shape.join(", ")}]`;
    throw new FormatError(
      `tensor ${JSON.stringify(name)} has ${tensor.data.length} elements, not those of ${shape}`,
    );
  }
  const floats = tensor.data instanceof Float64Array ? "F64" : "F32";
  const type = tensor.dtype === "float" ? floats : tensor.dtype === "int" ? "I32" : "BOOL";
  if ((tensor.dtype === "float") === tensor.data instanceof Int32Array) {
    throw new FormatError(`tensor ${JSON.stringify(name)} is ${tensor.dtype} and holds other elements`);
  }
  return { name, tensor, type };
}

function encodeHeader(
  entries: readonly (readonly [string, HeaderEntry])[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  // Written by hand, since an object literal would lose a tensor that is called `__proto__`.
  const members = entries
    .toSorted(byKey)
    .map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
  const texts = Object.entries(metadata).sort(byKey);
  if (texts.length > 0) {
    const inner = texts.map(([key, text]) => `${JSON.stringify(key)}:${JSON.stringify(text)}`);
    members.unshift(`${JSON.stringify(metadataKey)}:{${inner.join(",")}}`);
  }
  const json = utf8(`{${members.join(",")}}`);
  // Spaces up to a multiple of eight, so that the data behind it is aligned.
  const header = new Uint8Array(Math.ceil(json.length / 8) * 8).fill(0x20);
  header.set(json);
  return header;
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

/** Little-endian, as every platform that runs JavaScript is. */
function elements(tensor: HostTensor): Uint8Array {
  const { data } = tensor;
  if (tensor.dtype === "bool") return Uint8Array.from(data, (x) => (x === 0 ? 0 : 1));
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
