import type { Builder, Value } from "../../tensor/index.js";
import { padding } from "../declarations.js";
import { defineLayer, type LayerEntry } from "../kinds/layer.js";
import type { ValueType } from "../kinds/types.js";
import { option, x } from "../kinds/parameters.js";
import { either, nothing, pair } from "../kinds/values.js";
import { passes } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { isProblem, windowPlan, type WindowPlan } from "./shapes.js";

/** A layer that makes one number of each window, channel by channel. */
export function pool2d(
  name: string,
  doc: string,
  lower: (b: Builder, value: Value, plan: WindowPlan, input: ValueType) => Value,
): LayerEntry {
  return defineLayer({
    name,
    doc,
    example: `h = image |> conv2d(16, 3, relu) |> ${name}(2)`,
    parameters: {
      x,
      pool_size: option(pair, "Height and width of the window.", 2),
      strides: option(either(pair, nothing), "The step of the window; the window's size by default.", null),
      padding: option(padding, "`valid`: none; `same`: padding that takes no part.", "valid"),
    },
    range: passes,
    shape: ({ options, inputs: { x: input } }) => {
      const plan = windowPlan(input, name, "pool_size", { ...options, window: options.pool_size });
      return isProblem(plan) ? plan : { ...input, dims: [...plan.size, dimensionAt(input.dims, 2)] };
    },
    lower: ({ b, options, inputs: { x: input }, values: { x: value } }) => {
      const plan = windowPlan(input, name, "pool_size", { ...options, window: options.pool_size });
      if (isProblem(plan)) throw new Error(plan.message);
      return lower(b, value, plan, input);
    },
  });
}
