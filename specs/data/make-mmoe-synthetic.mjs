// Writes mmoe-synthetic.csv.gz: the two regression tasks of Ma et al. 2018, section 3.2, whose correlation is swept. With unit
// vectors u1 ⟂ u2, w1 = u1 and w2 = p·u1 + √(1 − p²)·u2; a label is wᵀx + Σ sin(αᵢ·wᵀx + βᵢ) + noise of variance 0.01, over
// the same x for all p, the cosine of the weights. 16 inputs, 6 sines, 6,000 rows.
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { generator, normal } from "./random.mjs";

const [INPUTS, SINES, ROWS] = [16, 6, 6000];
const CORRELATIONS = [0, 0.5, 0.9, 1];
const draw = normal(generator(7));

const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const scaled = (a, by) => a.map((x) => x * by);
const vector = () => Array.from({ length: INPUTS }, draw);
const unit = (a) => scaled(a, 1 / Math.sqrt(dot(a, a)));

const u1 = unit(vector());
const other = vector();
const u2 = unit(other.map((x, i) => x - dot(other, u1) * u1[i]));
const sines = Array.from({ length: SINES }, (_, i) => ({ alpha: i + 1, beta: draw() }));

function label(w, x) {
  const z = dot(w, x);
  return z + sines.reduce((sum, { alpha, beta }) => sum + Math.sin(alpha * z + beta), 0) + 0.1 * draw();
}

const lines = [
  [...u1.map((_, i) => `x${i + 1}`), "first", ...CORRELATIONS.map((p) => `second_${p * 100}`)].join(","),
];
for (let i = 0; i < ROWS; i++) {
  const x = vector();
  const seconds = CORRELATIONS.map((p) => u1.map((a, k) => p * a + Math.sqrt(1 - p * p) * u2[k]));
  const row = [...x, label(u1, x), ...seconds.map((w) => label(w, x))];
  lines.push(row.map((n) => Number(n.toFixed(3))).join(","));
}
writeFileSync(
  new URL("mmoe-synthetic.csv.gz", import.meta.url),
  gzipSync(`${lines.join("\n")}\n`, { level: 9 }),
);
