import { describe, expect, test } from "vitest";
import { lowerModel } from "../../src/compile.js";
import { entriesOf } from "../../src/library/index.js";
import type { Session } from "../../src/runtime/session.js";
import type { HostTensor } from "../../src/runtime/tensor.js";
import type { Program } from "../../src/tensor/index.js";
import { compiled } from "../helpers.js";
import { float32Engines, reference, type Start } from "./engines.js";

const LARGEST = 2 ** 128 - 2 ** 103;
const sizes = [
  0, 1e-30, 1e-8, 1e-4, 0.01, 0.3, 1, 4, 8, 12, 15, 18, 25, 60, 88, 100, 1e3, 1e4, 1e10, 1e15, 1e19, 1e20,
  1e30, 3e38,
];
const points = [...sizes, ...sizes.slice(1).map((x) => -x)].map(Math.fround);

interface Found {
  readonly prediction: number[];
  readonly loss: number;
  readonly gradient: number[];
}

/** A model of one row whose output, before its activation, are the weights themselves. */
class Probe {
  private constructor(
    private readonly session: Session,
    private readonly programs: Readonly<Record<string, Program>>,
    private readonly width: number,
  ) {}

  static async of(start: Start, output: string, width: number, label: string, loss: string): Promise<Probe> {
    const { document } = compiled(`model Probe {
      input x: float[1]
      task y { output = x |> dense(${width}, ${output}use_bias: false)  label: ${label}  loss: ${loss} }
    }`);
    const programs = { ...lowerModel(document).programs };
    return new Probe(await start(programs), programs, width);
  }

  async at(weights: readonly number[], label: readonly number[]): Promise<Found> {
    const kernel = { dtype: "float" as const, shape: [1, this.width], data: Float64Array.from(weights) };
    this.session.write("y.dense.kernel", kernel);
    this.session.write("y.dense.kernel/gradient", { ...kernel, data: new Float64Array(this.width) });
    const given = { "inputs/x": [1], "labels/y": label, lr_scale: [1], "clock/total_steps": [1] };
    const prediction = await this.run("predict", given);
    const { "loss/y": loss } = await this.run("gradients", given);
    const gradient = [...this.session.read("y.dense.kernel/gradient").data];
    return { prediction: [...prediction["prediction/y"]!.data], loss: loss!.data[0]!, gradient };
  }

  dispose(): void {
    this.session.dispose();
  }

  private run(name: string, given: Readonly<Record<string, readonly number[]>>) {
    const { inputs, types } = this.programs[name]!;
    const args = inputs
      .filter((input) => input.kind === "argument")
      .map((input): [string, HostTensor] => {
        const { dtype, shape: sized } = types[input.value.id]!;
        const shape = sized.map((d) => (typeof d === "number" ? d : 1));
        const count = shape.reduce((n, d) => n * d, 1);
        const data = Float64Array.from({ length: count }, (_, i) => given[input.name]?.[i] ?? 0);
        return [input.name, { dtype, shape, data: dtype === "float" ? data : Int32Array.from(data) }];
      });
    return this.session.run(name, Object.fromEntries(args), 1);
  }
}

/** Infinite only where the right number is beyond float32, and never NaN; as near as float32 has it. */
function same(found: number, right: number, scale: number, what: string): void {
  expect(right, `${what}: the reference`).not.toBeNaN();
  expect(found, `${what}, not ${right}`).not.toBeNaN();
  if (Math.abs(right) > LARGEST) {
    expect(Math.abs(found), what).toBeGreaterThan(0.999 * LARGEST);
    expect(Math.sign(found), what).toBe(Math.sign(right));
    return;
  }
  const off = Math.abs(found - right);
  expect(off, `${what}: ${found}, not ${right}`).toBeLessThanOrEqual(1e-5 * Math.abs(right) + scale);
}

interface Case {
  readonly name: string;
  /** The options of the layer before `use_bias`, and its width. */
  readonly output: string;
  readonly width: number;
  readonly label: string;
  readonly loss: string;
  readonly weights: readonly (readonly number[])[];
  readonly labels: readonly (readonly number[])[];
  /** What may be lost to cancellation, of 1. */
  readonly slack: number;
}

const single = points.map((x) => [x]);
const several = points.flatMap((x) => [
  [x, 0, -x],
  [x, x, x],
  [0, x, 1],
]);

const activations: Case[] = entriesOf("activation").flatMap(({ name }) => {
  const one = { width: 1, label: "float", loss: "mae", weights: single, labels: [[LARGEST]], slack: 1e-6 };
  if (name === "softmax")
    return [
      {
        ...one,
        name,
        output: "softmax, ",
        width: 3,
        label: "float[3]",
        weights: several,
        labels: [[2, 2, -2]],
      },
    ];
  const written = name === "gelu" ? ["gelu", "gelu(approximate: true)"] : [name];
  return written.map((text) => ({ ...one, name: text, output: `${text}, ` }));
});

const regression = { output: "", width: 1, label: "float", weights: single, slack: 1e-7 };
const reals = [[0], [1], [-2.5], [1e10], [Math.fround(-3e38)]];
const losses: Case[] = [
  { ...regression, name: "mse", loss: "mse", labels: reals },
  { ...regression, name: "mae", loss: "mae", labels: reals },
  { ...regression, name: "huber", loss: "huber(1)", labels: reals },
  {
    ...regression,
    name: "binary_crossentropy of logits",
    loss: "binary_crossentropy",
    label: "binary",
    labels: [[0], [1]],
    slack: 1e-37,
  },
  {
    ...regression,
    name: "binary_crossentropy after sigmoid",
    output: "sigmoid, ",
    loss: "binary_crossentropy",
    label: "binary",
    labels: [[0], [1]],
    slack: 1e-37,
  },
  {
    ...regression,
    name: "binary_crossentropy of soft labels",
    loss: "binary_crossentropy",
    label: "float",
    labels: [[0], [1], [0.25]],
    slack: 1e-37,
  },
  {
    ...regression,
    name: "binary_crossentropy of what are no probabilities",
    output: "relu, ",
    loss: "binary_crossentropy",
    label: "binary",
    labels: [[0], [1]],
  },
  {
    ...regression,
    name: "categorical_crossentropy of logits",
    width: 3,
    loss: "categorical_crossentropy",
    label: "category(3)",
    weights: several,
    labels: [[0], [1], [2]],
  },
  {
    ...regression,
    name: "categorical_crossentropy of soft labels",
    width: 3,
    loss: "categorical_crossentropy",
    label: "float[3]",
    weights: several,
    labels: [
      [1, 0, 0],
      [0, 0.5, 0.5],
    ],
  },
  {
    ...regression,
    name: "categorical_crossentropy of what are no probabilities",
    output: "relu, ",
    width: 3,
    loss: "categorical_crossentropy",
    label: "category(3)",
    weights: several,
    labels: [[0], [1], [2]],
  },
];

const cases = [...activations, ...losses].map((c) => [c.name, c] as const);

test("every activation and loss is swept", () => {
  for (const kind of ["activation", "loss"] as const) {
    const names = entriesOf(kind).map((entry) => entry.name);
    expect(names.filter((name) => !cases.some(([swept]) => swept.split(/[ (]/)[0] === name))).toEqual([]);
  }
});

describe.each(float32Engines)("%s over ±{0, 1e-30 … 3e38}, against float64", (_engine, start) => {
  test.each(cases)("%s", async (_name, { output, width, label, loss, weights, labels, slack }) => {
    const [there, here] = [
      await Probe.of(reference, output, width, label, loss),
      await Probe.of(start, output, width, label, loss),
    ];
    const isLoss = output === "" || loss !== "mae";
    for (const at of weights) {
      for (const y of labels) {
        const [right, found] = [await there.at(at, y), await here.at(at, y)];
        const what = `at ${at}, label ${y}`;
        right.prediction.forEach((p, i) => same(found.prediction[i]!, p, 1e-6, `prediction ${what}`));
        if (isLoss) same(found.loss, right.loss, slack, `loss ${what}`);
        right.gradient.forEach((g, i) => same(found.gradient[i]!, g, slack, `gradient ${what}`));
      }
    }
    there.dispose();
    here.dispose();
  });
});

describe.each([["reference", reference] as const, ...float32Engines])(
  "by their definitions: %s",
  (_engine, start) => {
    const softplus = (z: number) => (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));

    test.each([
      ["logits", "", "binary"],
      ["sigmoid", "sigmoid, ", "binary"],
      ["soft labels", "", "float"],
    ])("binary_crossentropy from %s: log(1 + e^∓z), and its slope", async (_name, output, label) => {
      const probe = await Probe.of(start, output, 1, label, "binary_crossentropy");
      for (const z of points) {
        for (const y of label === "binary" ? [0, 1] : [0, 1, 0.25, 0.5]) {
          const { loss, gradient } = await probe.at([z], [y]);
          const value = (y === 0 ? 0 : y * softplus(-z)) + (y === 1 ? 0 : (1 - y) * softplus(z));
          same(loss, value, 1e-37, `at ${z} for ${y}`);
          const slope = z > 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
          const other = z < 0 ? 1 / (1 + Math.exp(z)) : Math.exp(-z) / (1 + Math.exp(-z));
          same(
            gradient[0]!,
            (1 - y) * slope - y * other,
            y > 0 && y < 1 ? 1e-7 : 1e-37,
            `slope at ${z} for ${y}`,
          );
        }
      }
      probe.dispose();
    });

    test("categorical_crossentropy from logits: log(1 + Σ e^(z − z of the label))", async () => {
      const probe = await Probe.of(start, "", 3, "category(3)", "categorical_crossentropy");
      for (const z of [0, 1e-4, 1, 8, 12, 15, 18, 25, 60, 80]) {
        for (const [logits, label] of [
          [[z, 0, -1], 0],
          [[0, z, z], 0],
          [[2, 2, 2 - z], 1],
          [[-z, z, 0.5], 1],
        ] as const) {
          const { loss } = await probe.at(logits.map(Math.fround), [label]);
          const apart = logits.map((x) => Math.fround(x) - Math.fround(logits[label]));
          const high = Math.max(...apart);
          const rest = apart.filter((_, i) => i !== apart.indexOf(high));
          const right = high + Math.log1p(rest.reduce((sum, x) => sum + Math.exp(x - high), 0));
          same(loss, right, 1e-37, `at ${logits} for ${label}`);
        }
      }
      probe.dispose();
    });
  },
);
