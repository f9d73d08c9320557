import type { CompileOptions } from "./compile.js";
import { engineNames, type Engine, type EngineName } from "./engines/index.js";
import { callback, startOptions, text, type OptionsTaken, type Taking } from "./runtime/arguments.js";
import { isObject } from "./runtime/words.js";

export interface CreateOptions {
  /**
   * `wasm` by default, or `tfjs` where a backend is named. A page imports that engine: `import { tfjs } from "nnspec/tfjs"`, and
   * `engine: tfjs`; its name does where the packages lie in `node_modules`.
   */
  readonly engine?: EngineName | Engine;
  /** A registered tfjs backend, for the tfjs engine (its default is `wasm`). */
  readonly backend?: string;
  /**
   * Over how many threads the wasm engine splits a training step's batch: 1 by default. The same number gives the same
   * results again. Where the host has no threads, or the spec accumulates gradients, there are fewer, and the model's
   * `engine` says so and why. Batch norm and a balancer see a thread's share of the batch, and
   * dropout draws for each share anew.
   */
  readonly threads?: number;
  /** Replaces the spec's seed. */
  readonly seed?: number;
  /** One of the spec's train sections by name; the first by default. */
  readonly train?: string;
}

export type MetaCreateOptions = Pick<CreateOptions, "engine" | "backend" | "seed">;

/** What computes programs, by its name or as an object. */
const engine: Taking = {
  takes: `${engineNames.map((name) => `"${name}"`).join(", ")} or an imported engine`,
  is: (value) => engineNames.some((name) => name === value) || isEngine(value),
};

function isEngine(value: unknown): value is Engine {
  return isObject(value) && "start" in value && typeof value.start === "function";
}

const { seed, threads, backend } = startOptions;

/** The options of the calls that lead from a text to a model, by their names. */
export const optionsOfCalls = {
  compile: { path: text, read: callback } satisfies OptionsTaken<CompileOptions>,
  create: { engine, backend, threads, seed, train: text } satisfies OptionsTaken<CreateOptions>,
  createMeta: { engine, backend, seed } satisfies OptionsTaken<MetaCreateOptions>,
};
