import { greatest } from "../../runtime/extremes.js";
import { problem, type Problem, type ValueType } from "../kinds/types.js";
import { both } from "../kinds/values.js";
import { dimensionAt } from "../sizes.js";

/** `[28, 28, 1]`, as messages show it. */
export function show({ dims }: Pick<ValueType, "dims">): string {
  const shown = dims.length <= MOST_SHOWN ? dims : [...dims.slice(0, MOST_SHOWN), "…"];
  return `[${shown.join(", ")}]`;
}

/** Tensors of more dimensions are mistakes, whose message need not list them all. */
const MOST_SHOWN = 16;

export function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "problem" in value;
}

/** A problem where the input holds integers, which cannot be multiplied. */
export function floatInput(type: ValueType, layer: string): Problem | undefined {
  return type.dtype === "float" ? undefined : integersProblem(type, layer);
}

/** The problem that a layer takes numbers and is given integers. */
export function integersProblem(type: ValueType, layer: string): Problem {
  return problem("NN3004", `\`${layer}\` takes numbers, but here come ${describeIntegers(type)}.`, {
    hint: type.classes ? "Put `one_hot` or `embedding(…)` before it." : "Declare the input as `float`.",
  });
}

function describeIntegers(type: ValueType): string {
  return type.classes ? `category indices (of ${type.classes.count} classes)` : "integers";
}

/** The number of classes of an input of category indices; for inputs that the layer's `shape` has found to have classes. */
export function classCount({ classes }: ValueType): number {
  if (!classes) throw new Error("there are no classes to indices");
  return classes.count;
}

export function rank(
  type: ValueType,
  wanted: number,
  layer: string,
  axes: string,
  lacking = "`reshape([…])` gives it the missing dimensions.",
): Problem | undefined {
  if (type.dims.length === wanted) return undefined;
  return problem("NN3002", `\`${layer}\` takes ${axes}, but here comes ${show(type)}.`, {
    hint: type.dims.length > wanted ? "`flatten` or `reshape([…])` takes dimensions away." : lacking,
  });
}

export function lastDimension(type: ValueType, layer: string): Problem | undefined {
  if (type.dims.length > 0) return undefined;
  return problem(
    "NN3002",
    `\`${layer}\` works on the last axis, but here comes a value without dimensions.`,
    {
      hint: "`reshape([1])` gives it one.",
    },
  );
}

/** The explicit padding of one axis, the way TensorFlow and Keras count it. */
export interface AxisPlan {
  readonly size: number;
  readonly before: number;
  readonly after: number;
}

/** Output size and padding of a window that moves along one axis. */
export function slide(
  input: number,
  window: number,
  stride: number,
  dilation: number,
  padding: string,
): AxisPlan {
  const reach = (window - 1) * dilation + 1;
  if (padding === "valid") return { size: Math.floor((input - reach) / stride) + 1, before: 0, after: 0 };
  const size = Math.ceil(input / stride);
  const total = Math.max((size - 1) * stride + reach - input, 0);
  const before = Math.floor(total / 2);
  return { size, before, after: total - before };
}

export interface WindowPlan {
  readonly window: [number, number];
  readonly strides: [number, number];
  readonly dilation: [number, number];
  readonly size: [number, number];
  readonly padding: [[number, number], [number, number]];
}

type Pair = number | readonly number[];

/** Options of a layer that moves a window. */
export interface WindowOptions {
  readonly window: Pair;
  /** The window's size where it is null. */
  readonly strides: Pair | null;
  readonly dilation_rate?: Pair;
  readonly padding: "valid" | "same";
}

/** The plan of a two-dimensional window over [height, width, channels], or why it does not fit. */
export function windowPlan(
  type: ValueType,
  layer: string,
  windowName: string,
  options: WindowOptions,
): WindowPlan | Problem {
  const wrong = floatInput(type, layer) ?? rank(type, 3, layer, "images, [height, width, channels]");
  if (wrong) return wrong;
  const window = both(options.window);
  const strides = options.strides === null ? window : both(options.strides);
  const dilation = both(options.dilation_rate ?? 1);
  const along = (i: 0 | 1) =>
    slide(dimensionAt(type.dims, i), window[i], strides[i], dilation[i], options.padding);
  const [high, wide] = [along(0), along(1)];
  if (high.size < 1 || wide.size < 1) {
    return problem(
      "NN3003",
      `a ${window[0]}×${window[1]} window does not fit into ${show(type)}: the output would be ${high.size}×${wide.size}.`,
      { hint: `Use a smaller \`${windowName}\`, or \`padding: same\`.`, option: windowName },
    );
  }
  return {
    window,
    strides,
    dilation,
    size: [high.size, wide.size],
    padding: [
      [high.before, high.after],
      [wide.before, wide.after],
    ],
  };
}

/** The shape of elementwise work: right-aligned, dimensions equal or 1. */
export function broadcast(types: readonly ValueType[], layer: string): ValueType | Problem {
  const integer = types.find((t) => t.dtype !== "float");
  if (integer) return integersProblem(integer, layer);
  const dims: number[] = [];
  const rankOf = greatest(types.map((t) => t.dims.length));
  for (let axis = 1; axis <= rankOf; axis++) {
    const sizes = types.map((t) => t.dims[t.dims.length - axis] ?? 1);
    const size = sizes.find((s) => s !== 1) ?? 1;
    if (sizes.some((s) => s !== 1 && s !== size)) {
      return problem(
        "NN3001",
        `\`${layer}\` needs equal shapes, but here come ${types.map(show).join(" and ")}.`,
      );
    }
    dims.unshift(size);
  }
  return { dtype: "float", dims, batched: types.some((t) => t.batched) };
}

/** An axis of the example's dimensions, from the end when negative; or a problem. */
export function axisOf(type: ValueType, axis: number, layer: string, extra = 0): number | Problem {
  const size = type.dims.length + extra;
  const index = axis < 0 ? axis + size : axis;
  if (index >= 0 && index < size) return index;
  return problem("NN3002", `\`${layer}\` has no axis ${axis} in ${show(type)}.`, {
    hint: "Axes count from 0 and leave the batch out; -1 is the last.",
    option: "axis",
  });
}
