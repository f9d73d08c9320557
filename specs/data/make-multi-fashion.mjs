// Writes multi-fashion.csv.gz out of Fashion-MNIST (Zalando Research, MIT): `node make-multi-fashion.mjs FOLDER` with the
// folder of its four gzipped IDX files. Two pictures are laid over each other on 36×36, one at the top left and one at the
// bottom right, the lighter pixel winning (Lin et al. 2019, "Pareto multi-task learning", section 5); means of 2×2 make it
// 18×18, and pixels are 0 to 15. 10,000 pairs of its training part, of which 1,000 are for validation, and 2,000 of its test part.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { generator } from "./random.mjs";

const folder = process.argv[2];
if (folder === undefined) {
  console.error("node make-multi-fashion.mjs FOLDER, the folder of Fashion-MNIST's IDX files");
  process.exit(1);
}
const read = (name, head) => gunzipSync(readFileSync(join(folder, `${name}-ubyte.gz`))).subarray(head);
const random = generator(1);
const SIZE = 36;

/** One pair's pixels. */
function overlaid(images, first, second) {
  const canvas = new Uint8Array(SIZE * SIZE);
  for (const [image, corner] of [
    [first, 0],
    [second, SIZE - 28],
  ])
    for (let y = 0; y < 28; y++)
      for (let x = 0; x < 28; x++) {
        const at = (y + corner) * SIZE + x + corner;
        canvas[at] = Math.max(canvas[at], images[image * 784 + y * 28 + x]);
      }
  const pixels = [];
  for (let y = 0; y < SIZE; y += 2)
    for (let x = 0; x < SIZE; x += 2) {
      const at = y * SIZE + x;
      const sum = canvas[at] + canvas[at + 1] + canvas[at + SIZE] + canvas[at + SIZE + 1];
      pixels.push(Math.round((sum / 4) * (15 / 255)));
    }
  return pixels;
}

function pairs(prefix, count, partOf) {
  const images = read(`${prefix}-images-idx3`, 16);
  const labels = read(`${prefix}-labels-idx1`, 8);
  return Array.from({ length: count }, (_, i) => {
    const [first, second] = [0, 0].map(() => Math.floor(random() * labels.length));
    return [...overlaid(images, first, second), labels[first], labels[second], partOf(i)].join(",");
  });
}

const header = [...Array.from({ length: 324 }, (_, i) => `p${i + 1}`), "left", "right", "part"].join(",");
const lines = [
  header,
  ...pairs("train", 10_000, (i) => (i < 9000 ? "train" : "validation")),
  ...pairs("t10k", 2000, () => "test"),
];
writeFileSync(
  new URL("multi-fashion.csv.gz", import.meta.url),
  gzipSync(`${lines.join("\n")}\n`, { level: 9 }),
);
