import type {
  Json,
  LayerEntry,
  Options,
  Problem,
  ShapeContext,
  StateSpec,
  ValueType,
  WeightSpec,
} from "../library/entry.js";
import { problem } from "../library/entry.js";
import { entry as libraryEntry } from "../library/index.js";
import { isProblem, show } from "../library/layers/shapes.js";
import { completeOptions, readOptions } from "../library/options.js";

/** What the library says of one application of a layer. */
export interface Inference {
  readonly type: ValueType;
  readonly weights: readonly WeightSpec[];
  readonly state: readonly StateSpec[];
  readonly options: Record<string, Json>;
}

/** The bound on one tensor, in numbers of four bytes. */
const MAX_ELEMENTS = 2 ** 31 / 4;

/** Why options have no value, by their names. */
export type BrokenOptions<B> = ReadonlyMap<string, B>;

/**
 * The type, weights and state of a layer at these inputs, or why it does not fit. Options are known to be valid but for the
 * broken ones; where one of those decides the shape, that is the answer.
 */
export function inferNode<B = never>(
  layer: LayerEntry,
  inputs: readonly ValueType[],
  given: Readonly<Record<string, Json>>,
  broken: BrokenOptions<B> = new Map<string, B>(),
): Inference | Problem | B {
  const context = { options: guarded(readOptions(layer, given), broken), inputs };
  try {
    return inferWhole(layer, context, given);
  } catch (error) {
    const why = error instanceof BrokenOption ? broken.get(error.option) : undefined;
    if (why === undefined) throw error;
    return onlyShape(layer, context, why);
  }
}

/** A layer's shape where a broken option does not decide it; of its weights nothing is known then. */
function onlyShape<B>(layer: LayerEntry, context: ShapeContext, why: B): Inference | Problem | B {
  try {
    const type = layer.shape(context);
    return isProblem(type) ? type : { type, weights: [], state: [], options: {} };
  } catch (error) {
    if (error instanceof BrokenOption) return why;
    throw error;
  }
}

/** Thrown where an option is asked for that has no value. */
class BrokenOption extends Error {
  constructor(readonly option: string) {
    super(`${option} has no value`);
  }
}

function guarded<B>(options: Options, broken: BrokenOptions<B>): Options {
  if (broken.size === 0) return options;
  const unless =
    <T>(read: (name: string) => T) =>
    (name: string): T => {
      if (broken.has(name)) throw new BrokenOption(name);
      return read(name);
    };
  return {
    number: unless(options.number),
    numbers: unless(options.numbers),
    string: unless(options.string),
    boolean: unless(options.boolean),
    json: unless(options.json),
    component: unless(options.component),
  };
}

function inferWhole(
  layer: LayerEntry,
  context: ShapeContext,
  given: Readonly<Record<string, Json>>,
): Inference | Problem {
  const type = layer.shape(context);
  if (isProblem(type)) return type;
  if (elements(type.dims) > MAX_ELEMENTS) {
    return problem("NN3006", `one example's ${show(type)} would take more than 2³¹ bytes.`);
  }
  const weights = layer.weights?.(context) ?? [];
  for (const weight of weights) {
    if (elements(weight.shape) > MAX_ELEMENTS) {
      return problem(
        "NN3006",
        `the weight \`${weight.name}\` of [${weight.shape.join(", ")}] would take more than 2³¹ bytes.`,
      );
    }
    if ("tied" in weight) continue;
    const wrong = libraryEntry("initializer", weight.initializer.name).fits?.(weight.drawnAs ?? weight.shape);
    if (wrong) return wrong;
  }
  return { type, weights, state: layer.state?.(context) ?? [], options: completeOptions(layer, given) };
}

function elements(dims: readonly number[]): number {
  return dims.reduce((a, d) => a * d, 1);
}
