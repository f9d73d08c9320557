"""Every loss: its forms, labels and outputs, class weights and row weights."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
from sklearn.utils.class_weight import compute_class_weight
from tracing import Task, Traces, classes, draw, indent, numbers, rows_of

ROWS = 7
X = {"x": numbers(ROWS, 4)}
K = keras.losses


def regressions(traces):
    def add(name, loss, make, dims, scale=1.0):
        units = int(np.prod(dims)) if dims else 1
        label = f"float[{', '.join(map(str, dims))}]" if dims else "float"
        output = f"x |> dense(5, tanh) |> dense({units})" + (f" |> reshape([{', '.join(map(str, dims))}])" if len(dims) > 1 else "")
        shape = (ROWS, *(dims or [1]))
        keras_rows = rows_of(make(reduction=None))
        rows = lambda y, p: keras_rows(jnp.reshape(y, p.shape), p)
        traces.add(name, f"input x: float[4]\ntask y {{\noutput = {output}\nlabel: {label}\nloss: {loss}\n}}", X,
                   lambda n, i: {"y": jnp.reshape(n.dense("y.dense_2", n.dense("y.dense", i["x"], 5, "tanh"), units), shape)},
                   lambda rng: {"y": Task(draw(rng, (ROWS, *dims), scale), rows)})

    add("mse", "mse", K.MeanSquaredError, [])
    add("mse of matrices", "mse", K.MeanSquaredError, [2, 3])
    add("mae", "mae", K.MeanAbsoluteError, [])
    add("mae of vectors", "mae", K.MeanAbsoluteError, [3])
    add("huber", "huber", K.Huber, [2], 1.5)
    add("huber(delta: 0.3)", "huber(delta: 0.3)", lambda **k: K.Huber(delta=0.3, **k), [])
    add("huber(delta: 2.5)", "huber(delta: 2.5)", lambda **k: K.Huber(delta=2.5, **k), [2], 4.0)


def cross_entropies(traces):
    def add(name, loss, output, label, forward, rows, predict, labels, settings="", row_weight=None, data=""):
        traces.add(name, f"input x: float[4]\ntask y {{\noutput = {output}\nlabel: {label}\nloss: {loss}\n{settings}}}",
                   X, lambda n, i: {"y": forward(n, i["x"])},
                   lambda rng: {"y": Task(labels(rng), rows(labels), predict)}, row_weight=row_weight, data=data)

    logits = lambda units: lambda n, x: n.dense("y.dense_2", n.dense("y.dense", x, 5, "tanh"), units)
    sigmoid, softmax = jax.nn.sigmoid, jax.nn.softmax
    with_logits, probable = K.BinaryCrossentropy(True, reduction=None), K.BinaryCrossentropy(reduction=None)
    same = lambda y, p: jnp.reshape(y, p.shape)
    binary = lambda loss: lambda _: lambda y, p: rows_of(loss)(same(y, p), p)
    body = "x |> dense(5, tanh) |> "
    bce = "binary_crossentropy"
    yes = classes(2, ROWS)
    add("binary_crossentropy of logits", bce, f"{body}dense(1)", "binary", logits(1), binary(with_logits), sigmoid, yes)
    add("binary_crossentropy after a folded sigmoid", bce, f"{body}dense(1, sigmoid)", "binary", logits(1),
        binary(with_logits), sigmoid, yes)
    add("binary_crossentropy after a sigmoid stage", bce, f"{body}dense(1) |> sigmoid", 'binary("no", "yes")',
        logits(1), binary(with_logits), sigmoid, yes)
    add("binary_crossentropy of vectors", bce, f"{body}dense(3, sigmoid)", "binary[3]", logits(3),
        binary(with_logits), sigmoid, classes(2, ROWS, 3))
    add("binary_crossentropy of soft labels", bce, f"{body}dense(2, sigmoid)", "float[2]", logits(2),
        binary(with_logits), sigmoid, lambda rng: np.round(rng.uniform(size=(ROWS, 2)), 2))
    half = lambda n, x: 0.5 * sigmoid(logits(1)(n, x)) + 0.25
    add("binary_crossentropy of probabilities", bce, f"0.5 * ({body}dense(1, sigmoid)) + 0.25", "binary", half,
        binary(probable), lambda p: p, yes)
    # What is not above 0 is clipped.
    add("binary_crossentropy of clipped probabilities", bce, f"{body}dense(1, tanh)", "binary",
        lambda n, x: jnp.tanh(logits(1)(n, x)), binary(probable), lambda p: p, yes)

    cce = "categorical_crossentropy"
    sparse, sparse_p = (K.SparseCategoricalCrossentropy(l, reduction=None) for l in (True, False))
    dense_l, dense_p = (K.CategoricalCrossentropy(l, reduction=None) for l in (True, False))
    plain = lambda loss: lambda _: rows_of(loss)
    three = classes(3, ROWS)
    add("categorical_crossentropy of logits", cce, f"{body}dense(3)", "category(3)", logits(3), plain(sparse), softmax, three)
    add("categorical_crossentropy after a folded softmax", cce, f"{body}dense(3, softmax)", 'category("a", "b", "c")',
        logits(3), plain(sparse), softmax, three)
    add("categorical_crossentropy after a softmax stage", cce, f"{body}dense(3) |> softmax", "category(3)", logits(3),
        plain(sparse), softmax, three)
    add("categorical_crossentropy of one-hot labels", cce, f"{body}dense(3, softmax)", "float[3]", logits(3),
        plain(dense_l), softmax, lambda rng: np.eye(3)[rng.integers(0, 3, ROWS)])
    add("categorical_crossentropy of soft labels and logits", cce, f"{body}dense(3)", "float[3]", logits(3),
        plain(dense_l), lambda z: z, lambda rng: np.round(rng.dirichlet(np.ones(3), ROWS), 3))
    mixed = lambda n, x: 0.5 * softmax(logits(3)(n, x)) + 0.25
    add("categorical_crossentropy of probabilities", cce, f"0.5 * ({body}dense(3, softmax)) + 0.25", "category(3)",
        mixed, plain(sparse_p), lambda p: p, three)
    add("categorical_crossentropy of probabilities and soft labels", cce, f"0.5 * ({body}dense(3, softmax)) + 0.25",
        "float[3]", mixed, plain(dense_p), lambda p: p, lambda rng: np.round(rng.dirichlet(np.ones(3), ROWS), 3))
    steps = lambda n, x: n.dense("y.dense_2", jnp.reshape(n.dense("y.dense", x, 8, "tanh"), (-1, 4, 2)), 3)
    add("categorical_crossentropy of sequences", cce, "x |> dense(8, tanh) |> reshape([4, 2]) |> dense(3, softmax)",
        "category(3)[4]", steps, plain(sparse), softmax, classes(3, ROWS, 4))

    def by_class(loss, weights):
        """Keras: a row's loss times its class's weight, still divided by the count of rows."""

        def rows(labels):
            def terms(y, p):
                w = jnp.asarray(weights if weights is not None else balanced(y))[jnp.asarray(y, int)]
                return rows_of(loss)(y if p.shape[-1] > 1 else same(y, p), p) * w
            return terms
        return rows

    def balanced(y):
        return compute_class_weight("balanced", classes=np.arange(3), y=np.asarray(y).astype(int))

    fixed = lambda labels: lambda rng: np.asarray(labels)
    uneven = fixed([0, 1, 1, 2, 1, 1, 0])
    add("class weights", cce, f"{body}dense(3, softmax)", "category(3)", logits(3), by_class(sparse, [0.5, 2.0, 1.25]),
        softmax, uneven, "class_weights: [0.5, 2, 1.25]\n")
    add("class weights by name", cce, f"{body}dense(3, softmax)", 'category("a", "b", "c")', logits(3),
        by_class(sparse, [0.5, 2.0, 1.25]), softmax, uneven, "class_weights: { c: 1.25, a: 0.5, b: 2 }\n")
    add("class weights, balanced", cce, f"{body}dense(3, softmax)", "category(3)", logits(3), by_class(sparse, None),
        softmax, uneven, "class_weights: balanced\n")
    add("class weights of a binary label", bce, f"{body}dense(1, sigmoid)", "binary", logits(1),
        by_class(with_logits, [0.5, 3.0]), sigmoid, fixed([0, 1, 1, 0, 0, 1, 0]), "class_weights: [0.5, 3]\n")
    add("row weights", cce, f"{body}dense(3, softmax)", "category(3)", logits(3), plain(sparse), softmax, three,
        row_weight=np.array([1, 0, 2.5, 0.5, 1, 3, 0.25]),
        data='data {\n  from: "rows.csv"\n  x = a..d\n  y = y\n  row_weight: w\n}\n')


def build():
    traces = Traces()
    regressions(traces)
    cross_entropies(traces)
    return traces
