import { expect, test } from "vitest";
import { createSession, type EngineName } from "../../src/engines/index.js";
import { ModelAnalysis } from "../../src/model/analysis.js";
import { lowerMeta } from "../../src/phases/5-lower/meta/programs.js";
import type { Session } from "../../src/runtime/session.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import { compiled, numbers } from "../helpers.js";

/** Numbers without a clear end: away from the kinks of relu and of pooling by far more than a difference's step. */
const draw = (shape: readonly number[], seed: number): HostTensor => ({
  dtype: "float",
  shape,
  data: Float64Array.from(
    numbers(
      shape.reduce((a, d) => a * d, 1),
      seed,
    ),
  ),
});

const classes = (count: number, of: number): HostTensor => ({
  dtype: "int",
  shape: [count],
  data: Int32Array.from({ length: count }, (_, i) => i % of),
});

const scalar = (value: number, dtype: "float" | "int" = "float"): HostTensor => ({
  dtype,
  shape: [],
  data: dtype === "int" ? Int32Array.of(value) : Float64Array.of(value),
});

const clock = {
  "clock/seed": scalar(3, "int"),
  "clock/step": scalar(0, "int"),
  "clock/total_steps": scalar(10),
  "clock/epoch": scalar(0),
  "clock/schedule_step": scalar(0),
  "clock/schedule_epoch": scalar(0),
  "clock/lr": scalar(-1),
};

interface Net {
  readonly input: string;
  readonly dims: readonly number[];
  readonly layers: string;
  readonly label: string;
  readonly loss: string;
}

const NETS: Readonly<Record<string, Net>> = {
  "dense and tanh": {
    input: "float[3]",
    dims: [3],
    layers: "dense(5, tanh) |> dense(1)",
    label: "float",
    loss: "mse",
  },
  "softmax cross-entropy": {
    input: "float[4]",
    dims: [4],
    layers: "dense(6, gelu) |> dense(3, softmax)",
    label: "category(3)",
    loss: "categorical_crossentropy",
  },
  "convolution and max pooling": {
    input: "float[6, 6, 1]",
    dims: [6, 6, 1],
    layers: "conv2d(3, 3, activation: tanh) |> max_pool2d(2) |> flatten |> dense(3, softmax)",
    label: "category(3)",
    loss: "categorical_crossentropy",
  },
  "batch norm": {
    input: "float[3]",
    dims: [3],
    layers: "dense(4) |> batch_norm |> tanh |> dense(1)",
    label: "float",
    loss: "mse",
  },
  lstm: { input: "float[4, 2]", dims: [4, 2], layers: "lstm(3) |> dense(1)", label: "float", loss: "mse" },
};

const [SUPPORT, QUERY] = [6, 5];

function specOf({ input, layers, label, loss }: Net, algorithm: string, extra = ""): string {
  return `model Net {
    input x: ${input}
    task y { output = x |> ${layers}  label: ${label}  loss: ${loss} }
  }
  meta {
    algorithm: ${algorithm}
    episode: { support: ${SUPPORT}, query: ${QUERY} }
    norm: transductive
    optimizer: sgd(lr: 0.1)
    ${extra}
  }`;
}

const lowered = (spec: string) => {
  const { document } = compiled(spec);
  return lowerMeta(new ModelAnalysis({ ...document, meta: document.meta! }));
};

function episodeOf({ dims, label }: Net) {
  const labels = (rows: number, seed: number) =>
    label === "float" ? draw([rows], seed) : classes(rows, Number(/\d+/.exec(label)![0]));
  return {
    "support/inputs/x": draw([SUPPORT, ...dims], 5),
    "support/labels/y": labels(SUPPORT, 6),
    "query/inputs/x": draw([QUERY, ...dims], 7),
    "query/labels/y": labels(QUERY, 8),
  };
}

async function started(spec: string, engine: EngineName = "reference"): Promise<Session> {
  const session = await createSession(engine, { ...lowered(spec) });
  await session.run("init", { "clock/seed": scalar(1, "int") }, 1);
  return session;
}

/** One task's query loss, and its meta-gradients by the trained weights' paths. */
async function lookAt(session: Session, net: Net) {
  const waiting = session.stateNames().filter((name) => name.endsWith("/gradient"));
  for (const name of waiting) {
    const { dtype, shape, data } = session.read(name);
    session.write(name, { dtype, shape, data: data.map(() => 0) });
  }
  const results = await session.run("gradients", { ...clock, ...episodeOf(net) }, 1);
  const gradients = Object.fromEntries(
    waiting.map((name) => [name.replace("/gradient", ""), Float64Array.from(session.read(name).data)]),
  );
  return { loss: results["loss/query"]!.data[0]!, gradients };
}

/** Central differences of the query's loss after adaptation, by every trained number. */
async function differences(session: Session, net: Net, path: string, h = 1e-5): Promise<Float64Array> {
  const weight = session.read(path);
  const found = new Float64Array(weight.data.length);
  for (let i = 0; i < found.length; i++) {
    const at = async (by: number) => {
      const data = Float64Array.from(weight.data);
      data[i]! += by;
      session.write(path, { ...weight, data });
      return (await lookAt(session, net)).loss;
    };
    found[i] = ((await at(h)) - (await at(-h))) / (2 * h);
  }
  session.write(path, weight);
  return found;
}

/** ‖a − b‖∞ / max(‖b‖∞, 1e-3). */
function error(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const most = (x: ArrayLike<number>) => Math.max(...Array.from(x, Math.abs));
  return most(Array.from(a, (x, i) => x - b[i]!)) / Math.max(most(b), 1e-3);
}

const algorithms = [
  "maml(order: 2, inner_steps: 2, inner_lr: 0.3)",
  "maml(order: 2, inner_steps: 3, inner_lr: 0.2, unroll: false)",
];

test.each(Object.entries(NETS).flatMap(([name, net]) => algorithms.map((a) => [name, a, net] as const)))(
  "%s, %s: the meta-gradient is that of finite differences",
  async (_name, algorithm, net) => {
    const session = await started(specOf(net, algorithm));
    const { gradients } = await lookAt(session, net);
    expect(Object.keys(gradients).length).toBeGreaterThan(2);
    for (const [path, gradient] of Object.entries(gradients))
      expect(error(gradient, await differences(session, net, path)), path).toBeLessThanOrEqual(1e-6);
    for (const engine of ["wasm", "tfjs"] as const) {
      const single = await started(specOf(net, algorithm), engine);
      for (const path of Object.keys(gradients)) single.write(path, session.read(path));
      const found = (await lookAt(single, net)).gradients;
      for (const [path, gradient] of Object.entries(gradients))
        expect(error(found[path]!, gradient), `${engine} ${path}`).toBeLessThanOrEqual(1e-3);
      single.dispose();
    }
  },
);
