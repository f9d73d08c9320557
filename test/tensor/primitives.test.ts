import { describe, expect, test } from "vitest";
import { createReferenceSession } from "../../src/engines/reference.js";
import { float32Engines } from "./engines.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import {
  createBuilder,
  ops,
  simplify,
  type Builder,
  type Program,
  type Value,
} from "../../src/tensor/index.js";
import { primitives } from "../../src/tensor/primitives/index.js";
import type { Case } from "./case.js";
import { cases } from "./cases.js";
import { composites } from "./composites.js";
import { draw, error } from "./numbers.js";

const BATCH = 3;

function weighted(b: Builder, x: Value, stream: number): Value {
  // The size of x without its batch: weights repeat from row to row.
  const shape = b.typeOf(x).shape.map((d) => (typeof d === "number" ? d : 1));
  const weights = draw(stream, shape, 0.5, 1.5);
  return ops.sumAll(b, ops.mul(b, x, ops.constant(b, [...weights.data], shape)));
}

/** Loss, its gradients (g0, g1, …), a weighted sum of those, and the gradients of that (h0, h1, …). */
function programOf(c: Case): Program {
  const b = createBuilder("case");
  const inputs = c.inputs.map((t, i) =>
    b.argument(`x${i}`, { dtype: t.dtype, shape: c.shapes?.[i] ?? t.shape }),
  );
  const out = c.build(b, inputs);
  // The square makes second derivatives of linear primitives something else than 0.
  const loss = ops.add(b, weighted(b, out, 50), weighted(b, ops.mul(b, ops.square(b, out), 0.5), 51));
  const floats = inputs.filter((v) => b.typeOf(v).dtype === "float");
  const first = b.gradients(loss, floats);
  const slope = first.reduce((total, g, i) => ops.add(b, total, weighted(b, g, 60 + i)), ops.scalar(b, 0));
  const second = b.gradients(slope, floats);
  b.result("out", out);
  b.result("loss", loss);
  b.result("slope", slope);
  first.forEach((g, i) => b.result(`g${i}`, g));
  second.forEach((g, i) => b.result(`h${i}`, g));
  return b.build();
}

function argumentsOf(inputs: readonly HostTensor[]): Record<string, HostTensor> {
  return Object.fromEntries(inputs.map((t, i) => [`x${i}`, t]));
}

async function differences(
  run: (inputs: readonly HostTensor[]) => Promise<Record<string, HostTensor>>,
  inputs: readonly HostTensor[],
  which: number,
  of: string,
): Promise<Float64Array> {
  const x = inputs[which]!;
  const size = Math.max(...Array.from(x.data, Math.abs));
  const h = size > 0 && size < 1e-3 ? size * 1e-3 : 1e-5;
  const out = new Float64Array(x.data.length);
  for (let i = 0; i < out.length; i++) {
    const at = async (by: number): Promise<number> => {
      const data = Float64Array.from(x.data);
      data[i]! += by;
      const moved = inputs.map((t, k) => (k === which ? { ...t, data } : t));
      return (await run(moved))[of]!.data[0]!;
    };
    out[i] = ((await at(h)) - (await at(-h))) / (2 * h);
  }
  return out;
}

const all = Object.entries({ ...cases, ...composites }).flatMap(([name, list]) =>
  list.map((c) => [`${name} ${c.name}`.trim(), c] as const),
);

test("every primitive has a case that uses it", () => {
  for (const name of Object.keys(primitives)) {
    const list: readonly Case[] = cases[name as keyof typeof cases] ?? [];
    const used = list.some((c) => programOf(c).operations.some((op) => op.primitive === name));
    expect(used, name).toBe(true);
  }
});

describe("gradients against central differences", () => {
  test.each(all)("%s", async (_name, c) => {
    const program = programOf(c);
    const session = createReferenceSession({ case: program });
    const run = (inputs: readonly HostTensor[]): Promise<Record<string, HostTensor>> =>
      session.run("case", argumentsOf(inputs), BATCH);
    const results = await run(c.inputs);
    let float = 0;
    for (const [i, x] of c.inputs.entries()) {
      if (x.dtype !== "float") continue;
      if (c.detached !== true) {
        expect(error(results[`g${float}`]!.data, await differences(run, c.inputs, i, "loss"))).toBeLessThan(
          1e-6,
        );
        expect(error(results[`h${float}`]!.data, await differences(run, c.inputs, i, "slope"))).toBeLessThan(
          1e-5,
        );
      }
      float++;
    }
  });
});

describe.each(float32Engines)("%s against the reference", (_engine, start) => {
  test.each(all)("%s", async (_name, c) => {
    const program = programOf(c);
    const session = await start({ case: program, simple: simplify(program) });
    const args = argumentsOf(c.inputs);
    const right = await createReferenceSession({ case: program }).run("case", args, BATCH);
    for (const name of ["case", "simple"]) {
      const found = await session.run(name, args, BATCH);
      for (const [key, tensor] of Object.entries(right)) {
        // The slope is only the instrument of the second derivative: it may cancel to nothing.
        if (key === "slope") continue;
        expect(found[key]!.shape, key).toEqual([...tensor.shape]);
        expect(error(found[key]!.data, tensor.data), `${name} ${key}`).toBeLessThan(1e-4);
      }
    }
    session.dispose();
  });
});
