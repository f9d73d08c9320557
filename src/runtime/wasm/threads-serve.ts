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
  /** From 0; it has the shard after that. */
  readonly worker: number;
  /** How many threads there are, the main one included. */
  readonly threads: number;
}

/** A later message: steps come through this memory from now on. */
export interface Serve {
  readonly memory: SharedArrayBuffer;
  readonly capacity: number;
}

/** What a worker says once it has started: undefined where it is ready, else what went wrong. */
export interface Started {
  readonly failed: string | undefined;
}

type Server = (order: Serve) => void;

/** What a worker does over its state before and after its shard, by the memory that steps come through. */
class Handing {
  shared: readonly Float32Array[] = [];
  sums: readonly Float32Array[] = [];
  moved: readonly Float32Array[] = [];
  /** Takes the state of a step, and clears what it adds up. */
  readonly take: WasmProgram;
  /** Hands over what it has added up, and what layers have moved. */
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

/** Makes a thread of this one: returns what serves steps until it is to look for another message. */
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

/** Answers messages: the first starts a server, which the others are for. */
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

/** What a Web Worker has to talk with. */
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
