import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormatError, readSafetensors, writeSafetensors } from "../../src/runtime/safetensors/index.js";
import type { HostTensor } from "../../src/runtime/tensor.js";

const float = (...values: number[]): HostTensor => ({
  shape: [values.length],
  dtype: "float",
  data: Float32Array.from(values),
});

function file(header: unknown, data: number): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

test("what is written is read again", () => {
  const tensors: Record<string, HostTensor> = {
    "b.kernel": { shape: [2, 3], dtype: "float", data: Float32Array.of(1, -2, 3.5, NaN, Infinity, -0) },
    "a.mean": { shape: [], dtype: "float", data: Float64Array.of(Math.PI) },
    step: { shape: [2], dtype: "int", data: Int32Array.of(-7, 2 ** 31 - 1) },
    mask: { shape: [3], dtype: "bool", data: Int32Array.of(1, 0, 1) },
    none: { shape: [0, 4], dtype: "float", data: new Float32Array() },
  };
  const { tensors: back, metadata } = readSafetensors(
    writeSafetensors(tensors, { note: "ünï\n", seed: "7" }),
  );
  expect({ ...back }).toEqual(tensors);
  expect({ ...metadata }).toEqual({ note: "ünï\n", seed: "7" });
});

test("bytes do not depend on the order of the names, and data is aligned", () => {
  const a = float(1, 2, 3);
  const b: HostTensor = { shape: [1], dtype: "float", data: Float64Array.of(4) };
  const first = writeSafetensors({ a, b }, { x: "1", y: "2" });
  expect(writeSafetensors({ b, a }, { y: "2", x: "1" })).toEqual(first);
  expect(Number(new DataView(first.buffer).getBigUint64(0, true)) % 8).toBe(0);
});

test("a view into a larger buffer is written and read as itself", () => {
  const data = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
  const bytes = writeSafetensors({ v: { shape: [2], dtype: "float", data } }, {});
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect([...readSafetensors(shifted.subarray(3)).tensors["v"]!.data]).toEqual([1, 2]);
});

test("any name is only a name", () => {
  const names = ["__proto__", "constructor", "toString", "", '"', "ключ"];
  const tensors = Object.fromEntries(names.map((name, i) => [name, float(i)]));
  Object.defineProperty(tensors, "__proto__", { value: float(0), enumerable: true });
  const metadata = JSON.parse('{"__proto__": "text"}') as Record<string, string>;
  const back = readSafetensors(writeSafetensors(tensors, metadata));
  expect(Object.keys(back.tensors).toSorted()).toEqual(names.toSorted());
  expect([...back.tensors["__proto__"]!.data]).toEqual([0]);
  expect(Object.entries(back.metadata)).toEqual([["__proto__", "text"]]);
  expect(({} as Record<string, unknown>)["text"]).toBeUndefined();
});

test("a key that stands twice, and brackets of any depth are refused", () => {
  const entry = '{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}';
  expect(readSafetensors(file(`{"a":${entry}}`, 1)).tensors["a"]!.data).toEqual(Int32Array.of(0));
  expect(() => readSafetensors(file(`{"a":${entry},"a":${entry}}`, 1))).toThrow("the header has a key twice");
  expect(() => readSafetensors(file(`{"__metadata__":{"x":":","x":"2"},"a":${entry}}`, 1))).toThrow(
    "the header has a key twice",
  );
  const deep = `{"a":{"dtype":${"[".repeat(50_000)}${"]".repeat(50_000)}}}`;
  expect(() => readSafetensors(file(deep, 0))).toThrow(FormatError);
});

describe("refused when written", () => {
  test.each([
    [
      "data that does not fit the shape",
      { a: { ...float(1, 2), shape: [3] } },
      /2 elements, not those of \[3\]/,
    ],
    ["the reserved name", { __metadata__: float(1) }, /cannot be called __metadata__/],
    [
      "elements of another type",
      { a: { ...float(1), dtype: "int" as const } },
      /is int and holds other elements/,
    ],
  ])("%s", (_, tensors, message) => {
    expect(() => writeSafetensors(tensors, {})).toThrow(FormatError);
    expect(() => writeSafetensors(tensors, {})).toThrow(message);
  });
});

describe("refused when read", () => {
  const entry = (dtype: string, shape: unknown, offsets: unknown): unknown => ({
    dtype,
    shape,
    data_offsets: offsets,
  });
  const huge = new Uint8Array(16);
  new DataView(huge.buffer).setBigUint64(0, 2n ** 63n, true);
  const beyond = new Uint8Array(16);
  new DataView(beyond.buffer).setBigUint64(0, 1000n, true);
  test.each([
    ["nothing", new Uint8Array(), /too short/],
    ["a header of 2⁶³ bytes", huge, /header is too long/],
    ["a header longer than the file", beyond, /ends within its header/],
    ["a header that is not JSON", file("{nope", 0), /not JSON/],
    ["a header that is a list", file([], 0), /not a JSON object/],
    ["metadata that is no text", file({ __metadata__: { a: 1 } }, 0), /is not a string/],
    ["a tensor without description", file({ a: 3 }, 0), /no description/],
    [
      "an unknown element type",
      file({ a: entry("BF16", [1], [0, 2]) }, 2),
      /type "BF16"; F64, F32, I32, BOOL/,
    ],
    ["a negative size", file({ a: entry("F32", [-1], [0, 4]) }, 4), /not a list of counts/],
    ["a broken size", file({ a: entry("F32", [1.5], [0, 6]) }, 6), /not a list of counts/],
    ["a product of sizes that overflows", file({ a: entry("F32", [2 ** 40, 2 ** 40], [0, 4]) }, 4), /takes/],
    ["three offsets", file({ a: entry("F32", [1], [0, 4, 8]) }, 8), /data_offsets/],
    ["offsets in the wrong order", file({ a: entry("F32", [1], [4, 0]) }, 4), /outside the file/],
    ["offsets past the end", file({ a: entry("F32", [1], [0, 4]) }, 3), /outside the file/],
    ["a size that does not fit", file({ a: entry("F32", [2], [0, 4]) }, 4), /takes 8 bytes, not 4/],
    [
      "the same bytes twice",
      file({ a: entry("F32", [1], [0, 4]), b: entry("F32", [1], [0, 4]) }, 4),
      /overlaps/,
    ],
    ["a gap", file({ a: entry("F32", [1], [4, 8]) }, 8), /before tensor "a"/],
    ["bytes left over", file({ a: entry("F32", [1], [0, 4]) }, 8), /4 bytes follow/],
  ])("%s", (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(FormatError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });

  test("random bytes and damaged files give a FormatError or a content, never anything else", () => {
    const good = writeSafetensors({ a: float(1, 2), b: float(3) }, { k: "v" });
    const attempt = (bytes: Uint8Array): void => {
      try {
        readSafetensors(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), attempt));
    fc.assert(
      fc.property(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 }), (at, value) => {
        const bytes = good.slice();
        bytes[at] = value;
        attempt(bytes);
        attempt(good.slice(0, at));
      }),
    );
  });
});
