import { expect, test } from "vitest";
import { randomBits, randomUniform, threefry } from "../../src/runtime/random.js";

// Random123's kat_vectors, threefry 2 32 20: counter, key, words.
test.each([
  [
    [0, 0],
    [0, 0],
    [0x6b200159, 0x99ba4efe],
  ],
  [
    [0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x1cb996fc, 0xbb002be7],
  ],
  [
    [0x243f6a88, 0x85a308d3],
    [0x13198a2e, 0x03707344],
    [0xc4923a9c, 0x483df7a0],
  ],
])("threefry %j under %j", ([c0, c1], [k0, k1], words) => {
  const out = new Uint32Array(2);
  threefry([k0!, k1!], c0!, c1!, out);
  expect([...out]).toEqual(words);
});

test("a stream's block i has the counter (i, step), and the key (seed, stream)", () => {
  const out = new Uint32Array(2);
  threefry([7, 9], 2, 5, out);
  const bits = randomBits(7, 9, 5, 7);
  expect([bits[4], bits[5]]).toEqual([...out]);
  threefry([7, 9], 3, 5, out);
  expect(bits[6]).toBe(out[0]);
});

test("uniform draws are the upper 24 bits", () => {
  // 0x6b200159 >>> 8 = 0x6b2001, 0x99ba4efe >>> 8 = 0x99ba4e
  expect([...randomUniform(0, 0, 0, 2)]).toEqual([0x6b2001 / 2 ** 24, 0x99ba4e / 2 ** 24]);
});
