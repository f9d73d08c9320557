import { own } from "../runtime/own.js";
import type { Reader } from "./attributes.js";
import type { Attributes, Emitter } from "./emitter.js";
import { resultOf } from "./lookup.js";
import type { Attribute, Operation, Value } from "./program.js";

/** How many operands a primitive takes. */
export type Count = 0 | 1 | 2 | 3 | "any";

interface Lists<T> {
  readonly 0: readonly [];
  readonly 1: readonly [T];
  readonly 2: readonly [T, T];
  readonly 3: readonly [T, T, T];
  readonly any: readonly T[];
}

/** A `T` for each operand. */
export type Operands<N extends Count, T> = Lists<T>[N];

/** The attributes of a primitive without any. */
export type NoAttributes = Readonly<Record<string, never>>;

export type Readers<A extends Attributes> = { readonly [K in keyof A]: Reader<A[K]> };

/** An operation, by the signature of its primitive. */
export interface Application<N extends Count, A extends Attributes> {
  readonly inputs: Operands<N, Value>;
  /** Its result; loops alone have others as well. */
  readonly output: Value;
  readonly attributes: A;
}

/** An operation of the primitive with this signature. */
export type ApplicationOf<S> = S extends Signature<infer N, infer A> ? Application<N, A> : never;

/**
 * A primitive's name with the types of its operands and attributes, for code that makes its operations and code that reads
 * them. The primitive's rules are defined apart from it, as they use `ops`, which uses signatures.
 */
export class Signature<N extends Count, A extends Attributes> {
  constructor(
    readonly name: string,
    private readonly count: N,
    private readonly readers: Readers<A>,
  ) {}

  emit(b: Emitter, inputs: Operands<N, Value>, attributes: A): Value {
    return b.emit(this.name, inputs, attributes);
  }

  /** The operation as one of this primitive; undefined where it is another's. */
  of(op: Operation | undefined): Application<N, A> | undefined {
    return op?.primitive === this.name ? this.read(op) : undefined;
  }

  /** As `of`, of an operation that is known to be of this primitive. */
  read(op: Operation): Application<N, A> {
    const inputs = this.operands(op.inputs);
    return { inputs, output: resultOf(op), attributes: this.attributes(op.attributes) };
  }

  operands<T>(all: readonly T[]): Operands<N, T> {
    if (!hasCount(all, this.count)) throw new Error(`takes ${described(this.count)}, not ${all.length}`);
    return all;
  }

  attributes(given: Attributes): A {
    const read = Object.entries<Reader<Attribute>>(this.readers).map(([key, reader]): [string, Attribute] => [
      key,
      reader(own(given, key), key),
    ]);
    // By now each key has what its reader gives, which is what A says; no type follows the loop so far.
    return Object.fromEntries(read) as A;
  }
}

export function signature<N extends Count, A extends Attributes>(
  name: string,
  count: N,
  readers: Readers<A>,
): Signature<N, A> {
  return new Signature(name, count, readers);
}

/** The signature of a primitive without attributes. */
export function plain<N extends Count>(name: string, count: N): Signature<N, NoAttributes> {
  return new Signature(name, count, {});
}

function hasCount<N extends Count, T>(all: readonly T[], count: N): all is Operands<N, T> {
  return count === "any" || all.length === count;
}

function described(count: Count): string {
  return count === 0 ? "no inputs" : `${count} ${count === 1 ? "input" : "inputs"}`;
}
