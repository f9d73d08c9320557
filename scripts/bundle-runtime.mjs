// Bundles the runtime that a module without imports holds a copy of, with threads and without, and writes it as texts that the emitter imports.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (file) => fileURLToPath(new URL(`../src/${file}`, import.meta.url));

async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [path(entry)],
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "nnspec",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  return outputFiles[0].text.trim();
}

const texts = {
  runtime: await bundled("runtime/standalone.ts"),
  metaRuntime: await bundled("runtime/standalone-meta.ts"),
  threadedRuntime: await bundled("runtime/standalone-threads.ts"),
};
const doc = "/** Made by scripts/bundle-runtime.mjs from src/runtime: the variable `nnspec`. */";
const declarations = Object.entries(texts).map(
  ([name, text]) => `${doc}\nexport const ${name}: string =\n  ${JSON.stringify(text)};\n`,
);
writeFileSync(path("emit/typescript/runtime.generated.ts"), declarations.join("\n"));
for (const [name, text] of Object.entries(texts)) console.log(`${name}: ${text.length} bytes`);
