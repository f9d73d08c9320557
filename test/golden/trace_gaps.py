"""Labels with dimensions of which single elements are missing: each counts as a row of its own would."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
from tracing import Task, Traces, draw, numbers

ROWS = 12
K = keras.losses


def element(loss):
    """Keras's loss over a last axis of one number: one loss a number."""
    return lambda y, p: loss(jnp.reshape(y, p.shape)[..., None], p[..., None])


def holes(rng, values, share):
    """Takes single elements out, and a row as a whole."""
    values = np.array(values, float)
    values[rng.uniform(size=values.shape) < share] = np.nan
    values[3] = np.nan
    return values


def weighted(terms, weights):
    """Class weights, element by element; `balanced` is scikit-learn's over the labels that are there."""

    def of(y, p):
        return terms(y, p) * jnp.asarray(weights)[jnp.asarray(y, int)]

    return of


def balanced(label, classes):
    known = label[~np.isnan(label)].astype(int)
    return len(known) / (classes * np.bincount(known, minlength=classes))


def uncertainty(losses, tasks, scalars, shares):
    """Kendall, Gal and Cipolla 2018; the terms without a loss count for the share of the labels that a batch has."""
    total = 0.0
    for t, loss in losses.items():
        s = scalars[t]
        first = jnp.exp(-s) * loss * (0.5 if tasks[t].noise == "gaussian" else 1.0)
        total += tasks[t].weight * (first + 0.5 * s * shares[t])
    return total


BCE = element(K.BinaryCrossentropy(True, reduction=None))
MSE = element(K.MeanSquaredError(reduction=None))
MAE = element(K.MeanAbsoluteError(reduction=None))
HUBER = element(K.Huber(reduction=None))
SPARSE = K.SparseCategoricalCrossentropy(True, reduction=None)
DENSE = K.CategoricalCrossentropy(True, reduction=None)


def task(name, stages, label, loss, settings=""):
    return f"task {name} {{\noutput = h |> {stages}\nlabel: {label}\nloss: {loss}\n{settings}}}\n"


def build():
    traces = Traces()
    hidden = "input x: float[4]\nh = x |> dense(6, tanh)\n"
    body = lambda n, i: n.dense("h.dense", i["x"], 6, "tanh")

    def add(name, tasks, shapes, labels, **options):
        """`shapes`: each task's output, made by one dense layer; `labels(rng)`: its Tasks."""

        def forward(n, i):
            h = body(n, i)
            return {
                t: jnp.reshape(n.dense(f"{t}.dense", h, int(np.prod(s))), (-1, *s)) for t, s in shapes.items()
            }

        traces.add(name, hidden + "".join(tasks), {"x": numbers(ROWS, 4)}, forward, labels, **options)

    add("attributes", [task("a", "dense(6, sigmoid)", "binary[6]?", "binary_crossentropy")], {"a": (6,)},
        lambda rng: {"a": Task(holes(rng, rng.integers(0, 2, (ROWS, 6)), 0.4), BCE, jax.nn.sigmoid, optional=True, elements=(6,))})
    add("an image with unlabelled pixels, in batches", [task("a", "dense(6) |> reshape([2, 3])", "float[2, 3]?", "mse")],
        {"a": (2, 3)},
        lambda rng: {"a": Task(holes(rng, draw(rng, (ROWS, 2, 3)), 0.3), MSE, optional=True, elements=(2, 3))}, batch=4, steps=9)
    add("sequences labelled up to their ends", [task("a", "dense(12) |> reshape([4, 3])", "category(3)[4]?", "categorical_crossentropy")],
        {"a": (4, 3)},
        lambda rng: {"a": Task(ends(rng, 4), SPARSE, jax.nn.softmax, optional=True, elements=(4,))}, batch=5, steps=9)
    add("one action in four", [task("a", "dense(4)", "float[4]?", "huber")], {"a": (4,)},
        lambda rng: {"a": Task(one_of(rng, 4), HUBER, optional=True, elements=(4,))}, batch=3, steps=8)
    add("soft labels over the last axis: one loss for each position",
        [task("a", "dense(6) |> reshape([2, 3])", "float[2, 3]?", "categorical_crossentropy")], {"a": (2, 3)},
        lambda rng: {"a": Task(soft(rng), DENSE, optional=True, elements=(2,), spread=True)}, batch=4, steps=9)
    add("soft labels of a row", [task("a", "dense(3)", "float[3]?", "categorical_crossentropy")], {"a": (3,)},
        lambda rng: {"a": Task(soft(rng)[:, 0], DENSE, optional=True, elements=(), spread=True)}, batch=4, steps=9)
    weights = [0.5, 2.0]
    add("class weights of elements", [task("a", "dense(5)", "binary[5]?", "binary_crossentropy", "class_weights: [0.5, 2]\n")],
        {"a": (5,)},
        lambda rng: {"a": Task(holes(rng, rng.integers(0, 2, (ROWS, 5)), 0.4), weighted(BCE, weights), jax.nn.sigmoid,
                               optional=True, elements=(5,))})

    def even(rng):
        label = holes(rng, rng.integers(0, 3, (ROWS, 4)), 0.3)
        return {"a": Task(label, weighted(SPARSE, balanced(label, 3)), jax.nn.softmax, optional=True, elements=(4,))}

    add("balanced class weights of elements",
        [task("a", "dense(12) |> reshape([4, 3])", "category(3)[4]?", "categorical_crossentropy", "class_weights: balanced\n")],
        {"a": (4, 3)}, even, batch=6)
    add("row weights of elements", [task("a", "dense(3)", "float[3]?", "mae")], {"a": (3,)},
        lambda rng: {"a": Task(holes(rng, draw(rng, (ROWS, 3)), 0.3), MAE, optional=True, elements=(3,))},
        row_weight=np.array([1, 0, 2.5, 0.5, 1, 3, 0.25, 1, 2, 0, 1, 0.5]),
        data='data {\n  from: "rows.csv"\n  x = a..d\n  a = e..g\n  row_weight: w\n}\n')

    def three(rng):
        made = {
            "a": Task(holes(rng, rng.integers(0, 2, (ROWS, 3)), 0.5), BCE, jax.nn.sigmoid, 0.5, True, (3,)),
            "b": Task(holes(rng, draw(rng, (ROWS, 2)), 0.6), MSE, optional=True, elements=(2,)),
            "c": Task(draw(rng, (ROWS, 2, 2)), MSE, weight=2.0, elements=(2, 2)),
        }
        made["a"].noise, made["b"].noise, made["c"].noise = "categorical", "gaussian", "gaussian"
        return made

    tasks = [
        task("a", "dense(3, sigmoid)", "binary[3]?", "binary_crossentropy", "weight: 0.5\n"),
        task("b", "dense(2)", "float[2]?", "mse"),
        task("c", "dense(4) |> reshape([2, 2])", "float[2, 2]", "mse", "weight: 2\n"),
    ]
    shapes = {"a": (3,), "b": (2,), "c": (2, 2)}
    add("three tasks with gaps of their own", tasks, shapes, three, batch=4, steps=9)
    add("three tasks with gaps, gradients added up", tasks, shapes, three, batch=2, accumulate=3, steps=8)
    add("three tasks with gaps, balanced by uncertainty", tasks, shapes, three, batch=4, steps=9, balance=uncertainty,
        train="optimizer: sgd(lr: 0.1)\nbalance: uncertainty(lr: 0.1)\n", own=[(t, (0.0, 0.1)) for t in "abc"])
    return traces


def ends(rng, length):
    label = rng.integers(0, 3, (ROWS, length)).astype(float)
    for row, end in enumerate(rng.integers(0, length + 1, ROWS)):
        label[row, end:] = np.nan
    return label


def one_of(rng, actions):
    label = np.full((ROWS, actions), np.nan)
    label[np.arange(ROWS), rng.integers(0, actions, ROWS)] = draw(rng, ROWS, 1.5)
    return label


def soft(rng):
    label = np.round(rng.dirichlet(np.ones(3), (ROWS, 2)), 3)
    # One number that is missing takes its position's loss along.
    label[1, 0, 2] = label[5, 1, 0] = np.nan
    label[7] = np.nan
    return label
