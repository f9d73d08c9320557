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

const REPEATS = 15;
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** Calls so many times that it takes about 5 ms; warmed up by many calls, as a host compiles in two tiers. */
async function warmed(call, warm = 200) {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < warm) {
    call();
    calls++;
  }
  await pause(30);
  const each = Math.max(1, Math.round((calls * 5) / warm));
  return () => {
    const from = performance.now();
    for (let j = 0; j < each; j++) call();
    return (performance.now() - from) / each;
  };
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

/** The best of the loops in assembly/peak.ts: a run of it gives its GFLOPS. */
async function bestLoop(relaxed) {
  const { kernels } = await load(relaxed, "peak.ts");
  let best;
  for (const width of [8, 10, 12]) {
    const time = await warmed(() => kernels[`peak${width}`](2000, 0.5, 0.1));
    const run = () => (2000 * 8 * width) / time() / 1e6;
    const rate = median(Array.from({ length: REPEATS }, run));
    if (!best || rate > best.rate) best = { rate, run };
  }
  return best;
}

/**
 * A call's GFLOPS and its share of the best loop's, which runs before and after it: a neighbour that takes a part of the
 * processor takes it from both.
 */
async function rated(call, operations, loop) {
  const time = await warmed(call);
  const shares = [];
  const rates = [];
  for (let i = 0; i < REPEATS; i++) {
    const before = loop.run();
    const rate = operations / time() / 1e6;
    const after = loop.run();
    rates.push(rate);
    shares.push((2 * rate) / (before + after));
  }
  return { gflops: median(rates), share: median(shares) };
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
  const loop = await bestLoop(relaxed);
  const rows = [];
  const row = async (shape, form, operations, call) => {
    const { gflops, share } = await rated(call, operations, loop);
    rows.push({ shape, form, gflops, share, ns: operations / gflops, peak: loop.rate });
  };
  const large = [
    [128, 256, 256],
    [512, 512, 512],
  ].flatMap((shape) => forms.map((form) => [1, ...shape, form]));
  for (const product of [...large, ...smallProducts]) {
    const [batch, m, n, k, form] = product;
    const shape = `${batch > 1 ? `${batch} of ` : ""}${m}×${k}×${n}`;
    await row(shape, form, 2 * batch * m * n * k, productCall(loaded, product));
  }
  for (const convolution of convolutions) {
    const [batch, side, channels, filters] = convolution;
    const operations = 18 * batch * side * side * channels * filters;
    for (const [form, call] of Object.entries(convolutionCalls(loaded, convolution))) {
      await row(`${batch} of ${side}×${side}×${channels}→${filters}`, form, operations, call);
    }
  }
  return rows;
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
