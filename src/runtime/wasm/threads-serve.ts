import { loadKernels, type KernelGroups, type Variant } from "./kernels.js";
import { plannedProgram } from "./planned.js";
import { createWasmSession } from "./session.js";
import type { WasmProgram } from "./program.js";
import { Exchange, resultNames, type Handed } from "./threads-exchange.js";
import { nodeWorkers } from "./threads-node.js";
import { Shard } from "./threads-shard.js";
import { mapStates, overStates, type Split } from "./threads-split.js";

/** The first message to a worker. */
export interface Start {
  readonly split: Split;
  readonly variant: Variant;
  /** The worker's index from 0; shard 0 is the main thread's, so it runs the shard with the next index. */
  readonly worker: number;
  /** How many threads there are, the main one included. */
  readonly threads: number;
}

/** A later message: from now on steps are exchanged by this memory. */
export interface Serve {
  readonly memory: SharedArrayBuffer;
  readonly capacity: number;
}

/** The worker's answer to `Start`: undefined if it is ready, else what went wrong. */
export interface Started {
  readonly failed: string | undefined;
}

type Server = (order: Serve) => void;

/** Programs that a worker runs on its state before and after its shard, to read from and write to the shared memory. */
class Handing {
  shared: readonly Float32Array[] = [];
  sums: readonly Float32Array[] = [];
  moved: readonly Float32Array[] = [];
  /** Copies the state of a step from the shared memory, and sets the accumulators to 0. */
  readonly take: WasmProgram;
  /** Copies the accumulators, and the state that layers have moved, to the shared memory. */
  readonly give: WasmProgram;

  constructor(split: Split) {
    const { shared, accumulators, moved } = mapStates(split, (state) => state);
    this.take = overStates([...shared, ...accumulators], (views) => {
      const from = this.shared;
      for (let i = 0; i < from.length; i++) views[i]!.set(from[i]!);
      for (let i = from.length; i < views.length; i++) views[i]!.fill(0);
    });
    this.give = overStates([...accumulators, ...moved], (views) => {
      const sums = this.sums.length;
      for (let i = 0; i < sums; i++) this.sums[i]!.set(views[i]!);
      for (let i = sums; i < views.length; i++) this.moved[i - sums]!.set(views[i]!);
    });
  }
}

/** Makes this worker a thread; returns a function that serves steps until there is another message. */
async function startServer(
  groups: KernelGroups,
  { split, variant, worker, threads }: Start,
): Promise<Server> {
  const handing = new Handing(split);
  const kernels = await loadKernels(groups, variant);
  const { take, give } = handing;
  const session = createWasmSession(kernels, { gradients: plannedProgram(split.gradients), take, give });
  const names = resultNames(split.gradients);

  const step = (shard: Shard, batch: number, results: Handed["results"]) => {
    void session.prepare("take", 1).run();
    const found = shard.run(batch);
    for (let i = 0; i < results.length; i++) results[i]![0] = found[names[i]!]![0]!;
    void session.prepare("give", 1).run();
  };
  return ({ memory, capacity }) => {
    const exchange = new Exchange(split, capacity, threads - 1, memory);
    const { results, accumulators, moved } = exchange.handed[worker]!;
    handing.shared = exchange.shared;
    handing.sums = accumulators;
    handing.moved = moved;
    const shard = new Shard(session, exchange, worker + 1, threads);
    for (let batch = exchange.next(worker); batch !== undefined; batch = exchange.next(worker)) {
      try {
        step(shard, batch, results);
        exchange.answer(worker);
      } catch (error) {
        exchange.answer(worker, messageOf(error));
      }
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A message handler: the first message starts a server, and further ones go to it. */
function answerer(groups: KernelGroups, post: (message: Started) => void): (message: Start | Serve) => void {
  let server: Server;
  return (message) => {
    if ("memory" in message) {
      server(message);
      return;
    }
    startServer(groups, message).then(
      (started) => {
        server = started;
        post({ failed: undefined });
      },
      (error: unknown) => post({ failed: messageOf(error) }),
    );
  };
}

/** The part of a Web Worker's global scope that is used here. */
declare const self: {
  postMessage(message: unknown, transferred: []): void;
  addEventListener(type: "message", listener: (event: { readonly data: Start | Serve }) => void): void;
};

/** Makes this worker a thread of the session that has started it, on these kernels. */
export function serveThread(groups: KernelGroups): void {
  const port = nodeWorkers()?.parentPort;
  if (port) {
    port.on(
      "message",
      answerer(groups, (message) => port.postMessage(message, [])),
    );
    return;
  }
  const answer = answerer(groups, (message) => self.postMessage(message, []));
  self.addEventListener("message", ({ data }) => answer(data));
}
