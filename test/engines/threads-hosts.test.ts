import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type * as Index from "../../src/index.js";
import { compile, InputError } from "../../src/index.js";
import { folder, library, spec, data, train, expectClose } from "./threaded.js";
import { isolated, type Pages, servePages, hasBrowser, whereSkipped } from "../pages.js";

describe("where there are no threads, or fewer", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  async function engineOf(text: string, options: Index.CreateOptions): Promise<string> {
    const model = await library.compile(text).create(options);
    await model.fit(data, { epochs: 1 });
    model.dispose();
    return model.engine;
  }

  test.each([
    [
      "another engine",
      spec(),
      { engine: "reference" },
      "reference (1 thread: only the wasm engine has threads)",
    ],
    [
      "accumulated gradients",
      spec({ train: "accumulate: 2" }),
      {},
      "wasm (SIMD; 1 thread: a step is made of several batches already)",
    ],
    ["one row", spec().replace("batch: 14", "batch: 1"), {}, "wasm (SIMD; 1 thread: a batch has one row)"],
    ["two rows", spec().replace("batch: 14", "batch: 2"), {}, "wasm (SIMD, 2 threads: a batch has 2 rows)"],
  ] as const)("the engine's name says why: %s", async (_name, text, options, name) => {
    const engine = await engineOf(text, { threads: 3, ...options });
    expect(engine.replace("relaxed SIMD", "SIMD")).toBe(name);
  });

  test("a host without shared memory", async () => {
    vi.stubGlobal("SharedArrayBuffer", undefined);
    expect(await engineOf(spec(), { threads: 2 })).toContain(
      "; 1 thread: this host has no SharedArrayBuffer)",
    );
  });

  test("a page that is not isolated", async () => {
    vi.stubGlobal("crossOriginIsolated", false);
    expect(await engineOf(spec(), { threads: 2 })).toContain(
      "; 1 thread: the page is not cross-origin isolated)",
    );
  });

  test("a worker that is not there", async () => {
    // Beside the sources there is no compiled worker.
    const model = await compile(spec()).create({ threads: 2 });
    expect(model.engine).toContain("; 1 thread: a worker did not start (");
    await model.fit(data, { epochs: 1 });
  });

  test("one thread needs no note, and none is no number of threads", async () => {
    expect(await engineOf(spec(), { threads: 1 })).not.toContain("thread");
    for (const threads of [0, 1.5, NaN]) {
      await expect(compile(spec()).create({ threads })).rejects.toThrow(InputError);
    }
  });
});

describe.runIf(hasBrowser)(`in a page of headless Chromium${whereSkipped}`, () => {
  const web = () => join(folder, "web");
  let pages: Pages;

  beforeAll(async () => {
    const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));
    await build({
      entryPoints: { index: source("index.ts"), worker: source("runtime/wasm/worker.ts") },
      outdir: web(),
      bundle: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      external: ["@tensorflow/*", "node:*"],
    });
    pages = await servePages(
      (path) => (path.endsWith(".js") ? readFileSync(join(web(), path)) : undefined),
      (path) => (path === "/open" ? isolated.slice(0, 1) : isolated),
    );
  });

  afterAll(() => {
    pages.close();
  });

  /** Trains in a page, whose own thread may not be stopped. */
  const trainedAt = (path: string, threads: number): Promise<{ engine: string; losses: (number | null)[] }> =>
    pages.evaluate(
      path,
      `(async () => {
        const { compile } = await import("/index.js");
        const model = await compile(${JSON.stringify(spec())}).create({ threads: ${threads}, seed: 4 });
        const data = ${JSON.stringify(data)};
        data.labels.b = data.labels.b.map((label) => label ?? NaN);
        const losses = [];
        await model.fit(data, { onStep: (event) => losses.push(...Object.values(event.losses)) });
        model.dispose();
        return { engine: model.engine, losses };
      })()`,
    );

  test("threads train as one does", async () => {
    const { engine, losses } = await trainedAt("/", 2);
    expect(engine).toContain(", 2 threads)");
    expectClose(losses, (await train(spec(), 1)).losses, 1e-4);
  });

  test("a page that is not isolated has one", async () => {
    const { engine, losses } = await trainedAt("/open", 2);
    expect(engine).toContain("; 1 thread: the page is not cross-origin isolated)");
    expectClose(losses, (await train(spec(), 1)).losses, 1e-4);
  });
});
