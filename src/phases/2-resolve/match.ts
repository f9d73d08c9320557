import { diagnostic, didYouMean } from "../../diagnostics/index.js";
import type { CallArgument, Expression } from "../../syntax/tree.js";
import type { Span } from "../../source/index.js";
import { kindOf, type Slot } from "./kinds.js";
import type { GivenOption } from "./resolved.js";
import type { Resolution, Scope } from "./scope.js";

export interface SortedArguments {
  readonly tensors: { readonly slot: Slot; readonly value: Expression }[];
  readonly options: Map<string, GivenOption & { readonly slot: Slot }>;
}

/**
 * Sorts the arguments of a call into its parameters. In a function's place (`awaiting`) the first tensor
 * parameter is left for what the pipe brings.
 */
export function sortArguments(
  resolution: Resolution,
  scope: Scope,
  owner: string,
  slots: readonly Slot[],
  given: readonly CallArgument[],
  span: Span,
  awaiting: boolean,
): SortedArguments {
  const sorted: SortedArguments = { tensors: [], options: new Map() };
  const isTensor = (slot: Slot) => slot.role === "tensor" || slot.role === "tensors";
  const firstTensor = slots.find(isTensor);
  const filled = new Set<string>();
  if (awaiting && firstTensor?.role === "tensor") filled.add(firstTensor.name);
  const reject = (reason: string, at: Span) =>
    resolution.diagnostics.push(
      diagnostic("NN2008", at, { owner, reason }, { hint: signature(owner, slots) }),
    );

  const put = (slot: Slot, argument: CallArgument) => {
    if (filled.has(slot.name)) {
      const piped = awaiting && slot === firstTensor;
      reject(
        piped ? `gets its \`${slot.name}\` from the pipe already` : `is given \`${slot.name}\` twice`,
        argument.span,
      );
      return;
    }
    if (slot.role !== "tensors") filled.add(slot.name);
    if (isTensor(slot)) sorted.tensors.push({ slot, value: argument.value });
    else sorted.options.set(slot.name, { slot, value: argument.value, span: argument.span });
  };

  for (const argument of given) {
    if (argument.name) {
      const name = argument.name.name;
      const slot = slots.find((s) => s.name === name);
      if (slot) put(slot, argument);
      else reportUnknownOption(resolution, owner, name, slots, argument.name.span);
      continue;
    }
    const slot = slotForPositional(scope, slots, filled, argument.value);
    if (slot) put(slot, argument);
    else reject(`takes no more than ${count(slots.length, "argument")}`, argument.span);
  }

  for (const slot of slots) {
    if (isTensor(slot) || !slot.required || sorted.options.has(slot.name)) continue;
    resolution.diagnostics.push(
      diagnostic("NN2007", span, { option: slot.name, owner }, { hint: signature(owner, slots) }),
    );
  }
  return sorted;
}

function slotForPositional(
  scope: Scope,
  slots: readonly Slot[],
  filled: ReadonlySet<string>,
  value: Expression,
): Slot | undefined {
  const kind = kindOf(value, scope);
  const tensor = slots.find((s) => s.role === "tensors" || (s.role === "tensor" && !filled.has(s.name)));
  const option = slots.find((s) => s.role !== "tensor" && s.role !== "tensors" && !filled.has(s.name));
  if (kind === "tensor" || kind === "list") return tensor ?? option;
  if (kind === "function" && option?.role !== "component" && option?.role !== "function")
    return tensor ?? option;
  return option ?? (kind === "unknown" ? tensor : undefined);
}

function reportUnknownOption(
  resolution: Resolution,
  owner: string,
  name: string,
  slots: readonly Slot[],
  at: Span,
): void {
  const hint =
    didYouMean(
      name,
      slots.map((s) => s.name),
    ) ?? signature(owner, slots);
  resolution.diagnostics.push(diagnostic("NN2005", at, { option: name, owner }, { hint }));
}

/** `dense takes: units, activation, …`, for hints. */
export function signature(owner: string, slots: readonly Slot[]): string {
  if (slots.length === 0) return `\`${owner}\` has no options.`;
  return `\`${owner}\` takes ${slots.map((s) => `\`${s.name}\``).join(", ")}.`;
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}
