import { chain, hiddenActivation, merged, toVector, type Value } from "./layers.js";
import { randomOf, type Random } from "./random.js";
import { randomTask, type Task } from "./tasks.js";

/** A random multi-task model with its rows. */
export interface Case {
  readonly seed: number;
  readonly spec: string;
  readonly rows: number;
  readonly inputs: Readonly<Record<string, readonly unknown[]>>;
  readonly labels: Readonly<Record<string, readonly unknown[]>>;
  readonly rowWeight?: readonly number[];
}

interface Input {
  readonly name: string;
  readonly type: string;
  /** The first stage, which makes numbers of it. */
  readonly value: (random: Random) => { text: string; dims: readonly number[] };
  readonly row: (random: Random) => unknown;
  readonly width: number;
  /** Of a category. */
  readonly classes?: number;
}

/** Three digits, so that a failing case can be read. */
export const decimal = (random: Random, scale = 1) => Math.round(random.normal() * scale * 1000) / 1000;

export function nested(dims: readonly number[], cell: () => unknown): unknown {
  const [first, ...others] = dims;
  return first === undefined ? cell() : Array.from({ length: first }, () => nested(others, cell));
}

function numeric(name: string, dims: readonly number[]): Input {
  return {
    name,
    type: `float[${dims.join(", ")}]`,
    value: () => ({ text: name, dims }),
    row: (random) => nested(dims, () => decimal(random)),
    width: dims.reduce((a, d) => a * d, 1),
  };
}

function randomInput(random: Random, name: string): Input {
  const kind = random.int(0, 6);
  if (kind === 0) return numeric(name, [random.int(3, 4), random.int(2, 3)]);
  if (kind === 1) return numeric(name, [random.int(3, 6), random.int(3, 6), random.int(1, 2)]);
  if (kind === 2) {
    const classes = random.int(2, 5);
    return {
      name,
      type: `category(${classes})`,
      classes,
      value: (r) =>
        r.chance(0.5)
          ? { text: `${name} |> one_hot`, dims: [classes] }
          : { text: `${name} |> embedding(3)`, dims: [3] },
      row: (r) => r.int(0, classes - 1),
      width: 1,
    };
  }
  if (kind === 3) {
    const [classes, length] = [random.int(3, 6), random.int(2, 4)];
    return {
      name,
      type: `category(${classes})[${length}]`,
      classes,
      value: () => ({ text: `${name} |> embedding(3)`, dims: [length, 3] }),
      row: (r) => nested([length], () => r.int(0, classes - 1)),
      width: length,
    };
  }
  return numeric(name, [random.int(2, 5)]);
}

const shares = ["mmoe", "cross_stitch", "cgc", "ple", "mtan", "sluice"] as const;

/** Vectors that the tasks begin with, one each; all of them depend on shared weights. */
function features(random: Random, units: number, tasks: number, fused: string, lines: string[]): string[] {
  lines.push(`  shared trunk = dense(${units}, ${hiddenActivation(random)})`);
  if (random.chance(0.2)) {
    lines.push(`  weight scale: float[${units}] = normal(stddev: 0.5)`);
    lines.push(`  h = (${fused} |> trunk) * scale`);
  } else lines.push(`  h = ${fused} |> trunk`);
  if (tasks < 2 || !random.chance(0.3)) return Array.from({ length: tasks }, () => "h");
  const block = random.pick(shares);
  const call = {
    mmoe: `mmoe(h, tasks: ${tasks}, experts: 2, units: 4)`,
    cgc: `cgc(h, tasks: ${tasks}, experts: 1, shared_experts: 1, units: 4)`,
    ple: `ple(h, tasks: ${tasks}, layers: 2, experts: 1, shared_experts: 1, units: 4)`,
    mtan: `mtan(h, tasks: ${tasks}, layers: 1, units: 4)`,
    sluice: `sluice(h, tasks: ${tasks}, layers: 1, units: 4)`,
    cross_stitch: `cross_stitch([for t in 1..${tasks}: h |> dense(4, tanh)])`,
  }[block];
  lines.unshift(`import { ${block} } from "std/multitask"`);
  lines.push(`  parts = ${call}`);
  return Array.from({ length: tasks }, (_, t) => `parts[${t}]`);
}

const looking = [
  "pcgrad", "mgda", "mgda(normalize: loss)", "cagrad", "gradvac", "imtl_g", "nash_mtl", "aligned_mtl", "fairgrad", "moco",
  "graddrop", "gradnorm(on: trunk.*)", "excess_risk", "dwa", "rlw", "gls", "famo", "uncertainty", "imtl_l",
]; // prettier-ignore

/** Small denominators would blow rounding up to the size of a step. */
const optimizer = (random: Random) =>
  random.pick([
    "sgd(lr: 0.05)",
    "sgd(lr: 0.02, momentum: 0.9, nesterov: true)",
    "momentum(lr: 0.02, momentum: 0.8)",
    "adam(lr: 0.01, epsilon: 0.001)",
    "adamw(lr: 0.01, decay: 0.02, epsilon: 0.001)",
    "adam(lr: cosine(peak: 0.01, warmup: 2), epsilon: 0.001)",
    "sgd(lr: warmup(3, to: exponential(start: 0.05, factor: 0.7, every: 2)))",
    "sgd(lr: step(start: 0.05, every: 1, factor: 0.5))",
  ]);

function trainSection(random: Random, rows: number, tasks: readonly Task[], balanced: boolean): string {
  const balance = balanced ? random.pick(looking) : "fixed";
  const batch = random.pick([1, 2, 3, 5, 8, "full"] as const);
  // Balancers that look at the losses again after a step have one batch to a step.
  const accumulate = balance !== "famo" && batch !== "full" && random.chance(0.25) ? random.int(2, 3) : 1;
  // Plain descent takes all rows at once, and stands alone.
  const descends = batch === "full" && random.chance(0.2);
  const second =
    !descends && random.chance(0.35)
      ? `\n  optimizer ${random.pick(["trunk.*", `${tasks[0]!.name}.*`])}: ${optimizer(random)}`
      : "";
  const clip = random.chance(0.3)
    ? `\n  clip: ${random.pick(["global_norm(1)", "global_norm(0.1)", "value(0.2)"])}`
    : "";
  return `train {
  optimizer: ${descends ? "gd(lr: 0.05)" : optimizer(random)}${second}
  balance: ${balance}${clip}
  epochs: 3
  batch: ${batch === "full" || batch > rows ? "full" : batch}
  accumulate: ${accumulate}
  seed: ${random.int(0, 1000)}
}`;
}

function dataSection(inputs: readonly Input[], tasks: readonly Task[]): string {
  let at = 0;
  const range = (width: number) => {
    const from = at;
    at += width;
    return width === 1 ? `c${from}` : `c${from}..c${at - 1}`;
  };
  const mapped = [...inputs, ...tasks].map(({ name, width }) => `  ${name} = ${range(width)}`);
  return `data {\n  from: "rows.csv"\n${mapped.join("\n")}\n  row_weight: w\n}`;
}

/** A model of a seed; the same for ever. */
export function randomCase(seed: number): Case {
  const random = randomOf(seed);
  const rows = random.int(5, 12);
  const balanced = random.chance(0.5);
  const count = balanced ? random.int(2, 8) : random.int(1, 4);
  const inputs = Array.from({ length: random.int(1, 3) }, (_, i) => randomInput(random, `x${i}`));
  const units = random.int(3, balanced ? 8 : 6);
  const lines: string[] = [];
  const vectors = inputs.map((input, i) => {
    const begin = input.value(random);
    const from: Value = { name: begin.text, dims: begin.dims };
    const { text, dims } = chain(random, from, random.int(0, 3));
    lines.push(`  v${i} = ${text}${toVector(random, dims, units, hiddenActivation(random))}`);
    if (!begin.text.includes("embedding") || !random.chance(0.3)) return `v${i}`;
    const tied = `tied_dense(${input.classes}, tanh, to: v${i}.embedding.embeddings)`;
    lines.push(`  w${i} = v${i} |> dense(3, tanh) |> ${tied} |> dense(${units})`);
    return `w${i}`;
  });
  const imports: string[] = [];
  const begins = features(random, units, count, merged(random, vectors), lines);
  while (lines[0]?.startsWith("import")) imports.push(lines.shift()!);
  const tasks = begins.map((begin, t) => randomTask(random, `t${t}`, begin, rows));
  const weighs = random.chance(0.25);
  const training = trainSection(random, rows, tasks, balanced);
  const spec = [
    ...imports,
    "model Random {",
    ...inputs.map(({ name, type }) => `  input ${name}: ${type}`),
    ...lines,
    ...tasks.map(({ text }) => text),
    "}",
    training,
    ...(weighs ? [dataSection(inputs, tasks)] : []),
    "",
  ].join("\n");
  const table = <V>(make: () => V) => Array.from({ length: rows }, make);
  return {
    seed,
    spec,
    rows,
    inputs: Object.fromEntries(inputs.map((input) => [input.name, table(() => input.row(random))])),
    labels: Object.fromEntries(tasks.map(({ name, labels }) => [name, labels])),
    ...(weighs ? { rowWeight: table(() => random.pick([0, 0.5, 1, 2.5])) } : {}),
  };
}
