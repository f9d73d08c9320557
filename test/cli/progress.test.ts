import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./run.js";
import { hasTerminal, inTerminal } from "./terminal.js";

function folder(): string {
  const path = temporaryFolder();
  const rows = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${Math.cos(i)},${i % 3 ? "up" : "down"}`);
  writeFileSync(join(path, "waves.csv"), ["a,b,c", ...rows].join("\n"));
  writeFileSync(
    join(path, "waves.nnspec"),
    `model Waves {
  input a: float
  h = a |> dense(4, tanh)
  task b { output = h |> dense(1)  label: float  loss: mse  metrics: [mae, rmse] }
  task c { output = h |> dense(1, sigmoid)  label: binary("up", "down")  loss: binary_crossentropy  metrics: [auc, accuracy] }
}
train { optimizer: sgd(lr: 0.01)  batch: 5  stop: early(monitor: validation.c.accuracy, patience: 1000) }
data { from: "waves.csv"  a = a  b = b  c = c  split: { train: 0.6, validation: 0.2, test: 0.2 } }
`,
  );
  return path;
}

/** What a terminal of so many columns shows in the end, and every line that was ever on it. */
async function onTerminal(columns: number, epochs: number): Promise<{ shown: string[]; ever: string[] }> {
  const sent = await inTerminal(["train", "waves.nnspec", "--epochs", String(epochs)], {
    cwd: folder(),
    columns,
  });
  return {
    ever: sent.split(/\r\n|\r/).map((line) => line.replace(erase, "")),
    shown: sent.split("\r\n").map((line) => line.split(`\r${erase}`).at(-1) ?? ""),
  };
}

/** What a terminal takes to empty the rest of a line. */
const erase = "\u001b[K";

const isEpoch = (line: string) => line.startsWith("epoch ");

test.runIf(hasTerminal())(
  "each epoch is a line that fits, with what stopping goes by, and stays",
  async () => {
    const { shown, ever } = await onTerminal(80, 30);
    expect(ever.filter(isEpoch).every((line) => [...line].length < 80)).toBe(true);
    const history = shown.filter(isEpoch);
    expect(history).toHaveLength(30);
    for (const [i, line] of history.entries())
      expect(line).toMatch(new RegExp(`^epoch +${i + 1}/30 [▁▂▃▄▅▆▇█]{1,8} +loss \\S+ +c accuracy \\S+`));
    expect(history[5]).toMatch(/ETA \d+ s$/);
    expect(history[29]).not.toContain("ETA");
  },
);

test.runIf(hasTerminal())("of many epochs as many lines stay as one can read", async () => {
  const { shown, ever } = await onTerminal(40, 250);
  expect(ever.filter(isEpoch).every((line) => [...line].length < 40)).toBe(true);
  expect(ever.filter(isEpoch)).toHaveLength(250);
  const history = shown.filter(isEpoch);
  expect(history.length).toBeGreaterThan(80);
  expect(history.length).toBeLessThanOrEqual(102);
  expect(history.at(-1)).toMatch(/^epoch 250\/250/);
});
