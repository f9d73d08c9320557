import type { Places } from "../../document/places.js";
import type { Span } from "../../source/index.js";
import type { Graph } from "./graph.js";

/**
 * Where the parts of a model's document stand in a spec. Layers, weights and tasks may be many, and few of them are ever asked
 * for: they are looked up then, without a pointer made for each of them before.
 */
export class SpecPlaces implements Places {
  readonly #noted = new Map<string, Span>();
  /** Of each task, by the keys of its document. */
  readonly #tasks: ReadonlyMap<string, Span>[] = [];

  constructor(private readonly graph: Pick<Graph, "nodePlaces" | "placeOfWeight">) {}

  note(pointer: string, span: Span): void {
    this.#noted.set(pointer, span);
  }

  noteTask(spans: ReadonlyMap<string, Span>): void {
    this.#tasks.push(spans);
  }

  get(pointer: string): Span | undefined {
    const [, list, key, ...more] = pointer.split("/");
    if (key === undefined) return this.#noted.get(pointer);
    if (list === "tasks") return this.#tasks[Number(key)]?.get(more.join("/"));
    if (more.length > 0) return this.#noted.get(pointer);
    if (list === "weights") return this.graph.placeOfWeight(key);
    if (list === "nodes") return this.graph.nodePlaces[Number(key)];
    return this.#noted.get(pointer);
  }

  has(pointer: string): boolean {
    return this.get(pointer) !== undefined;
  }
}
