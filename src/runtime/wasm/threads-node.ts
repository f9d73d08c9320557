import type * as WorkerThreads from "node:worker_threads";

/** What a worker of ours is called: a module that is its own worker knows itself by it. */
export const THREAD = "nnspec-thread";

interface Host {
  readonly process?: { getBuiltinModule?(name: string): unknown };
}

/** Node's workers without an import, which a module for every host cannot have; undefined elsewhere. */
export function nodeWorkers(): typeof WorkerThreads | undefined {
  const { process } = globalThis as unknown as Host;
  return process?.getBuiltinModule?.("node:worker_threads") as typeof WorkerThreads | undefined;
}

/** Whether this is a worker that one of our sessions has started. */
export function isThread(): boolean {
  const node = nodeWorkers();
  if (node) return !node.isMainThread && node.workerData === THREAD;
  const scope = globalThis as unknown as { readonly name?: unknown; readonly document?: unknown };
  return scope.document === undefined && scope.name === THREAD;
}
