import { describe, expect, test } from "vitest";
import { prepareTfjsProgram } from "../../src/backends/tfjs/prepare.js";
import { printTfjsProgram } from "../../src/emit/typescript/program.js";
import { createReferenceSession } from "../../src/engines/reference.js";
import { tfjs } from "../../src/engines/tfjs.js";
import { createWasmEngineSession } from "../../src/engines/wasm.js";
import type { Session } from "../../src/runtime/session.js";
import { createTfjsSession, kernels, startTfjs, type TfjsProgram } from "../../src/runtime/tfjs/index.js";
import { B, createBuilder, ops, simplify, type Program } from "../../src/tensor/index.js";
import { compiled } from "../helpers.js";
import { draw, ints } from "../tensor/numbers.js";

/** A small recurrent classifier with a pool, dropout and momentum: init and step. */
function programs(): Record<string, Program> {
  const init = createBuilder("init");
  const seed = init.argument("seed", { dtype: "int", shape: [] });
  const key = { seed, step: ops.scalar(init, 0, "int"), stream: 1 };
  init.update("w", ops.truncatedNormal(init, key, [4, 4], 0, 0.5));
  init.update("m", ops.zeros(init, [4, 4]));

  const b = createBuilder("step");
  const x = b.argument("x", { dtype: "float", shape: [B, 4, 4, 1] });
  const label = b.argument("label", { dtype: "int", shape: [B] });
  const step = b.argument("step", { dtype: "int", shape: [] });
  const from = b.argument("seed", { dtype: "int", shape: [] });
  const w = b.state("w", { dtype: "float", shape: [4, 4] });
  const m = b.state("m", { dtype: "float", shape: [4, 4] });
  const pooled = ops.maxPool(b, x, { window: [2, 2] });
  const flat = ops.reshape(b, pooled, [B, 4]);
  const keep = ops.cast(b, ops.le(b, 0.1, ops.random(b, { seed: from, step, stream: 2 }, [B, 4])), "float");
  const { carries } = ops.scan(
    b,
    3,
    { constants: [w], carries: [ops.mul(b, flat, keep)] },
    (body, [k], [c]) => ({
      carries: [ops.tanh(body, ops.matmul(body, c!, k!))],
      ys: [],
    }),
  );
  const picked = ops.mul(b, ops.logSoftmax(b, carries[0]!), ops.oneHot(b, label, 4));
  const loss = ops.neg(b, ops.mean(b, ops.sum(b, picked, [1])));
  const moved = ops.add(b, ops.mul(b, m, 0.9), b.gradients(loss, [w])[0]!);
  b.result("loss", loss);
  b.result("same loss", loss);
  b.update("m", moved);
  b.update("w", ops.sub(b, w, ops.mul(b, moved, 0.1)));
  return { init: init.build(), step: simplify(b.build()) };
}

async function train(session: Session, steps: number, batch = 8): Promise<number[]> {
  await session.run("init", { seed: ints([], [3]) }, 1);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const label = ints(
      [batch],
      Array.from({ length: batch }, (_, k) => k % 4),
    );
    const args = { x: draw(70, [batch, 4, 4, 1]), label, step: ints([], [i]), seed: ints([], [3]) };
    losses.push((await session.run("step", args, batch))["loss"]!.data[0]!);
  }
  return losses;
}

function printed(all: Readonly<Record<string, Program>>): Record<string, TfjsProgram> {
  const text = Object.entries(all).map(([name, p]) => `${name}: ${printTfjsProgram(p)}`);
  return new Function("kernels", `return { ${text.join(",\n")} };`)(kernels) as Record<string, TfjsProgram>;
}

describe.each(["wasm", "cpu"])("tfjs (%s)", (backend) => {
  test("trains as the reference does", async () => {
    const session = await tfjs.start(programs(), { backend });
    expect(session.engine).toBe(`tfjs (${backend})`);
    const found = await train(session, 20);
    const right = await train(createReferenceSession(programs()), 20);
    right.forEach((loss, i) => expect(Math.abs(found[i]! - loss)).toBeLessThan(1e-4));
    expect(right.at(-1)).toBeLessThan(right[0]!);
  });

  test("the printed programs compute bitwise the same", async () => {
    const tf = await startTfjs(backend);
    const inProcess = await train(await tfjs.start(programs(), { backend }), 10);
    const emitted = await train(createTfjsSession(tf, printed(programs())), 10);
    expect(emitted).toEqual(inProcess);
  });

  test("keeps no tensors over 1,000 steps, and none when disposed", async () => {
    const tf = await startTfjs(backend);
    const empty = tf.memory().numTensors;
    const session = await tfjs.start(programs(), { backend });
    await train(session, 1, 2);
    const before = tf.memory().numTensors;
    await train(session, 1000, 2);
    expect(tf.memory().numTensors).toBe(before);
    session.dispose();
    expect(tf.memory().numTensors).toBe(empty);
  });

  test("a program disposes of what it is done with while it runs, loops included", async () => {
    const tf = await startTfjs(backend);
    const program = prepareTfjsProgram(programs()["step"]!);
    const inputs = program.inputs.map(({ dtype, shape }) =>
      dtype === "float" ? tf.ones(shape(2)) : tf.zeros(shape(2), "int32"),
    );
    const before = tf.memory().numTensors;
    const outputs = program.run(tf, inputs, 2);
    expect(tf.memory().numTensors).toBe(before + outputs.length);
    tf.dispose([...inputs, ...outputs]);
  });

  test("a failing run leaves no tensors", async () => {
    const tf = await startTfjs(backend);
    const program = prepareTfjsProgram(programs()["init"]!);
    const before = tf.memory().numTensors;
    const failing: TfjsProgram = {
      ...program,
      run: (given, inputs, batch) => {
        program.run(given, inputs, batch);
        throw new Error("broken");
      },
    };
    const session = createTfjsSession(tf, { init: failing });
    await expect(session.run("init", { seed: ints([], [1]) }, 1)).rejects.toThrow("broken");
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each<[string, (p: Record<string, Program>) => Promise<Session>]>([
  ["reference", (p) => Promise.resolve(createReferenceSession(p))],
  ["tfjs", (p) => tfjs.start(p, {})],
  ["wasm", (p) => createWasmEngineSession(p)],
])("the state of %s", (_name, create) => {
  test("can be read and written, and belongs to the session", async () => {
    const session = await create(programs());
    await session.run("init", { seed: ints([], [3]) }, 1);
    expect(session.stateNames().sort()).toEqual(["m", "w"]);
    const w = session.read("w");
    session.write("m", w);
    w.data.fill(0);
    const m = session.read("m");
    expect([...m.data]).toEqual([...session.read("w").data]);
    expect(m.data.some((v) => v !== 0)).toBe(true);
    expect(() => session.read("other")).toThrow("no state is called other");
    session.dispose();
    expect(session.stateNames()).toEqual([]);
  });

  test("written state is used by the next step", async () => {
    const [one, other] = [await create(programs()), await create(programs())];
    await train(one, 3);
    for (const name of one.stateNames()) other.write(name, one.read(name));
    const args = {
      x: draw(71, [2, 4, 4, 1]),
      label: ints([2], [1, 2]),
      step: ints([], [9]),
      seed: ints([], [3]),
    };
    const first = await one.run("step", args, 2);
    const second = await other.run("step", args, 2);
    expect(second["loss"]!.data).toEqual(first["loss"]!.data);
  });

  test("what is missing or of another shape is named", async () => {
    const session = await create(programs());
    await expect(session.run("fit", {}, 1)).rejects.toThrow("there is no program fit");
    await expect(session.run("init", {}, 1)).rejects.toThrow("program init: no argument seed");
    await expect(session.run("init", { seed: ints([1], [1]) }, 1)).rejects.toThrow(
      /seed is (int)?\[1\], not (int)?\[\]/,
    );
    await expect(session.run("init", { seed: draw(1, []) }, 1)).rejects.toThrow(/seed is float/);
  });
});

test("a state that a program passes through, and a result that is an argument", async () => {
  const b = createBuilder("pass");
  const x = b.argument("x", { dtype: "float", shape: [2] });
  const s = b.state("s", { dtype: "float", shape: [2] });
  b.result("x again", x);
  b.result("s now", s);
  b.update("s", s);
  b.update("t", s);
  const programs = { pass: b.build() };
  for (const session of [
    createReferenceSession(programs),
    await tfjs.start(programs, {}),
    await createWasmEngineSession(programs),
  ]) {
    session.write("s", draw(1, [2]));
    for (let i = 0; i < 3; i++) {
      const out = await session.run("pass", { x: draw(2, [2]) }, 1);
      expect([...out["x again"]!.data]).toEqual([...draw(2, [2]).data]);
      expect([...out["s now"]!.data]).toEqual([...draw(1, [2]).data]);
    }
    expect([...session.read("t").data]).toEqual([...draw(1, [2]).data]);
    session.dispose();
  }
});

test("sessions on two backends in one process", async () => {
  const [wasm, cpu] = [
    await tfjs.start(programs(), { backend: "wasm" }),
    await tfjs.start(programs(), { backend: "cpu" }),
  ];
  const [a, b] = await Promise.all([train(wasm, 5), train(cpu, 5)]);
  a.forEach((loss, i) => expect(Math.abs(loss - b[i]!)).toBeLessThan(1e-5));
});

test("a backend that is not there is an error that lists those that are", async () => {
  await expect(tfjs.start({}, { backend: "tensorflow" })).rejects.toThrow(
    /the backend tensorflow is not registered with tfjs; there is cpu, wasm/,
  );
});

describe("a model that is larger than the memory of WebAssembly", () => {
  const spec = (width: number) => `model Large {
  input x: float[${width}]
  task t { output = x |> dense(${width}) |> dense(1)  label: float  loss: mse }
}
train { optimizer: adam(lr: 0.1)  epochs: 1  batch: 4 }`;

  test("is refused when it is started, with what it needs and what there is", async () => {
    await expect(compiled(spec(20_000)).create({ engine: "wasm" })).rejects.toThrow(
      /^the model and a batch of it need 6\.4 GB of memory, and WebAssembly has 4\.3 GB: .* \(NN6008\)\.$/,
    );
  });

  test("by its batch alone is refused when that comes, and the model stays as it was", async () => {
    const wide = spec(2).replace("dense(2)", "dense(8000)");
    const model = await compiled(wide).create({ engine: "wasm" });
    const before = await model.save();
    const [x, t] = [new Float32Array(2 * 200_000), new Float32Array(200_000)];
    await expect(model.partialFit({ inputs: { x }, labels: { t } })).rejects.toThrow(
      /^the model and a batch of it need \d+\.\d GB of memory, and WebAssembly has 4\.3 GB: /,
    );
    expect(await model.predict({ x: [[1, 2]] })).toBeTruthy();
    expect((await model.save()).length).toBe(before.length);
    model.dispose();
  });
});
