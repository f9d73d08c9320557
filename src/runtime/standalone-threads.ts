import { isThread, THREAD } from "./wasm/threads-node.js";
import type { WebWorker, WorkerSource } from "./wasm/threads-host.js";

/** The runtime that is copied into a module without imports that can use threads. */
export * from "./standalone.js";
export { serveThread } from "./wasm/threads-serve.js";
export { startThreadedOn } from "./wasm/threads-start.js";
export { isThread };

/** The part of a browser's `Worker` that is used here. */
declare const Worker: new (url: string, options: { type: "module"; name: string }) => WebWorker;

/** The module at this address as its own worker. Bundled as a script it has no address, and starts none. */
export function workerAt(address: string): WorkerSource {
  return {
    get url() {
      return new URL(address);
    },
    start: () => new Worker(address, { type: "module", name: THREAD }),
  };
}
