import type * as WorkerThreads from "node:worker_threads";

/** What a worker of ours is called: a module that is its own worker knows itself by it. */
export const THREAD = "nnspec-thread";

/** Node's workers without an import, which a module for every host cannot have; undefined elsewhere. */
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
