import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../data/atomic.js";
import { print } from "../output.js";
import { madeFolder, refuse } from "../spec.js";
import { systemReason } from "../system.js";

const SPEC = `model Flowers {
  input petal: float[2]
  shared trunk = dense(16, relu) |> dense(16, relu)
  features = petal |> trunk
  task kind {
    output = features |> dense(2, softmax)
    label: category("small", "large")
    loss: categorical_crossentropy
    metrics: [accuracy]
  }
  task weight {
    output = features |> dense(1)
    label: float
    loss: mse
    metrics: [mae]
  }
}
train { optimizer: adam(lr: 0.01)  epochs: 60  batch: 8  stop: early(patience: 15) }
data { from: "flowers.csv"  petal = [length_cm, width_cm] |> standardize  kind = kind  weight = weight_g |> standardize }
`;

/** A rule that can be learned: large flowers have an area of more than 6, and weigh in proportion to it. */
function exampleRows(): string {
  const rows = ["length_cm,width_cm,kind,weight_g"];
  for (let i = 0; i < 80; i++) {
    const [length, width] = [1 + ((i * 37) % 50) / 10, 0.5 + ((i * 23) % 30) / 10];
    const area = length * width;
    rows.push(
      [length.toFixed(1), width.toFixed(1), area > 6 ? "large" : "small", (0.2 * area + 0.1).toFixed(3)].join(
        ",",
      ),
    );
  }
  return `${rows.join("\n")}\n`;
}

/** Writes a spec and its data to start from; what is there already stays. */
export function init(path: string): void {
  const folder = madeFolder(path);
  const files: readonly (readonly [string, string])[] = [
    [join(folder, "flowers.nnspec"), SPEC],
    [join(folder, "flowers.csv"), exampleRows()],
  ];
  for (const [path] of files) {
    if (existsSync(path))
      refuse("NN6006", path, { path, reason: "it is there already, and is left as it is" });
  }
  for (const [path, text] of files) {
    try {
      writeFileAtomic(path, text);
    } catch (error) {
      refuse("NN6006", path, { path, reason: systemReason(error) });
    }
    print(`wrote ${path}`);
  }
  print(`\nnext: npx nnc train ${files[0]![0]}`);
}
