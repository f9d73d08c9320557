import { recordOf } from "./record.js";
import type { LayerEntry } from "./kinds/layer.js";
import type { ByTensor, Tensors } from "./kinds/parameters.js";

/** Sorts a list with one item for each tensor that a layer is applied to by the names of the layer's tensor parameters. */
export function byTensor<V>(
  { name, parameters }: Pick<LayerEntry, "name" | "parameters">,
  given: readonly V[],
): ByTensor<Tensors, V> {
  const named: [string, V | readonly [V, ...V[]]][] = [];
  let at = 0;
  for (const parameter of parameters) {
    if (parameter.kind === "tensors") {
      const [first, ...others] = given.slice(at);
      if (first === undefined) throw new Error(`${name} is applied to nothing`);
      named.push([parameter.name, [first, ...others]]);
      at = given.length;
    } else if (parameter.kind === "tensor") {
      const one = given[at++];
      if (one !== undefined) named.push([parameter.name, one]);
      else if (!parameter.optional) throw new Error(`${name} lacks ${parameter.name}`);
    }
  }
  return recordOf(named);
}
