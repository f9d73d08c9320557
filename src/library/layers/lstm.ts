import { dimensions, ops, type Builder, type Value } from "../../tensor/index.js";
import type { LayerEntry, LowerContext } from "../entry.js";
import { component, count, flag, initializerOption, option, regularizerOption, x } from "../schemas.js";
import { floatInput, rank } from "./shapes.js";
import { product } from "../ranges.js";

export const lstm: LayerEntry = {
  kind: "layer",
  name: "lstm",
  doc: "Long short-term memory (Hochreiter and Schmidhuber 1997; gates in Keras's order: input, forget, cell, output). Shape [time, features] becomes [units], or [time, units] with `return_sequences`.",
  example: "h = series |> lstm(32)",
  parameters: [
    x,
    option("units", count, "The size of the state."),
    {
      kind: "component",
      of: "activation",
      name: "activation",
      doc: "Of the cell and the output.",
      default: component("tanh"),
    },
    {
      kind: "component",
      of: "activation",
      name: "recurrent_activation",
      doc: "Of the gates.",
      default: component("sigmoid"),
    },
    option("return_sequences", flag, "Whether every step's output is returned, or the last.", false),
    option("use_bias", flag, "Whether a bias is added.", true),
    option(
      "unit_forget_bias",
      flag,
      "Whether the forget gate's bias begins at 1 (Jozefowicz et al. 2015).",
      true,
    ),
    initializerOption("kernel_initializer", "glorot_uniform", "How the input kernel begins."),
    initializerOption("recurrent_initializer", "orthogonal", "How the recurrent kernel begins."),
    regularizerOption("kernel_regularizer", "What is added to the loss for the input kernel."),
    regularizerOption("recurrent_regularizer", "What is added to the loss for the recurrent kernel."),
  ],
  range: ({ options, activation }) =>
    product(
      activation(options.component("recurrent_activation")),
      activation(options.component("activation")),
    ),
  shape: ({ options, inputs: [input] }) => {
    const wrong = floatInput(input!, "lstm") ?? rank(input!, 2, "lstm", "sequences, [time, features]");
    if (wrong) return wrong;
    const units = options.number("units");
    return { ...input!, dims: options.boolean("return_sequences") ? [input!.dims[0]!, units] : [units] };
  },
  weights: ({ options, inputs: [input] }) => {
    const units = options.number("units");
    return [
      {
        name: "kernel",
        shape: [input!.dims[1]!, 4 * units],
        initializer: options.component("kernel_initializer")!,
        regularizer: options.component("kernel_regularizer"),
      },
      {
        name: "recurrent_kernel",
        shape: [units, 4 * units],
        initializer: options.component("recurrent_initializer")!,
        regularizer: options.component("recurrent_regularizer"),
      },
      ...(options.boolean("use_bias")
        ? [
            {
              name: "bias",
              shape: [4 * units],
              initializer: component(options.boolean("unit_forget_bias") ? "unit_forget_bias" : "zeros"),
            },
          ]
        : []),
    ];
  },
  lower: (context) => {
    const {
      b,
      options,
      inputs: [input],
      values: [value],
      weight,
      batch,
    } = context;
    const units = options.number("units");
    const [time, features] = input!.dims as [number, number];
    // All steps' input products in one multiplication; the scan adds the recurrent part.
    const byTime = ops.transpose(b, value!, [1, 0, 2]);
    const rows = dimensions.multiply(batch, time);
    const projected = ops.matmul(b, ops.reshape(b, byTime, [rows, features]), weight("kernel"));
    const biased = options.boolean("use_bias") ? ops.add(b, projected, weight("bias")) : projected;
    const steps = ops.reshape(b, biased, [time, batch, 4 * units]);
    const zeros = ops.fill(b, 0, [batch, units]);
    const { carries, ys } = ops.scan(
      b,
      time,
      { constants: [weight("recurrent_kernel")], carries: [zeros, zeros], xs: [steps] },
      (body, [recurrent], [h, c], [step]) => {
        const gates = ops.add(body, step!, ops.matmul(body, h!, recurrent!));
        const next = cell(context, body, gates, c!, units);
        return { carries: [next.h, next.c], ys: options.boolean("return_sequences") ? [next.h] : [] };
      },
    );
    return options.boolean("return_sequences") ? ops.transpose(b, ys[0]!, [1, 0, 2]) : carries[0]!;
  },
};

/** One step: i, f, o = σ(gates), g = tanh(gate); c' = f·c + i·g; h' = o·tanh(c'). */
function cell(
  context: LowerContext,
  body: Builder,
  gates: Value,
  c: Value,
  units: number,
): { h: Value; c: Value } {
  const { options, activate } = context;
  const rows = body.typeOf(gates).shape[0]!;
  const gate = (index: number, name: string) => {
    const part = ops.slice(body, gates, [0, index * units], [rows, units]);
    return activate(options.component(name), part, body);
  };
  const input = gate(0, "recurrent_activation");
  const forget = gate(1, "recurrent_activation");
  const candidate = gate(2, "activation");
  const output = gate(3, "recurrent_activation");
  const next = ops.add(body, ops.mul(body, forget, c), ops.mul(body, input, candidate));
  return { c: next, h: ops.mul(body, output, activate(options.component("activation"), next, body)) };
}
