// Times the WebAssembly kernels of products and convolutions against multiply-adds that stay in registers:
// `node bench/matmul.mjs`, in Node 20 with --experimental-wasm-relaxed-simd for the relaxed form. `--json` prints a line of
// JSON, { "plain": rows, "relaxed": rows }.
import { fileURLToPath } from "node:url";
import { buildVariant } from "../scripts/build-kernels.mjs";

const at = (path) => fileURLToPath(new URL(`../assembly/${path}`, import.meta.url));
const forms = ["NN", "NT", "TN", "TT"];

/** Batch, m, n, k and form of products that models make often. */
const smallProducts = [
  [1, 32, 10, 10, "NN"],
  [1, 10, 10, 32, "TN"],
  [1, 32, 1, 10, "NN"],
  [1, 10, 1, 32, "TN"],
  [1, 32, 10, 1, "NT"],
  [1, 128, 1, 256, "NN"],
  [1, 256, 1, 128, "TN"],
  [1, 128, 10, 256, "NN"],
  [1, 128, 256, 10, "NT"],
  [1, 256, 10, 128, "TN"],
  [128, 64, 64, 16, "NT"],
  [128, 64, 16, 64, "NN"],
  [128, 64, 16, 64, "TN"],
  [1, 32, 256, 64, "NN"],
  [1, 32, 64, 256, "NT"],
  [1, 64, 256, 32, "TN"],
];

/** Batch, side, channels and filters of 3×3 convolutions that keep the side. */
const convolutions = [
  [64, 28, 1, 16],
  [64, 14, 16, 32],
];

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Milliseconds of a call, the median of several repeats. Warm-up by many calls, as a host compiles in two tiers. */
async function timed(call, warm = 200) {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < warm) {
    call();
    calls++;
  }
  await pause(30);
  const each = Math.max(1, Math.round((calls * 5) / warm));
  const ms = [];
  for (let i = 0; i < 15; i++) {
    const from = performance.now();
    for (let j = 0; j < each; j++) call();
    ms.push((performance.now() - from) / each);
  }
  return ms.sort((a, b) => a - b)[7];
}

/** The kernels of some entries in one memory of their own, with three operands and scratch. */
async function load(relaxed, ...entries) {
  const memory = new WebAssembly.Memory({ initial: 640 });
  const kernels = {};
  for (const entry of entries) {
    const bytes = await buildVariant(at(entry), relaxed);
    Object.assign(
      kernels,
      new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports,
    );
  }
  const size = 1 << 23;
  new Float32Array(memory.buffer, size, (size * 3) / 4).fill(0.5);
  return { kernels, a: size, b: 2 * size, c: 3 * size, scratch: 4 * size };
}

/** The best of the loops in assembly/peak.ts, in GFLOPS. */
async function peakOf(relaxed) {
  const { kernels } = await load(relaxed, "peak.ts");
  const rates = [];
  for (const width of [8, 10, 12]) {
    const ms = await timed(() => kernels[`peak${width}`](2000, 0.5, 0.1));
    rates.push((2000 * 8 * width) / ms / 1e6);
  }
  return Math.max(...rates);
}

function productCall({ kernels, a, b, c, scratch }, [batch, m, n, k, form]) {
  const [ta, tb] = [form[0] === "T", form[1] === "T"];
  const sizes = [batch, m * k, n * k, m * n, m, n, k];
  const numbers = [...sizes, ta ? m : k, tb ? k : n, n, Number(ta), Number(tb), 0, 0];
  return () => kernels.matmul_strided(a, b, c, ...numbers, scratch);
}

function convolutionCalls({ kernels, a, b, c, scratch }, [batch, side, channels, filters]) {
  const sizes = [batch, side, side, channels, 3, 3, filters, side, side, 1, 1, 1, 1, 1, 1];
  return {
    forward: () => kernels.conv2d(a, b, c, ...sizes, 0, 0, scratch),
    "input gradient": () => kernels.conv2d_input_grad(c, b, a, ...sizes, scratch),
    "filter gradient": () => kernels.conv2d_filter_grad(a, c, b, ...sizes, scratch),
  };
}

/** Rows { shape, form, gflops, peak, share }, and { ns } for small shapes, of this process's host. */
export async function measureMatmul(relaxed = false) {
  const loaded = await load(relaxed, "core.ts", "images.ts");
  const before = await peakOf(relaxed);
  const rows = [];
  const row = (shape, form, operations, ms) => ({
    shape,
    form,
    gflops: operations / ms / 1e6,
    ns: ms * 1e6,
  });
  const large = [
    [128, 256, 256],
    [512, 512, 512],
  ].flatMap((shape) => forms.map((form) => [1, ...shape, form]));
  for (const product of [...large, ...smallProducts]) {
    const [batch, m, n, k, form] = product;
    const ms = await timed(productCall(loaded, product));
    rows.push(row(`${batch > 1 ? `${batch} of ` : ""}${m}×${k}×${n}`, form, 2 * batch * m * n * k, ms));
  }
  for (const convolution of convolutions) {
    const [batch, side, channels, filters] = convolution;
    const operations = 18 * batch * side * side * channels * filters;
    for (const [form, call] of Object.entries(convolutionCalls(loaded, convolution))) {
      rows.push(
        row(`${batch} of ${side}×${side}×${channels}→${filters}`, form, operations, await timed(call)),
      );
    }
  }
  // A neighbour that took a part of the processor while one of the two ran would make the share too good.
  const peak = Math.max(before, await peakOf(relaxed));
  return rows.map((r) => ({ ...r, peak, share: r.gflops / peak }));
}

/** Whether this host compiles relaxed SIMD. */
async function hasRelaxed() {
  return WebAssembly.validate(await buildVariant(at("peak.ts"), true));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const measured = { plain: await measureMatmul(false) };
  if (await hasRelaxed()) measured.relaxed = await measureMatmul(true);
  if (process.argv[2] === "--json") console.log(JSON.stringify(measured));
  else {
    for (const [variant, rows] of Object.entries(measured)) {
      console.log(`${variant}: peak ${rows[0].peak.toFixed(1)} GFLOPS`);
      for (const { shape, form, gflops, share, ns } of rows) {
        const cells = [`${gflops.toFixed(1)} GFLOPS`, `${Math.round(share * 100)} %`, `${Math.round(ns)} ns`];
        console.log(shape.padEnd(20), form.padEnd(16), ...cells.map((cell) => cell.padStart(13)));
      }
    }
  }
}
