// Bundles the runtime that a module without imports holds a copy of, with threads and without, and writes it as texts that the emitter imports.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (file) => fileURLToPath(new URL(`../src/${file}`, import.meta.url));

/** The bundle as a variable: esbuild's own way to do so brings helpers along that no module needs. */
function asVariable(bundle) {
  const [, body, names] = /^([\s\S]*)export\s*\{([^}]*)\};?\s*$/.exec(bundle);
  const members = names.split(",").map((each) => {
    const [local, name = local] = each.trim().split(" as ");
    return `${name}:${local}`;
  });
  return `var nnspec=(()=>{${body.trim()}return{${members.join(",")}}})();`;
}

async function bundled(entry) {
  const { outputFiles } = await build({
    entryPoints: [path(entry)],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  return asVariable(outputFiles[0].text);
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
