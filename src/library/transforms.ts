import { transforms as runtimeTransforms, type Transform } from "../runtime/transforms/index.js";
import type { Entry } from "./entry.js";
import { runtimeParameter } from "./runtime-parameter.js";

export interface TransformEntry extends Entry {
  readonly kind: "transform";
  readonly transform: Transform;
}

function docOf({ doc, inverse }: Transform): string {
  if (inverse.kind === "exact") return `${doc} Predictions are turned back exactly.`;
  return `${doc} ${inverse.note}`;
}

/** Options in the examples of transforms that require some. */
const exampleOptions: ReadonlyMap<string, string> = new Map([
  ["clip", "(lo: -3, hi: 3)"],
  ["impute", "(mean)"],
  ["scale", "(factor: 0.001)"],
]);

/** The runtime's column transforms, as entries of the library. */
export const transforms: readonly TransformEntry[] = runtimeTransforms.map((transform) => ({
  kind: "transform",
  name: transform.name,
  doc: docOf(transform),
  example: `measures = [a, b] |> ${transform.name}${exampleOptions.get(transform.name) ?? ""}`,
  parameters: transform.parameters.map(runtimeParameter),
  transform,
}));
