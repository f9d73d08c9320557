import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Both variants of the kernels are tested; later versions of Node have relaxed SIMD without being told. */
const relaxedSimd =
  Number(process.versions.node.split(".")[0]) < 22 ? ["--experimental-wasm-relaxed-simd"] : [];

/** Folders whose tests run on both variants. */
const bothVariants = ["kernels", "numerics", "fuzz"];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^nnspec\/runtime\/tfjs$/, replacement: source("src/runtime/tfjs/index.ts") },
      { find: /^nnspec\/runtime\/wasm$/, replacement: source("src/runtime/wasm/index.ts") },
      { find: /^nnspec\/runtime$/, replacement: source("src/runtime/index.ts") },
      { find: /^nnspec$/, replacement: source("src/index.ts") },
    ],
  },
  test: {
    // No test is about time: this ends one that hangs, on a busy machine too.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    pool: "forks",
    // Modules that tests emit are run as they are, as a user runs them.
    server: { deps: { external: [/\/nnc-[a-z]+-\w+\/.*\.mjs$/] } },
    projects: [
      {
        extends: true,
        test: {
          name: "kernels",
          include: bothVariants.map((part) => `test/${part}/**/*.test.ts`),
          execArgv: relaxedSimd,
        },
      },
      {
        extends: true,
        test: {
          name: "all else",
          include: ["test/**/*.test.ts"],
          exclude: bothVariants.map((part) => `test/${part}/**`),
        },
      },
    ],
  },
});
