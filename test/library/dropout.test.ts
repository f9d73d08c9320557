import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.js";
import { ModelAnalysis } from "../../src/model/analysis.js";
import { createSession, type EngineName } from "../../src/engines/index.js";
import { lowerForward } from "../../src/phases/5-lower/forward.js";
import { B, createBuilder, ops } from "../../src/tensor/index.js";
import { error, ints } from "../tensor/numbers.js";

const ROWS = 40;
const WIDTH = 60;

interface Given {
  readonly seed?: number;
  readonly step?: number;
  readonly training?: boolean;
  readonly engine?: EngineName;
}

/** The output of the nodes for an input of ones, and the gradient of its sum. */
async function dropped(stages: string, given: Given = {}): Promise<{ out: number[]; slope: number[] }> {
  const { seed = 1, step = 0, training = true, engine = "reference" } = given;
  const { document } = compile(`model M {
    input x: float[${WIDTH}]
    task y {
      output = x |> ${stages}
      label: float[${WIDTH}]
      loss: mse
    }
  }`);
  const b = createBuilder("dropout");
  const random = {
    seed: b.argument("seed", { dtype: "int", shape: [] }),
    step: b.argument("step", { dtype: "int", shape: [] }),
  };
  const none = new Map();
  const forward = lowerForward(b, new ModelAnalysis(document!), {
    weights: none,
    state: none,
    batch: B,
    ...(training ? { random } : {}),
  });
  const out = forward.values.get(document!.tasks[0]!.output)!;
  b.result("out", out);
  b.result("slope", b.gradients(ops.sumAll(b, out), [forward.values.get("x")!])[0]!);
  const session = await createSession(engine, { dropout: b.build() });
  const x = { dtype: "float", shape: [ROWS, WIDTH], data: new Float64Array(ROWS * WIDTH).fill(1) } as const;
  const args = { "inputs/x": x, seed: ints([], [seed]), step: ints([], [step]) };
  const results = await session.run("dropout", args, ROWS);
  return { out: [...results["out"]!.data], slope: [...results["slope"]!.data] };
}

describe("dropout", () => {
  test.each([0.1, 0.5, 0.8])("%s of the numbers are 0 and the rest grow", async (rate) => {
    const { out, slope } = await dropped(`dropout(${rate})`);
    const kept = out.filter((v) => v !== 0);
    for (const v of kept) expect(v).toBeCloseTo(1 / (1 - rate), 12);
    const share = kept.length / out.length;
    expect(Math.abs(share - (1 - rate))).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / out.length));
    // What is dropped gets no gradient, and the rest the factor.
    expect(error(slope, out)).toBe(0);
  });

  test("seed and step decide, and two layers draw apart", async () => {
    const { out } = await dropped("dropout(0.5)");
    expect((await dropped("dropout(0.5)")).out).toEqual(out);
    const share = (other: readonly number[]): number =>
      other.filter((v, i) => v === out[i]).length / out.length;
    for (const given of [{ seed: 2 }, { step: 1 }])
      expect(Math.abs(share((await dropped("dropout(0.5)", given)).out) - 0.5)).toBeLessThan(0.05);
    const twice = (await dropped("dropout(0.5) |> dropout(0.5)")).out;
    expect(Math.abs(twice.filter((v) => v !== 0).length / twice.length - 0.25)).toBeLessThan(0.04);
  });

  test("rows and columns are dropped apart", async () => {
    const { out } = await dropped("dropout(0.5)");
    const at = (row: number, column: number): number => Math.sign(out[row * WIDTH + column]!);
    for (let row = 0; row < ROWS; row++) {
      const kept = Array.from({ length: WIDTH }, (_, c) => at(row, c)).reduce((a, v) => a + v, 0);
      expect(Math.abs(kept - WIDTH / 2)).toBeLessThan(5 * Math.sqrt(WIDTH / 4));
    }
    for (let column = 0; column < WIDTH; column++) {
      const kept = Array.from({ length: ROWS }, (_, r) => at(r, column)).reduce((a, v) => a + v, 0);
      expect(Math.abs(kept - ROWS / 2)).toBeLessThan(5 * Math.sqrt(ROWS / 4));
    }
  });

  test("prediction drops nothing", async () => {
    expect(new Set((await dropped("dropout(0.5)", { training: false })).out)).toEqual(new Set([1]));
  });

  test("tfjs drops what the reference drops", async () => {
    const right = await dropped("dropout(0.3)");
    const found = await dropped("dropout(0.3)", { engine: "tfjs" });
    expect(error(found.out, right.out)).toBeLessThan(1e-6);
    expect(error(found.slope, right.slope)).toBeLessThan(1e-6);
  });
});

describe("dropout of attention weights", () => {
  const spec = (rate: number): string => `model M {
    input x: float[5, 3]
    task y {
      output = x |> multi_head_attention(2, 4, dropout: ${rate}) |> flatten |> dense(1)
      label: float
      loss: mse
    }
  }
  train { optimizer: sgd(lr: 0.0) epochs: 200 batch: full shuffle: false }`;
  const data = {
    inputs: { x: Array.from({ length: 60 }, (_, i) => Math.sin(i)) },
    labels: { y: [0, 0, 0, 0] },
  };

  test("it changes from step to step, and is off in prediction", async () => {
    const train = async (rate: number) => {
      const model = await compile(spec(rate)).create({ engine: "reference" });
      const losses: number[] = [];
      await model.fit(data, { onStep: (e) => losses.push(e.losses["y"]!) });
      return { losses, prediction: (await model.predict(data.inputs))["y"]! };
    };
    const [still, moving] = [await train(0), await train(0.2)];
    expect(new Set(still.losses).size).toBe(1);
    expect(new Set(moving.losses).size).toBe(200);
    expect(moving.prediction).toEqual(still.prediction);
  });
});
