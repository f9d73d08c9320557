// Compiles the schema of model documents to code, so that loading a document costs no compilation and needs no `eval`. The
// schema is the one that is committed: `npm run generate:docs` writes it anew, and calls this.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));

/** Ajv copies all errors so far at every `$ref` that has some: each is added to them in the copy's place. */
function appending(code) {
  return code.replaceAll(
    /\bvErrors\.concat\((\w+\.errors)\)/g,
    "$1.reduce((all, one) => (all.push(one), all), vErrors)",
  );
}

const ajv = new Ajv({
  strict: true,
  allErrors: true,
  // An error then has the schema that it is of, which knows the names that there are.
  verbose: true,
  discriminator: true,
  allowUnionTypes: true,
  inlineRefs: false,
  code: { source: true, esm: true },
});
const validate = ajv.compile(JSON.parse(readFileSync(path("grammar/model.schema.json"), "utf8")));
const inner = appending(standalone.default(ajv, validate)).replace(
  /export const validate = (\w+);export default \w+;/,
  "const validate = $1;",
);
const { outputFiles } = await build({
  stdin: {
    contents: `${inner}\nexport const errorsOf = (value) => (validate(value) ? [] : validate.errors);`,
    resolveDir: path("."),
  },
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  write: false,
});
const code = outputFiles[0].text.trim();
// Typed where it is used: the code is as ajv has made it.
writeFileSync(
  path("src/document/validator.generated.ts"),
  `// @ts-nocheck Made by scripts/build-validator.mjs from grammar/model.schema.json.\n${code}\n`,
);
console.log(`validator: ${code.length} bytes`);
