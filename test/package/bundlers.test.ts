import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as vite from "vite";
import webpack from "webpack";
import { emitted } from "../emitted/emit.js";
import { evaluateInExtension, hasBrowser, isolated, servePages, whereSkipped, type Pages } from "../pages.js";
import { installed, writeFiles } from "./installed.js";

const SPEC = `model Line {
  input x: float
  task y { output = x |> dense(4, tanh) |> dense(1)  label: float  loss: mse }
}
train { optimizer: sgd(lr: 0.1)  batch: 4 }`;

/** Runs in a page and in a worker; a page is asked for what became of it. */
const PAGE = `import { compile } from "nnspec";
import { createModel } from "./model.js";

async function trained() {
  const { document, diagnostics, create } = compile(${JSON.stringify(SPEC)});
  if (!document) throw new Error(JSON.stringify(diagnostics));
  const [mistake] = compile(${JSON.stringify(SPEC.replace("tanh", "tahn"))}).diagnostics;
  const model = await create({ seed: 1, threads: 2 });
  const losses = await lossesOf(model);
  const named = await create({ engine: "tfjs" }).catch((error) => error.name + ": " + error.message);
  const generated = await lossesOf(await createModel({ seed: 1 }));
  return { engine: model.engine, losses, generated, code: mistake.code, named, refused: refused() };
}

async function lossesOf(model) {
  const x = [1, 2, 3, 4];
  const { epochs } = await model.fit({ inputs: { x }, labels: { y: x } }, { epochs: 5 });
  model.dispose();
  return epochs.map((epoch) => epoch.losses.y);
}

/** Under the policy that the page has, no text becomes code. */
function refused() {
  try {
    return new Function("return false")();
  } catch {
    return true;
  }
}

globalThis.trained = trained();
if (!("document" in globalThis)) globalThis.trained.then((found) => postMessage(found));
`;

interface Found {
  readonly engine: string;
  readonly losses: readonly number[];
  /** Those of a module that `nnc compile` wrote. */
  readonly generated: readonly number[];
  readonly code: string;
  readonly named: string;
  readonly refused: boolean;
}

/** Each builds \`index.html\` and what it takes into a folder, as it does without being told more, and gives its warnings. */
const bundlers: Readonly<Record<string, (folder: string, out: string) => Promise<readonly string[]>>> = {
  async esbuild(folder, out) {
    const { warnings } = await esbuild.build({
      entryPoints: [join(folder, "main.js")],
      bundle: true,
      minify: true,
      outfile: join(out, "main.js"),
      logLevel: "silent",
    });
    writeFiles(out, { "index.html": '<!doctype html><script src="main.js"></script>' });
    return warnings.map(({ text }) => text);
  },
  async vite(folder, out) {
    const warnings: string[] = [];
    const customLogger = vite.createLogger("silent");
    customLogger.warn = (text) => void warnings.push(text);
    customLogger.warnOnce = customLogger.warn;
    await vite.build({ root: folder, base: "./", build: { outDir: out }, customLogger, configFile: false });
    return warnings.filter((text) => !text.includes("Some chunks are larger than 500 kB"));
  },
  async webpack(folder, out) {
    const compiler = webpack({
      context: folder,
      entry: "./main.js",
      mode: "production",
      output: { path: out },
      performance: false,
    });
    const stats = await new Promise<webpack.Stats>((resolve, reject) =>
      compiler.run((error, found) => (found ? resolve(found) : reject(error ?? new Error("no stats")))),
    );
    writeFiles(out, { "index.html": '<!doctype html><script src="main.js"></script>' });
    const { errors = [], warnings = [] } = stats.toJson({ errors: true, warnings: true });
    return [...errors, ...warnings].map(({ message }) => message);
  },
};
const names = Object.keys(bundlers);

let folder: string;
const built = new Map<string, readonly string[]>();

beforeAll(async () => {
  folder = installed();
  const page = '<!doctype html><script type="module" src="./main.js"></script>';
  const { code: model } = await esbuild.transform(emitted(SPEC, "wasm"), { loader: "ts" });
  writeFiles(folder, { "main.js": PAGE, "model.js": model, "index.html": page });
  for (const [name, bundle] of Object.entries(bundlers))
    built.set(name, await bundle(folder, join(folder, "out", name)));
});

test.each(names)("%s bundles the package without a warning, and reaches nothing of Node", (name) => {
  expect(built.get(name)).toEqual([]);
  const out = join(folder, "out", name);
  const scripts = readdirSync(out, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".js"),
  );
  for (const file of scripts)
    expect(readFileSync(join(out, file), "utf8")).not.toMatch(
      /(?:from|import|import\(|require\()\s*["'`]node:/,
    );
});

describe.runIf(hasBrowser)(`under a content security policy, in headless Chromium${whereSkipped}`, () => {
  let pages: Pages;
  const policy = ["content-security-policy", "script-src 'self' 'wasm-unsafe-eval'"] as const;
  const strict = ["content-security-policy", "script-src 'self'"] as const;

  beforeAll(async () => {
    const fileAt = (path: string) => {
      const file = join(folder, "out", path.replace("?strict", ""));
      return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
    };
    pages = await servePages(fileAt, (path) => [...isolated, path.endsWith("?strict") ? strict : policy]);
  });

  afterAll(() => {
    pages.close();
  });

  test.each(names)("the page that %s built trains", async (name) => {
    const found = await pages.evaluate<Found>(`/${name}/index.html`, "globalThis.trained");
    expect(found.refused).toBe(true);
    expect(found.code).toBe("NN2020");
    expect(found.losses).toHaveLength(5);
    expect(found.losses[4]!).toBeLessThan(found.losses[0]! / 2);
    found.losses.forEach((loss, i) => expect(found.generated[i]).toBeCloseTo(loss, 4));
    expect(found.named).toContain("InputError: in a bundle the engine `tfjs` is not found by its name");
    // esbuild does not bundle workers: there the model says that it has one thread, and why.
    expect(found.engine).toMatch(
      name === "esbuild" ? /; 1 thread: a worker did not start \(/ : /, 2 threads\)$/,
    );
  });

  test("a worker trains", async () => {
    const script = `new Promise((resolve, reject) => {
      const worker = new Worker("/esbuild/main.js");
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    })`;
    const found = await pages.evaluate<Found>("/esbuild/", script);
    expect(found.losses).toHaveLength(5);
  });

  test("where the policy refuses WebAssembly too, the model says so", async () => {
    const script = "globalThis.trained.catch((error) => error.name + ': ' + error.message)";
    const told = await pages.evaluate<string>("/esbuild/index.html?strict", script);
    expect(told).toMatch(/^InputError: models run on WebAssembly .*'wasm-unsafe-eval'.*\(NN6008\)\.$/);
  });

  test("a page of an extension trains", async () => {
    const extension = join(folder, "out/esbuild");
    const extension_pages = "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'";
    const manifest = {
      manifest_version: 3,
      name: "Line",
      version: "1",
      content_security_policy: { extension_pages },
    };
    writeFiles(extension, { "manifest.json": JSON.stringify(manifest) });
    const found = await evaluateInExtension<Found>(extension, "index.html", "globalThis.trained");
    expect(found.refused).toBe(true);
    expect(found.losses).toHaveLength(5);
  });
});
