// Compiles the kernels (assembly/) to WebAssembly, once without and once with relaxed SIMD, and writes both as text
// that the runtime imports: a published package and a generated module need no file beside them.
import { readFileSync, rmSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "src/runtime/wasm/kernels.generated.ts");

/** The bytes of one variant. */
export async function buildVariant(entry, relaxed) {
  const folder = mkdtempSync(join(tmpdir(), "nnspec-kernels-"));
  const file = join(folder, "kernels.wasm");
  const flags = [
    "--enable",
    "simd",
    "--enable",
    "bulk-memory",
    ...(relaxed ? ["--enable", "relaxed-simd"] : []),
  ];
  const { error, stderr } = await asc.main(
    [
      entry,
      "--outFile",
      file,
      ...["--runtime", "stub", "--importMemory", "--noAssert", "--memoryBase", "1024", "-O3", "--converge"],
      ...["--use", `RELAXED=${relaxed ? 1 : 0}`, "--use", "abort="],
      ...flags,
    ],
    { stdout: undefined },
  );
  if (error) throw new Error(`${error.message}\n${stderr?.toString() ?? ""}`);
  const bytes = readFileSync(file);
  rmSync(folder, { recursive: true });
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const entry = join(root, "assembly/index.ts");
  const [plain, relaxed] = [await buildVariant(entry, false), await buildVariant(entry, true)];
  const text = (name, bytes) => `export const ${name} =\n  "${bytes.toString("base64")}";\n`;
  writeFileSync(
    out,
    `// Made by scripts/build-kernels.mjs from assembly/.\n${text("plain", plain)}${text("relaxed", relaxed)}`,
  );
  console.log(`kernels: ${plain.length} bytes plain, ${relaxed.length} relaxed`);
}
