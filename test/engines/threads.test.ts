import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type * as Index from "../../src/index.js";
import type { Session } from "../../src/runtime/session.js";
import { shardOf } from "../../src/runtime/wasm/threads-split.js";
import { numbers } from "../helpers.js";
import { folder, library, ROWS, spec, x, data, train, expectClose } from "./threaded.js";

test.each(["mgda", "gls", "rlw", "gradnorm(on: h.*)"])(
  "six tasks under %s: with threads as on the reference engine",
  async (balance) => {
    const names = [..."abcdef"];
    const text = `model Six {
      input x: float[4]
      h = x |> dense(8, tanh)
      ${names.map((task) => `task ${task} { output = h |> dense(1)  label: float  loss: mse }`).join("\n")}
    }
    train { optimizer: sgd(lr: 0.1)  balance: ${balance}  epochs: 2  batch: 14  shuffle: false }`;
    const labels = Object.fromEntries(names.map((task, i) => [task, numbers(ROWS, 40 + i)]));
    const lossesWith = async (options: Index.CreateOptions) => {
      const model = await library.compile(text).create({ seed: 4, ...options });
      const losses: (number | null)[] = [];
      await model.fit(
        { inputs: { x }, labels },
        { onStep: (event) => losses.push(...Object.values(event.losses)) },
      );
      model.dispose();
      return losses;
    };
    const right = await lossesWith({ engine: "reference" });
    expectClose(await lossesWith({ engine: "wasm", threads: 2 }), right, 1e-4);
  },
);

test("moving statistics count steps, and not shares of them", async () => {
  const text = `model Norm {
    input x: float[2]
    task y { output = x |> batch_norm |> dense(1)  label: float  loss: mse }
  }
  train { optimizer: sgd(lr: 0.01)  epochs: 1  batch: 10  shuffle: false }`;
  const model = await library.compile(text).create({ engine: "wasm", threads: 2, seed: 4 });
  const values = numbers(80, 9);
  await model.fit({ inputs: { x: values }, labels: { y: numbers(40, 10) } });
  expect(model.engine).toMatch(/, 2 threads/);
  const of = async (name: string) => [...(await model.weight(`y.batch_norm.moving_${name}`)).data];
  expect(await of("steps")).toEqual([4]);
  // Batches and shares are of one size, so that the mean of their means is that of all rows.
  const [mean] = await of("mean");
  const column = values.filter((_, i) => i % 2 === 0);
  expect(mean).toBeCloseTo(column.reduce((sum, v) => sum + v, 0) / 40, 5);
  model.dispose();
});

test("the shards of a batch follow one another, the first ones one row longer", () => {
  for (const [batch, shards] of [
    [7, 2],
    [8, 3],
    [3, 3],
    [512, 7],
  ] as const) {
    let next = 0;
    const rows = Array.from({ length: shards }, (_, i) => {
      const { start, rows } = shardOf(batch, shards, i);
      expect(start).toBe(next);
      next += rows;
      return rows;
    });
    expect(next).toBe(batch);
    expect(rows).toEqual([...rows].sort((a, b) => b - a));
    expect(rows[0]! - rows.at(-1)!).toBeLessThanOrEqual(1);
  }
});

test("a step's results: means over all rows, and counts of all labels", async () => {
  const { programs } = library.lowerModel(library.compile(spec()).document!);
  const resultsWith = async (threads: number) => {
    const session = await library.createSession("wasm", { ...programs }, { threads });
    await session.run("init", { "clock/seed": { dtype: "int", shape: [], data: Int32Array.of(1) } }, 1);
    const call = session.prepare("step", 7);
    for (const to of Object.values(call.arguments)) to.fill(1);
    // Three of the first four rows have a label, one of the others.
    call.arguments["present/b"]!.set([1, 1, 1, 0, 0, 1, 0]);
    void call.run();
    const found = Object.entries(call.results).map(([name, data]) => [name, data[0]!] as const);
    const states = session.stateNames().sort();
    session.dispose();
    return { states, results: Object.fromEntries(found) };
  };
  const [{ results: one, states }, { results: two, states: kept }] = [
    await resultsWith(1),
    await resultsWith(2),
  ];
  // What is added up within a step is in no checkpoint.
  expect(kept).toEqual(states);
  expect(Object.keys(two).sort()).toEqual(["count/b", "loss/a", "loss/b", "loss/c"]);
  expect(two["count/b"]).toBe(4);
  for (const name of Object.keys(one)) expect(Math.abs(two[name]! - one[name]!)).toBeLessThan(1e-5);
});

describe.each([2, 3])("%i threads", (threads) => {
  test.each([
    ["adam with weight decay", { optimizer: "adamw(lr: 0.01, decay: 0.05)" }],
    ["momentum", { optimizer: "sgd(lr: 0.05, momentum: 0.9)" }],
    ["a clip of the gradients' norm", { train: "clip: global_norm(0.5)" }],
    ["a balancer", { train: "balance: uncertainty(lr: 0.05)" }],
    ["a schedule", { optimizer: "sgd(lr: cosine(0.1))" }],
  ] as const)("train as one does: %s", async (_name, options) => {
    const one = await train(spec(options), 1);
    const several = await train(spec(options), threads);
    // Five batches an epoch, the last of three rows.
    expect(one.losses).toHaveLength(2 * 5 * 3);
    expect(one.losses).toContain(null);
    expectClose(several.losses, one.losses, 1e-4);
    for (const path of Object.keys(one.model.descriptor.weights)) {
      const right = (await one.model.weight(path)).data;
      (await several.model.weight(path)).data.forEach((w, i) =>
        expect(Math.abs(w - right[i]!)).toBeLessThan(1e-3),
      );
    }
    several.model.dispose();
  });

  test.each([7, 1, 2, ROWS])("batches of %i rows", async (batch) => {
    const one = await train(spec(), 1, { batch, epochs: 1 });
    const several = await train(spec(), threads, { batch, epochs: 1 });
    expectClose(several.losses, one.losses, 1e-4);
    several.model.dispose();
  });

  test("the same number of threads gives the same bits", async () => {
    const text = spec({ layers: "dense(8) |> batch_norm |> relu |> dropout(0.3)" });
    const first = await train(text, threads);
    const second = await train(text, threads);
    expect(first.losses).toHaveLength(2 * 5 * 3);
    expect(second.losses).toEqual(first.losses);
    expect(await second.model.save()).toEqual(await first.model.save());
    first.model.dispose();
    second.model.dispose();
  });

  test("what a model does besides goes on: predictions, evaluation, checkpoints", async () => {
    const { model } = await train(spec(), threads);
    const one = await train(spec(), 1);
    const report = await model.evaluate(data);
    expect(Math.abs(report.loss - (await one.model.evaluate(data)).loss)).toBeLessThan(1e-4);
    const saved = await model.save();
    const again = await library.compile(spec()).create({ engine: "wasm", seed: 9 });
    await again.load(saved);
    expect(await again.save()).toEqual(saved);
    expect(await again.predict({ x })).toEqual(await model.predict({ x }));
    // More rows at once than before, in an evaluation and in a step.
    await model.fit(data, { epochs: 1, batch: ROWS });
    await model.load(saved);
    expect(await model.predict({ x })).toEqual(await again.predict({ x }));
    const goneOn = async (m: Index.Model) => {
      await m.fit(data, { epochs: 3, resume: true });
      return (await m.weight(Object.keys(m.descriptor.weights)[0]!)).data;
    };
    const right = await goneOn(again);
    (await goneOn(model)).forEach((w, i) => expect(Math.abs(w - right[i]!)).toBeLessThan(1e-3));
    model.dispose();
  });
});

test("shards and steps draw numbers of their own", async () => {
  const text = `
    model Dropped {
      input x: float[2]
      task a {
        output = x |> dense(64, kernel_initializer: ones) |> dropout(0.5) |> dense(1, kernel_initializer: ones)
        label: float
        loss: mse
      }
    }
    train { optimizer: sgd(lr: 0)  epochs: 6  batch: 2  shuffle: false }`;
  // Both rows are alike, so that an output is 4 times the units that were kept.
  const two = { inputs: { x: [1, 1, 1, 1] }, labels: { a: [0, 1000] } };
  const lossOf = (first: number, second: number) => ((4 * first) ** 2 + (4 * second - 1000) ** 2) / 2;
  const alike = new Set(Array.from({ length: 65 }, (_, kept) => lossOf(kept, kept)));
  const losses: number[] = [];
  const model = await library.compile(text).create({ engine: "wasm", threads: 2, seed: 1 });
  await model.fit(two, { onStep: (event) => losses.push(event.losses["a"]!) });
  model.dispose();
  expect(losses.every((loss) => loss > 300_000 && loss < 500_000)).toBe(true);
  expect(losses.some((loss) => !alike.has(loss))).toBe(true);
  expect(new Set(losses).size).toBeGreaterThan(3);
});

test("batch statistics are the mean of the shards', by their rows", async () => {
  const text = `
    model Normed {
      input x: float[1]
      task a { output = x |> batch_norm |> dense(1)  label: float  loss: mse }
    }
    train { optimizer: sgd(lr: 0)  epochs: 1  batch: 3  shuffle: false }`;
  const given = { inputs: { x: [1, 3, 8] }, labels: { a: [0, 0, 0] } };
  const stateOf = async (threads: number) => {
    const model = await library.compile(text).create({ engine: "wasm", threads });
    await model.fit(given);
    const found = await Promise.all(
      model.descriptor.state.map(async (name) => [name, (await model.weight(name)).data[0]!] as const),
    );
    model.dispose();
    return Object.fromEntries(found);
  };
  const [one, two] = [await stateOf(1), await stateOf(2)];
  const mean = Object.keys(one).find((name) => name.includes("mean"))!;
  const variance = Object.keys(one).find((name) => name.includes("var"))!;
  // Means 2 and 8 of two rows and one: the mean of all three.
  expect(two[mean]).toBeCloseTo(one[mean]!, 5);
  // Variances 1 and 0 there, 26/3 over all.
  const momentum = one[mean]! / 4;
  expect(two[variance]).toBeCloseTo(1 - momentum + (momentum * 2) / 3, 5);
});

describe("an index outside of its table", () => {
  const text = `
    model Table {
      input word: category(5)
      task a { output = word |> embedding(2) |> dense(1)  label: float  loss: mse }
    }
    train { optimizer: sgd(lr: 0.1)  epochs: 1  batch: 4 }`;

  async function started() {
    const { programs } = library.lowerModel(library.compile(text).document!);
    const session = await library.createSession("wasm", { ...programs }, { threads: 2 });
    expect(session.engine).toMatch(/2 threads/);
    await session.run("init", { "clock/seed": { dtype: "int", shape: [], data: Int32Array.of(1) } }, 1);
    return session;
  }

  function step(session: Session, words: readonly number[]) {
    const call = session.prepare("step", words.length);
    for (const to of Object.values(call.arguments)) to.fill(1);
    call.arguments["inputs/word"]!.set(words);
    expect(call.run()).toBeUndefined();
    return call.results["loss/a"]![0]!;
  }

  test.each([
    ["the main thread", [99, 1, 2, 3]],
    ["a worker", [0, 1, 2, 99]],
    ["both", [99, 1, 2, 99]],
  ])("in the shard of %s: the caller gets an error, and the next step is right", async (_name, words) => {
    const [session, other] = [await started(), await started()];
    expect(() => step(session, words)).toThrow("outside of its table");
    for (const name of other.stateNames()) expect(session.read(name)).toEqual(other.read(name));
    for (let i = 0; i < 3; i++) {
      const loss = step(session, [0, 1, 2, 3]);
      expect(loss).toBe(step(other, [0, 1, 2, 3]));
      expect(loss).toBeGreaterThan(0);
    }
    session.dispose();
    expect(() => step(session, [0, 1, 2, 3])).toThrow("disposed");
    other.dispose();
  });

  test("tensors in, tensors out", async () => {
    const [session, other] = [await started(), await started()];
    const right = step(other, [1, 1, 1, 1]);
    const args = Object.fromEntries(
      Object.entries(other.prepare("step", 4).arguments).map(([name, data]) => {
        const shape = data.length === 4 ? [4] : [];
        return [name, { dtype: data instanceof Int32Array ? "int" : "float", shape, data } as const];
      }),
    );
    expect((await session.run("step", args, 4))["loss/a"]!.data[0]).toBe(Math.fround(right));
    await expect(session.run("step", {}, 4)).rejects.toThrow("no argument");
    session.dispose();
    other.dispose();
  });
});

test.each([
  ["disposes of its model", true],
  ["does not", false],
])("a process that %s ends by itself", (_name, disposes) => {
  const script = `
    import { compile } from "./index.js";
    const model = await compile(${JSON.stringify(spec())}).create({ threads: 2 });
    await model.fit(${JSON.stringify(data)}, { epochs: 2 });
    ${disposes ? "model.dispose();" : ""}
    console.log(model.engine, model.progress.step);`;
  const file = join(folder, `ends-${disposes}.mjs`);
  writeFileSync(file, script);
  // The options of a process are not those of its workers: this one would end them.
  const args = ["--input-type=module", "-e", `await import(${JSON.stringify(pathToFileURL(file).href)})`];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    timeout: 600_000,
  });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^wasm \(.*, 2 threads\) 10\n$/);
  expect(status).toBe(0);
});

test("a worker that dies within a step ends the training with an error, not the process in waiting", () => {
  const script = `
    const threads = process.getBuiltinModule("node:worker_threads");
    const workers = [];
    class Known extends threads.Worker {
      constructor(...options) {
        super(...options);
        workers.push(this);
      }
    }
    const builtin = process.getBuiltinModule;
    process.getBuiltinModule = (name) => (name === "node:worker_threads" ? { ...threads, Worker: Known } : builtin(name));
    const { compile } = await import("./index.js");
    const model = await compile(${JSON.stringify(spec())}).create({ threads: 2 });
    const data = ${JSON.stringify(data)};
    const onStep = ({ step }) => {
      // It is told to end, and gone before it has answered: nothing of it is heard while this thread is stopped.
      if (step === 3) void workers[0].terminate();
    };
    for (let i = 0; i < 2; i++) {
      await model.fit(data, { epochs: 1_000_000, onStep }).then(
        () => console.log("trained"),
        (error) => console.log(error.message),
      );
    }`;
  const file = join(folder, "dies.mjs");
  writeFileSync(file, script);
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    encoding: "utf8",
    timeout: 600_000,
  });
  expect(stderr).toBe("");
  expect(stdout).toBe("a worker is no more: it ended\n".repeat(2));
  expect(status).toBe(0);
});
