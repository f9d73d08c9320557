// What the kill sweep trains: small models with all that a checkpoint must keep.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const MODEL = `model Swept {
  input x: float[3]
  h = x |> dense(24, relu) |> batch_norm |> dense(24, relu) |> dropout(0.2)
  task size { output = h |> dense(1)  label: float?  loss: mse  metrics: [mae] }
  task good { output = h |> dense(1, sigmoid)  label: binary("no", "yes")  loss: binary_crossentropy }
}
`;
const DATA = `data {
  from: "swept.csv"
  x = x1..x3 |> standardize
  size = size |> standardize
  good = good
  split: { train: 0.6, validation: 0.2, test: 0.2 }
}
`;
const PLAIN = `${MODEL}train {
  optimizer: adam(lr: cosine(peak: 0.1, warmup: 5))
  balance: uncertainty
  epochs: 30
  batch: 24
  stop: early(monitor: validation.loss, patience: 4)
}
${DATA}`;
const STAGED = `${MODEL}train a { optimizer: adam(lr: 0.01)  balance: uncertainty  epochs: 15  batch: 16  seed: 3  stop: early(patience: 6) }
train b { optimizer: sgd(lr: 0.02)  balance: pcgrad  epochs: 15  batch: 24  seed: 4  accumulate: 2 }
${DATA}`;
const META = `model Swept {
  input x: float[1]
  task wave { output = x |> dense(24, relu) |> dense(24, relu) |> dense(1)  label: float  loss: mse }
}
meta {
  algorithm: maml(order: 2, inner_steps: 1, inner_lr: 0.01)
  tasks: sinusoids
  episode: { support: 10, query: 10 }
  tasks_per_step: 4
  optimizer: adam(lr: 0.001)
  steps: 40
}
`;

/** The trainings: a spec, and what the command gets besides. */
export const TRAININGS = {
  plain: { text: PLAIN, args: [] },
  staged: { text: STAGED, args: ["--train", "a,b"] },
  meta: { text: META, args: [] },
  threads: { text: PLAIN, args: ["--threads", "2"] },
};

function rows() {
  const lines = ["x1,x2,x3,size,good"];
  for (let i = 0; i < 240; i++) {
    const [a, b, c] = [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i + 1)];
    const size = i % 6 === 0 ? "" : (100 + 20 * a - 10 * b).toFixed(2);
    lines.push([a.toFixed(3), b.toFixed(3), c.toFixed(3), size, a + c > 0 ? "yes" : "no"].join(","));
  }
  return lines.join("\n");
}

/** The files that a training finds, and those that it leaves. */
export const GIVEN = ["swept.csv", "swept.nnspec"];
export const CHECKPOINT = "swept.safetensors";
export const LOCK = `${CHECKPOINT}.lock`;

export function folderOf(training) {
  const cwd = mkdtempSync(join(tmpdir(), "nnc-kill-"));
  writeFileSync(join(cwd, "swept.csv"), rows());
  writeFileSync(join(cwd, "swept.nnspec"), training.text);
  return cwd;
}
