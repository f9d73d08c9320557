import { InputError } from "./errors.js";

interface Waiter {
  readonly begin: () => void;
  readonly refuse: (error: InputError) => void;
  next: Waiter | undefined;
}

/** Lets callers work one at a time, in the order in which they asked. */
export class Turns {
  private first: Waiter | undefined;
  private last: Waiter | undefined;
  private held = false;
  /** Set by `close`: runs once the current turn has ended. */
  private atEnd: (() => void) | undefined;

  /**
   * Takes the turn. Returns a promise only if another has it, so that a loop of steps allocates none.
   * Throws an InputError after `close`.
   */
  take(): Promise<void> | undefined {
    if (this.atEnd) throw disposed();
    if (!this.held) {
      this.held = true;
      return undefined;
    }
    return new Promise((begin, refuse) => {
      const waiter: Waiter = { begin, refuse, next: undefined };
      if (this.last) this.last.next = waiter;
      else this.first = waiter;
      this.last = waiter;
    });
  }

  /** Passes the turn to whoever has waited longest. */
  give(): void {
    const next = this.first;
    this.first = next?.next;
    if (!this.first) this.last = undefined;
    if (next) next.begin();
    else {
      this.held = false;
      this.atEnd?.();
    }
  }

  /** Does something in a turn of its own. */
  async run<R>(work: () => R | Promise<R>): Promise<R> {
    const turn = this.take();
    if (turn) await turn;
    try {
      return await work();
    } finally {
      this.give();
    }
  }

  /** Ends turns: whoever waits or asks for one gets an InputError. Calls `then` once the current turn has ended. */
  close(then: () => void): void {
    if (this.atEnd) return;
    this.atEnd = then;
    for (let waiter = this.first; waiter; waiter = waiter.next) waiter.refuse(disposed());
    this.first = this.last = undefined;
    if (!this.held) then();
  }
}

function disposed(): InputError {
  return new InputError("the model is disposed; create another one.");
}
