// A hash of each program of each spec, and of what the backends make of it, so that two commits can be compared line by line:
// `node scripts/program-hashes.mjs [DIST] > FILE`. The specs are those of this checkout, whatever DIST is.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = resolve(process.argv[2] ?? join(root, "dist"));
const load = (file) => import(pathToFileURL(join(dist, "src", file)).href);
const { compile, lowerMetaModel, lowerModel } = await load("compile.js");
const { printProgram } = await load("tensor/print.js");
const { planProgram } = await load("backends/wasm/plan.js");
const { printTfjsProgram } = await load("emit/typescript/program.js");
const { printWasmProgram } = await load("emit/typescript/wasm-program.js");

const hash = (text) => createHash("sha256").update(text).digest("hex");

/** Numbers that JSON has no words for are told apart. */
const exact = (_key, value) =>
  typeof value === "number" && (Object.is(value, -0) || !Number.isFinite(value))
    ? Object.is(value, -0)
      ? "-0"
      : String(value)
    : value;

/** The text form leaves out the middle of long constants. */
const constantsOf = ({ operations }) =>
  operations.flatMap(({ attributes: { data, body } }) => [data ?? [], ...(body ? constantsOf(body) : [])]);

function printHashes(place, programs) {
  for (const [name, program] of Object.entries(programs)) {
    const text = printProgram(program) + JSON.stringify(constantsOf(program), exact);
    const texts = {
      program: text,
      plan: JSON.stringify(planProgram(program), exact),
      tfjs: printTfjsProgram(program),
      wasm: printWasmProgram(program, new Map()),
    };
    for (const [what, of] of Object.entries(texts)) console.log(`${place} ${name} ${what} ${hash(of)}`);
  }
}

for (const folder of ["specs", "test/samples"]) {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((f) => f.endsWith(".nnspec")).sort()) {
    const path = join(root, folder, file);
    const read = (other) => {
      const at = join(dirname(path), other);
      return existsSync(at) ? readFileSync(at, "utf8") : undefined;
    };
    const { document } = compile(readFileSync(path, "utf8"), { path: file, read });
    if (!document) continue;
    const place = relative(root, path);
    for (const { name } of document.train)
      printHashes(`${place} ${name ?? ""}`, lowerModel(document, { train: name }).programs);
    if (document.meta) printHashes(`${place} meta`, lowerMetaModel(document).programs);
  }
}
