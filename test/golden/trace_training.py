"""The training step as a whole: several tasks, balancing, missing labels, accumulation, frozen weights.

What Keras has not is written out here from its definition; its optimizers still move the weights.
"""

import jax
import jax.numpy as jnp
import keras
import numpy as np
from tracing import Group, Task, Traces, draw, numbers, rows_of

ROWS = 8
K, O, R = keras.losses, keras.optimizers, keras.regularizers
X = {"x": numbers(ROWS, 4)}
SPARSE = rows_of(K.SparseCategoricalCrossentropy(True, reduction=None))
ABSOLUTE = lambda y, p: rows_of(K.MeanAbsoluteError(reduction=None))(jnp.reshape(y, p.shape), p)
SOFTMAX = lambda z: keras.ops.softmax(z, -1)
TRUNK = "input x: float[4]\nshared trunk = dense(5, tanh)\nh = x |> trunk\n"


def task(name, output, label, loss, *settings):
    lines = "".join(f"{s}\n" for s in settings)
    return f"task {name} {{\noutput = {output}\nlabel: {label}\nloss: {loss}\n{lines}}}\n"


def heads(*names_and_units):
    def forward(n, i):
        h = n.dense("trunk.dense", i["x"], 5, "tanh")
        return {name: n.dense(f"{name}.dense", h, units) for name, units in names_and_units}

    return forward


def gaps(values, rows):
    values = np.array(values, float)
    values[list(rows)] = np.nan
    return values


def plain(traces):
    two = TRUNK + task("a", "h |> dense(2)", "float[2]", "mse") + task(
        "b", "h |> dense(3, softmax)", "category(3)", "categorical_crossentropy", "weight: 0.3")
    both = lambda rng: {"a": Task(draw(rng, (ROWS, 2), 1.0)),
                        "b": Task(rng.integers(0, 3, ROWS), SPARSE, SOFTMAX, weight=0.3)}
    forward = heads(("a", 2), ("b", 3))
    adam = lambda *claims: lambda: [*claims, Group(lambda: O.Adam(0.02))]
    traces.add("two tasks with static weights", two, X, forward, both, batch=4)
    traces.add("freeze", two, X, forward, both, "optimizer: adam(lr: 0.02)\nfreeze: [trunk.*, b.dense.bias]",
               lambda: [Group(lambda: None, lambda k: k.startswith("trunk.") or k == "b.dense.bias"),
                        Group(lambda: O.Adam(0.02))], batch=4)
    traces.add("accumulate", two, X, forward, both, "optimizer: adam(lr: 0.02)", adam(), batch=2, accumulate=2)
    traces.add("accumulate a whole epoch", two, X, forward, both, "optimizer: sgd(lr: 0.1, momentum: 0.5)",
               lambda: [Group(lambda: O.SGD(0.1, momentum=0.5))], batch=2, accumulate=4)

    def onward(n, i):
        a = n.dense("a.dense", n.dense("trunk.dense", i["x"], 5, "tanh"), 2)
        return {"a": a, "b": n.dense("b.dense", jnp.concatenate([jax.lax.stop_gradient(a), i["x"]], -1), 3)}

    traces.add("a task on another task's output", TRUNK + task("a", "h |> dense(2)", "float[2]", "mse") + task(
        "b", "concat(a.output |> detach, x) |> dense(3, softmax)", "category(3)", "categorical_crossentropy",
        "weight: 0.3"), X, onward, both)


def uncertainty(losses, tasks, s, shares):
    """Kendall, Gal and Cipolla 2018, equations 7 and 10, for each labelled row, times the static weight."""
    total = 0.0
    for t, loss in losses.items():
        precise, log = jnp.exp(-s[t]) * loss, s[t] * shares[t]
        form = {"gaussian": 0.5 * precise + 0.5 * log, "laplace": precise + log, "categorical": precise + 0.5 * log}
        total = total + tasks[t].weight * form[tasks[t].noise]
    return total


def noisy(noise, *args, **kw):
    made = Task(*args, **kw)
    made.noise = noise
    return made


def balancing(traces):
    model = (TRUNK + task("a", "h |> dense(2)", "float[2]", "mse", "weight: 2")
             + task("b", "h |> dense(3, softmax)", "category(3)", "categorical_crossentropy")
             + task("c", "h |> dense(1)", "float", "mae", "weight: 0.5")
             + task("d", "h |> dense(1)", "float", "huber"))
    huber = rows_of(K.Huber(reduction=None))
    tasks = lambda rng: {
        "a": noisy("gaussian", draw(rng, (ROWS, 2), 1.0), weight=2.0),
        "b": noisy("categorical", rng.integers(0, 3, ROWS), SPARSE, SOFTMAX),
        "c": noisy("laplace", draw(rng, (ROWS,), 1.0), ABSOLUTE, weight=0.5),
        "d": noisy("gaussian", draw(rng, (ROWS,), 1.0), lambda y, p: huber(jnp.reshape(y, p.shape), p)),
    }
    forward = heads(("a", 2), ("b", 3), ("c", 1), ("d", 1))
    for text, start, lr in [("uncertainty", 0.0, 0.001), ("uncertainty(initial: 0.3, lr: 0.1)", 0.3, 0.1)]:
        traces.add(text, model, X, forward, tasks, f"optimizer: sgd(lr: 0.1)\nbalance: {text}", balance=uncertainty,
                   own={t: (start, lr) for t in "abcd"}, batch=4)

    missing = (TRUNK + task("a", "h |> dense(2)", "float[2]", "mse")
               + task("b", "h |> dense(3, softmax)", "category(3)?", "categorical_crossentropy", "weight: 0.7"))
    traces.add("uncertainty with missing labels", missing, X, heads(("a", 2), ("b", 3)), lambda rng: {
        "a": noisy("gaussian", draw(rng, (ROWS, 2), 1.0)),
        "b": noisy("categorical", gaps(rng.integers(0, 3, ROWS), [1, 4, 5, 6, 7]), SPARSE, SOFTMAX, 0.7, True),
    }, "optimizer: adam(lr: 0.02)\nbalance: uncertainty(lr: 0.1)",
        lambda: [Group(lambda: O.Adam(0.02), lambda k: k.startswith("b."), ["b"]), Group(lambda: O.Adam(0.02))],
        balance=uncertainty, own={t: (0.0, 0.1) for t in "ab"}, batch=4)


def missing(traces):
    def labels(gone_a, gone_b):
        return lambda rng: {
            "a": Task(gaps(draw(rng, (ROWS, 2), 1.0), gone_a), optional=bool(gone_a)),
            "b": Task(gaps(rng.integers(0, 3, ROWS), gone_b), SPARSE, SOFTMAX, 0.6, True),
        }

    def model(a, *settings):
        return (TRUNK + task("a", "h |> dense(2)", f"float[2]{a}", "mse")
                + task("b", f"h |> dense(3, softmax{''.join(settings)})", "category(3)?", "categorical_crossentropy",
                       "weight: 0.6"))

    forward = heads(("a", 2), ("b", 3))
    head = lambda t, make: Group(make, lambda k: k.startswith(f"{t}."), [t])
    some, all_of_one_batch = [0, 2, 5], [1, 4, 5, 6, 7]
    traces.add("missing labels", model(""), X, forward, labels([], some))
    traces.add("missing labels in batches", model(""), X, forward, labels([], some), batch=3, steps=9)
    for text, make in [("adam(lr: 0.02)", lambda: O.Adam(0.02)),
                       ("adamw(lr: 0.02, decay: 0.2)", lambda: O.AdamW(0.02, weight_decay=0.2)),
                       ("sgd(lr: 0.1, momentum: 0.9)", lambda: O.SGD(0.1, momentum=0.9))]:
        traces.add(f"an absent task under {text}", model(""), X, forward, labels([], all_of_one_batch),
                   f"optimizer: {text}", lambda m=make: [head("b", m), Group(m)], batch=4)
    # In the third batch of four neither task has a label, so that nothing at all moves.
    adam = lambda: O.Adam(0.02)
    traces.add("absent tasks", model("?"), X, forward, labels([2, 3, 4, 5], [1, 4, 5, 6, 7]),
               "optimizer: adam(lr: 0.02)",
               lambda: [head("a", adam), head("b", adam), Group(adam, tasks=["a", "b"])], batch=2, steps=12)
    traces.add("an absent task and accumulation", model(""), X, forward, labels([], [0, 1, 4, 5, 6, 7]),
               "optimizer: adam(lr: 0.02)", lambda: [head("b", adam), Group(adam)], batch=2, accumulate=2)

    def norm(limit):
        def clip(gradients):
            size = np.sqrt(sum(float(jnp.sum(g * g)) for g in gradients.values()))
            return {k: g * (limit / max(size, limit)) for k, g in gradients.items()}

        return clip

    # The absent head's l2 term moves nothing, so it takes no part in the norm either.
    traces.add("an absent task, l2 and a clip", model("", ", kernel_regularizer: l2(0.5)"), X, forward,
               labels([], all_of_one_batch), "optimizer: adam(lr: 0.02)\nclip: global_norm(0.5)",
               lambda: [head("b", adam), Group(adam)], batch=4, clip=norm(0.5),
               penalty=lambda p: R.L2(0.5)(p["b.dense.kernel"]))


def build():
    traces = Traces()
    for part in [plain, balancing, missing]:
        part(traces)
    return traces
