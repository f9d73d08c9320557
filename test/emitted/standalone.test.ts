import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compiled, numbers, rows, specText } from "../helpers.js";
import { emitted, outFolder } from "./emit.js";
import { type Pages, servePages, hasBrowser, whereSkipped } from "../pages.js";

const folder = outFolder("standalone");

const towers = {
  inputs: { x1: rows(80, 10, 8), x2: rows(80, 10, 9) },
  labels: {
    first: numbers(80, 10).map((x) => Number(x > 0)),
    second: numbers(80, 11).map((x) => Number(x > 0)),
  },
};

const digits = {
  inputs: { image: numbers(40 * 64, 6).map((x) => 8 + 8 * x) },
  labels: { digit: numbers(40, 7).map((x) => Math.floor((x + 1) * 4.99)) },
};

const models = [
  ["two-towers", towers],
  ["digits", digits],
  ["meta/sinusoid", {}],
] as const;

/** Trains a module's model; runs as it is in any host, so it closes over nothing. */
async function losses(url: string, data: object): Promise<number[]> {
  const { createModel } = (await import(url)) as { createModel: (o: object) => Promise<TrainedModel> };
  const model = await createModel({ seed: 3 });
  const found: number[] = [];
  const onStep = (event: { losses: Record<string, number> }) => found.push(...Object.values(event.losses));
  if (model.metaFit) await model.metaFit({ steps: 6, onStep: ({ loss }) => found.push(loss) });
  else await model.fit(data, { epochs: 3, onStep });
  model.dispose();
  return found;
}

interface TrainedModel {
  fit(data: object, options: object): Promise<unknown>;
  metaFit?(options: { steps: number; onStep: (event: { loss: number }) => unknown }): Promise<unknown>;
  dispose(): void;
}

/** Its text, for hosts elsewhere: the test runner has replaced `import`. */
const lossesText = losses.toString().replaceAll("__vite_ssr_dynamic_import__", "import");

async function expected(name: string, data: object): Promise<number[]> {
  const found: number[] = [];
  if (name.startsWith("meta/")) {
    const learner = await compiled(specText(name)).createMeta({ engine: "wasm", seed: 3 });
    await learner.metaFit({ steps: 6, onStep: ({ loss }) => found.push(loss) });
    return found;
  }
  const model = await compiled(specText(name)).create({ engine: "wasm", seed: 3 });
  await model.fit(data as never, {
    epochs: 3,
    onStep: (event) => found.push(...(Object.values(event.losses) as number[])),
  });
  return found;
}

function written(name: string): URL {
  const file = new URL(`${name.replace("/", "-")}.mjs`, folder);
  writeFileSync(file, emitted(specText(name), "standalone"));
  return file;
}

test.each(models)("%s: one file without imports trains as the model in process does", async (name, data) => {
  const text = emitted(specText(name), "standalone");
  expect(text).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(/m);
  const found = await losses(written(name).href, data);
  expect(found.length).toBeGreaterThan(4);
  expect(found).toEqual(await expected(name, data));
});

test("the seed's module is at most 60 KB, minified and gzipped", () => {
  const { code } = transformSync(emitted(specText("two-towers"), "standalone"), { minify: true });
  const bytes = gzipSync(code).length;
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThanOrEqual(60 * 1024);
});

test("it runs in a worker", () => {
  const script = `
    import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
    if (isMainThread) {
      const worker = new Worker(new URL(import.meta.url), { workerData: process.argv[2] });
      worker.on("message", (n) => console.log(n));
    } else {
      const losses = ${lossesText};
      const found = await losses(workerData, ${JSON.stringify(towers)});
      parentPort.postMessage(found.length);
    }`;
  const file = new URL("worker.mjs", folder);
  writeFileSync(file, script);
  const { stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(file), written("two-towers").href], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(Number(stdout)).toBeGreaterThan(4);
});

describe.runIf(hasBrowser)(`in headless Chromium${whereSkipped}`, () => {
  let pages: Pages;

  beforeAll(async () => {
    const texts = new Map(models.map(([name]) => [`/${name}.js`, emitted(specText(name), "standalone")]));
    pages = await servePages((path) => texts.get(path));
  });

  afterAll(() => {
    pages.close();
  });

  test.each(models)("%s: a page trains it, with the losses of Node", async (name, data) => {
    const found = await pages.evaluate<number[]>(
      "/",
      `(${lossesText})(${JSON.stringify(`/${name}.js`)}, ${JSON.stringify(data)})`,
    );
    // A browser with relaxed SIMD rounds fused multiply-adds once.
    const right = await expected(name, data);
    expect(found).toHaveLength(right.length);
    found.forEach((loss, i) => expect(Math.abs(loss - right[i]!)).toBeLessThanOrEqual(1e-4));
  });
});
