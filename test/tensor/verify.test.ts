import { describe, expect, test } from "vitest";
import { B, createBuilder, ops, verify, type Operation, type Program } from "../../src/tensor/index.js";

function fine(): Program {
  const b = createBuilder("fine");
  const x = b.argument("x", { dtype: "float", shape: [B, 3] });
  const w = b.state("w", { dtype: "float", shape: [3, 2] });
  const y = b.withOrigin("layer", () => ops.matmul(b, x, w));
  b.result("y", ops.tanh(b, y));
  b.update("w", ops.mul(b, w, 0.5));
  return b.build();
}

const program = fine();
const [first, second] = program.operations as [Operation, Operation];
const rest = program.operations.slice(1);

test("a built program is well formed", () => {
  expect(() => verify(program)).not.toThrow();
});

describe("refuses", () => {
  const swap = (op: Operation): Program => ({ ...program, operations: [op, ...rest] });
  test.each<[string, Program, RegExp]>([
    [
      "use before definition",
      { ...program, operations: [second, first, ...rest.slice(1)] },
      /fine, operation 0, tanh: %2 is used before/,
    ],
    [
      "an unknown primitive",
      swap({ ...first, primitive: "matmull" }),
      /operation 0, matmull, from layer: there is no primitive/,
    ],
    ["attributes that are missing", swap({ ...first, attributes: {} }), /attribute transposeA is missing/],
    [
      "inputs that do not fit",
      swap({ ...first, attributes: { transposeA: true, transposeB: false } }),
      /cannot multiply/,
    ],
    [
      "a wrong type",
      { ...program, types: program.types.map((t, i) => (i === 2 ? { ...t, shape: [B, 5] } : t)) },
      /%2 is float\[B, 5\] instead of float\[B, 2\]/,
    ],
    ["two definitions", { ...program, operations: [first, first, ...rest] }, /%2 is defined twice/],
    [
      "an output that is nothing",
      { ...program, outputs: [{ name: "y", kind: "result", value: { id: 99 } }] },
      /output y: %99 is not defined/,
    ],
    [
      "two outputs of one name",
      { ...program, outputs: [...program.outputs, ...program.outputs] },
      /given twice/,
    ],
    [
      "state of another type",
      { ...program, outputs: [{ name: "w", kind: "state", value: { id: 2 } }] },
      /replaces float\[3, 2\] by float\[B, 2\]/,
    ],
  ])("%s", (_name, broken, message) => {
    expect(() => verify(broken)).toThrow(message);
  });

  test("a broken loop body", () => {
    const b = createBuilder("loop");
    const x = b.argument("x", { dtype: "float", shape: [2] });
    ops.scan(b, 3, { carries: [x] }, (body, _k, [c]) => ({ carries: [ops.sin(body, c!)], ys: [] }));
    const loop = b.build();
    const op = loop.operations[0]!;
    const body = op.attributes["body"] as Program;
    const broken = { ...body, operations: body.operations.map((o) => ({ ...o, primitive: "sine" })) };
    const operations = [{ ...op, attributes: { ...op.attributes, body: broken } }];
    expect(() => verify({ ...loop, operations })).toThrow(/program scan, operation 0, sine/);
  });
});

test("the builder refuses at once, with the origin", () => {
  const b = createBuilder("p");
  const x = b.argument("x", { dtype: "float", shape: [3] });
  const y = b.argument("y", { dtype: "float", shape: [4] });
  expect(() => b.withOrigin("trunk.dense", () => ops.add(b, x, y))).toThrow(
    "p: add cannot broadcast float[3] and float[4] (from trunk.dense)",
  );
  expect(() => b.gradients(x, [x])).toThrow("no float scalar");
});
