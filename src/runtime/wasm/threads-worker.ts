import type { WebWorker, WorkerSource } from "./threads-host.js";
import { THREAD } from "./threads-node.js";

/** The part of a browser's `Worker` that is used here. */
declare const Worker: new (url: URL, options: { type: "module"; name: string }) => WebWorker;

/** The worker beside this module. */
export const besideUs: WorkerSource = {
  // Asked for only where there are threads: in a bundle that is no module, `import.meta` is empty.
  get url() {
    return new URL("./worker.js", import.meta.url);
  },
  start() {
    // Bundlers recognize a worker by exactly this expression, so it cannot use `url`.
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: THREAD });
  },
};
