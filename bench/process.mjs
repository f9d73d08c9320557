import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const nnc = here("../dist/bin/nnc.js");

/** `i8x16.relaxed_swizzle` alone in a function. */
const relaxedModule = Buffer.from("AGFzbQEAAAABBQFgAAF7AwIBAAoPAQ0AQQD9D0EA/Q/9gAIL", "base64");

/** What Node needs for relaxed SIMD: a flag up to version 20, nothing later. */
export const relaxedFlags = WebAssembly.validate(relaxedModule) ? [] : ["--experimental-wasm-relaxed-simd"];

/** The object that a process prints as its last line, or why there is none. */
export function measure(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 900_000,
    maxBuffer: 1 << 28,
  });
  const line = stdout?.trim().split("\n").at(-1);
  if (status === 0 && line) return JSON.parse(line);
  const why = error?.message ?? stderr?.trim().split("\n").at(-1) ?? `exit ${status}`;
  return { cannot: why.slice(0, 120) };
}

/** The first python that has a module, or why there is none. */
export function findPython(module, candidates) {
  const tried = candidates.filter(Boolean);
  for (const python of tried) {
    const env = { ...process.env, KERAS_BACKEND: "jax" };
    if (spawnSync(python, ["-c", `import ${module}`], { env, timeout: 60_000 }).status === 0)
      return { python };
  }
  return { cannot: `no ${module} in ${tried.join(", ")}` };
}
