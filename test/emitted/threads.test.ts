import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { compiled, numbers } from "../helpers.js";
import { emitted, outFolder, typeErrors } from "./emit.js";
import { isolated, type Pages, servePages, hasBrowser, whereSkipped } from "../pages.js";

const folder = outFolder("threads");
const file = (name: string) => fileURLToPath(new URL(name, folder));

/** Two tasks, one with labels that may be missing, a layer that draws and one that keeps statistics. */
const spec = (train = "") => `
  model Threads {
    input x: float[4]
    h = x |> dense(8) |> batch_norm |> tanh
    task a { output = h |> dense(1)  label: float  loss: mse }
    task b { output = h |> dense(3, softmax)  label: category(3)?  loss: categorical_crossentropy }
  }
  train { optimizer: adam(lr: 0.01)  epochs: 3  batch: 16  shuffle: false  ${train} }`;

const ROWS = 50;
const data = {
  inputs: { x: numbers(ROWS * 4, 5) },
  labels: {
    a: numbers(ROWS, 6),
    b: Array.from({ length: ROWS }, (_, i) => (i % 5 === 0 ? NaN : i % 3)),
  },
};

interface Trained {
  readonly engine: string;
  readonly losses: number[];
}

interface Module {
  createModel(options: object): Promise<{
    readonly engine: string;
    fit(data: object, options: object): Promise<unknown>;
    dispose(): void;
  }>;
}

/** Trains a module's model; runs as it is in any host, so it closes over nothing. */
async function trained(url: string, threads: number, given: typeof data): Promise<Trained> {
  const { createModel } = (await import(url)) as Module;
  const model = await createModel({ seed: 3, threads });
  const labels = { ...given.labels, b: given.labels.b.map((label) => label ?? NaN) };
  const losses: number[] = [];
  const onStep = (event: { losses: Record<string, number> }) => losses.push(...Object.values(event.losses));
  await model.fit({ inputs: given.inputs, labels }, { onStep });
  model.dispose();
  return { engine: model.engine, losses };
}

/** Its text, for hosts elsewhere: the test runner has replaced `import`. */
const trainedText = trained.toString().replaceAll("__vite_ssr_dynamic_import__", "import");

/** The two kinds of modules in Node, each of them a file. */
const modules = [
  ["standalone", "standalone.mjs"],
  ["importing nnspec/runtime", "bundled.mjs"],
] as const;

beforeAll(async () => {
  writeFileSync(file("standalone.mjs"), emitted(spec(), "standalone", true));
  writeFileSync(file("accumulating.mjs"), emitted(spec("accumulate: 2"), "standalone", true));
  writeFileSync(file("threads.ts"), emitted(spec(), "wasm", true));
  writeFileSync(file("accumulating.ts"), emitted(spec("accumulate: 2"), "wasm", true));
  const source = (path: string) => fileURLToPath(new URL(`../../src/runtime/${path}`, import.meta.url));
  // A worker is started from a file beside the runtime.
  await build({
    entryPoints: { bundled: file("threads.ts"), worker: source("wasm/worker.ts") },
    outdir: file("."),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    alias: { "nnspec/runtime/wasm": source("wasm/index.ts"), "nnspec/runtime": source("index.ts") },
    plugins: [
      {
        name: "worker.js is worker.mjs here",
        setup: ({ onLoad }) =>
          onLoad({ filter: /threads-worker\.ts$/ }, ({ path }) => ({
            loader: "ts",
            contents: readFileSync(path, "utf8").replaceAll("./worker.js", "./worker.mjs"),
          })),
      },
    ],
  });
});

/** In a process of its own, as a user's program is. */
function inNode(module: string, threads: number): Trained {
  const script = `
    const trained = ${trainedText};
    console.log(JSON.stringify(await trained(${JSON.stringify(new URL(module, folder).href)}, ${threads}, ${JSON.stringify(data)})));`;
  const args = ["--input-type=module", "-e", script];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    timeout: 600_000,
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return JSON.parse(stdout) as Trained;
}

function expectClose(found: readonly number[], right: readonly number[], by: number): void {
  expect(found).toHaveLength(right.length);
  right.forEach((loss, i) => expect(Math.abs(found[i]! - loss), `loss ${i}`).toBeLessThan(by));
}

describe.each(modules)("a module of its own kind: %s", (_kind, module) => {
  test("one thread trains as the model in process does", async () => {
    const { engine, losses } = inNode(module, 1);
    expect(engine).not.toContain("thread");
    const model = await compiled(spec()).create({ engine: "wasm", seed: 3 });
    const right: number[] = [];
    await model.fit(data, { onStep: (event) => right.push(...(Object.values(event.losses) as number[])) });
    expect(losses).toEqual(right);
  });

  test("two threads share each batch, and give the same bits again", () => {
    const two = inNode(module, 2);
    expect(two.engine).toMatch(/^wasm \(.*SIMD, 2 threads\)$/);
    expect(two.losses).toHaveLength(3 * 4 * 2);
    // Batch norm sees a share of the batch, so the losses are near those of one thread, and not theirs.
    const one = inNode(module, 1);
    expect(two.losses).not.toEqual(one.losses);
    expectClose(two.losses, one.losses, 0.5);
    expect(inNode(module, 2)).toEqual(two);
  });
});

test("both kinds give the same bits on two threads", () => {
  expect(inNode("bundled.mjs", 2).losses).toEqual(inNode("standalone.mjs", 2).losses);
});

test("a module alone imports nothing, with threads as without", () => {
  const text = readFileSync(file("standalone.mjs"), "utf8");
  expect(text).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m);
});

test("a module that imports the runtime has no type errors", () => {
  expect(typeErrors(folder)).toEqual([]);
});

test("where there can be none, the engine says why", async () => {
  const { createModel } = (await import(/* @vite-ignore */ file("accumulating.mjs"))) as Module;
  const model = await createModel({ threads: 2 });
  expect(model.engine).toContain("; 1 thread: a step is made of several batches already)");
  await model.fit(data, { epochs: 1 });
  await expect(createModel({ threads: 0 })).rejects.toThrow(
    "createModel: `threads` is a whole number of at least 1, not 0.",
  );
  const standalone = (await import(/* @vite-ignore */ file("standalone.mjs"))) as Module;
  vi.stubGlobal("SharedArrayBuffer", undefined);
  const alone = await standalone.createModel({ threads: 2 });
  vi.unstubAllGlobals();
  expect(alone.engine).toContain("; 1 thread: this host has no SharedArrayBuffer)");
});

describe.runIf(hasBrowser)(`in a page of headless Chromium${whereSkipped}`, () => {
  let pages: Pages;

  beforeAll(async () => {
    pages = await servePages(
      (path) => (path.endsWith(".mjs") ? readFileSync(file("standalone.mjs")) : undefined),
      (path) => (path === "/open" ? isolated.slice(0, 1) : isolated),
    );
  });

  afterAll(() => {
    pages.close();
  });

  const inPage = (path: string): Promise<Trained> =>
    pages.evaluate(path, `(${trainedText})("/standalone.mjs", 2, ${JSON.stringify(data)})`);

  test("the module is its own worker, with the losses of Node", async () => {
    const { engine, losses } = await inPage("/");
    expect(engine).toContain(", 2 threads)");
    expectClose(losses, inNode("standalone.mjs", 2).losses, 1e-4);
  });

  test("a page that is not isolated has one thread", async () => {
    const { engine, losses } = await inPage("/open");
    expect(engine).toContain("; 1 thread: the page is not cross-origin isolated)");
    expectClose(losses, inNode("standalone.mjs", 1).losses, 1e-4);
  });
});
