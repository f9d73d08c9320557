import { describe, expect, test } from "vitest";
import { balancers } from "../../src/library/balancers/index.js";
import { looksAtGradients } from "../../src/library/balancers/looks.js";
import { readSafetensors } from "../../src/runtime/safetensors/index.js";
import type { Model } from "../../src/index.js";
import { compiled, numbers, rows } from "../helpers.js";

const COUNT = 24;
const data = {
  inputs: { x: rows(COUNT, 3, 1) },
  labels: {
    a: numbers(COUNT, 2),
    b: numbers(COUNT, 3).map((n, i) => (i % 3 === 0 ? null : n)),
  },
};

function specOf(train: string): string {
  return `model Shared {
    input x: float[3]
    shared low = dense(5, tanh, kernel_regularizer: l2(0.1))
    shared high = dense(4, tanh)
    h = x |> low |> high
    task a { output = h |> dense(1)  label: float  loss: mse }
    task b { output = h |> dense(1)  label: float?  loss: mse }
  }
  train { ${train} }`;
}

/** Everything that a model keeps, after each epoch and before the first. */
async function history(train: string, engine: "wasm" | "reference"): Promise<Record<string, number[]>[]> {
  const model = await compiled(specOf(train)).create({ engine });
  const kept = [await stateOf(model)];
  await model.fit(data, { onEpochEnd: async () => kept.push(await stateOf(model)) });
  model.dispose();
  return kept;
}

async function stateOf(model: Model): Promise<Record<string, number[]>> {
  const { tensors } = readSafetensors(await model.save());
  return Object.fromEntries(Object.entries(tensors).map(([name, { data: all }]) => [name, [...all]]));
}

const ADAM = "optimizer: adamw(lr: 0.05, decay: 0.1)  clip: global_norm(0.1)  accumulate: 2  batch: 4";

describe.each(["wasm", "reference"] as const)("%s", (engine) => {
  test("weights, slots and counts stand still in the frozen epochs, and move in the others", async () => {
    const train = `${ADAM}  epochs: 6  freeze low.*: { from: 3, until: 4 }  freeze b: { from: 6 }`;
    const kept = await history(train, engine);
    const moved = (prefix: string, epoch: number) =>
      Object.keys(kept[0]!)
        .filter((name) => name.startsWith(prefix) && !name.includes("/gradient"))
        .map((name) => JSON.stringify(kept[epoch]![name]) !== JSON.stringify(kept[epoch - 1]![name]));
    for (let epoch = 1; epoch <= 6; epoch++) {
      // A kernel and a bias, two slots each, and their counts.
      expect(moved("low.", epoch)).toEqual(Array(8).fill(epoch !== 3 && epoch !== 4));
      expect(moved("b.", epoch)).toEqual(Array(8).fill(epoch !== 6));
      expect(new Set(moved("high.", epoch))).toEqual(new Set([true]));
    }
    // Three steps in each of the four epochs.
    expect(kept[6]!["low.dense.kernel/updates"]).toEqual([12]);
  });
});

test("frozen from the first epoch on is frozen: no part in clip, decay, l2 or a balancer's look", async () => {
  const names = balancers.map((entry) => entry.name);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    const accumulate = name === "famo" ? ADAM.replace("accumulate: 2", "") : ADAM;
    const balance = name === "gradnorm" || name === "excess_risk" ? `${name}(on: [low.*, high.*])` : name;
    const train = `${accumulate}  epochs: 3  balance: ${balance}`;
    const [always, atEpochs] = [
      await history(`${train}  freeze: [low.*]`, "reference"),
      await history(`${train}  freeze low.*: { from: 1 }`, "reference"),
    ];
    for (const name of ["low.dense.kernel", "high.dense.kernel", "a.dense.kernel", "b.dense.bias"])
      expect(atEpochs.at(-1)![name], `${balance}: ${name}`).toEqual(always.at(-1)![name]);
  }
});

test("where all that a balancer looks at is frozen, the heads go on", async () => {
  for (const entry of balancers.filter(looksAtGradients)) {
    const on = ["gradnorm", "excess_risk"].includes(entry.name) ? "(on: [low.*, high.*])" : "";
    const train = `optimizer: sgd(lr: 0.1)  balance: ${entry.name}${on}  epochs: 4`;
    const kept = await history(
      `${train}  freeze low.*: { from: 2, until: 3 }  freeze high.*: { from: 2, until: 3 }`,
      "reference",
    );
    const same = (name: string, x: number, y: number) =>
      JSON.stringify(kept[x]![name]) === JSON.stringify(kept[y]![name]);
    expect(
      Object.values(kept[4]!).flat().every(Number.isFinite),
      `${entry.name}: a number that is none`,
    ).toBe(true);
    expect(same("low.dense.kernel", 1, 3), entry.name).toBe(true);
    expect(same("high.dense.kernel", 1, 3), entry.name).toBe(true);
    expect(same("a.dense.kernel", 2, 3), entry.name).toBe(false);
    expect(same("high.dense.kernel", 3, 4), entry.name).toBe(false);
  }
});

test("by hand: gradient descent with l2 and a clip over what moves", async () => {
  const spec = `model Chain {
    input x: float[1]
    shared first = dense(1, use_bias: false, kernel_initializer: constant(0.8), kernel_regularizer: l2(0.05))
    task y { output = x |> first |> dense(1, use_bias: false, kernel_initializer: constant(0.5))  label: float  loss: mse }
  }
  train {
    optimizer: sgd(lr: 0.1)  batch: full  epochs: 5  clip: global_norm(0.9)
    freeze first.*: { from: 2, until: 3 }
    freeze first.*: { from: 5 }
  }`;
  const model = await compiled(spec).create({ engine: "reference" });
  const [x, y] = [
    [1, -0.5, 2],
    [2, 0.3, 3],
  ];
  const found: number[][] = [];
  const weights = () =>
    Promise.all(
      ["first.dense.kernel", "y.dense.kernel"].map(async (path) => (await model.weight(path)).data[0]!),
    );
  await model.fit({ inputs: { x }, labels: { y } }, { onEpochEnd: async () => found.push(await weights()) });
  model.dispose();
  let [w, v] = [0.8, 0.5];
  for (let epoch = 1; epoch <= 5; epoch++) {
    const moves = ![2, 3, 5].includes(epoch);
    const errors = x!.map((value, i) => v * w * value - y![i]!);
    const mean = (of: (error: number, i: number) => number) => errors.map(of).reduce((a, b) => a + b) / 3;
    const byW = moves ? mean((e, i) => 2 * e * v * x![i]!) + 0.1 * w : 0;
    const byV = mean((e, i) => 2 * e * w * x![i]!);
    const scale = Math.min(1, 0.9 / Math.hypot(byW, byV));
    [w, v] = [w - 0.1 * scale * byW, v - 0.1 * scale * byV];
    expect(found[epoch - 1]![0]).toBeCloseTo(w, 12);
    expect(found[epoch - 1]![1]).toBeCloseTo(v, 12);
  }
});
