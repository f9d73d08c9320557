import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^nnspec\/runtime\/tfjs$/, replacement: source("src/runtime/tfjs/index.ts") },
      { find: /^nnspec\/runtime\/wasm$/, replacement: source("src/runtime/wasm/index.ts") },
      { find: /^nnspec\/runtime$/, replacement: source("src/runtime/index.ts") },
      { find: /^nnspec$/, replacement: source("src/index.ts") },
    ],
  },
  test: { include: ["test/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000, pool: "forks" },
});
