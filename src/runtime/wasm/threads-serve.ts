import { loadKernels, type KernelGroups, type Variant } from "./kernels.js";
import { plannedProgram } from "./planned.js";
import { createWasmSession } from "./session.js";
import { Exchange, resultNames } from "./threads-exchange.js";
import { nodeWorkers } from "./threads-node.js";
import { Shard } from "./threads-shard.js";
import { overStates, statesOf, type Split } from "./threads-split.js";

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

/** Makes a thread of this one: returns what serves steps until it is to look for another message. */
async function startServer(
  groups: KernelGroups,
  { split, variant, worker, threads }: Start,
): Promise<Server> {
  const plan = split.gradients;
  const [shared, accumulators, moved] = [split.shared, split.accumulators, split.moved].map((names) =>
    statesOf(plan, names),
  );
  let exchange: Exchange;
  const take = overStates([...shared!, ...accumulators!], (views) => {
    const from = exchange.shared;
    for (let i = 0; i < from.length; i++) views[i]!.set(from[i]!);
    for (let i = from.length; i < views.length; i++) views[i]!.fill(0);
  });
  const give = overStates([...accumulators!, ...moved!], (views) => {
    const to = exchange.handed[worker]!;
    const sums = to.accumulators.length;
    for (let i = 0; i < sums; i++) to.accumulators[i]!.set(views[i]!);
    for (let i = sums; i < views.length; i++) to.moved[i - sums]!.set(views[i]!);
  });
  const kernels = await loadKernels(groups, variant);
  const session = createWasmSession(kernels, { gradients: plannedProgram(plan), take, give });
  const results = resultNames(plan);

  const step = (shard: Shard, batch: number) => {
    void session.prepare("take", 1).run();
    const found = shard.run(batch);
    const to = exchange.handed[worker]!.results;
    for (let i = 0; i < to.length; i++) to[i]![0] = found[results[i]!]![0]!;
    void session.prepare("give", 1).run();
  };
  return ({ memory, capacity }) => {
    exchange = new Exchange(split, capacity, threads - 1, memory);
    const shard = new Shard(session, exchange, worker + 1, threads);
    for (let batch = exchange.next(worker); batch !== undefined; batch = exchange.next(worker)) {
      try {
        step(shard, batch);
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
interface Scope {
  postMessage(message: unknown, transferred: []): void;
  addEventListener(type: "message", listener: (event: { readonly data: Start | Serve }) => void): void;
}

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
  const scope = globalThis as unknown as Scope;
  const answer = answerer(groups, (message) => scope.postMessage(message, []));
  scope.addEventListener("message", ({ data }) => answer(data));
}
