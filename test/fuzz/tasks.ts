import type { Random } from "./random.js";

/** A task's declaration, and its labels row by row. */
export interface Task {
  readonly name: string;
  readonly text: string;
  readonly labels: readonly unknown[];
  /** Columns of a data file. */
  readonly width: number;
}

interface Kind {
  /** Label type without `?`. */
  readonly label: string;
  readonly loss: string;
  readonly dims: readonly number[];
  /** What ends the output, after a vector. */
  readonly output: string;
  readonly classes?: number;
  readonly cell: (random: Random) => unknown;
  /** Draws the whole row, where cells do not stand for themselves. */
  readonly row?: (random: Random) => unknown;
  readonly metrics: readonly string[];
}

const number = (random: Random) => Math.round(random.normal() * 1000) / 1000;

/** Dense to so many numbers in this shape. */
function shaped(random: Random, dims: readonly number[], act: string): string {
  const size = dims.reduce((a, d) => a * d, 1);
  const head = random.chance(0.5) ? "dense(4, tanh) |> " : "";
  if (dims.length === 1) return `${head}dense(${size}${act === "" ? "" : `, ${act}`})`;
  return `${head}dense(${size}) |> reshape([${dims.join(", ")}])${act === "" ? "" : ` |> ${act}`}`;
}

function values(random: Random): Kind {
  const dims = random.pick([[], [], [1], [3], [2, 2], [2, 3, 1]]);
  const label = dims.length === 0 ? "float" : `float[${dims.join(", ")}]`;
  const loss = random.pick(["mse", "mae", "huber", "huber(delta: 0.4)"]);
  const act = random.chance(0.15) ? "tanh" : "";
  const output = shaped(random, dims.length === 0 ? [1] : dims, act);
  return { label, loss, dims, output, cell: number, metrics: ["mae", "rmse", "r2"] };
}

function yesNo(random: Random): Kind {
  const dims = random.pick([[], [], [2], [5], [2, 2]]);
  const label = dims.length === 0 ? "binary" : `binary[${dims.join(", ")}]`;
  const output = shaped(random, dims.length === 0 ? [1] : dims, random.pick(["", "sigmoid"]));
  const cell = (r: Random) => r.int(0, 1);
  return {
    label,
    loss: "binary_crossentropy",
    dims,
    output,
    classes: 2,
    cell,
    metrics: ["accuracy", "log_loss"],
  };
}

function oneOf(random: Random): Kind {
  const classes = random.int(2, 4);
  const dims = random.pick([[], [], [3], [2, 2]]);
  const label = `category(${classes})${dims.length === 0 ? "" : `[${dims.join(", ")}]`}`;
  const output = shaped(random, [...dims, classes], random.pick(["", "softmax"]));
  const cell = (r: Random) => r.int(0, classes - 1);
  const loss = "categorical_crossentropy";
  return { label, loss, dims, output, classes, cell, metrics: ["accuracy", "log_loss"] };
}

function soft(random: Random): Kind {
  const classes = random.int(2, 4);
  const outer = random.pick([[], [2]]);
  const dims = [...outer, classes];
  const output = shaped(random, dims, random.pick(["", "softmax"]));
  const share = (r: Random) => {
    const parts = Array.from({ length: classes }, () => r.int(1, 9));
    const sum = parts.reduce((a, p) => a + p);
    return parts.map((p) => p / sum);
  };
  const row = (r: Random) => (outer.length === 0 ? share(r) : [share(r), share(r)]);
  const loss = "categorical_crossentropy";
  return { label: `float[${dims.join(", ")}]`, loss, dims, output, cell: number, row, metrics: [] };
}

function filled(dims: readonly number[], cell: () => unknown): unknown {
  const [first, ...others] = dims;
  return first === undefined ? cell() : Array.from({ length: first }, () => filled(others, cell));
}

/** Takes numbers out of a row here and there. */
function withHoles(random: Random, value: unknown, share: number): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => withHoles(random, item, share));
  return random.chance(share) ? null : value;
}

export function randomTask(random: Random, name: string, begin: string, rows: number): Task {
  const kind = random.pick([values, values, yesNo, oneOf, soft])(random);
  const optional = random.chance(0.5);
  const share = random.pick([0.1, 0.4, 0.8]);
  const full = () => (kind.row ? kind.row(random) : filled(kind.dims, () => kind.cell(random)));
  const labels = Array.from({ length: rows }, (_, i) => {
    const row = full();
    // A task without any label has nothing to learn from.
    if (!optional || i === 0) return row;
    return random.chance(share / 2) ? null : withHoles(random, row, share);
  });
  const weights = kind.classes !== undefined && random.chance(0.3) ? classWeights(random, kind.classes) : "";
  const weight = random.chance(0.3) ? `  weight: ${random.pick([0.3, 2])}` : "";
  const metrics =
    kind.metrics.length > 0 && random.chance(0.5) ? `  metrics: [${kind.metrics.join(", ")}]` : "";
  const text = `  task ${name} {
    output = ${begin} |> ${kind.output}
    label: ${kind.label}${optional ? "?" : ""}
    loss: ${kind.loss}${metrics}${weight}${weights}
  }`;
  return { name, text, labels, width: kind.dims.reduce((a, d) => a * d, 1) };
}

function classWeights(random: Random, classes: number): string {
  if (random.chance(0.5)) return "  class_weights: balanced";
  return `  class_weights: [${Array.from({ length: classes }, () => random.pick([0.5, 1, 3])).join(", ")}]`;
}
