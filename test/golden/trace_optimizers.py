"""Every optimizer, schedule, regularizer and clip."""

import keras
import numpy as np
from tracing import Group, Task, Traces, draw, numbers

ROWS = 8
MODEL = """
input x: float[4]
h = x |> dense(5, tanh{h})
task y {{
  output = h |> dense(2{y})
  label: float[2]
  loss: mse
}}
"""
O = keras.optimizers


def small(traces, name, train, groups, h="", y="", scale=1.0, **kw):
    def forward(n, i):
        return {"y": n.dense("y.dense", n.dense("h.dense", i["x"], 5, "tanh"), 2)}

    traces.add(name, MODEL.format(h=h, y=y), {"x": numbers(ROWS, 4)}, forward,
               lambda rng: {"y": Task(draw(rng, (ROWS, 2), scale))}, train=train,
               groups=groups if callable(groups) else lambda: groups, **kw)


def one(make):
    return lambda: [Group(make)]


def optimizers(traces):
    def add(text, make, **kw):
        small(traces, text, f"optimizer: {text}", one(make), **kw)

    add("gd(lr: 0.1)", lambda: O.SGD(0.1))
    add("gd", lambda: O.SGD(0.01))
    add("sgd", lambda: O.SGD(), batch=4)
    add("sgd(lr: 0.2)", lambda: O.SGD(0.2), batch=3, steps=9)
    add("sgd(lr: 0.05, momentum: 0.9)", lambda: O.SGD(0.05, momentum=0.9), batch=4)
    add("sgd(lr: 0.05, momentum: 0.8, nesterov: true)", lambda: O.SGD(0.05, momentum=0.8, nesterov=True), batch=4)
    add("momentum", lambda: O.SGD(momentum=0.9), batch=4)
    add("momentum(lr: 0.05, momentum: 0.7)", lambda: O.SGD(0.05, momentum=0.7))
    add("momentum(lr: 0.05, nesterov: true)", lambda: O.SGD(0.05, momentum=0.9, nesterov=True))
    add("adam", lambda: O.Adam(), batch=4)
    add("adam(lr: 0.02, beta_1: 0.8, beta_2: 0.95, epsilon: 0.001)",
        lambda: O.Adam(0.02, beta_1=0.8, beta_2=0.95, epsilon=0.001))
    add("adamw", lambda: O.AdamW(), batch=4)
    add("adamw(lr: 0.02, decay: 0.1, beta_1: 0.8, beta_2: 0.95, epsilon: 0.001)",
        lambda: O.AdamW(0.02, weight_decay=0.1, beta_1=0.8, beta_2=0.95, epsilon=0.001))
    small(traces, "two optimizers by path", "optimizer: adam(lr: 0.01)\noptimizer h.*: sgd(lr: 0.1, momentum: 0.9)",
          lambda: [Group(lambda: O.SGD(0.1, momentum=0.9), lambda k: k.startswith("h.")), Group(lambda: O.Adam(0.01))])
    small(traces, "two optimizers by weight", "optimizer: adam(lr: 0.01)\noptimizer *.bias: sgd(lr: 0.1)",
          lambda: [Group(lambda: O.SGD(0.1), lambda k: k.endswith(".bias")), Group(lambda: O.Adam(0.01))])


def cosine(peak, warmup, floor, step, total):
    """As the entry says: linearly to the peak, then half a cosine over the steps that remain."""
    if step < warmup:
        return peak * (step + 1) / warmup
    done = (step - warmup) / max(total - warmup, 1)
    return floor + (peak - floor) * 0.5 * (1 + np.cos(np.pi * done))


def exponential(start, factor, every, step, staircase=False):
    return float(O.schedules.ExponentialDecay(start, every, factor, staircase)(step))


def schedules(traces):
    def add(text, rate, **kw):
        small(traces, f"lr: {text}", f"optimizer: sgd(lr: {text}, momentum: 0.5)",
              one(lambda: O.SGD(0.1, momentum=0.5)), schedule=rate, **kw)

    add("constant(0.07)", lambda s, e, t: 0.07)
    add("cosine(peak: 0.2)", lambda s, e, t: cosine(0.2, 0, 0, s, t))
    add("cosine(peak: 0.2, warmup: 3, floor: 0.02)", lambda s, e, t: cosine(0.2, 3, 0.02, s, t), batch=4)
    add("step(start: 0.2, every: 2)", lambda s, e, t: 0.2 * 0.1 ** (e // 2), batch=4)
    add("step(start: 0.2, every: 3, factor: 0.5)", lambda s, e, t: 0.2 * 0.5 ** (e // 3))
    add("exponential(start: 0.2, factor: 0.5, every: 4)", lambda s, e, t: exponential(0.2, 0.5, 4, s))
    add("exponential(start: 0.2, factor: 0.5, every: 4, staircase: true)",
        lambda s, e, t: exponential(0.2, 0.5, 4, s, True))
    add("warmup(4, to: 0.2)", lambda s, e, t: 0.2 * min((s + 1) / 4, 1))
    add("warmup(4, to: exponential(start: 0.2, factor: 0.5, every: 3))",
        lambda s, e, t: exponential(0.2, 0.5, 3, max(s - 4, 0)) * min((s + 1) / 4, 1))
    add("warmup(4, to: cosine(peak: 0.2, floor: 0.01))",
        lambda s, e, t: cosine(0.2, 0, 0.01, max(s - 4, 0), t - 4) * min((s + 1) / 4, 1))
    small(traces, "lr of adam: cosine", "optimizer: adam(lr: cosine(peak: 0.05, warmup: 2, floor: 0.001))",
          one(lambda: O.Adam()), schedule=lambda s, e, t: cosine(0.05, 2, 0.001, s, t))
    small(traces, "lr of adamw: exponential, which decay follows",
          "optimizer: adamw(lr: exponential(start: 0.05, factor: 0.5, every: 2), decay: 0.2)",
          one(lambda: O.AdamW(weight_decay=0.2)), schedule=lambda s, e, t: exponential(0.05, 0.5, 2, s))


def bounds(traces):
    R = keras.regularizers

    def add(text, regularizer, where="kernel", kw="kernel_regularizer"):
        small(traces, f"{where}: {text}", "optimizer: sgd(lr: 0.1)", one(lambda: O.SGD(0.1)),
              h=f", {kw}: {text}", penalty=lambda p: regularizer(p[f"h.dense.{where}"]))

    add("l1(0.05)", R.L1(0.05))
    add("l1", R.L1(0.01))
    add("l2(0.1)", R.L2(0.1))
    add("l2", R.L2(0.01), "bias", "bias_regularizer")
    add("l1_l2(0.02, 0.3)", R.L1L2(0.02, 0.3))
    small(traces, "l2 under adam", "optimizer: adam(lr: 0.01)", one(lambda: O.Adam(0.01)),
          y=", kernel_regularizer: l2(0.1)", penalty=lambda p: R.L2(0.1)(p["y.dense.kernel"]))

    sgd = lambda **k: one(lambda: O.SGD(0.1, **k))
    small(traces, "clip: global_norm(0.4)", "optimizer: sgd(lr: 0.1)\nclip: global_norm(0.4)",
          sgd(global_clipnorm=0.4), scale=2.0)
    small(traces, "clip: global_norm(50), which does not bind", "optimizer: sgd(lr: 0.1)\nclip: global_norm(50)", sgd())
    small(traces, "clip: value(0.1)", "optimizer: sgd(lr: 0.1)\nclip: value(0.1)", sgd(clipvalue=0.1), scale=2.0)
    small(traces, "clip after l2", "optimizer: adam(lr: 0.01)\nclip: global_norm(0.3)",
          one(lambda: O.Adam(0.01, global_clipnorm=0.3)), h=", kernel_regularizer: l2(0.5)",
          penalty=lambda p: R.L2(0.5)(p["h.dense.kernel"]))


def build():
    traces = Traces()
    for part in [optimizers, schedules, bounds]:
        part(traces)
    return traces
