import { names } from "../programs.js";
import type { Numbers, PreparedCall, Session } from "../session.js";
import type { Exchange } from "./threads-exchange.js";
import { shardOf } from "./threads-split.js";

/** How many batch sizes a thread remembers, as many as its session. */
const REMEMBERED = 8;

interface Part {
  readonly rows: number;
  readonly names: readonly string[];
  readonly sources: readonly Numbers[];
}

/** Runs one thread's shard of each batch: the program `gradients` on the thread's rows in the exchange. */
export class Shard {
  private readonly parts = new Map<number, Part>();

  constructor(
    private readonly session: Session,
    private readonly exchange: Exchange,
    private readonly index: number,
    private readonly threads: number,
  ) {}

  /** Returns the results, valid until the session does something else. */
  run(batch: number): PreparedCall["results"] {
    const { rows, names: given, sources } = this.partOf(batch);
    const call = this.session.prepare("gradients", rows);
    for (let i = 0; i < given.length; i++) call.arguments[given[i]!]!.set(sources[i]!);
    const step = call.arguments[names.step];
    // Gives each thread other random numbers, which are all that depends on the step in this program.
    if (step) step[0] = Math.imul(step[0]!, this.threads) + this.index;
    void call.run();
    return call.results;
  }

  private partOf(batch: number): Part {
    const known = this.parts.get(batch);
    if (known) return known;
    if (this.parts.size >= REMEMBERED) this.parts.clear();
    const { start, rows } = shardOf(batch, Math.min(this.threads, batch), this.index);
    const views = this.exchange.rows(start, rows);
    const part = { rows, names: Object.keys(views), sources: Object.values(views) };
    this.parts.set(batch, part);
    return part;
  }
}
