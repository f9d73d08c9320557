import type { Numbers, PreparedCall, Session } from "../runtime/session.js";
import { NotedSession } from "../runtime/wasm/threads-note.js";

type Results = PreparedCall["results"];

/** The programs that take a batch of training. */
const STEPS: readonly string[] = ["step", "gradients"];

/** A session that runs `program` on each batch of training before the step itself, and passes the results to `see`. */
export function watchSteps(session: Session, program: string, see: (results: Results) => void): Session {
  return new WatchedSession(session, program, see);
}

class WatchedSession extends NotedSession {
  constructor(
    session: Session,
    private readonly program: string,
    private readonly see: (results: Results) => void,
  ) {
    super(session, session.engine);
  }

  override prepare(program: string, batch: number): PreparedCall {
    const inner = super.prepare(program, batch);
    if (!STEPS.includes(program)) return inner;
    // Calls share the session's memory, so the batch is kept apart and written again for each of the two programs.
    const kept = Object.entries(inner.arguments).map(([name, { length }]) => {
      return [
        name,
        inner.arguments[name] instanceof Int32Array ? new Int32Array(length) : new Float64Array(length),
      ] as const;
    });
    const call = {
      arguments: Object.fromEntries(kept),
      results: inner.results,
      run: async () => {
        const look = super.prepare(this.program, batch);
        await runOn(look, kept);
        this.see(look.results);
        const step = super.prepare(program, batch);
        await runOn(step, kept);
        call.results = step.results;
      },
    };
    return call;
  }
}

function runOn(call: PreparedCall, kept: readonly (readonly [string, Numbers])[]): Promise<void> | undefined {
  for (const [name, values] of kept) call.arguments[name]?.set(values);
  return call.run();
}
