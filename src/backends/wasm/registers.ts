import * as op from "../../runtime/wasm/opcodes.js";
import type { Place, Word } from "../../runtime/wasm/plan.js";

/** A word of which the address is known only when the whole code is laid out. */
type Late =
  /** Four lanes among the parameters. */
  | { readonly late: "parameter"; readonly index: number }
  /** The place of a parameter in the code, in words. */
  | { readonly late: "index"; readonly index: number }
  /** A part of scratch that lasts for the whole chain, in elements. */
  | { readonly late: "fixed"; readonly offset: number }
  /** A tile's register in scratch. */
  | { readonly late: "slot"; readonly index: number };

export type Draft = Word | Late;

interface Register {
  readonly base: Draft;
  readonly kind: number;
}

export function whole(n: number): Word {
  return { extent: n };
}

/** Gives registers their numbers, and scratch and parameters their places. */
export class Registers {
  private readonly all: Register[] = [];
  private readonly parameters: Word[] = [];
  private readonly scalars = new Set<number>();
  private readonly constants = new Map<string, number>();
  private readonly freeSlots: number[] = [];
  private readonly slotOf = new Map<number, number>();
  private slots = 0;
  private fixed = 0;

  constructor(private readonly tile: number) {}

  get count(): number {
    return this.all.length;
  }

  memory(place: Place, kind: number): number {
    return this.add({ base: { place }, kind });
  }

  /** A register of four equal lanes that are stored in the code. */
  constant(word: Word): number {
    const key = JSON.stringify(word);
    const known = this.constants.get(key);
    if (known !== undefined) return known;
    const index = this.parameter([word, word, word, word]);
    const register = this.add({ base: { late: "parameter", index }, kind: op.FIXED });
    this.scalars.add(register);
    this.constants.set(key, register);
    return register;
  }

  /** A register of four lanes of scratch that lasts for the whole chain. */
  scalar(): number {
    const register = this.lasting(4);
    this.scalars.add(register);
    return register;
  }

  /** A register of so many elements of scratch that lasts for the whole chain. */
  lasting(elements: number): number {
    const offset = this.fixed;
    this.fixed += Math.ceil(elements / 4) * 4;
    return this.add({ base: { late: "fixed", offset }, kind: op.FIXED });
  }

  /** A register of a tile's elements, free again after `release`. */
  temporary(): number {
    const free = this.freeSlots.pop();
    if (free !== undefined) return free;
    const index = this.slots++;
    const register = this.add({ base: { late: "slot", index }, kind: op.FIXED });
    this.slotOf.set(register, index);
    return register;
  }

  release(register: number): void {
    if (this.slotOf.has(register)) this.freeSlots.push(register);
  }

  isScalar(register: number): boolean {
    return this.scalars.has(register);
  }

  /** Puts words behind the instructions and returns the index of the first among all parameters. */
  parameter(words: readonly Word[]): number {
    const index = this.parameters.length;
    for (const each of words) this.parameters.push(each);
    return index;
  }

  /** How many elements of scratch all registers take. */
  get scratch(): number {
    return this.fixed + this.slots * this.slotSize;
  }

  private get slotSize(): number {
    return Math.ceil(this.tile / 4) * 4 + 4;
  }

  /** The words of registers, instructions and parameters, once all are known. */
  layout(instructions: readonly Draft[], code: number, scratch: number): Word[] {
    const table = this.all.flatMap((r): Draft[] => [r.base, whole(r.kind), whole(0)]);
    const first = op.CODE_HEAD + table.length + instructions.length;
    const at = (buffer: number, offset: number): Word => ({ place: { buffer, offset, steps: [] } });
    const settled = (word: Draft): Word => {
      if (!("late" in word)) return word;
      if (word.late === "parameter") return at(code, first + word.index);
      if (word.late === "index") return whole(first + word.index);
      if (word.late === "fixed") return at(scratch, word.offset);
      return at(scratch, this.fixed + word.index * this.slotSize);
    };
    return [...table.map(settled), ...instructions.map(settled), ...this.parameters];
  }

  private add(register: Register): number {
    this.all.push(register);
    return this.all.length - 1;
  }
}
