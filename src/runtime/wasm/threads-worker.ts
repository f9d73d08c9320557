import type { WebWorker, WorkerSource } from "./threads-host.js";
import { THREAD } from "./threads-node.js";

/** What is used of a browser's workers. */
declare const Worker: new (url: URL, options: { type: "module"; name: string }) => WebWorker;

/** The worker beside this module. */
export const besideUs: WorkerSource = {
  url: new URL("./worker.js", import.meta.url),
  start() {
    // Bundlers look for these very words.
    return new Worker(new URL("./worker.js", import.meta.url), { type: "module", name: THREAD });
  },
};
