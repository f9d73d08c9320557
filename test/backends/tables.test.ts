import { expect, test } from "vitest";
import { pointwise } from "../../src/backends/wasm/pointwise.js";
import { table } from "../../src/backends/wasm/table.js";
import type { KernelFunctions } from "../../src/runtime/wasm/functions.js";
import { invocations } from "../../src/runtime/wasm/invoke.js";
import { primitives, type Primitive } from "../../src/tensor/primitives/index.js";

const all = Object.entries<Primitive>(primitives);
const those = (fact: (primitive: Primitive) => boolean) =>
  all.flatMap(([name, primitive]) => (fact(primitive) ? [name] : [])).sort();

test("every primitive is called as in the list", () => {
  expect(all.map(([, { name }]) => name)).toEqual(all.map(([name]) => name));
});

test("what is elementwise is an instruction of a chain, and nothing else is one by its elements", () => {
  expect(Object.keys(pointwise).sort()).toEqual(those((p) => p.elementwise === true));
});

test("what is computed wherever it is read can be an instruction", () => {
  const rows: Readonly<Record<string, unknown>> = table;
  const instructions: Readonly<Record<string, unknown>> = pointwise;
  for (const name of those((p) => p.repeated === true))
    expect(rows[name]).toBe(instructions[name] ?? "chain");
});

test("the complaint of a kernel that checks indices is heard, and of no other", () => {
  const complaining = new Proxy({}, { get: () => () => 1 }) as KernelFunctions;
  const heard = Object.entries(invocations).flatMap(([name, invoke]) =>
    invoke(complaining, new Int32Array(32)) === 0 ? [] : [name],
  );
  expect(heard.sort()).toEqual(those((p) => p.checksIndices === true));
});
