"""What the golden traces share: models of Keras layers as pure functions of named weights, and the training loop.

Gradients are jax's, optimizers are Keras's; everything is float64.
"""

import os

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"

import zlib

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras.src.backend.common import dtypes

keras.config.set_floatx("float64")
# On jax Keras promotes float64 to float32 now and then (in tanh, for one) unless told otherwise.
dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
keras.config.set_dtype_policy("float64")


def draw(rng, shape, scale=0.5):
    """Short decimals, which JSON holds exactly."""
    return np.round(rng.normal(0, scale, shape), 3)


class Net:
    """Named weights and library state of one model; the first pass builds its layers and draws the weights."""

    def __init__(self, rng):
        self.rng = rng
        self.layers = {}
        self.initial = {}
        self.initial_state = {}

    def begin(self, weights=None, state=None, training=False):
        self.p = self.initial if weights is None else weights
        self.s = self.initial_state if state is None else state
        self.training = training
        self.next = {}

    def weight(self, path, shape, around=0.0):
        if path not in self.initial:
            self.initial[path] = np.round(draw(self.rng, shape) + around, 3)
        return self.p[path]

    def keras(self, path, make, names, *args, state=(), shapes=None, **kwargs):
        """Applies a Keras layer whose weights are `path.name`; `shapes` says how we shape them where Keras does otherwise."""
        if path not in self.layers:
            layer = make()
            layer(*args, **kwargs)
            self.layers[path] = layer
        layer = self.layers[path]
        values = []
        assert len(names) == len(layer.trainable_variables), (path, [v.path for v in layer.trainable_variables])
        for name, variable in zip(names, layer.trainable_variables):
            shape = (shapes or {}).get(name, variable.shape)
            value = self.weight(f"{path}.{name}", shape, 1.0 if name == "gamma" else 0.0)
            values.append(jnp.reshape(value, variable.shape))
        kept = [v.value for v in layer.non_trainable_variables]
        for i, (name, start) in enumerate(state):
            full = f"{path}.{name}"
            if full not in self.initial_state:
                self.initial_state[full] = np.full(layer.non_trainable_variables[i].shape, start)
            kept[i] = self.s[full]
        out, after = layer.stateless_call(values, kept, *args, **kwargs)
        for i, (name, _) in enumerate(state):
            if self.training:
                self.next[f"{path}.{name}"] = after[i]
        return out

    def dense(self, path, x, units, activation=None, bias=True):
        names = ["kernel", "bias"] if bias else ["kernel"]
        make = lambda: keras.layers.Dense(units, activation=activation, use_bias=bias)
        return self.keras(path, make, names, x)


def rows_of(loss):
    """A Keras loss as one number a row: the mean over the label's own dimensions."""

    def rows(y, p):
        values = loss(y, p)
        return jnp.mean(values.reshape(values.shape[0], -1), axis=1)

    return rows


def mse(y, p):
    """Row by row."""
    loss = keras.losses.MeanSquaredError(reduction=None)
    return rows_of(loss)(jnp.reshape(y, p.shape), p)


class Task:
    """`elements`: dimensions of what has a loss of its own in a row; `spread`: each is over a last axis of the label."""

    def __init__(self, label, rows=mse, predict=lambda p: p, weight=1.0, optional=False, elements=(), spread=False):
        self.label = np.asarray(label)
        self.rows = rows
        self.predict = predict
        self.weight = weight
        each = self.label.reshape(len(self.label), *elements, -1).astype(float)
        assert spread or not elements or each.shape[-1] == 1
        self.present = ~np.isnan(each).any(axis=-1)
        self.optional = optional
        assert optional or self.present.all()
        # Rates are over the training part; a missing label's value does not matter.
        self.rate = self.present.mean()
        self.filled = np.nan_to_num(self.label)


class Group:
    """Weights with one optimizer; `tasks`: it sits a step out in which all of these are absent."""

    def __init__(self, make, claims=lambda path: True, tasks=None):
        self.optimizer = make()
        self.claims = claims
        self.tasks = tasks


def json_tensor(value):
    value = np.asarray(value, float)
    return {"shape": list(value.shape), "data": value.ravel().tolist()}


def losses_of(tasks, outputs, part, row_weight=None):
    """Each task's loss in a batch: a sum over its labelled rows, by how many of them are to be expected."""
    losses = {}
    for t, task in tasks.items():
        terms = task.rows(task.filled[part], outputs[t])
        assert outputs[t].dtype == terms.dtype == np.float64
        present = task.present[part]
        if row_weight is not None:
            terms = terms * row_weight[part].reshape(-1, *[1] * (terms.ndim - 1))
        assert terms.shape == present.shape
        losses[t] = jnp.sum(jnp.where(present, terms, 0.0)) / (present.size * task.rate)
    return losses


def shares_of(tasks, part):
    """The labels of a batch over those that are to be expected."""
    return {t: task.present[part].mean() / task.rate for t, task in tasks.items()}


def fixed(losses, tasks, *_):
    return sum(tasks[t].weight * losses[t] for t in losses)


class Traces:
    """The cases of one JSON file."""

    def __init__(self):
        self.cases = []

    def add(self, name, model, inputs, forward, tasks, train="optimizer: sgd(lr: 0.1)", groups=None, batch=None,
            steps=10, schedule=None, penalty=None, balance=fixed, own=(), row_weight=None, data="",
            accumulate=1, blocks="", clip=lambda gradients: gradients):
        """Trains `forward(net, inputs) -> {task: output}` for ten steps, and writes down what happened."""
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        inputs = {k: np.asarray(v(rng) if callable(v) else v) for k, v in inputs.items()}
        tasks = tasks(rng) if callable(tasks) else tasks
        rows = len(next(iter(inputs.values())))
        size = rows if batch is None else batch
        per_epoch = -(-rows // size) // accumulate
        assert steps % per_epoch == 0, name
        net = Net(rng)
        net.begin()
        forward(net, inputs)
        variables = {k: keras.Variable(v, dtype="float64") for k, v in net.initial.items()}
        state = dict(net.initial_state)
        groups = groups() if groups else [Group(lambda: keras.optimizers.SGD(0.1))]
        owned = []
        for g in groups:
            paths = [k for k in variables if k not in owned and g.claims(k)]
            owned += paths
            g.paths = paths
            if g.optimizer is not None:
                g.optimizer.build([variables[k] for k in paths])
        # A balancer's scalars have an adam each.
        scalars = {t: keras.Variable(v, dtype="float64") for t, (v, _) in dict(own).items()}
        adams = {t: keras.optimizers.Adam(lr) for t, (_, lr) in dict(own).items()}

        def total(values, extra, state, part):
            part = np.asarray(part)
            net.begin(values, state, True)
            outputs = forward(net, {k: v[part] for k, v in inputs.items()})
            losses = losses_of(tasks, outputs, part, row_weight)
            present = {t: v for t, v in losses.items() if tasks[t].present[part].any()}
            loss = jnp.float64(0) + balance(present, tasks, extra, shares_of(tasks, part))
            if penalty is not None:
                loss = loss + penalty(values)
            return loss, (losses, net.next)

        gradient = jax.jit(jax.grad(total, argnums=(0, 1), has_aux=True), static_argnums=3)
        recorded, rows_seen = [], []
        at = 0
        for step in range(steps):
            epoch = step // per_epoch
            sums, extra_sums, seen, shown = None, None, set(), []
            for _ in range(accumulate):
                part = np.arange(at, min(at + size, rows))
                at = 0 if part[-1] == rows - 1 else at + size
                values = {k: v.value for k, v in variables.items()}
                extra = {t: v.value for t, v in scalars.items()}
                (g, ge), (losses, after) = gradient(values, extra, state, tuple(part))
                state = {**state, **after}
                here = {t for t in tasks if tasks[t].present[part].any()}
                seen |= here
                shown.append({t: float(v) if t in here else None for t, v in losses.items()})
                rows_seen.append(len(part))
                add = lambda a, b: b if a is None else {k: a[k] + b[k] for k in b}
                sums, extra_sums = add(sums, g), add(extra_sums, ge)
            recorded += shown
            moving = [g for g in groups if g.optimizer and g.paths and (not g.tasks or seen & set(g.tasks))]
            clipped = clip({k: sums[k] / accumulate for g in moving for k in g.paths})
            for group in moving:
                if schedule is not None:
                    group.optimizer.learning_rate = schedule(step, epoch, steps)
                group.optimizer.apply([clipped[k] for k in group.paths], [variables[k] for k in group.paths])
            for t, scalar in scalars.items():
                if t in seen:
                    adams[t].apply([extra_sums[t] / accumulate], [scalar])
        epochs = steps // per_epoch
        spec = spec_of(model, train, epochs, batch, accumulate, data, blocks)
        self.write(name, spec, net, forward, inputs, tasks, {k: v.value for k, v in variables.items()}, state,
                   recorded, rows_seen, epochs, row_weight)

    def write(self, name, spec, net, forward, inputs, tasks, final, state, recorded, rows_seen, epochs,
              row_weight=None):
        """Adds the case of a training that is over; `recorded` and `rows_seen` are its batches' losses and rows."""
        shown = [sum(v for v in losses.values() if v is not None) for losses in recorded]
        assert all(np.isfinite(shown)) and max(shown) < 200, (name, shown)
        net.begin(final, state, False)
        outputs = forward(net, inputs)
        # An epoch's loss is the mean over its rows; an absent task's batches count, as its rate is over all rows.
        chunk = len(recorded) // epochs
        rows = len(next(iter(inputs.values())))
        means = [
            {t: sum((recorded[i][t] or 0.0) * rows_seen[i] for i in range(e * chunk, (e + 1) * chunk)) / rows
             for t in tasks}
            for e in range(epochs)
        ]
        listed = lambda a: [None if np.isnan(x) else x for x in a.ravel().tolist()]
        self.cases.append({
            "name": name,
            "spec": spec,
            "weights": {k: json_tensor(v) for k, v in net.initial.items()},
            "inputs": {k: v.ravel().tolist() for k, v in inputs.items()},
            "labels": {t: listed(task.label.astype(float)) for t, task in tasks.items()},
            **({} if row_weight is None else {"rowWeight": row_weight.tolist()}),
            # Batch by batch; several make a step where gradients accumulate.
            "losses": recorded,
            "epochLosses": means,
            "finalWeights": {k: json_tensor(v) for k, v in {**final, **state}.items()},
            "predictions": {t: np.asarray(task.predict(outputs[t])).ravel().tolist() for t, task in tasks.items()},
        })


def spec_of(model, train, epochs, batch, accumulate=1, data="", blocks=""):
    settings = f"  epochs: {epochs}\n  batch: {'full' if batch is None else batch}\n  shuffle: false\n"
    if accumulate > 1:
        settings += f"  accumulate: {accumulate}\n"
    return f"{blocks}model M {{\n{indent(model)}}}\ntrain {{\n{indent(train)}{settings}}}\n{data}"


def indent(text):
    lines = [line.strip() for line in text.strip().splitlines()]
    depth, out = 1, ""
    for line in lines:
        depth -= line.startswith("}")
        out += "  " * depth + line + "\n"
        depth += line.endswith("{")
    return out


def numbers(*shape, scale=1.0):
    return lambda rng: draw(rng, shape, scale)


def classes(count, *shape):
    return lambda rng: rng.integers(0, count, shape)
