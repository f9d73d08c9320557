import type { Numbers } from "../session.js";
import type { BarePlan } from "./plan.js";
import { mapStates, sizeAt, type Split } from "./threads-split.js";
import { elementCount } from "../elements.js";

/** The values of a worker's control word. */
export const turns = {
  idle: 0,
  /** Written by the main thread: run your shard. */
  run: 1,
  /** Written by the main thread: look for a message. */
  leave: 2,
  done: 3,
  failed: 4,
} as const;

/** The distance of workers' control words in words, so that each is on a cache line of its own. */
const LINE = 16;
const TURN = 0;
const BATCH = 1;
const LENGTH = 2;
/** For how many milliseconds a thread blocks for a worker; then it waits asynchronously, and so hears if the worker has died. */
const PATIENCE = 1000;
/** The most characters of a worker's error message that are kept. */
const COMPLAINT = 512;

/** An argument of a whole batch; `width` is the elements of a row, 0 where it does not depend on the batch. */
interface Argument {
  readonly name: string;
  readonly width: number;
  readonly data: Float32Array | Int32Array;
}

/** A worker's results of a step, in the order of the split's names and of the plan's results. */
export interface Handed {
  readonly accumulators: readonly Float32Array[];
  readonly moved: readonly Float32Array[];
  readonly results: readonly Float32Array[];
  readonly complaint: Int32Array;
}

/** The memory that threads share, laid out the same on both sides for a split, a largest batch and a number of workers. */
export class Exchange {
  readonly memory: SharedArrayBuffer;
  readonly shared: readonly Float32Array[];
  readonly arguments: readonly Argument[];
  readonly handed: readonly Handed[];
  private readonly control: Int32Array;

  constructor(
    split: Split,
    readonly capacity: number,
    workers: number,
    memory?: SharedArrayBuffer,
  ) {
    const plan = split.gradients;
    const { shared, accumulators, moved } = mapStates(split, ({ shape }) => elementCount(shape));
    const given = argumentsOf(plan).map(({ buffer, width }) => ({
      name: buffer.name,
      isFloat: buffer.dtype === "float",
      width,
      size: width > 0 ? width * capacity : sizeAt(buffer, 1),
    }));
    const results = resultNames(plan).map(() => 1);
    const handed = [...accumulators, ...moved, ...results, COMPLAINT];
    const ofWorkers = Array.from({ length: workers }, () => handed).flat();
    const sizes = [LINE * workers, ...shared, ...given.map(({ size }) => size), ...ofWorkers];
    this.memory = memory ?? new SharedArrayBuffer(sizes.reduce((sum, size) => sum + bytesOf(size), 0));
    const views = new Views(this.memory);
    const floats = (size: number) => views.floats(size);
    this.control = views.ints(LINE * workers);
    this.shared = shared.map(floats);
    this.arguments = given.map(({ name, width, isFloat, size }) => ({
      name,
      width,
      data: isFloat ? views.floats(size) : views.ints(size),
    }));
    this.handed = Array.from({ length: workers }, () => ({
      accumulators: accumulators.map(floats),
      moved: moved.map(floats),
      results: results.map(floats),
      complaint: views.ints(COMPLAINT),
    }));
  }

  /** The arguments of these rows by name, as views. */
  rows(start: number, rows: number): Record<string, Numbers> {
    const views = this.arguments.map(({ name, width, data }): [string, Numbers] => [
      name,
      width > 0 ? data.subarray(start * width, (start + rows) * width) : data,
    ]);
    return Object.fromEntries(views);
  }

  /** Gives a worker its turn, on its shard of a batch or to look for a message. */
  wake(worker: number, turn: typeof turns.run | typeof turns.leave, batch: number): void {
    this.control[worker * LINE + BATCH] = batch;
    this.turn(worker, turn);
  }

  /** For a worker: reports how its turn went. */
  answer(worker: number, complaint?: string): void {
    if (complaint !== undefined) {
      const length = Math.min(complaint.length, COMPLAINT);
      this.control[worker * LINE + LENGTH] = length;
      for (let i = 0; i < length; i++) this.handed[worker]!.complaint[i] = complaint.charCodeAt(i);
    }
    this.turn(worker, complaint === undefined ? turns.done : turns.failed);
  }

  /** For a worker: waits for a turn. Returns the batch whose shard it runs, or undefined if it has to look for a message. */
  next(worker: number): number | undefined {
    const at = worker * LINE + TURN;
    for (;;) {
      const turn = Atomics.load(this.control, at);
      if (turn === turns.leave) return undefined;
      if (turn === turns.run) return this.control[worker * LINE + BATCH]!;
      Atomics.wait(this.control, at, turn);
    }
  }

  /** Waits for the end of a worker's turn; returns a promise if this thread must not block, or has blocked long enough. */
  over(worker: number, blocking: boolean): Promise<void> | undefined {
    const at = worker * LINE + TURN;
    let patient = blocking;
    while (Atomics.load(this.control, at) === turns.run) {
      if (!patient && waitAsync) return this.overLater(at, waitAsync);
      patient = Atomics.wait(this.control, at, turns.run, PATIENCE) !== "timed-out";
    }
    return undefined;
  }

  /** The error message of a worker's last turn, if it failed. */
  complaintOf(worker: number): string | undefined {
    if (Atomics.load(this.control, worker * LINE + TURN) !== turns.failed) return undefined;
    const length = this.control[worker * LINE + LENGTH]!;
    // A complaint has its place in the memory that threads share, of so many words.
    return String.fromCharCode(...this.handed[worker]!.complaint.subarray(0, length));
  }

  private async overLater(at: number, wait: WaitAsync): Promise<void> {
    while (Atomics.load(this.control, at) === turns.run) {
      const waiting = wait(this.control, at, turns.run);
      if (waiting.async) await waiting.value;
    }
  }

  private turn(worker: number, turn: number): void {
    Atomics.store(this.control, worker * LINE + TURN, turn);
    Atomics.notify(this.control, worker * LINE + TURN);
  }
}

type WaitAsync = (
  words: Int32Array,
  at: number,
  value: number,
) => { readonly async: boolean; readonly value: Promise<unknown> | string };

function isWaitAsync(value: unknown): value is WaitAsync {
  return typeof value === "function";
}

const found: unknown = "waitAsync" in Atomics ? Atomics.waitAsync : undefined;

/** `Atomics.waitAsync`, which our language target does not include; undefined where the host lacks it. */
export const waitAsync: WaitAsync | undefined = isWaitAsync(found) ? found : undefined;

/** The names of a program's results, in the order that they are handed over in. */
export function resultNames({ buffers }: BarePlan): string[] {
  return buffers.filter((b) => b.role === "result").map((b) => b.name);
}

function argumentsOf({ buffers }: BarePlan) {
  return buffers
    .filter((b) => b.role === "argument")
    .map((buffer) => ({ buffer, width: sizeAt(buffer, 2) - sizeAt(buffer, 1) }));
}

/** Whole cache lines, so that no two parts share one. */
function bytesOf(size: number): number {
  return Math.ceil(size / LINE) * LINE * 4;
}

/** Hands out the parts of a memory, one behind the other. */
class Views {
  private at = 0;

  constructor(private readonly memory: SharedArrayBuffer) {}

  floats(size: number): Float32Array {
    return new Float32Array(this.memory, this.next(size), size);
  }

  ints(size: number): Int32Array {
    return new Int32Array(this.memory, this.next(size), size);
  }

  private next(size: number): number {
    const from = this.at;
    this.at += bytesOf(size);
    return from;
  }
}
