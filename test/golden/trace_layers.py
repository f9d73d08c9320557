"""Every layer and activation, each in a small model that is trained for ten steps."""

import jax
import jax.numpy as jnp
import keras
from tracing import Group, Task, Traces, classes, draw, numbers

L = keras.layers


def regression(traces, name, text, inputs, forward, width=2, dims=None, model="", blocks="", rows=6):
    """One task `y` with squared error; `text` is its output."""
    dims = [width] if dims is None else dims
    declared = []
    for key, (kind, shape) in inputs.items():
        suffix = f"[{', '.join(map(str, shape))}]" if shape else ""
        declared.append(f"input {key}: {kind}{suffix}")
    made = {
        key: numbers(rows, *shape) if kind == "float" else classes(int(kind[9:-1]), rows, *shape)
        for key, (kind, shape) in inputs.items()
    }
    task = f"task y {{\noutput = {text}\nlabel: float[{', '.join(map(str, dims))}]\nloss: mse\n}}"
    whole = "\n".join([*declared, *([model] if model else []), task])
    lr = 0.01 if inputs is IMAGE else 0.1
    traces.add(name, whole, made, lambda net, i: {"y": forward(net, **i)},
               lambda rng: {"y": Task(draw(rng, (rows, *dims), 1.0))}, f"optimizer: sgd(lr: {lr})",
               lambda: [Group(lambda: keras.optimizers.SGD(lr))], blocks=blocks)


X = {"x": ("float", [4])}
IMAGE = {"x": ("float", [6, 5, 2])}
SERIES = {"x": ("float", [4, 3])}


def flat(x):
    return jnp.reshape(x, (x.shape[0], -1))


def plain(traces):
    add = lambda *a, **k: regression(traces, *a, **k)
    add("dense", "x |> dense(5, tanh) |> dense(2)", X,
        lambda n, x: n.dense("y.dense_2", n.dense("y.dense", x, 5, "tanh"), 2))
    add("dense without bias", "x |> dense(5, tanh, use_bias: false) |> dense(2)", X,
        lambda n, x: n.dense("y.dense_2", n.dense("y.dense", x, 5, "tanh", bias=False), 2))
    add("dense over sequences", "x |> dense(5, tanh) |> dense(2)", SERIES,
        lambda n, x: n.dense("y.dense_2", n.dense("y.dense", x, 5, "tanh"), 2), dims=[4, 2])
    add("flatten and reshape", "x |> reshape([2, -1]) |> dense(3, tanh) |> flatten |> dense(2)", IMAGE,
        lambda n, x: n.dense("y.dense_2", flat(n.dense("y.dense", jnp.reshape(x, (-1, 2, 30)), 3, "tanh")), 2))
    add("embedding", "x |> embedding(3) |> flatten |> dense(2)", {"x": ("category(7)", [4])},
        lambda n, x: n.dense("y.dense", flat(n.keras("y.embedding", lambda: L.Embedding(7, 3), ["embeddings"], x)), 2))
    add("one_hot", "x |> one_hot |> dense(2)", {"x": ("category(5)", [])},
        lambda n, x: n.dense("y.dense", keras.ops.one_hot(x, 5), 2))
    add("dropout that drops nothing", "x |> dense(5, tanh) |> dropout(0) |> dense(2)", X,
        lambda n, x: n.dense("y.dense_2", n.dense("y.dense", x, 5, "tanh"), 2))
    add("detach", "first + detach(first * second) + (second |> detach |> dense(2))", X, detached, model="""
        first = x |> dense(2, tanh)
        second = x |> dense(2, sigmoid)""")
    add("a shared layer twice", "concat(x |> half, z |> half) |> dense(2)", {**X, "z": ("float", [4])},
        lambda n, x, z: n.dense("y.dense", jnp.concatenate(
            [n.dense("half.dense", x, 3, "tanh"), n.dense("half.dense", z, 3, "tanh")], axis=-1), 2),
        model="shared half = dense(3, tanh)")
    add("a block, a repeat and a free weight", "x |> step(4) |> repeat 2 { dense(3, tanh) } |> dense(2)", X, written,
        blocks="""block step(x: tensor, units: int) {
  weight scale: float[units]
  h = x |> dense(units, tanh)
  return x + scale * h
}
""")


def detached(n, x):
    first, second = n.dense("first.dense", x, 2, "tanh"), n.dense("second.dense", x, 2, "sigmoid")
    stop = jax.lax.stop_gradient
    return first + stop(first * second) + n.dense("y.dense", stop(second), 2)


def written(n, x):
    h = x + n.weight("y.step.scale", (4,)) * n.dense("y.step.h.dense", x, 4, "tanh")
    h = n.dense("y.dense_2", n.dense("y.dense_1", h, 3, "tanh"), 3, "tanh")
    return n.dense("y.dense", h, 2)


def images(traces):
    def convolution(name, options, **given):
        def forward(n, x):
            bias = given.get("use_bias", True)
            names = ["kernel", "bias"] if bias else ["kernel"]
            h = n.keras("y.conv2d", lambda: L.Conv2D(**given), names, x)
            return n.dense("y.dense", flat(h), 2)

        regression(traces, name, f"x |> conv2d({options}) |> flatten |> dense(2)", IMAGE, forward)

    convolution("conv2d", "3, [3, 2], tanh", filters=3, kernel_size=(3, 2), activation="tanh")
    convolution("conv2d same", "3, 3, relu, padding: same", filters=3, kernel_size=3, activation="relu", padding="same")
    convolution("conv2d with strides", "3, 3, padding: same, strides: 2", filters=3, kernel_size=3, padding="same",
                strides=2)
    convolution("conv2d with two strides", "3, 2, strides: [2, 1], use_bias: false", filters=3, kernel_size=2,
                strides=(2, 1), use_bias=False)
    convolution("conv2d dilated", "3, 2, dilation_rate: [2, 3], tanh", filters=3, kernel_size=2, dilation_rate=(2, 3),
                activation="tanh")
    convolution("conv2d dilated same", "3, [2, 3], dilation_rate: 2, padding: same", filters=3, kernel_size=(2, 3),
                dilation_rate=2, padding="same")

    def pool(name, layer, options, make):
        def forward(n, x):
            h = n.keras("y.conv2d", lambda: L.Conv2D(3, 2), ["kernel", "bias"], x)
            return n.dense("y.dense", flat(make()(h)), 2)

        regression(traces, name, f"x |> conv2d(3, 2) |> {layer}({options}) |> flatten |> dense(2)", IMAGE, forward)

    for layer, make in [("max_pool2d", L.MaxPooling2D), ("avg_pool2d", L.AveragePooling2D)]:
        pool(layer, layer, "2", lambda m=make: m(2))
        pool(f"{layer} same", layer, "3, strides: 2, padding: same", lambda m=make: m(3, strides=2, padding="same"))
        pool(f"{layer} overlapping", layer, "[3, 2], strides: 1", lambda m=make: m((3, 2), strides=1))
    regression(traces, "global_avg_pool2d", "x |> conv2d(3, 2, tanh) |> global_avg_pool2d |> dense(2)", IMAGE,
               lambda n, x: n.dense("y.dense", L.GlobalAveragePooling2D()(
                   n.keras("y.conv2d", lambda: L.Conv2D(3, 2, activation="tanh"), ["kernel", "bias"], x)), 2))


STATISTICS = [("moving_mean", 0.0), ("moving_variance", 1.0)]


def norms(traces):
    def batch_norm(name, options, before, inputs, names=("gamma", "beta"), **given):
        def forward(n, x):
            h, path = before(n, x)
            h = n.keras(path, lambda: L.BatchNormalization(**given), list(names), h, state=STATISTICS,
                        training=n.training)
            return n.dense("y.dense_2" if inputs is X else "y.dense", flat(jnp.tanh(h)), 2)

        head = "dense(5)" if inputs is X else "conv2d(3, 2)"
        regression(traces, name, f"x |> {head} |> batch_norm{options} |> tanh |> flatten |> dense(2)", inputs, forward)

    rows = lambda n, x: (n.dense("y.dense", x, 5), "y.batch_norm")
    pixels = lambda n, x: (n.keras("y.conv2d", lambda: L.Conv2D(3, 2), ["kernel", "bias"], x), "y.batch_norm")
    # Keras does not correct moving statistics for where they began.
    batch_norm("batch_norm", "(correction: false)", rows, X)
    batch_norm("batch_norm over images", "(correction: false)", pixels, IMAGE)
    batch_norm("batch_norm with options", "(momentum: 0.7, epsilon: 0.01, center: false, correction: false)", rows, X, ["gamma"],
               momentum=0.7, epsilon=0.01, center=False)
    batch_norm("batch_norm without scale", "(scale: false, correction: false)", rows, X, ["beta"], scale=False)

    def layer_norm(name, options, names, inputs, **given):
        regression(traces, name, f"x |> dense(5) |> layer_norm{options} |> tanh |> flatten |> dense(2)", inputs,
                   lambda n, x: n.dense("y.dense_2", flat(jnp.tanh(n.keras(
                       "y.layer_norm", lambda: L.LayerNormalization(**given), names, n.dense("y.dense", x, 5)))), 2))

    layer_norm("layer_norm", "", ["gamma", "beta"], X)
    layer_norm("layer_norm over sequences", "(epsilon: 0.02)", ["gamma", "beta"], SERIES, epsilon=0.02)
    layer_norm("layer_norm bare", "(center: false, scale: false)", [], X, center=False, scale=False)


def joined(traces):
    model = """
        a = x |> dense(3, tanh)
        c = x |> dense(3, sigmoid)
        d = x |> dense(1, tanh)"""

    def parts(n, x):
        return n.dense("a.dense", x, 3, "tanh"), n.dense("c.dense", x, 3, "sigmoid"), n.dense("d.dense", x, 1, "tanh")

    def join(name, text, combine, **kw):
        def forward(n, x):
            a, c, d = parts(n, x)
            return n.dense("y.dense", flat(combine(a, c, d)), 2)

        regression(traces, name, f"{text} |> flatten |> dense(2)", X, forward, model=model, **kw)

    join("concat", "concat(a, c, d)", lambda a, c, d: L.Concatenate()([a, c, d]))
    join("add", "add(a, c, d)", lambda a, c, d: L.Add()([a, c]) + d)
    join("subtract", "subtract(a, c)", lambda a, c, d: L.Subtract()([a, c]))
    join("multiply", "multiply([a, c, d])", lambda a, c, d: L.Multiply()([a, c]) * d)
    join("divide", "divide(a, c)", lambda a, c, d: a / c)
    join("mean", "mean(a, c, a * c)", lambda a, c, d: L.Average()([a, c, a * c]))
    join("operators", "(2 * a - c / (1.5 + c) + -d)", lambda a, c, d: 2 * a - c / (1.5 + c) - d)
    join("stack", "stack(a, c)", lambda a, c, d: keras.ops.stack([a, c], axis=1))
    join("stack and concat along other axes", "concat(stack(a, c, axis: -1), stack(c, a, axis: 1), axis: 0)",
         lambda a, c, d: jnp.concatenate([jnp.stack([a, c], axis=2), jnp.stack([c, a], axis=2)], axis=1))
    join("dot of vectors", "dot(a, c)", lambda a, c, d: L.Dot(axes=1)([a, c]))
    join("dot of a vector and a matrix", "dot(a, stack(c, a, c))",
         lambda a, c, d: jnp.einsum("bn,bnm->bm", a, jnp.stack([c, a, c], axis=1)))
    join("dot of matrices", "dot(stack(a, c), stack(c, a, a * c))",
         lambda a, c, d: L.Dot(axes=(2, 1))([jnp.stack([a, c], axis=1), jnp.stack([c, a, a * c], axis=1)]))


LSTM = ["kernel", "recurrent_kernel", "bias"]


def sequences(traces):
    def lstm(name, options, tail, names=LSTM, dims=None, **given):
        def forward(n, x):
            h = n.keras("y.lstm", lambda: L.LSTM(3, **given), names, x)
            if tail == "last":
                h = h[:, -1]
            return n.dense("y.dense", h, 2)

        stage = " |> last" if tail == "last" else ""
        regression(traces, name, f"x |> lstm(3{options}){stage} |> dense(2)", SERIES, forward, dims=dims)

    lstm("lstm", "", "")
    lstm("lstm with every step", ", return_sequences: true", "", dims=[4, 2], return_sequences=True)
    lstm("last", ", return_sequences: true", "last", return_sequences=True)
    lstm("lstm without bias and with other activations",
         ", activation: softplus, recurrent_activation: tanh, use_bias: false", "",
         names=LSTM[:2], activation="softplus", recurrent_activation="tanh", use_bias=False)
    regression(traces, "two lstms", "x |> lstm(3, return_sequences: true) |> lstm(2) |> dense(2)", SERIES,
               lambda n, x: n.dense("y.dense", n.keras("y.lstm_2", lambda: L.LSTM(2), LSTM, n.keras(
                   "y.lstm", lambda: L.LSTM(3, return_sequences=True), LSTM, x)), 2))

    def attention(name, text, inputs, arguments, options=None, causal=False, bias=True):
        heads, key, value = 2, 3, (options or {}).get("value_dim", 3)

        def forward(n, **given):
            q, v, k = arguments(given)
            widths = {"query": (q.shape[-1], key), "key": (k.shape[-1], key), "value": (v.shape[-1], value)}
            shapes = {f"{r}_kernel": (w, heads * d) for r, (w, d) in widths.items()}
            shapes |= {f"{r}_bias": (heads * d,) for r, (_, d) in widths.items()}
            shapes |= {"output_kernel": (heads * value, q.shape[-1])}
            names = [f"{r}_{w}" for r in ["query", "key", "value", "output"]
                     for w in (["kernel", "bias"] if bias else ["kernel"])]
            make = lambda: L.MultiHeadAttention(heads, key, use_bias=bias, **(options or {}))
            # With the scores Keras takes its own attention; without, jax's, which has one size for keys and values.
            h, _ = n.keras("y.multi_head_attention", make, names, q, v, k, shapes=shapes, use_causal_mask=causal,
                           return_attention_scores=True)
            return n.dense("y.dense", flat(jnp.tanh(h)), 2)

        regression(traces, name, f"{text} |> tanh |> flatten |> dense(2)", inputs, forward)

    two = {"x": ("float", [4, 3]), "z": ("float", [5, 2])}
    three = {**two, "k": ("float", [5, 4])}
    alone = lambda g: (g["x"], g["x"], g["x"])
    attention("multi_head_attention of a sequence with itself", "x |> multi_head_attention(2, 3)", SERIES, alone)
    attention("multi_head_attention, causal", "x |> multi_head_attention(2, 3, causal: true, use_bias: false)", SERIES,
              alone, causal=True, bias=False)
    attention("multi_head_attention across",
              "multi_head_attention(x, z, num_heads: 2, key_dim: 3, value_dim: 4)", two,
              lambda g: (g["x"], g["z"], g["z"]), {"value_dim": 4})
    attention("multi_head_attention with a key, causal",
              "multi_head_attention(x, z, k, num_heads: 2, key_dim: 3, causal: true)", three,
              lambda g: (g["x"], g["z"], g["k"]), causal=True)


ACTIVATIONS = [
    ("linear", "linear", None),
    ("relu", "relu", None),
    ("tanh", "tanh", None),
    ("sigmoid", "sigmoid", None),
    ("softmax", "softmax", None),
    ("softplus", "softplus", None),
    ("silu", "silu", None),
    ("elu", "elu", None),
    ("elu(alpha: 0.5)", "elu", {"alpha": 0.5}),
    ("gelu", "gelu", None),
    ("gelu(approximate: true)", "gelu", {"approximate": True}),
    ("leaky_relu", "leaky_relu", None),
    ("leaky_relu(negative_slope: 0.05)", "leaky_relu", {"negative_slope": 0.05}),
]


def activations(traces):
    for text, name, options in ACTIVATIONS:
        f = getattr(keras.activations, name)
        act = lambda x, f=f, o=options: f(x, **(o or {}))

        def forward(n, x, act=act):
            h = act(n.dense("y.dense", x, 5))
            return n.dense("y.dense_3", act(n.dense("y.dense_2", h, 4)), 2)

        regression(traces, text, f"x |> dense(5, {text}) |> dense(4) |> {text} |> dense(2)", X, forward)


def build():
    traces = Traces()
    for part in [plain, images, norms, joined, sequences, activations]:
        part(traces)
    return traces
