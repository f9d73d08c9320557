import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const here = (path) => fileURLToPath(new URL(path, import.meta.url));
export const nnc = here("../dist/bin/nnc.js");

/** `i8x16.relaxed_swizzle` alone in a function. */
const relaxedModule = Buffer.from("AGFzbQEAAAABBQFgAAF7AwIBAAoPAQ0AQQD9D0EA/Q/9gAIL", "base64");

/** What Node needs for relaxed SIMD: a flag up to version 20, nothing later. */
export const relaxedFlags = WebAssembly.validate(relaxedModule) ? [] : ["--experimental-wasm-relaxed-simd"];

/** The core that everything is measured on; undefined where a process cannot be kept to one. */
export const core = lastCore();

function lastCore() {
  const { status, stdout } = spawnSync("taskset", ["-pc", String(process.pid)], { encoding: "utf8" });
  return status === 0 ? /(\d+)\s*$/.exec(stdout)?.[1] : undefined;
}

/** The object that a process prints as its last line, or why there is none. */
export function measure(command, args) {
  const pinned = core === undefined ? [command, ...args] : ["taskset", "-c", core, command, ...args];
  const { status, stdout, stderr, error } = spawnSync(pinned[0], pinned.slice(1), {
    encoding: "utf8",
    timeout: 900_000,
    maxBuffer: 1 << 28,
  });
  const line = stdout?.trim().split("\n").at(-1);
  if (status === 0 && line) return JSON.parse(line);
  const why = error?.message ?? stderr?.trim().split("\n").at(-1) ?? `exit ${status}`;
  return { cannot: why.slice(0, 120) };
}
