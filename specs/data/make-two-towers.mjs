// Writes two-towers.csv: `first` says whether a rule holds for a1..a10, `second` whether another does for b1..b10.
// One row in twenty has its label turned, so that no model can be right everywhere.
import { writeFileSync } from "node:fs";
import { generator } from "./random.mjs";

const random = generator(1);
const names = (letter) => Array.from({ length: 10 }, (_, i) => `${letter}${i + 1}`);
const row = () => Array.from({ length: 10 }, () => Math.round((random() * 2 - 1) * 1000) / 1000);
const turned = (label) => (random() < 0.05 ? 1 - label : label);

const lines = [[...names("a"), ...names("b"), "first", "second"].join(",")];
for (let i = 0; i < 2000; i++) {
  const a = row();
  const b = row();
  const first = turned(a[0] + a[1] - a[2] > 0 ? 1 : 0);
  const second = turned(2 * b[3] - b[4] + 0.5 * b[5] > 0 ? 1 : 0);
  lines.push([...a, ...b, first, second].join(","));
}
writeFileSync(new URL("two-towers.csv", import.meta.url), `${lines.join("\n")}\n`);
