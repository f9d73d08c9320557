import type { LabelType, ValueType } from "../entry.js";

/** The dimensions that an output must have to be compared with this label number by number: none counts as [1]. */
export function valueDims(label: LabelType): readonly number[] {
  return label.dims.length === 0 ? [1] : label.dims;
}

/** Why a loss that compares numbers does not fit this label and output, or nothing. */
export function regression(name: string, label: LabelType, output: ValueType) {
  if (label.kind === "category") {
    return {
      message: `\`${name}\` compares numbers, but the label is a category of ${label.classes.count} classes.`,
      hint: "Use `loss: categorical_crossentropy`.",
    };
  }
  return sameDims(valueDims(label), output);
}

export function sameDims(
  wanted: readonly number[],
  output: ValueType,
): { message: string; hint?: string } | undefined {
  const same = wanted.length === output.dims.length && wanted.every((d, i) => d === output.dims[i]);
  if (same) return undefined;
  const [a, c] = [wanted.join(", "), output.dims.join(", ")];
  return {
    message: `the label is [${a}], but the output is [${c}]; losses never broadcast.`,
    hint: ending(wanted, output),
  };
}

function ending(wanted: readonly number[], output: ValueType): string {
  if (wanted.length > 1) return `Give the output the shape [${wanted.join(", ")}].`;
  const end = `End the output with \`dense(${wanted[0]})\`.`;
  if (output.dims.length <= 1) return end;
  return `An example's numbers lie in ${output.dims.length} axes: end the output with \`flatten |> dense(${wanted[0]})\`. The batch is no axis, and is never written.`;
}
