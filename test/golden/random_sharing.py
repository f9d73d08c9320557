"""Random ways to join values and to share between tasks; the blocks of std/multitask are written out from their papers."""

import jax
import jax.numpy as jnp
import keras
from random_layers import ACTIVATIONS, attention_of, dense, stages
from random_net import Scope, Value
from trace_sharing import affine, experts_of, gated, selector, stitched

L = keras.layers


def joined(d, scope, a, b):
    """Two values as one, or None where nothing fits their shapes."""
    both = lambda f: lambda n, env: f(a.of(n, env), b.of(n, env))
    ways = []
    if a.shape == b.shape:
        weight = d.number(0.3, 2)
        ways += [
            (f"add({a.text}, {b.text})", a.shape, both(lambda x, y: L.Add()([x, y]))),
            (f"subtract({a.text}, {b.text})", a.shape, both(lambda x, y: L.Subtract()([x, y]))),
            (f"multiply({a.text}, {b.text})", a.shape, both(lambda x, y: L.Multiply()([x, y]))),
            (f"mean({a.text}, {b.text}, {a.text} * {b.text})", a.shape, both(lambda x, y: L.Average()([x, y, x * y]))),
            (f"{weight} * {a.text} - {b.text} / (2 + {b.text} * {b.text})", a.shape,
             both(lambda x, y: weight * x - y / (2 + y * y))),
            (f"{a.text} + detach({b.text})", a.shape, lambda n, env: a.of(n, env) + n.detach(b.of(n, env))),
        ]
        if len(a.shape) == 1:
            act = d.pick([("softmax", jax.nn.softmax), ("sigmoid", jax.nn.sigmoid)])
            gate = a | dense(d, scope, a.shape, 2, act, plain=True)
            mix = lambda n, env: jnp.einsum("bn,bnm->bm", gate.of(n, env), jnp.stack([a.of(n, env), b.of(n, env)], 1))
            ways.append((f"dot({gate.text}, stack({a.text}, {b.text}))", a.shape, mix))
        if len(a.shape) < 3:
            ways += [
                (f"stack({a.text}, {b.text}, {a.text})", (3, *a.shape), both(lambda x, y: keras.ops.stack([x, y, x], axis=1))),
                (f"stack({a.text}, {b.text}, axis: -1)", (*a.shape, 2), both(lambda x, y: keras.ops.stack([x, y], axis=-1))),
            ]
    if a.shape[:-1] == b.shape[:-1]:
        wide = (*a.shape[:-1], a.shape[-1] + b.shape[-1])
        ways += [(f"concat({a.text}, {b.text})", wide, both(lambda x, y: L.Concatenate()([x, y])))] * 2
    if len(a.shape) == len(b.shape) == 2:
        heads, width, given, of = attention_of(d, scope, a.shape, b.shape, b.shape)
        text = f"multi_head_attention({a.text}, {b.text}, num_heads: {heads}, key_dim: {width}{given})"
        return Value(text, a.shape, lambda n, env: of(n, a.of(n, env), b.of(n, env), b.of(n, env)))
    if len(a.shape) <= 2 and len(b.shape) == 2 and a.shape[-1] == b.shape[0]:
        product = "bn,bnm->bm" if len(a.shape) == 1 else "bkn,bnm->bkm"
        ways.append((f"dot({a.text}, {b.text})", (*a.shape[:-1], b.shape[1]), both(lambda x, y: jnp.einsum(product, x, y))))
    return Value(*d.pick(ways)) if ways else None


def comprehension(d, scope, x):
    """Fresh copies of a layer over one value."""
    count, units = d.among(2, 3), d.among(2, 4)
    name, act = d.pick(ACTIVATIONS)
    paths = [f"{scope.prefix}.dense_{i + 1}" for i in range(count)]
    each = lambda n, env: [n.dense(p, x.of(n, env), units, act) for p in paths]
    text = f"[for i in 1..{count}: {x.text} |> dense({units}, {name})]"
    way = d.pick(["mean", "concat", "multiply"])
    layer = {"mean": L.Average, "concat": L.Concatenate, "multiply": L.Multiply}[way]
    width = units * count if way == "concat" else units
    return Value(f"{way}({text})", (*x.shape[:-1], width), lambda n, env: layer()(each(n, env)))


def repeated(d, scope, x):
    """Two copies of a residual layer, one behind the other."""
    width = x.shape[-1]
    name, act = d.pick(ACTIVATIONS)

    def of(n, env):
        h = x.of(n, env)
        for i in [1, 2]:
            h = n.dense(f"{scope.prefix}.dense_{i}", h, width, act)
        return h

    return Value(f"{x.text} |> repeat 2 {{ dense({width}, {name}) }}", x.shape, of)


# Mixtures: a list with one value for each task


def mmoe(d, path, x, tasks, units, name, act):
    experts = d.among(2, 3)

    def of(n, env):
        h = x.of(n, env)
        made = experts_of(n, f"{path}.expert.dense", h, experts, units, act)
        return [gated(jax.nn.softmax(affine(n, f"{path}.gate.dense_{t + 1}", h, experts)), made) for t in range(tasks)]

    return f"mmoe({x.text}, tasks: {tasks}, experts: {experts}, units: {units}, act: {name})", of


def extraction(n, path, inputs, own, shared, units, act, last):
    tasks = range(len(inputs) - 1)
    experts = [experts_of(n, f"{path}.own.dense_{t + 1}", inputs[t], own, units, act) for t in tasks]
    common = experts_of(n, f"{path}.common.dense", inputs[-1], shared, units, act)
    out = [gated(jax.nn.softmax(affine(n, f"{path}.gate.dense_{t + 1}", inputs[t], own + shared)), experts[t] + common)
           for t in tasks]
    if not last:
        every = [e for task in experts for e in task] + common
        out.append(gated(jax.nn.softmax(affine(n, f"{path}.all.dense_1", inputs[-1], len(every))), every))
    return out


def cgc(d, path, x, tasks, units, name, act):
    own, shared = d.among(1, 2), d.among(1, 2)
    of = lambda n, env: extraction(n, f"{path}.out.extraction", [x.of(n, env)] * (tasks + 1), own, shared, units, act, True)
    return f"cgc({x.text}, tasks: {tasks}, experts: {own}, shared_experts: {shared}, units: {units}, act: {name})", of


def ple(d, path, x, tasks, units, name, act):
    def of(n, env):
        below = extraction(n, f"{path}.below.extraction_1", [x.of(n, env)] * (tasks + 1), 1, 2, units, act, False)
        return extraction(n, f"{path}.out.extraction", below, 1, 2, units, act, True)

    return f"ple({x.text}, tasks: {tasks}, experts: 1, units: {units}, act: {name})", of


def dselect_k(d, path, x, tasks, units, name, act):
    def gate(n, path, h):
        chosen = [selector(affine(n, f"{path}.one.selector_{i + 1}", h, 1), 3.0) for i in range(2)]
        share = jax.nn.softmax(affine(n, f"{path}.share.dense", h, 2))
        return sum(share[:, i, None] * chosen[i] for i in range(2))

    def of(n, env):
        h = x.of(n, env)
        made = experts_of(n, f"{path}.expert.dense", h, 2, units, act)
        return [gated(gate(n, f"{path}.gate.dselect_gate_{t + 1}", h), made) for t in range(tasks)]

    return f"dselect_k({x.text}, tasks: {tasks}, experts: 2, k: 2, units: {units}, gamma: 3, act: {name})", of


def mtan(d, path, x, tasks, units, name, act):
    def of(n, env):
        p, taken = x.of(n, env), None
        for layer in [1, 2]:
            at = f"{path}.out.mtan_layer_{layer}"
            u = act(affine(n, f"{at}.inner.dense", p, units))
            p = act(affine(n, f"{at}.features.dense", u, units))
            seen = [u if taken is None else jnp.concatenate([u, act(affine(n, f"{at}.carry.dense", taken[t], units))], -1)
                    for t in range(tasks)]
            inner = [act(affine(n, f"{at}.mask.dense_{t + 1}", seen[t], units)) for t in range(tasks)]
            taken = [jax.nn.sigmoid(affine(n, f"{at}.mask.dense_{t + 1}_2", inner[t], units)) * p for t in range(tasks)]
        return taken

    return f"mtan({x.text}, tasks: {tasks}, units: {units}, act: {name})", of


def adapter(d, path, x, tasks, units, name, act):
    scale, wide = d.number(0.5, 1.5), x.shape[-1]

    def one(n, h, t):
        at = f"{path}_{t + 1}.h"
        return h + scale * affine(n, f"{at}.up", act(affine(n, f"{at}.down", h, units)), wide)

    return (f"[for t in 1..{tasks}: {x.text} |> adapter({units}, {name}, scale: {scale})]",
            lambda n, env: [one(n, x.of(n, env), t) for t in range(tasks)])


ON_VECTORS = [mmoe, mmoe, cgc, ple, dselect_k, mtan, adapter]
ON_SEQUENCES = [mtan, adapter]


def mixture(d, name, x, tasks):
    """The text and function of a list, and the shape of its items."""
    make = d.pick(ON_VECTORS if len(x.shape) == 1 else ON_SEQUENCES)
    d.imports.add(make.__name__)
    units = d.among(2, 4)
    act = d.pick([a for a in ACTIVATIONS if a[0] not in ("softmax", "linear")])
    text, of = make(d, f"{name}.{make.__name__}", x, tasks, units, *act)
    return text, of, x.shape if make is adapter else (*x.shape[:-1], units)


def stitches(d, name, values):
    """`cross_stitch` of values of one shape."""
    d.imports.add("cross_stitch")
    return (f"cross_stitch({', '.join(v.text for v in values)})",
            lambda n, env: stitched(n, f"{name}.cross_stitch", [v.of(n, env) for v in values]), values[0].shape)


def shared(d, name, shape):
    """The stages of a function that several values go through."""
    return stages(d, Scope(name), shape, d.among(1, 2))
