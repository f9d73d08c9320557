import { invocations, isKernel, type Invoke } from "./invoke.js";
import type { KernelFunctions } from "./functions.js";
import {
  extentAt,
  isLoop,
  type BareCall,
  type BareLoop,
  type Place,
  type BarePlan,
  type Word,
} from "./plan.js";
import { float, type BoundProgram } from "./program.js";

/** A number that depends on the counters of loops: base + Σ stride · counter. */
interface Moving {
  /** The index of an argument, or of a word in memory. */
  readonly index: number;
  readonly base: number;
  readonly loops: readonly number[];
  readonly strides: readonly number[];
}

interface BoundCall {
  readonly invoke: Invoke;
  readonly args: Int32Array;
  readonly moving: readonly Moving[];
  /** The words of a chain's code that depend on loops. */
  readonly movingWords: readonly Moving[];
}

interface BoundLoop {
  readonly loop: number;
  readonly count: number;
  readonly reverse: boolean;
  readonly body: readonly Bound[];
}

type Bound = BoundCall | BoundLoop;

/** Computes the numbers of a plan's calls. `addresses` are the buffers', in bytes; `memory` is the whole memory. */
export function bindPlan(
  plan: BarePlan,
  functions: KernelFunctions,
  addresses: ArrayLike<number>,
  batch: number,
  memory: Int32Array,
): BoundProgram {
  const binder = new Binder(plan, addresses, batch);
  const calls = plan.calls.map((call) => binder.call(call));
  const counters = new Int32Array(plan.loops);
  return { code: binder.code, run: () => runCalls(functions, calls, counters, memory) };
}

class Binder {
  readonly code: [number, number[]][] = [];
  private readonly moving = new Map<number, Moving[]>();

  constructor(
    plan: BarePlan,
    private readonly addresses: ArrayLike<number>,
    private readonly batch: number,
  ) {
    plan.buffers.forEach((buffer, i) => {
      if (!buffer.words) return;
      this.code.push([addresses[i]!, buffer.words.map((word) => this.number(word))]);
      const first = addresses[i]! / 4;
      const moves = buffer.words.flatMap((word, k) => this.movingOf(word, first + k) ?? []);
      if (moves.length > 0) this.moving.set(i, moves);
    });
  }

  call(call: BareCall | BareLoop): Bound {
    if (!isLoop(call)) return this.kernelCall(call);
    return {
      loop: call.loop,
      count: extentAt(call.length, this.batch),
      reverse: call.reverse,
      body: call.body.map((c) => this.call(c)),
    };
  }

  private kernelCall({ kernel, args }: BareCall): BoundCall {
    if (!isKernel(kernel)) throw new Error(`there is no kernel ${kernel}`);
    return {
      invoke: invocations[kernel],
      args: Int32Array.from(args, (word) => this.number(word)),
      moving: args.flatMap((word, i) => this.movingOf(word, i) ?? []),
      movingWords: args.flatMap((word) =>
        "place" in word ? (this.moving.get(word.place.buffer) ?? []) : [],
      ),
    };
  }

  private number(word: Word): number {
    if ("extent" in word) return extentAt(word.extent, this.batch);
    if ("float" in word) return float(word.float);
    if ("floatOf" in word) return float(extentAt(word.floatOf, this.batch));
    return this.address(word.place);
  }

  private address({ buffer, offset }: Place): number {
    return this.addresses[buffer]! + extentAt(offset, this.batch) * 4;
  }

  private movingOf(word: Word, index: number): Moving | undefined {
    if (!("place" in word) || word.place.steps.length === 0) return undefined;
    const { steps } = word.place;
    return {
      index,
      base: this.address(word.place),
      loops: steps.map((s) => s.loop),
      strides: steps.map((s) => extentAt(s.stride, this.batch) * 4),
    };
  }
}

function valueOf({ base, loops, strides }: Moving, counters: Int32Array): number {
  let value = base;
  for (let i = 0; i < loops.length; i++) value += strides[i]! * counters[loops[i]!]!;
  return value;
}

function runCalls(
  functions: KernelFunctions,
  calls: readonly Bound[],
  counters: Int32Array,
  memory: Int32Array,
): number {
  let outside = 0;
  for (let i = 0; i < calls.length; i++) {
    const call = calls[i]!;
    if ("body" in call) {
      for (let t = 0; t < call.count; t++) {
        counters[call.loop] = call.reverse ? call.count - 1 - t : t;
        outside |= runCalls(functions, call.body, counters, memory);
      }
      continue;
    }
    const { args, moving, movingWords } = call;
    for (let k = 0; k < moving.length; k++) args[moving[k]!.index] = valueOf(moving[k]!, counters);
    for (let k = 0; k < movingWords.length; k++)
      memory[movingWords[k]!.index] = valueOf(movingWords[k]!, counters);
    outside |= call.invoke(functions, args);
  }
  return outside;
}
