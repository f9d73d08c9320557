import type {
  Buffer,
  BufferRole,
  Call,
  Extent,
  KernelCall,
  Loop,
  Place,
  Sizer,
  Word,
} from "../../runtime/wasm/plan.js";
import type { DType, Program } from "../../tensor/program.js";
import { times } from "./extent.js";

type Draft = { -readonly [K in keyof Buffer]: Buffer[K] } & {
  /** How many loops were open when the buffer was made. */
  readonly depth: number;
};

interface OpenLoop {
  readonly start: number;
  readonly touched: Set<number>;
  readonly calls: Call[];
}

export interface NewBuffer {
  readonly name: string;
  readonly role: BufferRole;
  readonly dtype: DType;
  readonly size: Extent;
  readonly shape?: readonly Extent[];
  readonly data?: readonly number[];
}

/** What to call a value of a program. */
export type Labels = (program: Program, id: number) => string;

/** Collects a plan's buffers and calls, and how long each buffer lives. */
export class PlanBuilder {
  private readonly buffers: Draft[] = [];
  private readonly open: OpenLoop[] = [];
  private readonly calls: Call[] = [];
  private position = 0;
  private loops = 0;

  constructor(readonly labels: Labels | undefined) {}

  buffer({ name, role, dtype, size, shape, data }: NewBuffer): Place {
    this.buffers.push({
      name,
      role,
      dtype,
      size,
      shape: shape ?? [size],
      first: Number.POSITIVE_INFINITY,
      last: Number.NEGATIVE_INFINITY,
      depth: this.open.length,
      ...(data === undefined ? {} : { data }),
    });
    return { buffer: this.buffers.length - 1, offset: 0, steps: [] };
  }

  /** Words that a kernel reads: a chain's code, or the axes of a copy. */
  code(name: string, words: readonly Word[]): Place {
    const place = this.buffer({ name, role: "code", dtype: "int", size: words.length });
    this.setWords(place, words);
    return place;
  }

  setWords({ buffer }: Place, words: readonly Word[]): void {
    const draft = this.buffers[buffer]!;
    draft.words = words;
    draft.size = words.length;
    draft.shape = [words.length];
  }

  resize({ buffer }: Place, size: Extent): void {
    this.buffers[buffer]!.size = size;
    this.buffers[buffer]!.shape = [size];
  }

  sizeOf({ buffer }: Place): Extent {
    return this.buffers[buffer]!.size;
  }

  /** Memory for the one call that follows: so many elements, or as its kernel says. */
  scratch(size: Extent | Sizer): Place {
    const own = typeof size === "object" && "kernel" in size;
    const place = this.buffer({ name: "scratch", role: "temporary", dtype: "float", size: own ? 0 : size });
    if (own) this.buffers[place.buffer]!.sizer = size;
    return place;
  }

  call(call: KernelCall): void {
    for (const word of call.args) {
      if ("place" in word) this.touch(word.place.buffer);
    }
    (this.open.at(-1)?.calls ?? this.calls).push(call);
    this.position++;
  }

  /** Marks a buffer as in use here, for a call that names it only in the words of its code. */
  touch(buffer: number): void {
    const draft = this.buffers[buffer]!;
    draft.first = Math.min(draft.first, this.position);
    draft.last = Math.max(draft.last, this.position);
    for (const word of draft.words ?? [])
      if ("place" in word && word.place.buffer !== buffer) this.touch(word.place.buffer);
    this.open.at(-1)?.touched.add(buffer);
  }

  /** Runs `body` as the inside of a loop; it is given the loop's number. */
  loop(length: Extent, reverse: boolean, origin: string | undefined, body: (loop: number) => void): void {
    const loop = this.loops++;
    const open: OpenLoop = { start: this.position, touched: new Set(), calls: [] };
    this.open.push(open);
    body(loop);
    this.open.pop();
    const end = Math.max(open.start, this.position - 1);
    for (const id of open.touched) {
      const draft = this.buffers[id]!;
      if (draft.depth > this.open.length) continue;
      draft.first = Math.min(draft.first, open.start);
      draft.last = Math.max(draft.last, end);
      this.open.at(-1)?.touched.add(id);
    }
    const made: Loop = { loop, length, reverse, body: open.calls, origin };
    (this.open.at(-1)?.calls ?? this.calls).push(made);
  }

  finish(name: string) {
    const { calls, loops, position } = this;
    const buffers = this.buffers.map(({ depth: _depth, ...buffer }): Buffer => {
      const lives = Number.isFinite(buffer.first);
      const [first, last] = lives ? [buffer.first, buffer.last] : [0, 0];
      // The caller writes arguments before the first call and reads results after the last, so these live that long.
      return {
        ...buffer,
        first: buffer.role === "argument" ? 0 : first,
        last: buffer.role === "result" ? Math.max(last, position - 1) : last,
      };
    });
    return { name, buffers, calls, loops };
  }
}

export function place(at: Place): Word {
  return { place: at };
}

export function count(extent: Extent): Word {
  return { extent };
}

/** Four bytes an element. */
export function bytes(size: Extent): Extent {
  return times(size, 4);
}
