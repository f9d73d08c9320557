"""Episodes without an inner loop in training, written out from their papers, and batch norm's statistics in episodes.

Prototypical, matching and relation networks, and the supervised baseline; maml and prototypical networks over a net with
batch norm, whose statistics are the rows' own, the support's, or running ones.
"""

import zlib

import jax
import jax.numpy as jnp
import keras
import numpy as np
from trace_meta import CLASS, FEW, FLOAT, NUMBER, REGRESSION, WAYS, Net, dense, kernels, listed
from tracing import draw, indent, json_tensor

O = keras.optimizers
STEPS, TASKS, INNER = 5, 3, 2
CATEGORY = {"y": ("class", 1.5)}
KEEP, EPSILON = 0.5, 1e-3


def embedder(layers, output, shapes, embed, softmax=True):
    head = "dense(3, softmax)" if softmax else "dense(3)"
    net = Net(f"input x: float[4]\nh = x |> {layers}\ntask y {{\noutput = h |> {head}\n{CLASS}weight: 1.5\n}}\n",
              4, {**shapes, **kernels(y__dense=(5, 3))}, output, CATEGORY, *WAYS)
    net.embed = embed
    return net


def plain(w, x, stats=None):
    return jnp.tanh(dense(w, "h.dense", x)), None


def normed(w, x, stats=None):
    """Keras's batch norm between layer and tanh; by the statistics that are given, else by the rows' own."""
    z = dense(w, "h.dense", x)
    mean, variance = stats or (z.mean(0), ((z - z.mean(0)) ** 2).mean(0))
    normal = (z - mean) / jnp.sqrt(variance + EPSILON)
    return jnp.tanh(normal * w["h.batch_norm.gamma"] + w["h.batch_norm.beta"]), (mean, variance)


def raw(w, x, stats=None):
    return x, None


PLAIN = embedder("dense(5, tanh)", plain, kernels(h__dense=(4, 5)), "h")
LINEAR = embedder("dense(5, tanh)", plain, kernels(h__dense=(4, 5)), "h", softmax=False)
RAW = embedder("dense(5, tanh)", raw, kernels(h__dense=(4, 5)), "x")
NORMED = embedder(f"dense(5) |> batch_norm(momentum: {KEEP}) |> tanh", normed,
                  {**kernels(h__dense=(4, 5)), "h.batch_norm.gamma": (5,), "h.batch_norm.beta": (5,)}, "h")
STATE = ("h.batch_norm.moving_mean", "h.batch_norm.moving_variance", "h.batch_norm.moving_steps")


def crossentropy(scores, y):
    return 1.5 * jnp.mean(rows_crossentropy(scores, y))


def rows_crossentropy(scores, y):
    return -jax.nn.log_softmax(scores)[jnp.arange(len(y)), y]


def one_hot(y, n=3):
    return np.eye(n)[y]


class Task:
    """What is looked at of a task: a part's value, by whose statistics, and the moving ones after it."""

    def __init__(self, net, norm, values, moving):
        self.net, self.norm, self.values, self.moving = net, norm, values, moving

    def embed(self, part, x, training, support=None):
        if self.norm == "running" and not training:
            return self.net.forward(self.values, x, self.moving[:2])[0]
        if self.norm == "support" and part == "query":
            return self.net.forward(self.values, x, self.net.forward(self.values, support)[1])[0]
        value, stats = self.net.forward(self.values, x)
        if self.norm == "running" and stats:
            steps = self.moving[2] + 1
            keep = jnp.minimum(KEEP, 1 - 1 / steps)
            self.moving = *(keep * m + (1 - keep) * jax.lax.stop_gradient(s)
                            for m, s in zip(self.moving, stats)), steps
        return value


# Algorithms by what they keep: what a row scores for each class


class Protonet:
    """Snell, Swersky and Zemel 2017, equations 1 and 2; a class without rows has probability 0."""

    name, learned, options = "protonet", {}, ""

    def __init__(self, distance="euclidean"):
        self.distance = distance
        if distance != "euclidean":
            self.options = f", distance: {distance}"

    def scores(self, values, support, y, query):
        columns = []
        for k in range(3):
            if not np.any(y == k):
                columns.append(jnp.full(len(query), -jnp.inf))
                continue
            c = support[y == k].mean(0)
            if self.distance == "cosine":
                columns.append(query @ c / jnp.linalg.norm(query, axis=1) / jnp.linalg.norm(c))
            else:
                columns.append(-jnp.sum((query - c) ** 2, 1))
        return jnp.stack(columns, 1)

    def objective(self, scores, y):
        return crossentropy(scores, y)


class Matching(Protonet):
    """Vinyals et al. 2016, equation 1: Σ a(x, xᵢ) yᵢ with a softmax of cosines."""

    name = "matching"

    def scores(self, values, support, y, query):
        unit = lambda v: v / jnp.linalg.norm(v, axis=1, keepdims=True)
        attention = jax.nn.softmax(unit(query) @ unit(support).T, axis=1)
        return jnp.log(attention @ one_hot(y))


class Relation(Protonet):
    """Sung et al. 2018, equations 1 and 2: squared errors of a sigmoid's scores of row and class side by side."""

    name, options, hidden = "relation", ", hidden: 3", 3

    def __init__(self, width=5):
        self.learned = {"relation/hidden/kernel": (2 * width, 3), "relation/hidden/bias": (3,),
                        "relation/output/kernel": (3, 1), "relation/output/bias": (1,)}

    def relations(self, values, support, y, query):
        columns = []
        for k in range(3):
            if not np.any(y == k):
                columns.append(jnp.zeros(len(query)))
                continue
            c = jnp.broadcast_to(support[y == k].mean(0), query.shape)
            h = jax.nn.relu(jnp.concatenate([c, query], 1) @ values["relation/hidden/kernel"]
                            + values["relation/hidden/bias"])
            columns.append(jax.nn.sigmoid(h @ values["relation/output/kernel"] + values["relation/output/bias"])[:, 0])
        return jnp.stack(columns, 1)

    def scores(self, values, support, y, query):
        return jnp.log(self.relations(values, support, y, query))

    def objective(self, scores, y):
        return jnp.mean((jnp.exp(scores) - one_hot(y)) ** 2)


class Metric:
    """An episode by one of these."""

    def __init__(self, kind, net, norm=None):
        self.kind, self.net, self.norm = kind, net, norm
        self.text = f"{kind.name}(embed: {net.embed}{kind.options})"
        self.learned = kind.learned
        self.after = [0]

    def trained(self):
        body = [] if self.net.embed == "x" else [k for k in self.net.shapes if k.startswith("h.")]
        return body + list(self.learned)

    def look(self, values, moving, support, query, extra):
        def objective(v):
            task = Task(self.net, self.norm, v, moving)
            s = task.embed("support", support["x"], True)
            q = task.embed("query", query["x"], True, support["x"])
            scores = self.kind.scores(v, s, support["y"], q)
            return self.kind.objective(scores, query["y"]), (crossentropy(scores, query["y"]), task.moving)

        (_, (loss, after)), found = jax.value_and_grad(objective, has_aux=True)(values)
        return loss, found, after

    def use(self, values, moving, support, query, steps):
        task = Task(self.net, self.norm, values, moving)
        s = task.embed("support", support["x"], False)
        return self.kind.scores(values, s, support["y"], task.embed("query", query["x"], False, support["x"]))


class Maml:
    """maml over a net with batch norm: inner steps see the support's own statistics (running ones once it is used)."""

    learned = {}

    def __init__(self, net, norm, order=2, unroll=True):
        self.net, self.norm, self.order = net, norm, order
        self.text = f"maml(order: {order}, inner_steps: {INNER}, inner_lr: 0.4{'' if unroll else ', unroll: false'})"
        self.after = [0, 1, INNER + 1]

    def trained(self):
        return list(self.net.shapes)

    def adapt(self, values, moving, support, steps, training):
        at = values
        for _ in range(steps):
            def loss(v):
                h = Task(self.net, self.norm, v, moving).embed("support", support["x"], training)
                return crossentropy(dense(v, "y.dense", h), support["y"])

            slopes = jax.grad(loss)(at)
            if self.order == 1:
                slopes = jax.lax.stop_gradient(slopes)
            at = {k: at[k] - 0.4 * slopes[k] for k in at}
        return at

    def look(self, values, moving, support, query, extra):
        def objective(v):
            at = self.adapt(v, moving, support, INNER, True)
            task = Task(self.net, self.norm, at, moving)
            h = task.embed("query", query["x"], True, support["x"])
            return crossentropy(dense(at, "y.dense", h), query["y"]), task.moving

        (loss, after), found = jax.value_and_grad(objective, has_aux=True)(values)
        return loss, found, after

    def use(self, values, moving, support, query, steps):
        at = self.adapt(values, moving, support, steps, False)
        task = Task(self.net, self.norm, at, moving)
        return dense(at, "y.dense", task.embed("query", query["x"], False, support["x"]))


class Supervised:
    """Chen et al. 2019, the baseline: all rows, by a layer over all classes; then gradient descent on a new task's support."""

    norm = None

    def __init__(self, net):
        self.net = net
        self.classes = net is not REGRESSION
        embed = f"embed: {net.embed}, " if self.classes else ""
        self.text = f"supervised({embed}inner_steps: {INNER}, inner_lr: 0.4)"
        self.learned = {"classes/kernel": (5, 7), "classes/bias": (7,)} if self.classes else {}
        self.after = [0, 1, INNER + 1]

    def trained(self):
        body = [k for k in self.net.shapes if not self.classes or k.startswith("h.")]
        return body + list(self.learned)

    def look(self, values, moving, support, query, extra):
        rows = {k: np.concatenate([support[k], query[k]]) for k in support}

        def objective(v):
            if not self.classes:
                return self.net.loss(v, rows)
            logits = self.net.forward(v, rows["x"])[0] @ v["classes/kernel"] + v["classes/bias"]
            return jnp.mean(rows_crossentropy(logits, np.array(extra)[rows["y"]]))

        loss, found = jax.value_and_grad(objective)(values)
        return loss, found, moving

    def use(self, values, moving, support, query, steps):
        at = {k: values[k] for k in self.net.shapes}

        def loss(v):
            if not self.classes:
                return self.net.loss(v, support)
            return crossentropy(dense(v, "y.dense", self.net.forward(v, support["x"])[0]), support["y"])

        for _ in range(steps):
            slopes = jax.grad(loss)(at)
            at = {k: at[k] - 0.4 * slopes[k] for k in at}
        if not self.classes:
            return self.net.forward(at, query["x"])["y"]
        return dense(at, "y.dense", self.net.forward(at, query["x"])[0])


def trace(algorithm, outer):
    net, norm = algorithm.net, algorithm.norm
    line, make = outer
    name = f"{algorithm.text}, {line}" + (f", norm: {norm}" if norm else "") + (", raw" if net is RAW else "") + (
        ", linear output" if net is LINEAR else "")
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    shapes = {**net.shapes, **algorithm.learned}
    initial = {k: draw(rng, shape, 0.7) for k, shape in shapes.items()}
    variables = {k: keras.Variable(v, dtype="float64") for k, v in initial.items()}
    trained = algorithm.trained()
    optimizer = make()
    optimizer.build([variables[k] for k in trained])
    moving = (np.zeros(5), np.ones(5), 0.0)
    steps = []
    for _ in range(STEPS):
        values = {k: v.value for k, v in variables.items()}
        sums = {k: 0.0 for k in trained}
        shown = []
        for _ in range(TASKS):
            support, query = episode(net, rng, net.rows)
            classes = rng.permutation(7)[:3].tolist()
            loss, found, moving = algorithm.look(values, moving, support, query, classes)
            assert np.isfinite(loss) and loss.dtype == np.float64
            sums = {k: sums[k] + found[k] for k in trained}
            shown.append({"support": listed(net, support), "query": listed(net, query), "classes": classes,
                          "loss": float(loss)})
        steps.append(shown)
        optimizer.apply([sums[k] / TASKS for k in trained], [variables[k] for k in trained])
    values = {k: v.value for k, v in variables.items()}
    if norm == "running":
        values = {**values, **dict(zip(STATE, moving))}
    # Fewer rows than in training, and for metric algorithms a class less.
    support, query = episode(net, rng, (5, 4), missing=isinstance(algorithm, Metric))
    after = []
    for k in algorithm.after:
        found = np.asarray(algorithm.use(values, moving, support, query, k))
        if net is REGRESSION:
            sums, predictions = np.sum((found[:, 0] - query["y"]) ** 2), found[:, 0]
        else:
            sums, predictions = np.sum(rows_crossentropy(found, query["y"])), jax.nn.softmax(found)
        shown = np.asarray(predictions)
        after.append({"steps": k, "sums": {"y": float(sums)}, "predictions": {"y": shown.ravel().tolist()}})
    data = ""
    if isinstance(algorithm, Supervised) and algorithm.classes:
        names = ", ".join(f'"{c}"' for c in "ABCDEFG")
        data = (f'data {{\n  from: "rows.csv"\n  x = a..d\n  classes: {{ from: letter, train: [{names}], '
                'test: ["H", "I", "J"] }\n}\n')
    meta = (f"algorithm: {algorithm.text}\nepisode: {net.episode}\ntasks_per_step: {TASKS}\noptimizer: {line}\n"
            f"steps: {STEPS}\n" + (f"norm: {norm}\n" if norm else ""))
    return {
        "name": name,
        "spec": f"model M {{\n{indent(net.model)}}}\nmeta {{\n{indent(meta)}}}\n{data}",
        "weights": {k: json_tensor(v) for k, v in initial.items()},
        "steps": steps,
        "finalWeights": {k: json_tensor(v) for k, v in values.items()},
        "adaptation": {"support": listed(net, support), "query": listed(net, query), "after": after},
    }


def episode(net, rng, counts, missing=False):
    """Every class has rows in the support, but for the last one where it is to be missing."""
    while True:
        support, query = net.sample(rng, counts)
        if net is REGRESSION:
            return support, query
        present = set(support["y"].tolist())
        if present == ({0, 1} if missing else {0, 1, 2}) and (not missing or 2 not in query["y"]):
            return support, query


class Traces:
    def __init__(self, cases):
        self.cases = cases


def build():
    sgd = ("sgd(lr: 0.1)", lambda: O.SGD(0.1))
    adam = ("adam(lr: 0.02)", lambda: O.Adam(0.02))
    cases = []
    for kind in [Protonet(), Protonet("cosine"), Matching(), Relation()]:
        cases += [trace(Metric(kind, PLAIN), sgd), trace(Metric(kind, PLAIN), adam), trace(Metric(kind, LINEAR), sgd)]
    cases.append(trace(Metric(Relation(4), RAW), adam))
    cases += [trace(Supervised(net), outer) for net in [REGRESSION, PLAIN] for outer in [sgd, adam]]
    for norm in ["transductive", "support", "running"]:
        cases.append(trace(Metric(Protonet(), NORMED, norm), sgd))
        cases.append(trace(Maml(NORMED, norm), sgd))
        cases.append(trace(Maml(NORMED, norm, order=1), sgd))
        cases.append(trace(Maml(NORMED, norm, unroll=False), adam))
    return Traces(cases)
