"""Random layers: each function draws a stage that fits a value's shape, as text and in Keras."""

import jax
import jax.numpy as jnp
import keras
from random_net import Stage, dims, options, size_of
from trace_sharing import reversal, smooth_step

L, A, R = keras.layers, keras.activations, keras.regularizers

ACTIVATIONS = [
    ("tanh", A.tanh),
    ("tanh", A.tanh),
    ("sigmoid", A.sigmoid),
    ("softmax", A.softmax),
    ("softplus", A.softplus),
    ("silu", A.silu),
    ("relu", A.relu),
    ("relu", A.relu),
    ("elu", A.elu),
    ("elu(alpha: 0.5)", lambda x: A.elu(x, alpha=0.5)),
    ("gelu", lambda x: A.gelu(x, approximate=False)),
    ("gelu(approximate: true)", lambda x: A.gelu(x, approximate=True)),
    ("leaky_relu", lambda x: A.leaky_relu(x, negative_slope=0.2)),
    ("leaky_relu(negative_slope: 0.05)", lambda x: A.leaky_relu(x, negative_slope=0.05)),
    ("smooth_step(3)", lambda x: smooth_step(x, 3.0)),
    ("linear", A.linear),
]


def regularized(d, path, weight, keyword):
    """A term of the loss for a weight, now and then."""
    if not d.chance(0.1):
        return None
    l1, l2 = d.number(0.002, 0.03), d.number(0.01, 0.1)
    text, term = d.pick([(f"l1({l1})", R.L1(l1)), (f"l2({l2})", R.L2(l2)), (f"l1_l2({l1}, {l2})", R.L1L2(l1, l2))])
    d.penalties.append((f"{path}.{weight}", term))
    return (keyword, text)


def dense(d, scope, shape, units=None, activation=None, plain=False):
    """`plain`: nothing but units and activation."""
    units = units or d.among(2, 5)
    name, act = activation or d.pick(ACTIVATIONS)
    bias = plain or d.chance(0.85)
    pinned = "" if plain or not d.chance(0.1) else d.fresh("unit")
    path = scope.path(pinned or "dense")
    extra = [("use_bias", None if bias else False)]
    if not plain:
        extra += filter(None, [regularized(d, path, "kernel", "kernel_regularizer"),
                               bias and regularized(d, path, "bias", "bias_regularizer")])
    first = "" if name == "linear" and d.chance(0.5) else f", {name}"
    text = f"dense({units}{first}{options(*extra)})" + (f" as {pinned}" if pinned else "")
    return Stage(text, (*shape[:-1], units), lambda n, x: n.dense(path, x, units, act, bias))


def activation(d, scope, shape):
    name, act = d.pick(ACTIVATIONS[:-1])
    return Stage(name, shape, lambda n, x: act(x))


def layer_norm(d, scope, shape):
    epsilon = d.pick([0.001, 0.02, 0.1])
    center, scale = d.chance(0.8), d.chance(0.8)
    path = scope.path("layer_norm")
    names = [w for w, there in [("gamma", scale), ("beta", center)] if there]
    given = options(("epsilon", epsilon), ("center", None if center else False), ("scale", None if scale else False))
    make = lambda: L.LayerNormalization(epsilon=epsilon, center=center, scale=scale)
    return Stage(f"layer_norm({given[2:]})", shape, lambda n, x: n.keras(path, make, names, x))


def batch_norm(d, scope, shape):
    momentum, epsilon = d.pick([0.99, 0.9, 0.7, 0.4]), d.pick([0.001, 0.02, 0.1])
    center, scale, correction = d.chance(0.8), d.chance(0.8), d.chance(0.7)
    path = scope.path("batch_norm")
    given = options(("momentum", momentum), ("epsilon", epsilon), ("center", None if center else False),
                    ("scale", None if scale else False), ("correction", None if correction else False))
    return Stage(f"batch_norm({given[2:]})", shape,
                 lambda n, x: n.batch_norm(path, x, momentum, epsilon, center, scale, correction))


def dropout(d, scope, shape):
    return Stage("dropout(0)", shape, lambda n, x: x)


def gradient_reversal(d, scope, shape):
    factor = d.number(0.2, 1.5)
    return Stage(f"gradient_reversal(lambda: {factor})", shape, lambda n, x: reversal(x, factor))


def detach(d, scope, shape):
    return Stage("detach", shape, lambda n, x: n.detach(x))


def slice_of(d, scope, shape):
    axis = d.among(0, len(shape) - 1)
    if shape[axis] < 2:
        return activation(d, scope, shape)
    size = d.among(1, shape[axis] - 1)
    begin = d.among(0, shape[axis] - size)
    last = axis == len(shape) - 1
    text = f"slice({begin}, {size})" if last else f"slice({begin}, {size}, axis: {d.pick([axis, axis - len(shape)])})"
    cut = lambda n, x: jax.lax.slice_in_dim(x, begin, begin + size, axis=axis + 1)
    return Stage(text, (*shape[:axis], size, *shape[axis + 1:]), cut)


def reshape(d, scope, shape):
    size = size_of(shape)
    pairs = [(a, size // a) for a in range(2, 6) if size % a == 0 and size // a > 1]
    if not pairs:
        return activation(d, scope, shape)
    new = d.pick(pairs)
    if len(shape) < 3 and d.chance(0.3):
        new = (*new, 1)
    written = list(new)
    if d.chance(0.3):
        written[d.among(0, 1)] = -1
    return Stage(f"reshape({dims(written)})", new, lambda n, x: L.Reshape(new)(x))


def take(d, scope, shape):
    axis = d.among(0, len(shape) - 1)
    index = d.among(-shape[axis], shape[axis] - 1)
    text = f"take({index})" if axis == 0 else f"take({index}, axis: {axis})"
    of = lambda n, x: keras.ops.take(x, index % shape[axis], axis=axis + 1)
    return Stage(text, (*shape[:axis], *shape[axis + 1:]), of)


def flatten(d, scope, shape):
    return Stage("flatten", (size_of(shape),), lambda n, x: L.Flatten()(x))


def last(d, scope, shape):
    return Stage("last", shape[1:], lambda n, x: x[:, -1])


def lstm(d, scope, shape, sequences=None):
    units, bias = d.among(2, 4), d.chance(0.8)
    sequences = d.chance(0.5) if sequences is None else sequences
    (name, act), (gate, gate_act) = ("tanh", A.tanh), ("sigmoid", A.sigmoid)
    if d.chance(0.2):
        (name, act), (gate, gate_act) = ("softplus", A.softplus), ("tanh", A.tanh)
    path = scope.path("lstm")
    given = options(("activation", None if name == "tanh" else name),
                    ("recurrent_activation", None if gate == "sigmoid" else gate),
                    ("return_sequences", sequences or None), ("use_bias", None if bias else False))
    make = lambda: L.LSTM(units, activation=act, recurrent_activation=gate_act, use_bias=bias,
                          return_sequences=sequences)
    names = ["kernel", "recurrent_kernel", "bias"][:3 if bias else 2]
    return Stage(f"lstm({units}{given})", (shape[0], units) if sequences else (units,),
                 lambda n, x: n.keras(path, make, names, x))


def attention_of(d, scope, query, value, key):
    """What `multi_head_attention` does to sequences of these shapes: its options, and a function of them."""
    heads, width, bias, causal = d.among(1, 2), d.among(1, 3), d.chance(0.7), d.chance(0.5)
    wide = d.among(1, 3) if d.chance(0.3) else None
    path = scope.path("multi_head_attention")
    sizes = {"query": (query[-1], width), "key": (key[-1], width), "value": (value[-1], wide or width)}
    shapes = {f"{r}_kernel": (w, heads * k) for r, (w, k) in sizes.items()}
    shapes |= {f"{r}_bias": (heads * k,) for r, (_, k) in sizes.items()}
    shapes["output_kernel"] = (heads * (wide or width), query[-1])
    names = [f"{r}_{w}" for r in ["query", "key", "value", "output"] for w in ["kernel", "bias"][:1 + bias]]
    make = lambda: L.MultiHeadAttention(heads, width, value_dim=wide, use_bias=bias)
    given = options(("value_dim", wide), ("use_bias", None if bias else False), ("causal", causal or None))

    def of(n, q, v, k):
        # With the scores Keras takes its own attention; without, jax's, which has one size for keys and values.
        out = n.keras(path, make, names, q, v, k, shapes=shapes, use_causal_mask=causal, return_attention_scores=True)
        return out[0]

    return heads, width, given, of


def attention(d, scope, shape):
    heads, width, given, of = attention_of(d, scope, shape, shape, shape)
    return Stage(f"multi_head_attention({heads}, {width}{given})", shape, lambda n, x: of(n, x, x, x))


def window(d, shape, reach=1):
    """Height and width that fit, and their text."""
    most = [max(1, min(3, s // reach)) for s in shape[:2]]
    sizes = [d.among(1, m) for m in most]
    if d.chance(0.4) and min(most) > 1:
        sizes = [d.among(2, min(most))] * 2
    return tuple(sizes), str(sizes[0]) if sizes[0] == sizes[1] else dims(sizes)


def shape_by(layer, shape):
    return tuple(layer.compute_output_shape((None, *shape))[1:])


def conv2d(d, scope, shape):
    filters, padding, bias = d.among(1, 3), d.pick(["valid", "same"]), d.chance(0.8)
    dilation = 2 if d.chance(0.2) and min(shape[:2]) >= 4 else 1
    size, text = window(d, shape, dilation)
    strides = 1 if dilation > 1 else d.pick([1, 1, 2, (2, 1)])
    name, act = d.pick(ACTIVATIONS)
    path = scope.path("conv2d")
    given = options(("padding", "same" if padding == "same" else None), ("use_bias", None if bias else False),
                    ("strides", None if strides == 1 else strides if strides == 2 else "[2, 1]"),
                    ("dilation_rate", None if dilation == 1 else dilation),
                    regularized(d, path, "kernel", "kernel_regularizer") or ("", None))
    make = lambda: L.Conv2D(filters, size, strides=strides, padding=padding, dilation_rate=dilation, use_bias=bias,
                            activation=act)
    return Stage(f"conv2d({filters}, {text}, {name}{given})", shape_by(make(), shape),
                 lambda n, x: n.keras(path, make, ["kernel", "bias"][:1 + bias], x))


def pool(d, scope, shape):
    name, kind = d.pick([("max_pool2d", L.MaxPooling2D), ("avg_pool2d", L.AveragePooling2D)])
    size, text = window(d, shape)
    padding = d.pick(["valid", "same"])
    strides = d.pick([None, None, 1, 2])
    layer = kind(size, strides=strides, padding=padding)
    given = options(("strides", strides), ("padding", "same" if padding == "same" else None))
    return Stage(f"{name}({text}{given})", shape_by(layer, shape), lambda n, x: layer(x))


def global_pool(d, scope, shape):
    return Stage("global_avg_pool2d", shape[-1:], lambda n, x: L.GlobalAveragePooling2D()(x))


def embedding(d, scope, shape, classes):
    width = d.among(2, 4)
    path = scope.path("embedding")
    given = options(regularized(d, path, "embeddings", "embeddings_regularizer") or ("", None))
    make = lambda: L.Embedding(classes, width)
    return Stage(f"embedding({width}{given})", (*shape, width), lambda n, x: n.keras(path, make, ["embeddings"], x))


def one_hot(d, scope, shape, classes):
    return Stage("one_hot", (*shape, classes), lambda n, x: keras.ops.one_hot(x, classes, dtype="float64"))


def tied(d, scope, shape, table, size):
    """A layer whose kernel is an embedding's table, transposed."""
    name, act = d.pick(ACTIVATIONS)
    path = scope.path("tied_dense")

    def of(n, x):
        layer = jnp.einsum("...f,vf->...v", x, n.weight(table, size)) + n.weight(f"{path}.bias", size[:1])
        return act(layer)

    return Stage(f"tied_dense({size[0]}, {name}, to: {table})", (*shape[:-1], size[0]), of)


BLOCKS = {
    "gated": """block gated(x: tensor, units: int) {
  a = x |> dense(units, tanh)
  b = x |> dense(units, sigmoid)
  return a * b
}""",
    "scaled": """block scaled(x: tensor, act: activation = tanh) {
  weight scale: float[x.shape[-1]]
  h = x |> dense(x.shape[-1], act)
  return x + scale * h
}""",
    "normed": """block normed(x: tensor, units: int = 4) {
  h = x |> layer_norm |> dense(units, gelu) |> dense(x.shape[-1])
  return x + h
}""",
}


def block(d, scope, shape):
    name = d.pick(list(BLOCKS))
    d.blocks[name] = BLOCKS[name]
    path = scope.path(name)
    wide = shape[-1]
    if name == "gated":
        units = d.among(2, 4)
        of = lambda n, x: n.dense(f"{path}.a.dense", x, units, "tanh") * n.dense(f"{path}.b.dense", x, units, "sigmoid")
        return Stage(f"gated({units})", (*shape[:-1], units), of)
    if name == "scaled":
        text, act = d.pick(ACTIVATIONS)
        of = lambda n, x: x + n.weight(f"{path}.scale", (wide,)) * n.dense(f"{path}.h.dense", x, wide, act)
        return Stage(f"scaled({text})", shape, of)
    norm = lambda n, x: n.keras(f"{path}.h.layer_norm", L.LayerNormalization, ["gamma", "beta"], x)
    gelu = lambda x: A.gelu(x, approximate=False)
    of = lambda n, x: x + n.dense(f"{path}.h.dense_2", n.dense(f"{path}.h.dense", norm(n, x), 4, gelu), wide)
    return Stage("normed", shape, of)


COMMON = [dense, dense, dense, activation, layer_norm, batch_norm, block, dropout, gradient_reversal]
BY_RANK = {
    1: [*COMMON, slice_of, reshape],
    2: [*COMMON, lstm, lstm, lstm, attention, attention, attention, slice_of, flatten, last, take, reshape],
    3: [*COMMON[3:], *[conv2d] * 5, *[pool] * 4, global_pool, flatten, slice_of, take, reshape],
}


def stages(d, scope, shape, count):
    """So many stages, one behind the other."""
    out = []
    for _ in range(count):
        out.append(d.pick(BY_RANK[len(shape)])(d, scope, shape))
        shape = out[-1].shape
    return out


def to_vector(d, scope, shape):
    """What makes a vector of any value."""
    ways = {1: [], 2: [flatten, last, lambda *a: lstm(*a, sequences=False)], 3: [flatten, flatten, global_pool]}[len(shape)]
    return [d.pick(ways)(d, scope, shape)] if ways else []
