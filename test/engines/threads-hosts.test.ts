import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type * as Index from "../../src/index.js";
import { compile, InputError } from "../../src/index.js";
import { folder, library, spec, data, train, expectClose } from "./threaded.js";

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

const browserPath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const reason = browserPath === undefined ? " (skipped: there is no Chromium here)" : "";

describe.skipIf(browserPath === undefined)(`in a page of headless Chromium${reason}`, () => {
  const web = () => join(folder, "web");
  let server: Server;
  let origin = "";

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
    server = createServer(({ url = "" }, response) => {
      const isScript = url.endsWith(".js");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
      if (url !== "/open") response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? readFileSync(join(web(), url)) : "<!doctype html><title>nnspec</title>");
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
  });

  /** Trains in a page, whose own thread may not be stopped. */
  async function trainedAt(
    path: string,
    threads: number,
  ): Promise<{ engine: string; losses: (number | null)[] }> {
    const browser = await chromium.launch({
      executablePath: browserPath!,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
    });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(0);
      await page.goto(`${origin}${path}`);
      return await page.evaluate(`(async () => {
        const { compile } = await import("/index.js");
        const model = await compile(${JSON.stringify(spec())}).create({ threads: ${threads}, seed: 4 });
        const data = ${JSON.stringify(data)};
        data.labels.b = data.labels.b.map((label) => label ?? NaN);
        const losses = [];
        await model.fit(data, { onStep: (event) => losses.push(...Object.values(event.losses)) });
        model.dispose();
        return { engine: model.engine, losses };
      })()`);
    } finally {
      await browser.close();
    }
  }

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
