import type { Numbers } from "../session.js";
import type { BarePlan } from "./plan.js";
import { sizeAt, statesOf, type Split } from "./threads-split.js";
import { elementCount } from "../elements.js";

/** What a worker's control word says. */
export const turns = {
  idle: 0,
  /** Written by the main thread: run your shard. */
  run: 1,
  /** Written by the main thread: look for a message. */
  leave: 2,
  done: 3,
  failed: 4,
} as const;

/** A worker's control words lie this far apart: on cache lines of their own. */
const LINE = 16;
const TURN = 0;
const BATCH = 1;
const LENGTH = 2;
/** How long a thread is stopped for a worker; after that it waits in its event loop, where it hears of a dead one. */
const PATIENCE = 1000;
/** Characters of a worker's complaint that are kept. */
const COMPLAINT = 512;

/** An argument of a whole batch; `width` is the elements of a row, 0 where it does not depend on the batch. */
interface Argument {
  readonly name: string;
  readonly width: number;
  readonly data: Float32Array | Int32Array;
}

/** What a worker hands over after a step, in the order of the split's names and of the plan's results. */
export interface Handed {
  readonly accumulators: readonly Float32Array[];
  readonly moved: readonly Float32Array[];
  readonly results: readonly Float32Array[];
  readonly complaint: Int32Array;
}

interface Field {
  readonly dtype: "float" | "int";
  readonly size: number;
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
    const floats = (names: readonly string[]) => statesOf(plan, names).map(({ shape }) => floatField(shape));
    const shared = floats(split.shared);
    const given = argumentsOf(plan);
    const whole = given.map(({ buffer, width }): Field => ({
      dtype: buffer.dtype === "float" ? "float" : "int",
      size: width > 0 ? width * capacity : sizeAt(buffer, 1),
    }));
    const [accumulators, moved] = [floats(split.accumulators), floats(split.moved)];
    const results = resultNames(plan).map(() => floatField([1]));
    const complaint: Field = { dtype: "int", size: COMPLAINT };
    const handed = [...accumulators, ...moved, ...results, complaint];
    const fields = [
      { dtype: "int", size: LINE * workers } as const,
      ...shared,
      ...whole,
      ...Array.from({ length: workers }, () => handed).flat(),
    ];
    this.memory = memory ?? new SharedArrayBuffer(fields.reduce((sum, f) => sum + bytesOf(f), 0));
    const views = viewsOf(this.memory, fields);
    const floatsOf = (count: number) => views.splice(0, count) as Float32Array[];
    this.control = views.shift() as Int32Array;
    this.shared = floatsOf(shared.length);
    this.arguments = given.map(({ buffer, width }) => ({ name: buffer.name, width, data: views.shift()! }));
    this.handed = Array.from({ length: workers }, () => ({
      accumulators: floatsOf(accumulators.length),
      moved: floatsOf(moved.length),
      results: floatsOf(results.length),
      complaint: views.shift() as Int32Array,
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

  /** Says on a worker's side how its turn went. */
  answer(worker: number, complaint?: string): void {
    if (complaint !== undefined) {
      const length = Math.min(complaint.length, COMPLAINT);
      this.control[worker * LINE + LENGTH] = length;
      for (let i = 0; i < length; i++) this.handed[worker]!.complaint[i] = complaint.charCodeAt(i);
    }
    this.turn(worker, complaint === undefined ? turns.done : turns.failed);
  }

  /** Waits on a worker's side for a turn: the rows of the batch to run a shard of, or undefined to look for a message. */
  next(worker: number): number | undefined {
    const at = worker * LINE + TURN;
    for (;;) {
      const turn = Atomics.load(this.control, at);
      if (turn === turns.leave) return undefined;
      if (turn === turns.run) return this.control[worker * LINE + BATCH]!;
      Atomics.wait(this.control, at, turn);
    }
  }

  /** Waits until a worker's turn is over: a promise where this thread may not be stopped, or not any longer. */
  over(worker: number, blocking: boolean): Promise<void> | undefined {
    const at = worker * LINE + TURN;
    let patient = blocking;
    while (Atomics.load(this.control, at) === turns.run) {
      if (!patient) return this.overLater(at);
      const waited = Atomics.wait(this.control, at, turns.run, PATIENCE);
      patient = waited !== "timed-out" || !waitAsync;
    }
    return undefined;
  }

  /** What a worker's last turn failed of. */
  complaintOf(worker: number): string | undefined {
    if (Atomics.load(this.control, worker * LINE + TURN) !== turns.failed) return undefined;
    const length = this.control[worker * LINE + LENGTH]!;
    return String.fromCharCode(...this.handed[worker]!.complaint.subarray(0, length));
  }

  private async overLater(at: number): Promise<void> {
    while (Atomics.load(this.control, at) === turns.run) {
      const waiting = waitAsync!(this.control, at, turns.run);
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

const atomics = Atomics as unknown as { readonly waitAsync?: WaitAsync };

/** Newer than the language's version that we compile for; undefined where the host lacks it. */
export const waitAsync: WaitAsync | undefined = atomics.waitAsync?.bind(Atomics);

/** The names of a program's results, in the order that they are handed over in. */
export function resultNames({ buffers }: BarePlan): string[] {
  return buffers.filter((b) => b.role === "result").map((b) => b.name);
}

function argumentsOf({ buffers }: BarePlan) {
  return buffers
    .filter((b) => b.role === "argument")
    .map((buffer) => ({ buffer, width: sizeAt(buffer, 2) - sizeAt(buffer, 1) }));
}

function floatField(shape: readonly number[]): Field {
  return { dtype: "float", size: elementCount(shape) };
}

function bytesOf({ size }: Field): number {
  return Math.ceil(size / LINE) * LINE * 4;
}

function viewsOf(memory: SharedArrayBuffer, fields: readonly Field[]): (Float32Array | Int32Array)[] {
  let at = 0;
  return fields.map((field) => {
    const from = at;
    at += bytesOf(field);
    return field.dtype === "float"
      ? new Float32Array(memory, from, field.size)
      : new Int32Array(memory, from, field.size);
  });
}
