"""Ways to share between tasks: the blocks of std/multitask written out from their papers, tied weights, reversed
gradients. Nothing here follows the blocks' own text but the names of the weights."""

import functools

import jax
import jax.numpy as jnp
from tracing import Task, Traces, classes, draw, numbers, rows_of
import keras

ROWS = 6
WIDTH = 5
X = {"x": numbers(ROWS, WIDTH)}
TASKS = range(2)


def affine(n, path, x, units, bias=True):
    out = jnp.einsum("...i,io->...o", x, n.weight(f"{path}.kernel", (x.shape[-1], units)))
    return out + n.weight(f"{path}.bias", (units,)) if bias else out


def two_tasks(traces, name, block, call, outputs, model="", width=4, dims=()):
    """`h = CALL` gives a list; each of two tasks has a linear head on its item."""
    heads = "".join(f"task {t} {{\noutput = h[{i}] |> dense(2)\nlabel: float[{', '.join(map(str, [*dims, 2]))}]\n"
                    "loss: mse\n}\n" for i, t in enumerate("ab"))
    shape = ", ".join(map(str, [*dims, WIDTH]))
    text = f"input x: float[{shape}]\n{model}h = {call}\n{heads}"

    def forward(n, i):
        items = outputs(n, i["x"])
        assert all(h.shape[1:] == (*dims, width) for h in items), (name, [h.shape for h in items])
        return {t: affine(n, f"{t}.dense", h, 2) for t, h in zip("ab", items)}

    label = lambda rng: Task(draw(rng, (ROWS, *dims, 2), 1.0))
    traces.add(name, text, {"x": numbers(ROWS, *dims, WIDTH)}, forward, lambda rng: {"a": label(rng), "b": label(rng)},
               blocks=f'import {{ {block} }} from "std/multitask"\n')


def experts_of(n, path, x, count, units, act=jnp.tanh):
    return [act(affine(n, f"{path}_{i + 1}", x, units)) for i in range(count)]


def gated(weights, experts):
    """Σ w_i · E_i, row by row."""
    return sum(weights[:, i, None] * e for i, e in enumerate(experts))


def mmoe(n, x):
    experts = experts_of(n, "h.mmoe.expert.dense", x, 3, 4)
    return [gated(jax.nn.softmax(affine(n, f"h.mmoe.gate.dense_{t + 1}", x, 3)), experts) for t in TASKS]


def towers(n, x):
    return [jnp.tanh(affine(n, f"{p}.dense", x, 4)) for p in "pq"]


def stitched(n, path, features):
    """Equation 1 of Misra et al. for any number of tasks; our matrix has the receiving task in its columns."""
    alpha = n.weight(f"{path}.mixed.alpha.kernel", (len(features), len(features)))
    return [sum(alpha[j, i] * f for j, f in enumerate(features)) for i in range(len(features))]


def sluice(n, x, layers=3, units=4):
    root, half = "h.sluice", units // 2
    beta = n.weight(f"{root}.beta", (layers, 2))
    below, kept = [x, x], []
    for k in range(layers):
        path = f"{root}.h.sluice_layer_{k + 1}"
        h = [jnp.tanh(affine(n, f"{path}.h.dense_{t + 1}", below[t], units)) for t in TASKS]
        g = [h[0][..., :half], h[1][..., :half], h[0][..., half:], h[1][..., half:]]
        a1, b1, a2, b2 = stitched(n, f"{path}.mixed.cross_stitch", g)
        below = [jnp.concatenate([a1, a2], -1), jnp.concatenate([b1, b2], -1)]
        kept.append(below)
    return [sum(beta[k, t] * kept[k][t] for k in range(layers)) for t in TASKS]


def extraction(n, path, inputs, own, shared, units, last):
    """One extraction network of Tang et al.: S^k is the task's experts and the shared ones, w^k a softmax of its input."""
    experts = [experts_of(n, f"{path}.own.dense_{t + 1}", inputs[t], own, units) for t in TASKS]
    common = experts_of(n, f"{path}.common.dense", inputs[-1], shared, units)
    out = [gated(jax.nn.softmax(affine(n, f"{path}.gate.dense_{t + 1}", inputs[t], own + shared)),
                 experts[t] + common) for t in TASKS]
    if not last:
        every = [e for task in experts for e in task] + common
        weights = jax.nn.softmax(affine(n, f"{path}.all.dense_1", inputs[-1], len(every)))
        out.append(gated(weights, every))
    return out


def cgc(n, x):
    return extraction(n, "h.cgc.out.extraction", [x, x, x], 2, 1, 4, True)


def ple(n, x):
    h = [x, x, x]
    for layer in [1, 2]:
        h = extraction(n, f"h.ple.below.extraction_{layer}", h, 1, 2, 4, False)
    return extraction(n, "h.ple.out.extraction", h, 1, 2, 4, True)


def mtan(n, x, layers=3, units=4):
    """Liu et al., equations 1 and 2: â_i = a_i ⊙ p with a_i = h_i(g_i([u; f(â_i of the layer before)]))."""
    p, taken = x, None
    for layer in range(1, layers + 1):
        path = f"h.mtan.out.mtan_layer_{layer}"
        u = jnp.tanh(affine(n, f"{path}.inner.dense", p, units))
        p = jnp.tanh(affine(n, f"{path}.features.dense", u, units))
        new = []
        for t in TASKS:
            seen = u
            if taken is not None:
                seen = jnp.concatenate([u, jnp.tanh(affine(n, f"{path}.carry.dense", taken[t], units))], -1)
            g = jnp.tanh(affine(n, f"{path}.mask.dense_{t + 1}", seen, units))
            mask = 1 / (1 + jnp.exp(-affine(n, f"{path}.mask.dense_{t + 1}_2", g, units)))
            new.append(mask * p)
        taken = new
    return taken


def smooth_step(t, gamma):
    """The cubic of Hazimeh et al. between -γ/2 and γ/2."""
    middle = -2 / gamma**3 * t**3 + 3 / (2 * gamma) * t + 1 / 2
    return jnp.where(t <= -gamma / 2, 0.0, jnp.where(t >= gamma / 2, 1.0, middle))


def selector(z, gamma):
    """r(z)_i = Π over the bits of i that are 1 of S(z_j), times Π over the others of 1 - S(z_j)."""
    s = smooth_step(z, gamma)
    bits = z.shape[-1]
    entry = lambda i: functools.reduce(jnp.multiply, [
        s[..., j] if i >> j & 1 else 1 - s[..., j] for j in range(bits)])
    return jnp.stack([entry(i) for i in range(2**bits)], -1)


def dselect_k(n, x, experts=4, k=2, gamma=3.0):
    outputs = experts_of(n, "h.dselect_k.expert.dense", x, experts, 4)
    items = []
    for t in TASKS:
        path = f"h.dselect_k.gate.dselect_gate_{t + 1}"
        r = [selector(affine(n, f"{path}.one.selector_{i + 1}", x, 2), gamma) for i in range(k)]
        share = jax.nn.softmax(affine(n, f"{path}.share.dense", x, k))
        items.append(gated(sum(share[:, i, None] * r[i] for i in range(k)), outputs))
    return items


def adapter(n, x, scale=1.0, bias=True, act=jnp.tanh):
    def one(t):
        path = f"h.adapter_{t + 1}.h"
        return x + scale * affine(n, f"{path}.up", act(affine(n, f"{path}.down", x, 3, bias)), WIDTH, bias)

    return [one(t) for t in TASKS]


def lora(n, x):
    main = jnp.tanh(affine(n, "main.dense", x, 4))
    path = "h.lora_{}.h.{}".format
    return [main + 2.0 * affine(n, path(t + 1, "up"), affine(n, path(t + 1, "down"), x, 2, False), 4, False)
            for t in TASKS]


def blocks(traces):
    add = functools.partial(two_tasks, traces)
    pq = "p = x |> dense(4, tanh)\nq = x |> dense(4, tanh)\n"
    add("mmoe", "mmoe", "mmoe(x, tasks: 2, experts: 3, units: 4, act: tanh)", mmoe)
    add("cross_stitch", "cross_stitch", "cross_stitch(p, q)", lambda n, x: stitched(n, "h.cross_stitch", towers(n, x)),
        model=pq)
    add("cross_stitch over sequences", "cross_stitch", "cross_stitch([p, q], mix: 0.3)",
        lambda n, x: stitched(n, "h.cross_stitch", towers(n, x)), model=pq, dims=(3,))
    add("cross_stitch of three", "cross_stitch", "cross_stitch([p, q], p * q)",
        lambda n, x: stitched(n, "h.cross_stitch", [*(pq := towers(n, x)), pq[0] * pq[1]])[:2], model=pq)
    add("sluice", "sluice", "sluice(x, tasks: 2, layers: 3, units: 4, act: tanh)", sluice)
    add("sluice over sequences", "sluice", "sluice(x, tasks: 2, layers: 1, units: 4, act: tanh, mix: 0)",
        lambda n, x: sluice(n, x, 1), dims=(3,))
    add("cgc", "cgc", "cgc(x, tasks: 2, experts: 2, shared_experts: 1, units: 4, act: tanh)", cgc)
    add("ple", "ple", "ple(x, tasks: 2, experts: 1, shared_experts: 2, units: 4, layers: 3, act: tanh)", ple)
    add("mtan", "mtan", "mtan(x, tasks: 2, layers: 3, units: 4, act: tanh)", mtan)
    add("mtan over sequences", "mtan", "mtan(x, tasks: 2, units: 4, act: tanh)", lambda n, x: mtan(n, x, 2), dims=(3,))
    add("dselect_k", "dselect_k", "dselect_k(x, tasks: 2, experts: 4, k: 2, units: 4, gamma: 3, act: tanh)", dselect_k)
    add("adapter", "adapter", "[for t in 1..2: x |> adapter(3, tanh)]", adapter, width=WIDTH)
    add("adapter, linear", "adapter", "[for t in 1..2: x |> adapter(3, linear, scale: 0.5, use_bias: false)]",
        lambda n, x: adapter(n, x, 0.5, False, lambda h: h), width=WIDTH, dims=(2,))
    add("lora", "lora", "[for t in 1..2: lora(x, main, rank: 2, scale: 2)]", lora, model="shared main = dense(4, tanh)\n")


def one_task(traces, name, text, inputs, declared, forward, task, output, label, loss="mse"):
    whole = f"{declared}\ntask y {{\n{text}output = {output}\nlabel: {label}\nloss: {loss}\n}}"
    traces.add(name, whole, inputs, lambda n, i: {"y": forward(n, **i)}, lambda rng: {"y": task(rng)})


SPARSE = rows_of(keras.losses.SparseCategoricalCrossentropy(True, reduction=None))


def layers(traces):
    plain = functools.partial(one_task, traces, inputs=X, declared="input x: float[5]",
                              task=lambda rng: Task(draw(rng, (ROWS, 2), 1.0)), label="float[2]", text="")
    dense = lambda n, x, units, i="": affine(n, f"y.dense{i}", x, units)
    plain("slice", output="x |> dense(6, tanh) |> slice(1, 3) |> dense(2)",
          forward=lambda n, x: dense(n, jnp.tanh(dense(n, x, 6))[:, 1:4], 2, "_2"))
    plain("slice and take along other axes",
          output="x |> dense(12, tanh) |> reshape([3, 4]) |> slice(1, 2, axis: 0) |> take(-1, axis: 1) |> dense(2)",
          forward=lambda n, x: dense(n, jnp.tanh(dense(n, x, 12)).reshape(-1, 3, 4)[:, 1:, 3], 2, "_2"))
    plain("take", output="x |> dense(12, tanh) |> reshape([3, 4]) |> take(1) |> dense(2)",
          forward=lambda n, x: dense(n, jnp.tanh(dense(n, x, 12)).reshape(-1, 3, 4)[:, 1], 2, "_2"))
    for gamma in [1, 3]:
        plain(f"smooth_step of {gamma}", output=f"x |> dense(4, smooth_step({gamma})) |> smooth_step({gamma}) |> dense(2)",
              forward=lambda n, x, g=gamma: dense(n, smooth_step(smooth_step(dense(n, x, 4), g), g), 2, "_2"))
    plain("selector", output="x |> selector(8, 4) |> dense(2)",
          forward=lambda n, x: dense(n, selector(affine(n, "y.selector", x, 3), 4.0), 2))
    plain("selector without bias", output="x |> selector(2, use_bias: false) |> dense(2)",
          forward=lambda n, x: dense(n, selector(affine(n, "y.selector", x, 1, False), 1.0), 2))


@functools.partial(jax.custom_vjp, nondiff_argnums=(1,))
def reversal(x, factor):
    return x


reversal.defvjp(lambda x, factor: (x, None), lambda factor, _, g: (-factor * g,))


def domains(traces):
    """Ganin and Lempitsky: the features serve one task and hide what the other asks for."""
    text = """input x: float[5]
shared trunk = dense(4, tanh)
h = x |> trunk
task kind {
output = h |> dense(3, softmax)
label: category(3)
loss: categorical_crossentropy
}
task domain {
output = h |> gradient_reversal%s |> dense(2)
label: float[2]
loss: mse
}
"""

    def forward(factor):
        def run(n, i):
            h = jnp.tanh(affine(n, "trunk.dense", i["x"], 4))
            return {"kind": affine(n, "kind.dense", h, 3), "domain": affine(n, "domain.dense", reversal(h, factor), 2)}

        return run

    softmax = lambda z: keras.ops.softmax(z, -1)
    tasks = lambda rng: {"kind": Task(rng.integers(0, 3, ROWS), SPARSE, softmax), "domain": Task(draw(rng, (ROWS, 2), 1.0))}
    traces.add("gradient_reversal", text % "", X, forward(1.0), tasks)
    traces.add("gradient_reversal, weakly", text % "(lambda: 0.3)", X, forward(0.3), tasks)


def tied(traces):
    declared = "input word: category(7)[3]\nwords = word |> embedding(4)\n"
    word = {"word": classes(7, ROWS, 3)}
    kinds = lambda rng: Task(rng.integers(0, 7, ROWS), SPARSE, lambda z: keras.ops.softmax(z, -1))
    table = lambda n: n.weight("words.embedding.embeddings", (7, 4))

    def next_word(n, word):
        h = jnp.tanh(affine(n, "h.dense", table(n)[word].reshape(-1, 12), 4))
        return jnp.einsum("bf,vf->bv", h, table(n)) + n.weight("y.tied_dense.bias", (7,))

    one_task(traces, "tied_dense", "", word, declared + "h = words |> flatten |> dense(4, tanh)", next_word, kinds,
             "h |> tied_dense(7, to: words.embedding.embeddings, softmax)", "category(7)", "categorical_crossentropy")
    one_task(traces, "tied_dense over sequences", "", word, declared,
             lambda n, word: jnp.tanh(jnp.einsum("btf,vf->btv", table(n)[word], table(n))),
             lambda rng: Task(draw(rng, (ROWS, 3, 7), 1.0)),
             "words |> tied_dense(7, to: words.embedding.embeddings, tanh, use_bias: false)", "float[3, 7]")


def build():
    traces = Traces()
    for part in [blocks, layers, domains, tied]:
        part(traces)
    return traces
