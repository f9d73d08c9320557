import { createHash } from "node:crypto";

/** A safetensors file in its parts, as a reader of a few lines takes it apart; keys may stand twice, and lie. */
export interface Parts {
  /** The members of the header, in their order. */
  header: [string, unknown][];
  /** The texts of the header, in their order. */
  texts: [string, unknown][];
  data: Uint8Array;
}

const TEXTS = "__metadata__";

export function partsOf(bytes: Uint8Array): Parts {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const all = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const texts = all.find(([name]) => name === TEXTS)?.[1] ?? {};
  return {
    header: all.filter(([name]) => name !== TEXTS),
    texts: Object.entries(texts as Record<string, unknown>),
    data: bytes.slice(8 + length),
  };
}

export function bytesOf({ header, texts, data }: Parts): Uint8Array {
  const object = (members: readonly (readonly [string, string])[]) =>
    `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
  const json = (members: readonly (readonly [string, unknown])[]) =>
    members.map(([name, value]) => [name, JSON.stringify(value) ?? "null"] as const);
  const text = object([[TEXTS, object(json(texts))], ...json(header)]);
  const encoded = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + encoded.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(encoded.length), true);
  bytes.set(encoded, 8);
  bytes.set(data, 8 + encoded.length);
  return bytes;
}

const BLANK = "0".repeat(64);

/** The same with a digest that fits, where there is a place for one. */
export function sealedBytes(parts: Parts): Uint8Array {
  const texts = parts.texts.map(([key, text]): [string, unknown] => [key, key === "sha256" ? BLANK : text]);
  const bytes = bytesOf({ ...parts, texts });
  const before = `"sha256":"`;
  const at = Buffer.from(bytes).indexOf(`${before}${BLANK}"`);
  if (at < 0) return bytes;
  bytes.set(new TextEncoder().encode(digestOf(bytes)), at + before.length);
  return bytes;
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Whether a file is the one that its digest is of; true where it has none. */
export function isWhole(bytes: Uint8Array): boolean {
  const digest = partsOf(bytes).texts.find(([key]) => key === "sha256")?.[1];
  if (typeof digest !== "string") return true;
  const at = Buffer.from(bytes).indexOf(`"sha256":"${digest}"`);
  if (at < 0) return false;
  const blank = bytes.slice();
  blank.set(new TextEncoder().encode(BLANK), at + `"sha256":"`.length);
  return digestOf(blank) === digest;
}

/** A tensor's numbers as an independent reader sees them. */
export function tensorsOf({ header, data }: Parts): Map<string, { type: string; values: number[] }> {
  return new Map(
    header.map(([name, entry]) => {
      const { dtype, shape, data_offsets } = entry as {
        dtype: string;
        shape: number[];
        data_offsets: [number, number];
      };
      const bytes = data.slice(...data_offsets).buffer;
      const values =
        dtype === "F64"
          ? new Float64Array(bytes)
          : dtype === "F32"
            ? new Float32Array(bytes)
            : dtype === "I32"
              ? new Int32Array(bytes)
              : new Uint8Array(bytes);
      const kind = dtype.startsWith("F") ? "float" : dtype;
      return [name, { type: `${kind}[${shape.join()}]`, values: [...values] }];
    }),
  );
}
