import { prepareTfjsProgram } from "../backends/tfjs/prepare.js";
import type { Session } from "../runtime/session.js";
import { createTfjsSession, type Tf } from "../runtime/tfjs/index.js";
import type { Program } from "../tensor/program.js";

export interface TfjsEngineOptions {
  /** `wasm` unless given. */
  readonly backend?: string;
}

/** Runs programs on tfjs, which is loaded only now. */
export async function createTfjsEngineSession(
  programs: Readonly<Record<string, Program>>,
  { backend = "wasm" }: TfjsEngineOptions = {},
): Promise<Session> {
  const tf = await loadTfjs(backend);
  const prepared = Object.entries(programs).map(
    ([name, program]) => [name, prepareTfjsProgram(program)] as const,
  );
  return createTfjsSession(tf, Object.fromEntries(prepared), backend);
}

/** tfjs with this backend started. */
export async function loadTfjs(backend: string): Promise<Tf> {
  const tf = await import("@tensorflow/tfjs");
  // Without it, tfjs greets every new process in Node with advice that does not apply here.
  tf.env().set("PROD", true);
  if (backend === "wasm") await registerWasm();
  const registered = Object.keys(tf.engine().registryFactory);
  if (!registered.includes(backend)) {
    throw new Error(`tfjs has no backend ${backend}; there is ${registered.sort().join(", ")}`);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs could not start its backend ${backend}`);
  await tf.ready();
  return tf;
}

/** The package's own files: nothing is fetched. */
async function registerWasm(): Promise<void> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  const { createRequire } = await import("node:module");
  const { dirname, join } = await import("node:path");
  const entry = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(join(dirname(entry), "/"));
}
