"""Random ways to train, and the training: the step's rules are written out, gradients are jax's, optimizers Keras's."""

import fnmatch
import functools

import jax
import jax.numpy as jnp
import keras
import numpy as np
from keras.src.losses.loss import reduce_weighted_values
from trace_optimizers import cosine, exponential

O = keras.optimizers
# Each program runs a few times only.
jit = functools.partial(jax.jit, compiler_options={"xla_backend_optimization_level": 0})


def schedule(d, lr, epochs):
    """A learning rate's text, and its value at (step, epoch, steps)."""
    half = round(lr / 2, 4)
    factor, every = d.number(0.3, 0.9), d.among(1, 3)
    warm = d.among(1, 3)
    staircase = d.chance(0.4)
    fall = lambda s: exponential(lr, factor, every, s, staircase)
    falling = f"exponential(start: {lr}, factor: {factor}, every: {every}{', staircase: true' if staircase else ''})"
    rise = lambda s: min((s + 1) / warm, 1)
    constant = (str(lr), lambda s, e, t: lr)
    return d.pick([
        constant, constant, constant,
        (falling, lambda s, e, t: fall(s)),
        (f"cosine(peak: {lr}, floor: {half})", lambda s, e, t: cosine(lr, 0, half, s, t)),
        (f"cosine(peak: {lr}, warmup: {warm})", lambda s, e, t: cosine(lr, warm, 0, s, t)),
        (f"step(start: {lr}, every: {every}, factor: {factor})", lambda s, e, t: lr * factor ** (e // every)),
        (f"warmup({warm}, to: {lr})", lambda s, e, t: lr * rise(s)),
        (f"warmup({warm}, to: {falling})", lambda s, e, t: fall(max(s - warm, 0)) * rise(s)),
    ])


class Optimizer:
    def __init__(self, d, epochs, descent):
        small, large = d.number(0.005, 0.03), d.number(0.02, 0.1)
        mu, decay, beta = d.number(0.3, 0.9), d.number(0.01, 0.3), d.number(0.6, 0.95)
        adam = dict(beta_1=beta, beta_2=0.95, epsilon=0.001)
        betas = f"beta_1: {beta}, beta_2: 0.95, epsilon: 0.001"
        kinds = [
            ("sgd", large, "", lambda: O.SGD()),
            ("sgd", large / 2, f", momentum: {mu}", lambda: O.SGD(momentum=mu)),
            ("sgd", large / 2, f", momentum: {mu}, nesterov: true", lambda: O.SGD(momentum=mu, nesterov=True)),
            ("momentum", large / 4, "", lambda: O.SGD(momentum=0.9)),
            ("momentum", large / 2, f", momentum: {mu}, nesterov: true", lambda: O.SGD(momentum=mu, nesterov=True)),
            ("adam", small, f", {betas}", lambda: O.Adam(**adam)),
            ("adamw", small, f", decay: {decay}, {betas}", lambda: O.AdamW(weight_decay=decay, **adam)),
        ]
        name, lr, rest, self.make = ("gd", large, "", lambda: O.SGD()) if descent else d.pick(kinds)
        rate, self.rate = schedule(d, round(lr, 4), epochs)
        self.text = f"{name}(lr: {rate}{rest})"


def norm(limit):
    def clip(gradients):
        size = np.sqrt(sum(float(jnp.sum(g * g)) for g in gradients.values()))
        return {k: g * (limit / max(size, limit)) for k, g in gradients.items()}

    return clip


def value(limit):
    return lambda gradients: {k: jnp.clip(g, -limit, limit) for k, g in gradients.items()}


def uncertainty(losses, shares, tasks, s):
    """Kendall, Gal and Cipolla 2018, equations 7 and 10; terms without a loss count for the labels that a batch has."""
    total = 0.0
    for t, loss in losses.items():
        first = jnp.exp(-s[t]) * loss * (0.5 if tasks[t].noise == "gaussian" else 1)
        second = s[t] * shares[t] * (1 if tasks[t].noise == "laplace" else 0.5)
        total = total + tasks[t].weight * (first + second)
    return total


class Plan:
    """How one model is trained: text and settings."""

    def __init__(self, d, rows, paths):
        self.batch = d.pick([None, None, 1, d.among(2, rows), d.among(2, rows), d.among(2, rows)])
        self.size = rows if self.batch is None else self.batch
        batches = -(-rows // self.size)
        self.accumulate = 1 if batches == 1 else d.pick([1, 1, d.among(2, 3)]) if batches < 5 else d.among(2, 3)
        self.per_epoch = -(-batches // self.accumulate)
        self.epochs = max(1, round(5 / self.per_epoch))
        self.steps = self.epochs * self.per_epoch
        # One step an epoch is for all weights or for none.
        descent = self.batch is None and self.accumulate == 1 and d.chance(0.15)
        optimizer = lambda: Optimizer(d, self.epochs, descent)
        self.default = optimizer()
        self.by_pattern, self.frozen = {}, {}
        lines = [f"optimizer: {self.default.text}"]
        tops = sorted({p.split(".")[0] for p in paths})
        patterns = [f"{top}.*" for top in tops]
        if d.chance(0.25):
            patterns = [f"*.{kind}" for kind in ["kernel", "bias", "beta"] if any(p.endswith(f".{kind}") for p in paths)]
        for i in d.rng.permutation(len(patterns))[:d.pick([0, 0, 1, 2, 3])]:
            self.by_pattern[patterns[i]] = made = optimizer()
            lines.append(f"optimizer {patterns[i]}: {made.text}")
        if d.chance(0.15) and len(tops) > 2:
            start = d.among(1, self.epochs)
            until = d.pick([None, d.among(start, self.epochs)])
            pattern = f"{d.pick(tops)}.*"
            self.frozen[pattern] = (start, until or self.epochs)
            lines.append(f"freeze {pattern}: {{ from: {start}{'' if until is None else f', until: {until}'} }}")
        self.clip = lambda gradients: gradients
        if d.chance(0.3):
            limit = d.number(0.05, 0.8)
            kind, make = d.pick([("global_norm", norm), ("value", value)])
            self.clip = make(limit)
            lines.append(f"clip: {kind}({limit})")
        self.uncertain = None
        if d.chance(0.35):
            self.uncertain = d.number(-0.5, 0.5), d.number(0.01, 0.1)
            lines.append(f"balance: uncertainty(initial: {self.uncertain[0]}, lr: {self.uncertain[1]})")
        self.text = "\n".join(lines)

    def optimizer_of(self, path):
        return next((o for p, o in self.by_pattern.items() if fnmatch.fnmatchcase(path, p)), self.default)

    def is_frozen(self, path, epoch):
        return any(fnmatch.fnmatchcase(path, p) and a <= epoch + 1 <= b for p, (a, b) in self.frozen.items())


class Training:
    """A model in training; `forward(net, inputs)` gives each task's logits."""

    def __init__(self, net, forward, inputs, tasks, plan, penalties, row_weights):
        self.net, self.forward, self.tasks, self.plan, self.penalties = net, forward, tasks, plan, penalties
        self.rows = len(next(iter(inputs.values())))
        self.inputs, self.row_weights = inputs, row_weights
        self.data = {
            "inputs": inputs,
            "labels": {t: task.filled for t, task in tasks.items()},
            "present": {t: task.present for t, task in tasks.items()},
            "weights": {t: row_weights(t, self.rows) for t in tasks},
        }
        self.reach = self.reached()

    def reached(self):
        """The tasks that a weight reaches: those whose outputs are NaN where it is, with zeros for what is detached."""

        def outputs(weights):
            self.net.begin(weights, self.net.initial_state, True)
            self.net.cut = True
            out = self.forward(self.net, {k: jnp.asarray(v) for k, v in self.inputs.items()})
            self.net.cut = False
            return {t: jnp.isnan(v).any() for t, v in out.items()}

        run = jit(outputs)
        nan = lambda k: {**self.net.initial, k: np.full_like(self.net.initial[k], np.nan)}
        return {k: {t for t, lost in run(nan(k)).items() if lost} for k in self.net.initial}

    def batch(self, part):
        return jax.tree.map(lambda a: jnp.asarray(np.asarray(a)[part]), self.data)

    def losses(self, outputs, batch):
        """Sums over what is there, by how much of it is to be expected; and the labels' share of that."""
        losses, shares = {}, {}
        for t, task in self.tasks.items():
            terms, present = task.rows(batch["labels"][t], outputs[t]), batch["present"][t]
            assert terms.shape == present.shape and terms.dtype == np.float64, (t, terms.shape, present.shape)
            terms = terms * batch["weights"][t].reshape(-1, *[1] * (terms.ndim - 1))
            expected = present.size * task.rate
            losses[t] = jnp.sum(jnp.where(present, terms, 0.0)) / expected
            shares[t] = jnp.sum(present) / expected
        return losses, shares

    def total(self, values, scalars, state, batch):
        self.net.begin(values, state, True)
        losses, shares = self.losses(self.forward(self.net, batch["inputs"]), batch)
        if self.plan.uncertain:
            loss = uncertainty(losses, shares, self.tasks, scalars)
        else:
            loss = sum(self.tasks[t].weight * v for t, v in losses.items())
        return loss, (losses, self.net.next)

    def run(self):
        plan, tasks = self.plan, self.tasks
        weights = {k: keras.Variable(v, dtype="float64") for k, v in self.net.initial.items()}
        optimizers = {k: plan.optimizer_of(k).make() for k in weights}
        scalars = {t: keras.Variable(plan.uncertain[0], dtype="float64") for t in tasks} if plan.uncertain else {}
        adams = {t: O.Adam(plan.uncertain[1]) for t in scalars}
        state = dict(self.net.initial_state)
        gradient = jit(jax.grad(self.total, argnums=(0, 1), has_aux=True))
        terms = jax.grad(lambda values: sum(term(values[k]) for k, term in self.penalties) + 0.0)
        steps = []
        for step in range(plan.steps):
            epoch, place = divmod(step, plan.per_epoch)
            start = place * plan.accumulate * plan.size
            stop = min(start + plan.accumulate * plan.size, self.rows)
            here = {t for t in tasks if tasks[t].present[start:stop].any()}
            values = {k: v.value for k, v in weights.items()}
            given = {t: v.value for t, v in scalars.items()}
            sums = jax.tree.map(jnp.zeros_like, (values, given, dict.fromkeys(tasks, jnp.float64(0))))
            for at in range(start, stop, plan.size):
                part = np.arange(at, min(at + plan.size, stop))
                (g, gs), (losses, after) = gradient(values, given, state, self.batch(part))
                state = {**state, **after}
                share = len(part) / (stop - start)
                sums = jax.tree.map(lambda a, b: a + share * b, sums, (g, gs, losses))
            steps.append(({t: float(v) if t in here else None for t, v in sums[2].items()}, stop - start))
            # A weight whose tasks all lack their labels sits the step out, and so does a frozen one. One that no loss reaches
            # (all that it feeds is behind `detach`) never moves: unlike Keras, we let no l1/l2 term and no decay move it alone.
            moving = [k for k in weights if not plan.is_frozen(k, epoch) and self.reach[k] & here]
            extra = terms(values) if self.penalties else sums[0]
            full = {k: sums[0][k] + (extra[k] if self.penalties else 0) for k in moving}
            for k, g in plan.clip(full).items():
                optimizers[k].learning_rate = plan.optimizer_of(k).rate(step, epoch, plan.steps)
                optimizers[k].apply([g], [weights[k]])
            for t in here & set(scalars):
                adams[t].apply([sums[1][t]], [scalars[t]])
        self.final, self.state, self.recorded = {k: v.value for k, v in weights.items()}, state, steps

    def epoch_losses(self):
        """Means over rows; an absent task's steps count, as its rate is over all rows."""
        per = self.plan.per_epoch
        chunks = [self.recorded[i:i + per] for i in range(0, len(self.recorded), per)]
        return [{t: sum((losses[t] or 0.0) * n for losses, n in chunk) / self.rows for t in self.tasks} for chunk in chunks]

    def outcome(self):
        """Predictions after it, and Keras's mean of the losses over the labels that are there."""

        def of(weights, state, data):
            self.net.begin(weights, state, False)
            out = self.forward(self.net, data["inputs"])
            losses = {}
            for t, task in self.tasks.items():
                terms = task.rows(data["labels"][t], out[t])
                weighing = jnp.broadcast_to(data["weights"][t].reshape(-1, *[1] * (terms.ndim - 1)), terms.shape)
                losses[t] = reduce_weighted_values(terms, weighing, data["present"][t], "sum_over_batch_size")
            return {t: task.predict(out[t]) for t, task in self.tasks.items()}, losses

        predictions, losses = jit(of)(self.final, self.state, self.batch(slice(None)))
        return {t: np.asarray(p) for t, p in predictions.items()}, {t: float(v) for t, v in losses.items()}
