import { describe, expect, test } from "vitest";
import { boolean, flag, numbers, pair, shape } from "../../src/tensor/attributes.js";
import { createBuilder, ops } from "../../src/tensor/index.js";
import { primitives } from "../../src/tensor/primitives/index.js";
import { signature } from "../../src/tensor/signature.js";

const made = signature("made", 2, { axes: numbers, keep: boolean, quick: flag });

describe("attributes", () => {
  test("are read with their types, what is left out as false", () => {
    expect(made.attributes({ axes: [0, 1], keep: true })).toEqual({ axes: [0, 1], keep: true, quick: false });
  });

  test.each([
    [{ keep: true }, "attribute axes is missing, but must be numbers"],
    [{ axes: [1, "x"], keep: true }, 'attribute axes is [1,"x"], but must be numbers'],
    [{ axes: [], keep: 1 }, "attribute keep is 1, but must be true or false"],
    [{ axes: [], keep: true, quick: 2 }, "attribute quick is 2, but must be true or false"],
  ])("%j: %s", (given, message) => {
    const attributes = given as Parameters<typeof made.attributes>[0];
    expect(() => made.attributes(attributes)).toThrow(message);
  });

  test("a shape has whole sizes, a pair two of at least 1", () => {
    expect(shape([2, { coefficient: 3, power: 1 }], "s")).toEqual([2, { coefficient: 3, power: 1 }]);
    expect(() => shape([2, -1], "s")).toThrow("attribute s is [2,-1], but must be a shape");
    expect(() => pair([1, 0], "p")).toThrow("attribute p is [1,0], but must be 2 whole numbers from 1");
  });
});

test("operands are as many as the primitive takes", () => {
  expect(made.operands(["x", "y"])).toEqual(["x", "y"]);
  expect(() => made.operands(["x"])).toThrow("takes 2 inputs, not 1");
  expect(() => signature("one", 1, {}).operands([1, 2])).toThrow("takes 1 input, not 2");
  expect(() => signature("none", 0, {}).operands([1])).toThrow("takes no inputs, not 1");
  expect(signature("any", "any", {}).operands([1, 2, 3, 4])).toHaveLength(4);
});

test("an operation is read by its own primitive's signature, and by no other", () => {
  const b = createBuilder("p");
  const x = b.argument("x", { dtype: "float", shape: [2, 3] });
  const y = ops.sum(b, x, [1], true);
  b.result("y", y);
  const [operation] = b.build().operations;
  expect(ops.sumSignature.of(operation)).toEqual({
    inputs: [x],
    output: y,
    attributes: { axes: [1], keep: true },
  });
  expect(ops.reverseSignature.of(operation)).toBeUndefined();
  expect(ops.reverseSignature.of(undefined)).toBeUndefined();
});

test.each(Object.entries(primitives))(
  "%s is refused without its operands and attributes",
  (name, primitive) => {
    expect(primitive.signature.name).toBe(name);
    expect(() => primitive.infer([], {})).toThrow(/^takes |^attribute \w+ is missing, but must be /);
  },
);
