import { isThread, THREAD } from "./wasm/threads-node.js";
import type { WebWorker, WorkerSource } from "./wasm/threads-host.js";

/** What a module that stands alone and takes threads holds a copy of. */
export * from "./standalone.js";
export { serveThread } from "./wasm/threads-serve.js";
export { startThreadedOn } from "./wasm/threads-start.js";
export { isThread };

/** What is used of a browser's workers. */
declare const Worker: new (url: string, options: { type: "module"; name: string }) => WebWorker;

/** The module at this address as its own worker. */
export function workerAt(address: string): WorkerSource {
  return {
    url: new URL(address),
    start: () => new Worker(address, { type: "module", name: THREAD }),
  };
}
