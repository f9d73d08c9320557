import type { Builder, Value } from "../../tensor/index.js";
import type { LayerEntry, ValueType } from "../entry.js";
import { option, paddingSchema, pair, x } from "../schemas.js";
import { isProblem, windowPlan, type WindowPlan } from "./shapes.js";
import { passes } from "../ranges.js";

/** A layer that makes one number of each window, channel by channel. */
export function pool2d(
  name: string,
  doc: string,
  lower: (b: Builder, value: Value, plan: WindowPlan, input: ValueType) => Value,
): LayerEntry {
  return {
    kind: "layer",
    name,
    doc,
    example: `h = image |> conv2d(16, 3, relu) |> ${name}(2)`,
    parameters: [
      x,
      option("pool_size", pair, "Height and width of the window.", 2),
      option(
        "strides",
        { anyOf: [pair, { type: "null" }] },
        "The step of the window; the window's size by default.",
        null,
      ),
      option("padding", paddingSchema, "`valid`: none; `same`: padding that takes no part.", "valid"),
    ],
    range: passes,
    shape: ({ options, inputs: [input] }) => {
      const plan = windowPlan(input!, name, "pool_size", options);
      return isProblem(plan) ? plan : { ...input!, dims: [...plan.size, input!.dims[2]!] };
    },
    lower: ({ b, options, inputs: [input], values: [value] }) => {
      const plan = windowPlan(input!, name, "pool_size", options);
      if (isProblem(plan)) throw new Error(plan.message);
      return lower(b, value!, plan, input!);
    },
  };
}
