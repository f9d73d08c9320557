import { componentKinds, findEntry } from "../../library/index.js";
import { didYouMean } from "../../diagnostics/index.js";
import type { Span } from "../../source/index.js";
import type { CallArgument, Expression, Identifier } from "../../syntax/tree.js";
import { bareName } from "./misfits.js";
import type { GivenOption } from "./model.js";
import type { Resolution } from "./scope.js";
import { isTensor, type Signature, type Slot, takesWords } from "./slots.js";

export interface SortedArguments {
  readonly tensors: readonly { readonly slot: Slot; readonly value: Expression }[];
  readonly options: ReadonlyMap<string, GivenOption & { readonly slot: Slot }>;
  /** Arguments that no parameter takes. */
  readonly rejected: readonly Expression[];
}

/** A call whose arguments are to be sorted into its parameters. */
export interface Arguments {
  readonly owner: string;
  readonly signature: Signature;
  readonly given: readonly Pick<CallArgument, "name" | "value" | "span">[];
  readonly span: Span;
  /** The call stands behind `|>` or as a function: its first tensor comes later. */
  readonly awaiting: boolean;
  /** Makes a name refer to the parameter that it gives. */
  readonly bind: (r: Resolution, name: Identifier, slot: Slot) => void;
  /** The sign that the layer can be written with. */
  readonly operator?: string | undefined;
}

export function sortArguments(r: Resolution, call: Arguments): SortedArguments {
  const { given, signature } = call;
  return given.length === 0 && signature.requiredOptions.length === 0
    ? nothingGiven
    : new Sorting(r, call).sort();
}

const nothingGiven: SortedArguments = { tensors: [], options: new Map(), rejected: [] };

/**
 * Whether what is unknown is likelier a tensor whose name, or whose layer, is misspelled or was refused, than what the next
 * option takes: a word, or something of the library.
 */
export function isLikelyTensor(value: Expression, option: Slot | undefined): boolean {
  switch (value.kind) {
    case "index":
      return true;
    case "pipe":
      return option?.role !== "function";
    case "call":
      return option?.role !== "function" && !isEntry(value.callee.segments[0]?.name ?? "");
    case "parenthesized":
      return isLikelyTensor(value.inner, option);
    case "as":
      return isLikelyTensor(value.target, option);
    case "unary":
      return isLikelyTensor(value.operand, option);
    case "binary":
      return isLikelyTensor(value.left, option) || isLikelyTensor(value.right, option);
    default:
      return isLikelyTensorName(bareName(value), option);
  }
}

function isLikelyTensorName(name: Identifier | undefined, option: Slot | undefined): boolean {
  if (!name || (option?.wanted.what === "plain" && takesWords(option.wanted.schema))) return false;
  return !isEntry(name.name);
}

function isEntry(name: string): boolean {
  return componentKinds().some((kind) => findEntry(kind, name));
}

class Sorting {
  readonly #tensors: { slot: Slot; value: Expression }[] = [];
  readonly #options = new Map<string, GivenOption & { slot: Slot }>();
  readonly #rejected: Expression[] = [];
  /** The tensor that comes later. */
  readonly #awaited: Slot | undefined;
  #filled: Set<Slot> | undefined;
  #hasUnknown = false;
  /** The argument before, where it has a name and is a number. */
  #namedNumber = false;
  /** How many tensors, and how many options, at the head of their lists have been given. */
  readonly #passed = { tensors: 0, options: 0 };

  constructor(
    readonly r: Resolution,
    readonly call: Arguments,
  ) {
    const [first] = call.signature.tensors;
    this.#awaited = call.awaiting && first?.role === "tensor" ? first : undefined;
  }

  sort(): SortedArguments {
    const { owner, signature, given, span } = this.call;
    for (const argument of given) this.#sortOne(argument);
    for (const slot of signature.requiredOptions) {
      // What has an unknown name may well be what seems to be missing.
      if (this.#options.has(slot.name) || this.#hasUnknown) continue;
      const hint = () => takes(owner, signature.slots);
      this.r.report.give("NN2007", span, { option: slot.name, owner }, { hint });
    }
    return { tensors: this.#tensors, options: this.#options, rejected: this.#rejected };
  }

  #sortOne(argument: Arguments["given"][number]): void {
    const { signature, bind } = this.call;
    const isNumber = argument.value.kind === "number";
    if (this.#namedNumber && isNumber && !argument.name) {
      this.#splitNumber(argument);
      return;
    }
    this.#namedNumber = isNumber && argument.name !== undefined;
    const slot = argument.name ? signature.byName.get(argument.name.name) : this.#next(argument.value);
    if (slot) {
      if (argument.name) bind(this.r, argument.name, slot);
      this.#put(slot, argument);
      return;
    }
    this.#rejected.push(argument.value);
    if (argument.name) this.#unknown(argument.name);
    else this.#reject(`takes no more than ${count(signature.slots.length, "argument")}`, argument.span);
  }

  #isFilled(slot: Slot | undefined): boolean {
    return slot !== undefined && (slot === this.#awaited || this.#filled?.has(slot) === true);
  }

  #put(slot: Slot, { value, span }: Arguments["given"][number]): void {
    if (this.#isFilled(slot)) {
      const piped = this.call.awaiting && slot === this.call.signature.tensors[0];
      const reason = piped
        ? `gets its \`${slot.name}\` from the pipe already`
        : `is given \`${slot.name}\` twice`;
      this.#reject(reason, span);
      this.#rejected.push(value);
      return;
    }
    if (slot.role !== "tensors") (this.#filled ??= new Set()).add(slot);
    if (isTensor(slot)) this.#tensors.push({ slot, value });
    else this.#options.set(slot.name, { slot, value, span });
  }

  /** The parameter that an argument without a name goes to. */
  #next(value: Expression): Slot | undefined {
    const kind = this.r.model.kindOf(value);
    const tensor = this.#free("tensors");
    const option = this.#free("options");
    if (kind === "tensor" || kind === "list") return tensor ?? option;
    if (kind === "function" && option?.role !== "component" && option?.role !== "function")
      return tensor ?? option;
    if (kind === "unknown" && tensor && isLikelyTensor(value, option)) return tensor;
    // Whatever else it is, nothing but a tensor is left to be given; that it is none is said of it.
    const isLast = tensor?.role === "tensor" || tensor?.block !== undefined;
    return option ?? (kind === "unknown" || isLast ? tensor : undefined);
  }

  /** The first parameter of a sort that nothing was given for; one that takes several tensors always takes another. */
  #free(sort: "tensors" | "options"): Slot | undefined {
    const slots = this.call.signature[sort];
    while (this.#isFilled(slots[this.#passed[sort]])) this.#passed[sort]++;
    return slots[this.#passed[sort]];
  }

  /** `lr: 0,01` reads as an argument without a name behind one with a name. */
  #splitNumber({ value, span }: Arguments["given"][number]): void {
    this.#rejected.push(value);
    const hint = "A decimal point is written `.`, as in `0.01`; a number of its own needs its name here.";
    const reason = "gets a positional argument after a named one";
    this.r.report.give("NN2008", span, { owner: this.call.owner, reason }, { hint });
  }

  #reject(reason: string, at: Span): void {
    const { owner, signature } = this.call;
    this.r.report.give(
      "NN2008",
      at,
      { owner, reason },
      { hint: () => this.#operatorHint() ?? takes(owner, signature.slots) },
    );
  }

  /** A layer that is an operator takes tensors; the operator takes numbers too. */
  #operatorHint(): string | undefined {
    const { operator, given } = this.call;
    const [left, right] = given.map(({ span: { source, start, end } }) => source.text.slice(start, end));
    if (operator === undefined || left === undefined || right === undefined || given.length !== 2)
      return undefined;
    return left.length + right.length > 60
      ? `Write it with \`${operator}\`.`
      : `Write \`${left} ${operator} ${right}\`.`;
  }

  #unknown(name: Identifier): void {
    this.#hasUnknown = true;
    const { owner, signature } = this.call;
    const meant = signature.slots.find(({ parameter }) => parameter?.elsewhere?.includes(name.name));
    const hint = () =>
      meant
        ? `Did you mean \`${meant.name}\`?`
        : (didYouMean(name.name, signature.byName.keys()) ?? takes(owner, signature.slots));
    const reported = this.r.report.give("NN2005", name.span, { option: name.name, owner }, { hint });
    this.r.model.bind(name, { role: "unknown", name: name.name, kind: "unknown", reported });
  }
}

/** `dense takes: units, activation, …`, for hints. */
function takes(owner: string, slots: readonly Slot[]): string {
  if (slots.length === 0) return `\`${owner}\` has no options.`;
  return `\`${owner}\` takes ${slots.map((s) => `\`${s.name}\``).join(", ")}.`;
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
