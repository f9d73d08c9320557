import type { ValueType } from "../../library/entry.js";
import type { Span } from "../../source/index.js";

/**
 * What blocks, `repeat` and comprehensions may make of a spec, in items: a layer counts for ten and its inputs and
 * dimensions, a list for its own. So a model has some 12,000 layers at most, whose programs take 3 GB to make.
 */
const MOST = 160_000;
const LAYER = 10;
/** One turn of a comprehension, and one parameter of a block at one of its uses. */
const TURN = 4;
/** Characters of a path that count as one item. */
const PATH = 32;
/** Weights that one kind of patterns of a train section is held against, for one item. */
const MATCHED = 4;
export const MAX_DEPTH = 200;

/** Thrown when the budget is spent; caught where expansion begins. */
export class ExpansionLimit extends Error {
  constructor(
    readonly span: Span,
    readonly reason: string,
    readonly hint?: string,
  ) {
    super(reason);
  }
}

/** Something that makes copies of what is in it. */
interface Construct {
  readonly what: string;
  readonly span: Span;
  readonly before: number;
}

/** How many kinds of patterns (of `freeze`, say) are held against how many weights. */
interface Held {
  readonly weights: number;
  readonly kinds: number;
}

/** Everything that an expansion makes is paid for before it is made. */
export class Budget {
  #spent = 0;
  readonly #constructs: Construct[] = [];

  /** How many items were made. */
  get spent(): number {
    return this.#spent;
  }

  /** Pays for so many items that an expression at this place makes. */
  spend(items: number, at: Span): void {
    const wanted = this.#spent + items;
    if (wanted <= MOST) {
      this.#spent = wanted;
      return;
    }
    const construct = this.#constructs.findLast(({ before }) => wanted - before >= MOST / 2);
    const span = construct?.span ?? at;
    throw new ExpansionLimit(
      span,
      `${construct?.what ?? "The spec"} makes more layers and items than a model can have`,
    );
  }

  turns(count: number, at: Span): void {
    this.spend(TURN * count, at);
  }

  layer(inputs: readonly ValueType[], path: string, at: Span): void {
    let items = LAYER + inputs.length + Math.ceil(path.length / PATH);
    for (const { dims } of inputs) items += dims.length;
    this.spend(items, at);
  }

  /** Pays for holding the patterns of a train section against all weights. */
  section(name: string, { weights, kinds }: Held, at: Span): void {
    const wanted = this.#spent + Math.ceil((kinds * weights) / MATCHED);
    if (wanted > MOST)
      throw new ExpansionLimit(
        at,
        `Up to \`train ${name}\` there are more sections with patterns of their own than can be held against ${weights} weights`,
        "Sections with the same patterns are held against them once.",
      );
    this.#spent = wanted;
  }

  /** Runs what a construct makes, so that a message can name the one that takes the room. */
  within<T>(what: string, span: Span, make: () => T): T {
    this.#constructs.push({ what, span, before: this.#spent });
    const made = make();
    this.#constructs.pop();
    return made;
  }
}
