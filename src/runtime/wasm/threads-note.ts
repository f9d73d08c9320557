import type { PreparedCall, Session } from "../session.js";
import type { HostTensor } from "../tensor.js";

/** A session that passes everything on, under another name of its engine. */
export class NotedSession implements Session {
  readonly precision: Session["precision"];

  constructor(
    protected readonly inner: Session,
    readonly engine: string,
  ) {
    this.precision = inner.precision;
  }

  run(
    program: string,
    args: Readonly<Record<string, HostTensor>>,
    batch: number,
  ): Promise<Record<string, HostTensor>> {
    return this.inner.run(program, args, batch);
  }

  prepare(program: string, batch: number): PreparedCall {
    return this.inner.prepare(program, batch);
  }

  stateNames(): string[] {
    return this.inner.stateNames();
  }

  read(name: string): HostTensor {
    return this.inner.read(name);
  }

  write(name: string, tensor: HostTensor): void {
    this.inner.write(name, tensor);
  }

  dispose(): void {
    this.inner.dispose();
  }
}

/** Adds a note inside the brackets of an engine's name: `, 2 threads` to `wasm (SIMD)`. */
export function noted(engine: string, note: string): string {
  if (engine.endsWith(")")) return `${engine.slice(0, -1)}${note})`;
  return `${engine} (${note.replace(/^[,;] /, "")})`;
}

/** A session without threads though some were asked for; its engine name says why. */
export function withoutThreads(session: Session, reason: string): Session {
  return new NotedSession(session, noted(session.engine, `; 1 thread: ${reason}`));
}
