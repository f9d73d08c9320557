import { waitAsync } from "./threads-exchange.js";
import { nodeWorkers, THREAD } from "./threads-node.js";
import type { Serve, Start, Started } from "./threads-serve.js";

/** A worker that is ready to serve. */
export interface Helper {
  serve(order: Serve): void;
  /** Keeps the process alive while this worker is waited for; `rest` lets an idle worker no longer do so. */
  hold(): void;
  rest(): void;
  /** Why the worker ended, if it ended for a reason that it could not report as a step's failure. */
  readonly ended: string | undefined;
  /** Called when it ends, for those who wait for it. */
  onEnd: ((reason: string) => void) | undefined;
  end(): void;
}

/** A worker of Node or of a browser. */
interface Port {
  post(message: Start | Serve): void;
  hold(): void;
  rest(): void;
  end(): void;
}

/** The module that a worker runs. */
export interface WorkerSource {
  readonly url: URL;
  /** Starts the worker in a browser. */
  readonly start: () => WebWorker;
}

interface Listener {
  message(message: Started): void;
  /** Called when the worker has ended. */
  failed(reason: string): void;
}

/** Why this host can have no threads; undefined where it can. */
export function threadless(): string | undefined {
  const host: object = globalThis;
  if ("crossOriginIsolated" in host && host.crossOriginIsolated === false)
    return "the page is not cross-origin isolated";
  if (typeof SharedArrayBuffer === "undefined") return "this host has no SharedArrayBuffer";
  if (isNode() && !nodeWorkers()) return "Node is older than 20.16";
  if (!isNode() && !("Worker" in host)) return "this host has no workers";
  if (!mayBlock() && !waitAsync) return "this host has no Atomics.waitAsync";
  return undefined;
}

/** Whether this thread may block; a page's main thread may not. */
export function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

/** Starts a worker and waits until it is ready. Throws where it does not start. */
export async function startHelper(source: WorkerSource, start: Start): Promise<Helper> {
  let ended: string | undefined;
  let opened: Port | undefined;
  let helper: Helper | undefined;
  let port: Port;
  try {
    port = await new Promise<Port>((ready, reject) => {
      const listener: Listener = {
        message: ({ failed }) => (failed === undefined ? ready(worker) : reject(new Error(failed))),
        failed: (reason) => {
          ended ??= reason;
          reject(new Error(reason));
          helper?.onEnd?.(reason);
        },
      };
      const worker = isNode() ? openInNode(source, listener) : openInBrowser(source, listener);
      opened = worker;
      worker.post(start);
    });
  } catch (error) {
    opened?.end();
    throw error;
  }
  const { post, hold, rest, end } = port;
  rest();
  helper = {
    serve: post,
    hold,
    rest,
    get ended() {
      return ended;
    },
    onEnd: undefined,
    end,
  };
  return helper;
}

function isNode(): boolean {
  return typeof globalThis.process === "object" && globalThis.process.versions?.node !== undefined;
}

function openInNode({ url }: WorkerSource, listener: Listener): Port {
  const workers = nodeWorkers();
  if (!workers) throw new Error("this Node has no workers to be had");
  // Workers refuse some of the process's options, and inherit all of them by default.
  const worker = new workers.Worker(url, { execArgv: [], workerData: THREAD });
  worker.on("message", (message: Started) => listener.message(message));
  worker.on("error", (error) => listener.failed(error instanceof Error ? error.message : String(error)));
  worker.on("exit", () => listener.failed("it ended"));
  return {
    post: (message) => worker.postMessage(message, []),
    hold: () => worker.ref(),
    rest: () => worker.unref(),
    end: () => void worker.terminate(),
  };
}

/** The part of a browser's worker that is used here. */
export interface WebWorker {
  postMessage(message: unknown, transferred: []): void;
  terminate(): void;
  addEventListener(
    type: "message" | "error",
    listener: (event: { readonly data: Started; readonly message?: string }) => void,
  ): void;
}

function openInBrowser({ start }: WorkerSource, listener: Listener): Port {
  const worker = start();
  worker.addEventListener("message", ({ data }) => listener.message(data));
  worker.addEventListener("error", ({ message }) => listener.failed(message ?? "it could not be loaded"));
  return {
    post: (message) => worker.postMessage(message, []),
    hold: () => {},
    rest: () => {},
    end: () => worker.terminate(),
  };
}
