import type * as WorkerThreads from "node:worker_threads";

/** The name of our workers, by which a module that is its own worker finds that it runs as one. */
export const THREAD = "nnspec-thread";

/** Node's worker module, without an import, as browsers could not resolve it; undefined outside of Node. */
export function nodeWorkers(): typeof WorkerThreads | undefined {
  return globalThis.process?.getBuiltinModule?.("node:worker_threads");
}

/** Whether this is a worker that one of our sessions has started. */
export function isThread(): boolean {
  const node = nodeWorkers();
  if (node) return !node.isMainThread && node.workerData === THREAD;
  const scope: object = globalThis;
  return !("document" in scope) && "name" in scope && scope.name === THREAD;
}
