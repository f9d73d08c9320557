// Writes penguins-sparse.csv: the penguins with most labels of two tasks taken away, at random: 40 % keep their body mass and
// 25 % their sex.
import { readFileSync, writeFileSync } from "node:fs";
import { generator } from "./random.mjs";

const KEPT = { body_mass_g: 0.4, sex: 0.25 };
const random = generator(3);
const [header, ...rows] = readFileSync(new URL("penguins.csv", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");
const names = header.split(",");
const thinned = rows.map((row) =>
  row
    .split(",")
    .map((cell, i) => (names[i] in KEPT && random() >= KEPT[names[i]] ? "" : cell))
    .join(","),
);
writeFileSync(new URL("penguins-sparse.csv", import.meta.url), `${[header, ...thinned].join("\n")}\n`);
