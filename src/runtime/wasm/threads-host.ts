import { waitAsync } from "./threads-exchange.js";
import type { Serve, Start, Started } from "./worker.js";

/** A worker that is ready to serve. */
export interface Helper {
  serve(order: Serve): void;
  /** What ended it, where something did that it could not report as a step's failure. */
  readonly ended: string | undefined;
  /** Called when it ends, for those who wait for it. */
  onEnd: ((reason: string) => void) | undefined;
  end(): void;
}

/** A worker of Node or of a browser. */
interface Port {
  post(message: Start | Serve): void;
  /** A worker that has nothing to do must not keep a process going. */
  rest(): void;
  end(): void;
}

interface Listener {
  message(message: Started): void;
  /** It is no more. */
  failed(reason: string): void;
}

/** Why this host can have no threads; undefined where it can. */
export function threadless(): string | undefined {
  const host = globalThis as unknown as { crossOriginIsolated?: boolean; Worker?: unknown };
  if (host.crossOriginIsolated === false) return "the page is not cross-origin isolated";
  if (typeof SharedArrayBuffer === "undefined") return "this host has no SharedArrayBuffer";
  if (!isNode() && host.Worker === undefined) return "this host has no workers";
  if (!mayBlock() && !waitAsync) return "this host has no Atomics.waitAsync";
  return undefined;
}

/** Whether this thread may be stopped; a page's own may not. */
export function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}

/** Starts a worker and waits until it is ready. Throws where it does not start. */
export async function startHelper(start: Start): Promise<Helper> {
  let ended: string | undefined;
  let port: Port | undefined;
  let helper: Helper | undefined;
  try {
    await new Promise<void>((ready, reject) => {
      const listener: Listener = {
        message: ({ failed }) => (failed === undefined ? ready() : reject(new Error(failed))),
        failed: (reason) => {
          ended ??= reason;
          reject(new Error(reason));
          helper?.onEnd?.(reason);
        },
      };
      open(listener).then((opened) => {
        port = opened;
        port.post(start);
      }, reject);
    });
  } catch (error) {
    port?.end();
    throw error;
  }
  const { post, rest, end } = port!;
  rest();
  helper = {
    serve: post,
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

function open(listener: Listener): Promise<Port> {
  return isNode() ? openInNode(listener) : Promise.resolve(openInBrowser(listener));
}

async function openInNode(listener: Listener): Promise<Port> {
  const { Worker } = await import("node:worker_threads");
  // Options of the process may be such as a worker refuses.
  const worker = new Worker(new URL("./worker.js", import.meta.url), { execArgv: [] });
  worker.on("message", (message: Started) => listener.message(message));
  worker.on("error", (error) => listener.failed(error instanceof Error ? error.message : String(error)));
  worker.on("exit", () => listener.failed("it ended"));
  return {
    post: (message) => worker.postMessage(message, []),
    rest: () => worker.unref(),
    end: () => void worker.terminate(),
  };
}

interface WebWorker {
  postMessage(message: unknown, transferred: []): void;
  terminate(): void;
  addEventListener(
    type: "message" | "error",
    listener: (event: { readonly data: Started; readonly message?: string }) => void,
  ): void;
}

interface Web {
  readonly Worker: new (url: URL, options: { type: "module" }) => WebWorker;
}

function openInBrowser(listener: Listener): Port {
  const { Worker } = globalThis as unknown as Web;
  // Bundlers look for these very words.
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => listener.message(data));
  worker.addEventListener("error", ({ message }) => listener.failed(message ?? "it could not be loaded"));
  return {
    post: (message) => worker.postMessage(message, []),
    rest: () => {},
    end: () => worker.terminate(),
  };
}
