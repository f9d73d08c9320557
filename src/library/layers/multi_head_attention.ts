import { elementCount } from "../../runtime/elements.js";
import { dimensions, ops, type Value } from "../../tensor/index.js";
import { initializerOption } from "../declarations.js";
import { type LowerContext, problem } from "../entry.js";
import { defineLayer } from "../kinds/layer.js";
import { option, optionalTensor, tensor, type OptionsOf } from "../kinds/parameters.js";
import { count, either, flag, nothing, rate } from "../kinds/values.js";
import { isLinear } from "../ranges.js";
import { dimensionAt } from "../sizes.js";
import { floatInput, rank, show } from "./shapes.js";

const parameters = {
  query: tensor("[t, d]."),
  value: optionalTensor("[s, e]; the query by default."),
  key: optionalTensor("[s, e]; the value by default."),
  num_heads: option(count, "The number of heads."),
  key_dim: option(count, "The size of a head's queries and keys."),
  value_dim: option(either(count, nothing), "The size of a head's values; `key_dim` by default.", null),
  dropout: option(rate, "The share of the attention weights that training drops.", 0),
  use_bias: option(flag, "Whether the projections have biases.", true),
  causal: option(flag, "Whether a step sees only itself and earlier ones.", false),
  kernel_initializer: initializerOption(
    "glorot_uniform",
    "How the projections begin. A kernel's inputs are the numbers that go in and its outputs those of all heads, as in Keras 3.15; earlier ones count as for a convolution and begin smaller.",
  ),
} as const;

type Options = OptionsOf<typeof parameters>;

interface Sizes {
  readonly heads: number;
  readonly keyDim: number;
  readonly valueDim: number;
}

export const multiHeadAttention = defineLayer({
  name: "multi_head_attention",
  doc: "Scaled dot-product attention in several heads (Vaswani et al. 2017, equation 1 and §3.2.2). Query [t, d] with value and key [s, e] becomes [t, d]; alone, a sequence attends to itself.",
  example: "h = series |> multi_head_attention(4, 16)",
  parameters,
  range: isLinear,
  shape: ({ inputs }) => {
    const [query, value, key] = roles(inputs);
    for (const input of [query, value, key]) {
      const wrong =
        floatInput(input, "multi_head_attention") ??
        rank(input, 2, "multi_head_attention", "sequences, [time, features]");
      if (wrong) return wrong;
    }
    if (value.dims[0] !== key.dims[0]) {
      return problem("NN3001", `value ${show(value)} and key ${show(key)} must have one length.`);
    }
    return query;
  },
  weights: ({ options, inputs }) => {
    const [query, value, key] = roles(inputs);
    const initializer = options.kernel_initializer;
    const zeros = { name: "zeros", options: {} };
    const { heads, keyDim, valueDim } = sizes(options);
    // Drawn with an axis for the heads, as in Keras: an orthogonal matrix depends on the shape that is drawn.
    const projection = (name: string, drawnAs: readonly number[], shape: readonly [number, number]) => [
      { name: `${name}_kernel`, shape, drawnAs, initializer },
      ...(options.use_bias ? [{ name: `${name}_bias`, shape: [shape[1]], initializer: zeros }] : []),
    ];
    const toHeads = (name: string, from: number, size: number) =>
      projection(name, [from, heads, size], [from, heads * size]);
    const width = dimensionAt(query.dims, 1);
    return [
      ...toHeads("query", width, keyDim),
      ...toHeads("key", dimensionAt(key.dims, 1), keyDim),
      ...toHeads("value", dimensionAt(value.dims, 1), valueDim),
      ...projection("output", [heads, valueDim, width], [heads * valueDim, width]),
    ];
  },
  multiplyAdds: ({ options, inputs }) => {
    const [query, value, key] = roles(inputs);
    const { heads, keyDim, valueDim } = sizes(options);
    const projections =
      elementCount(query.dims) * (keyDim + valueDim) +
      elementCount(key.dims) * keyDim +
      elementCount(value.dims) * valueDim;
    const scores = dimensionAt(query.dims, 0) * dimensionAt(key.dims, 0);
    return heads * (projections + scores * (keyDim + valueDim));
  },
  lower: (context) => {
    const { b, options, values, inputs, batch } = context;
    const [query, value, key] = roles(values);
    const [queryType, valueType] = roles(inputs);
    const { heads, keyDim, valueDim } = sizes(options);
    const [t, s] = [dimensionAt(queryType.dims, 0), dimensionAt(valueType.dims, 0)];
    const q = splitHeads(context, project(context, "query", query), t, heads, keyDim);
    const k = splitHeads(context, project(context, "key", key), s, heads, keyDim);
    const v = splitHeads(context, project(context, "value", value), s, heads, valueDim);
    const scores = ops.matmul(b, ops.mul(b, q, 1 / Math.sqrt(keyDim)), k, { transposeB: true });
    const masked = options.causal ? maskFuture(context, scores, t, s) : scores;
    const attention = dropped(context, ops.softmax(b, masked, -1));
    const mixed = ops.reshape(b, ops.matmul(b, attention, v), [batch, heads, t, valueDim]);
    const joined = ops.reshape(b, ops.transpose(b, mixed, [0, 2, 1, 3]), [batch, t, heads * valueDim]);
    return project(context, "output", joined);
  },
});

/** Query, value and key: without a value the query is used, without a key the value. */
function roles<T>({ query, value = query, key = value }: Roles<T>): [T, T, T] {
  return [query, value, key];
}

interface Roles<T> {
  readonly query: T;
  readonly value: T | undefined;
  readonly key: T | undefined;
}

function sizes(options: Options): Sizes {
  const keyDim = options.key_dim;
  return { heads: options.num_heads, keyDim, valueDim: options.value_dim ?? keyDim };
}

/** [B, t, n] · kernel + bias. */
function project({ b, options, weight }: LowerContext<Options>, name: string, value: Value): Value {
  const { shape } = b.typeOf(value);
  const [rows, t, n] = [dimensionAt(shape, 0), dimensionAt(shape, 1), dimensionAt(shape, 2)];
  const kernel = weight(`${name}_kernel`);
  const product = ops.matmul(b, ops.reshape(b, value, [dimensions.multiply(rows, t), n]), kernel);
  const biased = options.use_bias ? ops.add(b, product, weight(`${name}_bias`)) : product;
  return ops.reshape(b, biased, [rows, t, dimensionAt(b.typeOf(kernel).shape, 1)]);
}

/** [B, t, heads·d] as [B·heads, t, d], so that one batched product serves all heads. */
function splitHeads(
  { b, batch }: LowerContext<Options>,
  value: Value,
  t: number,
  heads: number,
  d: number,
): Value {
  const apart = ops.transpose(b, ops.reshape(b, value, [batch, t, heads, d]), [0, 2, 1, 3]);
  return ops.reshape(b, apart, [dimensions.multiply(batch, heads), t, d]);
}

function maskFuture({ b }: LowerContext<Options>, scores: Value, t: number, s: number): Value {
  const rows = ops.iota(b, [t, s], 0);
  const columns = ops.iota(b, [t, s], 1);
  return ops.select(b, ops.le(b, columns, rows), scores, ops.scalar(b, -1e9));
}

function dropped({ b, options, training, uniform }: LowerContext<Options>, attention: Value): Value {
  const share = options.dropout;
  if (!training || share === 0) return attention;
  const keep = ops.le(b, ops.scalar(b, share), uniform(b.typeOf(attention).shape));
  return ops.mul(b, attention, ops.div(b, ops.cast(b, keep, "float"), 1 - share));
}
