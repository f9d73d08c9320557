import { describe, expect, test } from "vitest";
import { createSession, type EngineName } from "../../src/engines/index.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import { draw, error } from "../tensor/numbers.js";
import { derivativesOf, ROWS, type Derivatives } from "./derivatives.js";
import { tracesOf } from "./traces.js";

/** Differences see what the gradient must not; the golden traces show that nothing flows. */
const detached = new Set(["detach", "gradient_reversal", "gradient_reversal, weakly"]);

/** Every layer, activation and loss is in one of these; the test of the golden traces sees to that. */
const cases = (["layers", "losses", "sharing"] as const).flatMap((file) =>
  tracesOf(file).map((trace) => [file, trace.name, trace] as const),
);

/** The most numbers of a tensor that are moved one at a time. */
const SAMPLES = 16;
const STEP = 1e-5;

type Results = Readonly<Record<string, HostTensor>>;

async function runner(d: Derivatives, engine: EngineName): Promise<(changed?: Results) => Promise<Results>> {
  const session = await createSession(engine, { derivatives: d.program });
  for (const [name, tensor] of Object.entries(d.states)) session.write(name, tensor);
  return (changed = {}) => session.run("derivatives", { ...d.args, ...changed }, ROWS);
}

describe("derivatives against central differences", () => {
  test.each(cases)("%s: %s", async (_file, name, trace) => {
    const d = derivativesOf(trace);
    const run = await runner(d, "reference");
    const right = await run();
    for (const node of d.document.nodes) {
      const { dims, batched } = node.type;
      expect(right[`node ${node.id}`]!.shape, node.id).toEqual(batched ? [ROWS, ...dims] : dims);
    }
    if (detached.has(name)) return;
    for (const [i, argument] of d.wrt.entries()) {
      const x = d.args[argument]!;
      const moves = [...unitMoves(x.data.length), draw(80 + i, [x.data.length]).data as Float64Array];
      const found = { loss: [] as number[], slope: [] as number[] };
      for (const move of moves) {
        const at = (h: number) => run({ [argument]: { ...x, data: x.data.map((v, k) => v + h * move[k]!) } });
        const [above, below] = [await at(STEP), await at(-STEP)];
        for (const of of ["loss", "slope"] as const)
          found[of].push((above[of]!.data[0]! - below[of]!.data[0]!) / (2 * STEP));
      }
      const along = (g: HostTensor): number[] =>
        moves.map((move) => move.reduce((s, m, k) => s + m * g.data[k]!, 0));
      expect(error(along(right[`g${i}`]!), found.loss), `first, ${argument}`).toBeLessThanOrEqual(1e-6);
      expect(error(along(right[`h${i}`]!), found.slope), `second, ${argument}`).toBeLessThanOrEqual(1e-5);
    }
  });
});

/** Moves of one number each: all of a small tensor's, evenly spread ones of a large one. */
function unitMoves(size: number): Float64Array[] {
  const count = Math.min(size, SAMPLES);
  return Array.from({ length: count }, (_, k) => {
    const move = new Float64Array(size);
    move[Math.floor((k * size) / count)] = 1;
    return move;
  });
}

function size({ data }: HostTensor): number {
  return Math.max(0, ...Array.from(data, Math.abs));
}

describe.each(["tfjs", "wasm"] as const)("%s against the reference", (engine) => {
  test.each(cases)("%s: %s", async (_file, _name, trace) => {
    const d = derivativesOf(trace);
    const right = await (await runner(d, "reference"))();
    const found = await (await runner(d, engine))();
    for (const name of Object.keys(right)) {
      const [mine, exact] = [found[name]!, right[name]!];
      expect(mine.shape).toEqual(exact.shape);
      const argument = /^[gh]\d+$/.test(name) ? d.wrt[Number(name.slice(1))] : "";
      if (argument && size(exact) < 1e-9) {
        // Nothing depends on a bias before batch_norm, or on the bias of keys: what is left is rounding.
        const order = Object.keys(right).filter((other) => other.match(/^[gh]\d+$/) && other[0] === name[0]);
        const largest = Math.max(...order.map((other) => size(right[other]!)));
        expect(size(mine), `${name} ${argument}`).toBeLessThanOrEqual(1e-6 * Math.max(largest, 1));
      } else expect(error(mine.data, exact.data), `${name} ${argument}`).toBeLessThanOrEqual(1e-4);
    }
  });
});
