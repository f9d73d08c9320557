// Compiles the kernels (assembly/) to WebAssembly, each group once without and once with relaxed SIMD, and writes all as
// text that the runtime imports: a published package and a generated module need no file beside them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "src/runtime/wasm/kernels.generated.ts");
/** A module that stands alone holds only the groups that it calls. */
const groups = ["core", "images", "tables"];

/** The bytes of one variant. */
export async function buildVariant(entry, relaxed) {
  const folder = mkdtempSync(join(tmpdir(), "nnspec-kernels-"));
  const file = join(folder, "kernels.wasm");
  const features = ["simd", "bulk-memory", ...(relaxed ? ["relaxed-simd"] : [])];
  const target = ["--runtime", "stub", "--importMemory", "--memoryBase", "1024"];
  const constants = ["--use", `RELAXED=${relaxed ? 1 : 0}`, "--use", "abort="];
  const { error, stderr } = await asc.main(
    [
      entry,
      "--outFile",
      file,
      ...target,
      ...constants,
      ...features.flatMap((feature) => ["--enable", feature]),
      "--noAssert",
      "-O3",
      "--converge",
    ],
    { stdout: undefined },
  );
  if (error) throw new Error(`${error.message}\n${stderr?.toString() ?? ""}`);
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  return bytes;
}

async function buildGroup(name) {
  const entry = join(root, `assembly/${name}.ts`);
  const [plain, relaxed] = [await buildVariant(entry, false), await buildVariant(entry, true)];
  const kernels = WebAssembly.Module.exports(new WebAssembly.Module(plain))
    .filter((e) => e.kind === "function")
    .map((e) => e.name);
  console.log(`kernels, ${name}: ${plain.length} bytes plain, ${relaxed.length} relaxed`);
  return `  ${name}: {
    kernels: ${JSON.stringify(kernels)},
    plain: "${plain.toString("hex")}",
    relaxed: "${relaxed.toString("hex")}",
  },
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const texts = [];
  for (const name of groups) texts.push(await buildGroup(name));
  writeFileSync(
    out,
    `import type { KernelGroups } from "./kernels.js";

/** Made by scripts/build-kernels.mjs from assembly/. */
export const groups: KernelGroups = {
${texts.join("")}};
`,
  );
}
