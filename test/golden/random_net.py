"""What random models are made of: values that are text and function at once, and the weights' paths."""

import dataclasses
import typing

import jax.numpy as jnp
import keras
import numpy as np
from tracing import Net


class RandomNet(Net):
    """Weights are small enough for deep models, and none is exactly 0, where l1 has its kink."""

    cut = False

    def detach(self, x):
        """`cut`: nothing of x gets through."""
        return jnp.zeros_like(x) if self.cut else keras.ops.stop_gradient(x)

    def weight(self, path, shape, around=0.0):
        if path not in self.initial:
            fan = max(1, int(np.prod(shape[:-1])))
            drawn = np.round(self.rng.normal(0, min(0.5, 1.2 / np.sqrt(fan)), shape) + around, 3)
            self.initial[path] = np.where(drawn == 0, 0.017, drawn)
        return self.p[path]

    def batch_norm(self, path, x, momentum, epsilon, center, scale, correction):
        """Keras's layer; moving statistics keep at most 1 - 1/t at step t, unless the correction is off."""
        # A layer that is used again goes on from its first use.
        if self.next:
            self.s = {**self.s, **self.next}
        steps = f"{path}.moving_steps"
        if correction:
            self.initial_state.setdefault(steps, np.zeros(()))
            self.s.setdefault(steps, self.initial_state[steps])
        make = lambda: keras.layers.BatchNormalization(momentum=momentum, epsilon=epsilon, center=center, scale=scale)
        statistics = [("moving_mean", 0.0), ("moving_variance", 1.0)]
        names = [name for name, there in [("gamma", scale), ("beta", center)] if there]
        out = self.keras(path, make, names, x, state=statistics, training=self.training)
        if correction and self.training:
            t = self.s[steps] + 1
            keep = jnp.minimum(momentum, 1 - 1 / t)
            axes = tuple(range(x.ndim - 1))
            for name, now in [("moving_mean", jnp.mean(x, axes)), ("moving_variance", jnp.var(x, axes))]:
                self.next[f"{path}.{name}"] = keep * self.s[f"{path}.{name}"] + (1 - keep) * now
            self.next[steps] = t
        return out


@dataclasses.dataclass
class Stage:
    """What may stand behind a pipe; `of(net, x)` is the same in Keras."""

    text: str
    shape: tuple
    of: typing.Callable


@dataclasses.dataclass
class Value:
    """`of(net, env)` computes it, where `env` has the inputs and bindings by name."""

    text: str
    shape: tuple
    of: typing.Callable
    classes: int | None = None

    def __or__(self, stage):
        return Value(f"{self.text} |> {stage.text}", stage.shape, lambda n, env: stage.of(n, self.of(n, env)))


class Scope:
    """The second layer of a kind in one place is `kind_2`."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.counts = {}

    def path(self, kind):
        count = self.counts[kind] = self.counts.get(kind, 0) + 1
        return f"{self.prefix}.{kind}" + (f"_{count}" if count > 1 else "")


class Draw:
    """Chances and choices of one model, and what it gathers."""

    def __init__(self, rng):
        self.rng = rng
        self.blocks = {}
        self.imports = set()
        self.penalties = []
        self.names = 0

    def fresh(self, name):
        self.names += 1
        return f"{name}{self.names}"

    def chance(self, share):
        return bool(self.rng.uniform() < share)

    def pick(self, items):
        return items[int(self.rng.integers(len(items)))]

    def among(self, low, high):
        """A whole number, both ends included."""
        return int(self.rng.integers(low, high + 1))

    def number(self, low, high):
        return round(float(self.rng.uniform(low, high)), 3)


def size_of(shape):
    return int(np.prod(shape))


def dims(shape):
    return f"[{', '.join(map(str, shape))}]"


def options(*given):
    """`, a: 1, b: 2` of what is not None."""
    return "".join(f", {name}: {str(value).lower() if isinstance(value, bool) else value}"
                   for name, value in given if value is not None)
