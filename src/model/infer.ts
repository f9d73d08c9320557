import type {
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
import { elementCount } from "../runtime/elements.js";
import { byTensor } from "../library/tensors.js";
import { completeOptions, readOptions } from "../library/options.js";

/** What the library says of one application of a layer. */
export interface Inference {
  readonly type: ValueType;
  readonly weights: readonly WeightSpec[];
  readonly state: readonly StateSpec[];
  /** With every default filled in. */
  readonly options: Options;
}

/** The most elements of a tensor: 2 GiB of four-byte numbers. */
const MAX_ELEMENTS = 2 ** 31 / 4;

/** Most layers have no state, and many no weights. */
const none: readonly never[] = [];

/** Options without a value, each with the reason why. */
type BrokenOptions<B> = ReadonlyMap<string, B>;

/**
 * The type, weights and state of a layer at these inputs, or why it does not fit. All options but the broken ones are valid;
 * where the shape depends on a broken one, the reason why that is broken is returned.
 */
export function inferNode<B = never>(
  layer: LayerEntry,
  inputs: readonly ValueType[],
  given: Options,
  broken: BrokenOptions<B> = new Map<string, B>(),
): Inference | Problem | B {
  const tensors = byTensor(layer, inputs);
  if (broken.size === 0) return inferWhole(layer, { options: readOptions(layer, given), inputs: tensors });
  try {
    const type = layer.shape({ options: guarded(layer, given, broken), inputs: tensors });
    return isProblem(type) ? type : { type, weights: [], state: [], options: {} };
  } catch (error) {
    const why = error instanceof BrokenOption ? broken.get(error.option) : undefined;
    if (why === undefined) throw error;
    return why;
  }
}

/** Thrown where an option is asked for that has no value. */
class BrokenOption extends Error {
  constructor(readonly option: string) {
    super(`${option} has no value`);
  }
}

function guarded<B>(layer: LayerEntry, given: Options, broken: BrokenOptions<B>): Options {
  const options = { ...completeOptions(layer, given) };
  for (const name of broken.keys())
    Object.defineProperty(options, name, {
      get: () => {
        throw new BrokenOption(name);
      },
    });
  return options;
}

/** Why one example's tensor is too large, or nothing. */
export function sizeProblem(type: Pick<ValueType, "dims">): Problem | undefined {
  if (elementCount(type.dims) <= MAX_ELEMENTS) return undefined;
  return problem("NN3006", `one example's ${show(type)} would take more than 2³¹ bytes.`);
}

function inferWhole(layer: LayerEntry, context: ShapeContext): Inference | Problem {
  const type = layer.shape(context);
  if (isProblem(type)) return type;
  const large = sizeProblem(type);
  if (large) return large;
  const weights = layer.weights?.(context) ?? none;
  for (const weight of weights) {
    if (elementCount(weight.shape) > MAX_ELEMENTS) {
      return problem(
        "NN3006",
        `the weight \`${weight.name}\` of [${weight.shape.join(", ")}] would take more than 2³¹ bytes.`,
      );
    }
    if ("tied" in weight) continue;
    const wrong = libraryEntry("initializer", weight.initializer.name).fits?.(weight.drawnAs ?? weight.shape);
    if (wrong) return wrong;
  }
  return { type, weights, state: layer.state?.(context) ?? none, options: context.options };
}
