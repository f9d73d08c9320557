// Bundles the command: loading one file a command instead of hundreds of modules is most of what a cold start costs.
// tfjs stays outside; it is loaded only where it is asked for.
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
// Names of chunks hold hashes, so that those of earlier builds would stay.
rmSync(path("bin"), { recursive: true, force: true });
await build({
  // The worker lies where the chunk that starts it looks for it.
  entryPoints: { nnc: path("src/cli/main.js"), "chunks/worker": path("src/runtime/wasm/worker.js") },
  outdir: path("bin"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // Of some packages the CommonJS form cannot be bundled.
  mainFields: ["module", "main"],
  external: ["@tensorflow/*"],
  banner: {
    js: 'import { createRequire as createRequireHere } from "node:module";\nconst require = createRequireHere(import.meta.url);',
  },
  chunkNames: "chunks/[name]-[hash]",
  minifyWhitespace: true,
  logLevel: "warning",
});
chmodSync(path("bin/nnc.js"), 0o755);
