// Bundles the runtime that a module without imports holds a copy of, and writes it as a text that the emitter imports.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (file) => fileURLToPath(new URL(`../src/${file}`, import.meta.url));
const { outputFiles } = await build({
  entryPoints: [path("runtime/standalone.ts")],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "nnspec",
  target: "es2022",
  legalComments: "none",
  write: false,
});
const text = outputFiles[0].text.trim();
writeFileSync(
  path("emit/typescript/runtime.generated.ts"),
  `/** Made by scripts/bundle-runtime.mjs from src/runtime: the variable \`nnspec\`. */\nexport const runtime: string =\n  ${JSON.stringify(text)};\n`,
);
console.log(`runtime: ${text.length} bytes`);
