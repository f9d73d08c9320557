import { diagnostic, type Diagnostic } from "../../diagnostics/index.js";
import type { NodeDocument } from "../../document/types.js";
import type { Json, LayerEntry, ValueType } from "../../library/entry.js";
import { isProblem, show } from "../../library/layers/shapes.js";
import type { Span } from "../../source/index.js";
import { takeName, type NameScope } from "./names.js";
import type { TensorValue } from "./values.js";
import { inferNode } from "../../model/infer.js";
import { tieProblem } from "../../model/tied.js";

/** The bound on what blocks, `repeat` and comprehensions may expand to. */
export const MAX_NODES = 100_000;
export const MAX_DEPTH = 200;

/** Thrown when a bound is passed; caught where expansion begins. */
export class ExpansionLimit extends Error {
  constructor(
    readonly span: Span,
    readonly reason = `The model expands to more than ${MAX_NODES.toLocaleString("en-US")} layers`,
  ) {
    super(reason);
  }
}

/** Collects the nodes of a model, with their names, types and places. */
export interface Graph {
  readonly nodes: NodeDocument[];
  readonly nodePlaces: Span[];
  /** Where each weight was first made. */
  readonly weightPlaces: Map<string, Span>;
  /** Counts an expansion of a block or function, so that empty ones are bounded as well. */
  spend(at: Span): void;
  add(
    entry: LayerEntry,
    inputs: readonly TensorValue[],
    options: Readonly<Record<string, Json>>,
    names: NameScope,
    place: NodePlace,
  ): TensorValue | undefined;
}

export interface NodePlace {
  readonly span: Span;
  readonly optionSpans: ReadonlyMap<string, Span>;
  /** Replaces the layer's own name in paths, and the whole of it for a free weight. */
  readonly path?: string;
}

export function createGraph(diagnostics: Diagnostic[]): Graph {
  const ids = new Map<string, number>();
  const shapes = new Map<string, readonly number[]>();
  let spent = 0;
  const graph: Graph = {
    nodes: [],
    nodePlaces: [],
    weightPlaces: new Map(),
    spend(at) {
      if (++spent > 4 * MAX_NODES) throw new ExpansionLimit(at);
    },
    add(entry, inputs, options, names, place) {
      if (graph.nodes.length >= MAX_NODES) throw new ExpansionLimit(place.span);
      const path = place.path ?? [...names.prefix, takeName(names, entry.name)].join(".");
      const result = inferNode(
        entry,
        inputs.map((t) => t.type),
        options,
      );
      if (isProblem(result)) {
        const span =
          (result.option === undefined ? undefined : place.optionSpans.get(result.option)) ?? place.span;
        diagnostics.push(
          diagnostic(
            result.problem,
            span,
            { message: result.message },
            { hint: result.hint, related: origins(inputs, span) },
          ),
        );
        return undefined;
      }
      const id = unique(ids, path);
      const weights: Record<string, string> = {};
      let clash = false;
      for (const spec of result.weights) {
        if ("tied" in spec) {
          const wrong = tieProblem(spec, shapes, place.optionSpans.get("to") ?? place.span);
          if (wrong) {
            diagnostics.push(wrong);
            return undefined;
          }
          weights[spec.name] = spec.tied;
          continue;
        }
        const weight = place.path === undefined ? `${path}.${spec.name}` : path;
        weights[spec.name] = weight;
        if (shapes.has(weight) && !names.shared && !clash) {
          clash = true;
          diagnostics.push(
            diagnostic(
              "NN2023",
              place.span,
              { path: weight },
              {
                related: [{ span: graph.weightPlaces.get(weight)!, message: "the other one" }],
              },
            ),
          );
        }
        if (!shapes.has(weight)) graph.weightPlaces.set(weight, place.span);
        shapes.set(weight, spec.shape);
      }
      const state = Object.fromEntries(result.state.map((spec) => [spec.name, `${path}.${spec.name}`]));
      graph.nodes.push({
        id,
        layer: entry.name,
        inputs: inputs.map((t) => t.ref),
        options: result.options,
        weights,
        state,
        type: result.type,
      });
      graph.nodePlaces.push(place.span);
      return { kind: "tensor", ref: id, type: result.type, span: place.span };
    },
  };
  return graph;
}

function unique(ids: Map<string, number>, path: string): string {
  const count = (ids.get(path) ?? 0) + 1;
  ids.set(path, count);
  return count === 1 ? path : `${path}@${count}`;
}

function origins(inputs: readonly TensorValue[], at: Span) {
  return inputs
    .filter((t) => t.span.start !== at.start || t.span.end !== at.end)
    .map((t) => ({ span: t.span, message: `${described(t.type)} comes from here` }));
}

function described(type: ValueType): string {
  if (!type.classes) return show(type);
  return `category(${type.classes.count})${type.dims.length > 0 ? show(type) : ""}`;
}
