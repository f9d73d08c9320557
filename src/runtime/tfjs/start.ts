import { InputError } from "../errors.js";
import type { Tf } from "./types.js";

/** tfjs with a backend started: `wasm` in Node and tfjs's own choice elsewhere, unless one is named. */
export async function startTfjs(backend?: string): Promise<Tf> {
  const tf = await orMissing(import("@tensorflow/tfjs"));
  // Without it, tfjs greets every new process in Node with advice that does not apply here.
  tf.env().set("PROD", true);
  const wanted = backend ?? (isNode() ? "wasm" : undefined);
  if (wanted === undefined) {
    await tf.ready();
    return tf;
  }
  if (wanted === "wasm") await registerWasm();
  const registered = Object.keys(tf.engine().registryFactory);
  if (!registered.includes(wanted)) {
    const known = [...new Set([...registered, "wasm"])].sort().join(", ");
    throw new InputError(`the backend ${wanted} is not registered with tfjs; there is ${known}.`);
  }
  if (!(await tf.setBackend(wanted))) throw new InputError(`tfjs could not start its backend ${wanted}.`);
  await tf.ready();
  return tf;
}

/** A package that the user may not have installed. */
async function orMissing<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new InputError(
      "the engine `tfjs` needs two packages that are not installed: `npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm`. The engine `wasm` needs none.",
    );
  }
}

/** Test runners have loaders, and errors, of their own. */
function isMissing(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}

function isNode(): boolean {
  return typeof globalThis.process === "object" && globalThis.process.versions?.node !== undefined;
}

/** In Node from the package's own files; elsewhere the page says with `setWasmPaths` where they are. */
async function registerWasm(): Promise<void> {
  const { setWasmPaths } = await orMissing(import("@tensorflow/tfjs-backend-wasm"));
  // Without an import of Node's modules, which bundlers of pages would complain of.
  const node = globalThis.process?.getBuiltinModule;
  if (!node) return;
  const entry = node("node:module")
    .createRequire(import.meta.url)
    .resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(node("node:path").join(entry, "../"));
}
