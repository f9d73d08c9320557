import type { Places } from "../../document/places.js";
import type { Span } from "../../source/index.js";
import type { Graph } from "./graph.js";

/**
 * Where the parts of a model's document stand in a spec. Layers and weights are many, and few of them are ever asked for: the
 * graph is asked then.
 */
export class SpecPlaces implements Places {
  readonly #noted = new Map<string, Span>();

  constructor(private readonly graph: Pick<Graph, "nodePlaces" | "weightPlaces">) {}

  note(pointer: string, span: Span): void {
    this.#noted.set(pointer, span);
  }

  get(pointer: string): Span | undefined {
    const [, list, key, ...more] = pointer.split("/");
    if (key === undefined || more.length > 0) return this.#noted.get(pointer);
    if (list === "weights") return this.graph.weightPlaces.get(key);
    if (list === "nodes") return this.graph.nodePlaces[Number(key)];
    return this.#noted.get(pointer);
  }

  has(pointer: string): boolean {
    return this.get(pointer) !== undefined;
  }
}
