import { type Builder, dimensions, ops, type Value } from "../../tensor/index.js";
import { component, initializerOption, regularizerOption } from "../declarations.js";
import type { Component, LowerContext } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { componentOption, option, x } from "../kinds/parameters.js";
import { count, flag } from "../kinds/values.js";
import { loop } from "../loop.js";
import { product } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { floatInput, rank } from "./shapes.js";

const SEQUENCES =
  "A layer such as `lstm` before it keeps its steps with `return_sequences: true`; `reshape([time, features])` makes steps of a vector.";

export const lstm = defineLayer({
  name: "lstm",
  doc: "Long short-term memory (Hochreiter and Schmidhuber 1997; gates in Keras's order: input, forget, cell, output). Shape [time, features] becomes [units], or [time, units] with `return_sequences`.",
  example: "h = series |> lstm(32)",
  parameters: {
    x,
    units: { ...option(count, "The size of the state."), elsewhere: ["hidden_size", "num_units"] },
    activation: componentOption("activation", "Of the cell and the output.", component("tanh")),
    recurrent_activation: componentOption("activation", "Of the gates.", component("sigmoid")),
    return_sequences: option(flag, "Whether every step's output is returned, or the last.", false),
    use_bias: option(flag, "Whether a bias is added.", true),
    unit_forget_bias: option(
      flag,
      "Whether the forget gate's bias begins at 1 (Jozefowicz et al. 2015).",
      true,
    ),
    kernel_initializer: initializerOption("glorot_uniform", "How the input kernel begins."),
    recurrent_initializer: initializerOption("orthogonal", "How the recurrent kernel begins."),
    kernel_regularizer: regularizerOption("What is added to the loss for the input kernel."),
    recurrent_regularizer: regularizerOption("What is added to the loss for the recurrent kernel."),
  },
  range: ({ options, activation }) =>
    product(activation(options.recurrent_activation), activation(options.activation)),
  shape: ({ options, inputs: { x: input } }) => {
    const wrong =
      floatInput(input, "lstm") ?? rank(input, 2, "lstm", "sequences, [time, features]", SEQUENCES);
    if (wrong) return wrong;
    const units = options.units;
    return { ...input, dims: options.return_sequences ? [dimensionAt(input.dims, 0), units] : [units] };
  },
  weights: ({ options, inputs: { x: input } }) => {
    const units = options.units;
    return [
      {
        name: "kernel",
        shape: [dimensionAt(input.dims, 1), 4 * units],
        initializer: options.kernel_initializer,
        regularizer: options.kernel_regularizer,
      },
      {
        name: "recurrent_kernel",
        shape: [units, 4 * units],
        initializer: options.recurrent_initializer,
        regularizer: options.recurrent_regularizer,
      },
      ...(options.use_bias
        ? [
            {
              name: "bias",
              shape: [4 * units],
              initializer: component(options.unit_forget_bias ? "unit_forget_bias" : "zeros"),
            },
          ]
        : []),
    ];
  },
  multiplyAdds: ({ options: { units }, inputs: { x: input } }) =>
    dimensionAt(input.dims, 0) * 4 * units * (dimensionAt(input.dims, 1) + units),
  lower: (context) => {
    const {
      b,
      options,
      inputs: { x: input },
      values: { x: value },
      weight,
      batch,
    } = context;
    const units = options.units;
    const [time, features] = [dimensionAt(input.dims, 0), dimensionAt(input.dims, 1)];
    // All steps' input products in one multiplication; the scan adds the recurrent part.
    const byTime = ops.transpose(b, value, [1, 0, 2]);
    const rows = dimensions.multiply(batch, time);
    const projected = ops.matmul(b, ops.reshape(b, byTime, [rows, features]), weight("kernel"));
    const biased = options.use_bias ? ops.add(b, projected, weight("bias")) : projected;
    const steps = ops.reshape(b, biased, [time, batch, 4 * units]);
    const zeros = ops.fill(b, 0, [batch, units]);
    const { carries, ys } = loop(
      b,
      time,
      { constants: [weight("recurrent_kernel")], carries: [zeros, zeros], xs: [steps] },
      (body, { constants: [recurrent], carries: [h, c], xs: [step] }) => {
        const gates = ops.add(body, step, ops.matmul(body, h, recurrent));
        const next = cell(context, body, gates, c, units);
        return { carries: [next.h, next.c], ys: options.return_sequences ? [next.h] : [] };
      },
    );
    const [every] = ys;
    return every ? ops.transpose(b, every, [1, 0, 2]) : carries[0];
  },
});

type Activations = { readonly activation: Component; readonly recurrent_activation: Component };

/** One step: i, f, o = σ(gates), g = tanh(gate); c' = f·c + i·g; h' = o·tanh(c'). */
function cell(
  context: LowerContext<Activations>,
  body: Builder,
  gates: Value,
  c: Value,
  units: number,
): { h: Value; c: Value } {
  const { options, activate } = context;
  const rows = dimensionAt(body.typeOf(gates).shape, 0);
  const gate = (index: number, activation: Component) => {
    const part = ops.slice(body, gates, [0, index * units], [rows, units]);
    return activate(activation, part, body);
  };
  const input = gate(0, options.recurrent_activation);
  const forget = gate(1, options.recurrent_activation);
  const candidate = gate(2, options.activation);
  const output = gate(3, options.recurrent_activation);
  const next = ops.add(body, ops.mul(body, forget, c), ops.mul(body, input, candidate));
  return { c: next, h: ops.mul(body, output, activate(options.activation, next, body)) };
}
