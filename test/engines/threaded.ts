import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect } from "vitest";
import type * as Compile from "../../src/compile.js";
import type * as Engines from "../../src/engines/index.js";
import type * as Index from "../../src/index.js";
import { numbers } from "../helpers.js";

export type Library = typeof Index &
  Pick<typeof Compile, "lowerModel"> &
  Pick<typeof Engines, "createSession">;

/** Workers are started from a file, so the library is bundled with its worker beside it. */
export let folder = "";
export let library: Library;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nnspec-threads-"));
  const source = (path: string) => fileURLToPath(new URL(`../../src/${path}`, import.meta.url));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const exported = [
    `export * from "${source("index.ts")}";`,
    `export { lowerModel } from "${source("compile.ts")}";`,
    `export { createSession } from "${source("engines/index.ts")}";`,
  ];
  writeFileSync(join(folder, "entry.ts"), exported.join("\n"));
  await build({
    entryPoints: { index: join(folder, "entry.ts"), worker: source("runtime/wasm/worker.ts") },
    outdir: folder,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    mainFields: ["module", "main"],
    external: ["@tensorflow/*"],
    banner: {
      js: 'import { createRequire as hereRequire } from "node:module";\nconst require = hereRequire(import.meta.url);',
    },
  });
  library = (await import(pathToFileURL(join(folder, "index.js")).href)) as Library;
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

export const ROWS = 59;

export interface SpecOptions {
  readonly optimizer?: string;
  readonly layers?: string;
  readonly train?: string;
}

/** Three tasks, one with labels that may be missing. */
export function spec({
  optimizer = "adam(lr: 0.01)",
  layers = "dense(8, relu)",
  train = "",
}: SpecOptions = {}) {
  return `
    model Threads {
      input x: float[4]
      h = x |> ${layers}
      task a { output = h |> dense(1)  label: float  loss: mse }
      task b { output = h |> dense(1, sigmoid)  label: binary?  loss: binary_crossentropy }
      task c { output = h |> dense(3, softmax)  label: category(3)  loss: categorical_crossentropy }
    }
    train { optimizer: ${optimizer}  epochs: 2  batch: 14  shuffle: false  ${train} }`;
}

export const x = numbers(ROWS * 4, 5);
/** The first half of the second batch has no label of b, and neither has any row of the third. */
export const data = {
  inputs: { x },
  labels: {
    a: Array.from({ length: ROWS }, (_, i) => x[4 * i]! - 2 * x[4 * i + 1]!),
    b: Array.from({ length: ROWS }, (_, i) => ((i >= 14 && i < 21) || (i >= 28 && i < 42) ? NaN : i % 2)),
    c: Array.from({ length: ROWS }, (_, i) => (i * 7) % 3),
  },
};

export interface Trained {
  readonly losses: readonly (number | null)[];
  readonly model: Index.Model;
}

export async function train(
  text: string,
  threads: number,
  options: { readonly batch?: number; readonly epochs?: number } = {},
): Promise<Trained> {
  const model = await library.compile(text).create({ engine: "wasm", threads, seed: 4 });
  if (threads > 1) expect(model.engine).toMatch(new RegExp(`, ${threads} threads`));
  else expect(model.engine).not.toMatch(/thread/);
  const losses: (number | null)[] = [];
  await model.fit(data, { ...options, onStep: (event) => losses.push(...Object.values(event.losses)) });
  return { losses, model };
}

export function expectClose(
  found: readonly (number | null)[],
  right: readonly (number | null)[],
  by: number,
): void {
  expect(found).toHaveLength(right.length);
  right.forEach((loss, i) => {
    if (loss === null) expect(found[i]).toBeNull();
    else expect(Math.abs(found[i]! - loss), `loss ${i}: ${found[i]}, not ${loss}`).toBeLessThan(by);
  });
}
