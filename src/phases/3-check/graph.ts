import { Hints, type Report } from "../../diagnostics/index.js";
import { inferNode, type Inference } from "../../model/infer.js";
import { WeightCollector, type ModelWeights } from "../../model/weights.js";
import { tieProblem } from "../../model/tied.js";
import { recordOf } from "../../library/record.js";
import type { NodeDocument } from "../../document/types.js";
import type { Json, LayerEntry, Problem, ValueType } from "../../library/entry.js";
import { isProblem, show } from "../../library/layers/shapes.js";
import type { Span } from "../../source/index.js";
import type { GivenOption } from "../2-resolve/model.js";
import type { Budget } from "./budget.js";
import { pathIn, takeName, type NameScope } from "./names.js";
import { Unknown, type TensorValue } from "./values.js";

/** A layer to be added to the graph. */
export interface NewNode {
  readonly entry: LayerEntry;
  readonly inputs: readonly TensorValue[];
  readonly options: Readonly<Record<string, Json>>;
  readonly names: NameScope;
  readonly span: Span;
  /** Where its options come from. */
  readonly given?: ReadonlyMap<string, GivenOption>;
  /** Options that have no value, since they are wrong. */
  readonly broken?: ReadonlyMap<string, Unknown>;
  /** Replaces the layer's own name in paths, and the whole of it for a free weight. */
  readonly path?: string;
}

/** A weight that a layer of the graph has, and where it was first made. */
interface MadeWeight {
  shape: readonly number[];
  readonly place: Span;
}

/** Where a layer's weights are, each in the place of its own name for it. */
interface LayerPath {
  readonly path: string;
  readonly own: readonly string[];
}

/** Collects the nodes of a model, with their names, types and places. */
export class Graph {
  readonly nodes: NodeDocument[] = [];
  readonly nodePlaces: Span[] = [];
  readonly #collector = new WeightCollector();
  readonly #made = new Map<string, MadeWeight>();
  readonly #ids = new Map<string, number>();
  readonly #hints = new Hints();
  /** Layers of whose weights nothing is known. */
  readonly #doubtful = new Map<string, Unknown>();

  constructor(
    readonly report: Report,
    readonly budget: Budget,
  ) {}

  add(node: NewNode): TensorValue | Unknown {
    const { entry, inputs, options, names, span, broken } = node;
    const first = node.path ?? pathIn(names, takeName(names, entry.name));
    const types = inputs.map((input) => input.type);
    this.budget.layer(types, first, span);
    const [wrong] = broken && broken.size > 0 ? broken.values() : [];
    const tainted = wrong ?? inputs.find((input) => input.tainted)?.tainted;
    if (wrong) this.#doubtful.set(first, wrong);
    const result = inferNode(entry, types, options, broken);
    if (result instanceof Unknown) return result;
    if (isProblem(result)) return this.#problem(result, node);
    const { path, own } = this.#freePath(result, node, first);
    const weights = this.#weightsOf(result, node, own);
    if (weights instanceof Unknown) return weights;
    const id = this.#unique(path);
    if (tainted) return { kind: "tensor", ref: id, type: result.type, span, tainted };
    const made = {
      id,
      layer: entry.name,
      inputs: inputs.map((input) => input.ref),
      options: result.options,
      weights,
      state: result.state.length === 0 ? {} : statesOf(result, path),
      type: result.type,
    };
    this.nodes.push(made);
    this.#collector.add(made, result);
    this.nodePlaces.push(span);
    return { kind: "tensor", ref: id, type: result.type, span };
  }

  clear(): void {
    for (const made of [this.nodes, this.nodePlaces]) made.length = 0;
    this.#made.clear();
    this.#collector.clear();
  }

  /** Where a weight was first made. */
  placeOfWeight(path: string): Span | undefined {
    return this.#made.get(path)?.place;
  }

  get weights(): ModelWeights {
    return this.#collector.collected;
  }

  #problem({ problem, message, hint, option }: Problem, { inputs, span, given }: NewNode): Unknown {
    const at = (option === undefined ? undefined : given?.get(option)?.value.span) ?? span;
    return new Unknown(this.report.give(problem, at, { message }, { hint, related: origins(inputs, at) }));
  }

  /** The paths of a layer's weights, by the layer's own names for them; `own` are those that it makes. */
  #weightsOf(
    { weights: specs }: Inference,
    node: NewNode,
    own: readonly string[],
  ): Record<string, string> | Unknown {
    const weights: [string, string][] = [];
    let clash = false;
    for (const [i, spec] of specs.entries()) {
      if ("tied" in spec) {
        const doubt = this.#doubtful.get(spec.tied.slice(0, spec.tied.lastIndexOf(".")));
        if (doubt) return doubt;
        const at = node.given?.get("to")?.value.span ?? node.span;
        const wrong = tieProblem(spec, this.#made, at, this.#hints);
        if (wrong) return new Unknown(this.report.add(wrong));
        weights.push([spec.name, spec.tied]);
        continue;
      }
      const weight = own[i]!;
      weights.push([spec.name, weight]);
      const earlier = this.#made.get(weight);
      if (earlier && this.#isTaken(node, weight)) {
        if (!clash) this.#clash(weight, earlier, node.span);
        clash = true;
      }
      if (earlier) earlier.shape = spec.shape;
      else this.#made.set(weight, { shape: spec.shape, place: node.span });
      node.names.application?.add(weight);
    }
    return recordOf(weights);
  }

  /**
   * The path of a layer and those of its weights. A copy's number may be that of a layer beside the copies: `dense_2`. The later
   * one then takes the next name that is free, unless the spec gives it its name.
   */
  #freePath({ weights }: Inference, node: NewNode, first: string): LayerPath {
    const { names, entry, span } = node;
    if (node.path !== undefined) return { path: first, own: weights.map(() => first) };
    const at = (path: string): LayerPath => ({ path, own: weights.map(({ name }) => `${path}.${name}`) });
    let found = at(first);
    if (names.pinned !== undefined) return found;
    while (weights.some((spec, i) => !("tied" in spec) && this.#isTaken(node, found.own[i]!))) {
      this.budget.spend(1, span);
      found = at(pathIn(names, takeName(names, entry.name)));
    }
    return found;
  }

  /** Whether another layer has made a weight; each application of a shared name makes the same ones. */
  #isTaken({ names: { application } }: NewNode, weight: string): boolean {
    return application ? application.has(weight) : this.#made.has(weight);
  }

  #clash(path: string, { place }: MadeWeight, span: Span): void {
    this.report.give("NN2023", span, { path }, { related: [{ span: place, message: "the other one" }] });
  }

  #unique(path: string): string {
    const count = (this.#ids.get(path) ?? 0) + 1;
    this.#ids.set(path, count);
    return count === 1 ? path : `${path}@${count}`;
  }
}

/** The paths of a layer's states, by the layer's own names for them. */
function statesOf({ state }: Inference, path: string): Record<string, string> {
  return recordOf(state.map(({ name }) => [name, `${path}.${name}`]));
}

/** Where the inputs of a layer come from, with their shapes. */
function origins(inputs: readonly TensorValue[], at: Span) {
  return inputs
    .filter((input) => input.span.start !== at.start || input.span.end !== at.end)
    .slice(0, 8)
    .map((input) => ({ span: input.span, message: `${described(input.type)} comes from here` }));
}

function described(type: ValueType): string {
  if (!type.classes) return show(type);
  return `category(${type.classes.count})${type.dims.length > 0 ? show(type) : ""}`;
}
