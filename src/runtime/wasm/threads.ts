import { own } from "../own.js";
import { names } from "../programs.js";
import type { PreparedCall, Session } from "../session.js";
import type { HostTensor } from "../tensor.js";
import { loadKernels, type KernelGroups, type Variant } from "./kernels.js";
import { plannedProgram } from "./planned.js";
import type { WasmProgram } from "./program.js";
import { createWasmSession } from "./session.js";
import { Exchange, resultNames, turns } from "./threads-exchange.js";
import { mayBlock, startHelper, threadless, type Helper, type WorkerSource } from "./threads-host.js";
import { Merging } from "./threads-merge.js";
import { noted, NotedSession } from "./threads-note.js";
import { Shard } from "./threads-shard.js";
import { shardOf, type Split } from "./threads-split.js";

/** The most threads that are started, more than any batch is worth. */
const MOST_THREADS = 64;
/** How many batch sizes the session remembers, as many as the one that it wraps. */
const REMEMBERED = 8;
const COUNT = names.count("");

export interface ThreadOptions {
  readonly threads: number;
  /** The rows of a usual batch: more threads than these have nothing to do. */
  readonly batch: number | "full";
  readonly variant?: Variant | undefined;
  readonly groups: KernelGroups;
  readonly worker: WorkerSource;
}

/**
 * Starts programs (without `gradients`, which is in the split, and `step`, which it makes of it) with the rows of a
 * step split over threads. Each has its share of the batch: batch norm takes the statistics of a share, and a
 * balancer weighs the losses of a share, as they do where gradients are accumulated. The gradients are added up in
 * the threads' order, so that the same number of threads gives the same bits.
 * Returns why there are none where the host or the model has none.
 */
export async function startOnThreads(
  programs: Readonly<Record<string, WasmProgram>>,
  split: Split | string,
  options: ThreadOptions,
): Promise<Session | string> {
  const missing = threadless();
  if (missing !== undefined) return missing;
  if (typeof split === "string") return split;
  const { threads: wanted, batch } = options;
  const threads = Math.min(wanted, batch === "full" ? wanted : batch, MOST_THREADS);
  if (threads === 1) return "a batch has one row";
  const why = threads === batch ? `: a batch has ${batch} rows` : ": there are never more";
  try {
    return await startThreads(programs, split, { ...options, threads }, threads < wanted ? why : "");
  } catch (error) {
    return `a worker did not start (${error instanceof Error ? error.message : String(error)})`;
  }
}

async function startThreads(
  programs: Readonly<Record<string, WasmProgram>>,
  split: Split,
  { threads, variant, groups, worker: source }: ThreadOptions,
  fewer: string,
): Promise<Session> {
  const kernels = await loadKernels(groups, variant);
  const starts = Array.from({ length: threads - 1 }, (_, worker) =>
    startHelper(source, { split, variant: kernels.variant, worker, threads }),
  );
  const started = await Promise.allSettled(starts);
  const helpers = started.flatMap((s) => (s.status === "fulfilled" ? [s.value] : []));
  const failed = started.find((s) => s.status === "rejected");
  if (failed) {
    for (const helper of helpers) helper.end();
    throw failed.reason;
  }
  const merging = new Merging(split);
  const main = createWasmSession(kernels, {
    ...programs,
    gradients: plannedProgram(split.gradients),
    "threads/share": merging.share,
    "threads/merge": merging.merge,
  });
  const engine = noted(main.engine, `, ${threads} threads${fewer}`);
  return new ThreadedSession(main, engine, split, merging, helpers);
}

/** The exchange that steps go through, and the main thread's shard. */
interface Place {
  readonly exchange: Exchange;
  readonly shard: Shard;
}

/** Splits the program `step` over threads; all other programs run on the main thread. */
class ThreadedSession extends NotedSession {
  private readonly calls = new Map<number, PreparedCall>();
  private readonly accumulators: ReadonlySet<string>;
  private readonly resultNames: readonly string[];
  private readonly threads: number;
  private readonly blocking = mayBlock();
  private place: Place | undefined;
  private disposed = false;

  constructor(
    main: Session,
    engine: string,
    private readonly split: Split,
    private readonly merging: Merging,
    private readonly helpers: readonly Helper[],
  ) {
    super(main, engine);
    this.accumulators = new Set(split.accumulators);
    this.resultNames = resultNames(split.gradients);
    this.threads = helpers.length + 1;
    helpers.forEach((helper, i) => {
      helper.onEnd = (reason) => this.place?.exchange.answer(i, `a worker is no more: ${reason}`);
    });
  }

  override async run(
    program: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Promise<Record<string, HostTensor>> {
    if (program !== "step") return super.run(program, args, batch);
    const call = this.prepare(program, batch);
    for (const [name, to] of Object.entries(call.arguments)) {
      const given = own(args, name);
      if (given?.data.length !== to.length) throw new Error(`program step: no argument ${name} of its size`);
      to.set(given.data);
    }
    await call.run();
    const results = Object.entries(call.results).map(([name, data]): [string, HostTensor] => [
      name,
      { dtype: "float", shape: [], data: Float32Array.from(data) },
    ]);
    return Object.fromEntries(results);
  }

  override prepare(program: string, batch: number): PreparedCall {
    if (program !== "step") return super.prepare(program, batch);
    const exchange = this.exchangeFor(batch);
    const known = this.calls.get(batch);
    if (known) return known;
    if (this.calls.size >= REMEMBERED) this.calls.clear();
    // Doubles, so that a mean of shards is rounded once.
    const names = [...this.resultNames, ...Object.keys(this.inner.prepare("update", 1).results)];
    const results = Object.fromEntries(names.map((name) => [name, new Float64Array(1)]));
    const call: PreparedCall = {
      arguments: exchange.rows(0, batch),
      results,
      run: () => this.step(batch, call),
    };
    this.calls.set(batch, call);
    return call;
  }

  /** Accumulators are left out: they begin at 0 in each step, and are no state of the model. */
  override stateNames(): string[] {
    return super.stateNames().filter((name) => !this.accumulators.has(name));
  }

  override dispose(): void {
    this.disposed = true;
    for (const helper of this.helpers) helper.end();
    // Ends the wait of a step that is running.
    this.helpers.forEach((_, i) => this.place?.exchange.answer(i, "the session is disposed of"));
    super.dispose();
  }

  /** An exchange for at least so many rows; if the present one is too small, workers are told to use a new one. */
  private exchangeFor(batch: number): Exchange {
    const before = this.place?.exchange;
    if (before && batch <= before.capacity) return before;
    const exchange = new Exchange(this.split, batch, this.helpers.length);
    this.helpers.forEach((helper, i) => {
      before?.wake(i, turns.leave, 0);
      helper.serve({ memory: exchange.memory, capacity: batch });
    });
    this.calls.clear();
    this.place = { exchange, shard: new Shard(this.inner, exchange, 0, this.threads) };
    this.merging.shared = exchange.shared;
    this.merging.handed = exchange.handed;
    return exchange;
  }

  /** The exchange and shard of the step, which `prepare` has made. */
  private prepared(): Place {
    if (!this.place) throw new Error("no step was prepared");
    return this.place;
  }

  private step(batch: number, to: PreparedCall): Promise<void> | undefined {
    const { exchange, shard } = this.prepared();
    const shards = Math.min(this.threads, batch);
    this.assertAlive();
    this.merging.batch = batch;
    this.merging.shards = shards;
    void this.inner.prepare("threads/share", 1).run();
    for (let k = 1; k < shards; k++) exchange.wake(k - 1, turns.run, batch);
    let failure: unknown;
    try {
      const own = shard.run(batch);
      const { rows } = shardOf(batch, shards, 0);
      for (let i = 0; i < this.resultNames.length; i++) {
        const name = this.resultNames[i]!;
        to.results[name]![0] = own[name]![0]! * weightOf(name, rows, batch);
      }
    } catch (error) {
      failure = error;
    }
    // Waits also after a failure, since the next step needs every worker idle.
    const waiting = this.waitFrom(1, shards);
    if (waiting) return waiting.then(() => this.finish(batch, to, failure));
    this.finish(batch, to, failure);
    return undefined;
  }

  private waitFrom(first: number, shards: number): Promise<void> | undefined {
    const { exchange } = this.prepared();
    for (let k = first; k < shards; k++) {
      const waiting = exchange.over(k - 1, this.blocking);
      if (waiting) return this.held(waiting).then(() => this.waitFrom(k + 1, shards));
    }
    return undefined;
  }

  /** Waits for workers, and keeps the process alive meanwhile. */
  private async held(waiting: Promise<void>): Promise<void> {
    for (const helper of this.helpers) helper.hold();
    await waiting;
    for (const helper of this.helpers) helper.rest();
  }

  private finish(batch: number, to: PreparedCall, failure: unknown): void {
    if (failure !== undefined) throw failure;
    const { merging } = this;
    const { exchange } = this.prepared();
    for (let k = 1; k < merging.shards; k++) {
      const complaint = exchange.complaintOf(k - 1);
      if (complaint !== undefined) throw new Error(complaint);
    }
    for (let k = 1; k < merging.shards; k++) {
      const { rows } = shardOf(batch, merging.shards, k);
      const { results } = exchange.handed[k - 1]!;
      for (let i = 0; i < results.length; i++) {
        const name = this.resultNames[i]!;
        to.results[name]![0]! += results[i]![0]! * weightOf(name, rows, batch);
      }
    }
    void this.inner.prepare("threads/merge", 1).run();
    const update = this.inner.prepare("update", 1);
    for (const name of Object.keys(update.arguments)) {
      const from = to.arguments[name];
      if (from) update.arguments[name]!.set(from);
    }
    update.arguments[names.waitingRows]![0] = batch;
    void update.run();
    for (const name of Object.keys(update.results)) to.results[name]![0] = update.results[name]![0]!;
  }

  private assertAlive(): void {
    if (this.disposed) throw new Error("the session is disposed of");
    for (let i = 0; i < this.helpers.length; i++) {
      const { ended } = this.helpers[i]!;
      if (ended !== undefined) throw new Error(`a worker is no more: ${ended}`);
    }
  }
}

/** A shard's weight in a result: 1 for counts, its share of rows for mean losses, which are 0 in shards without labels. */
function weightOf(result: string, rows: number, batch: number): number {
  return result.startsWith(COUNT) ? 1 : rows / batch;
}
