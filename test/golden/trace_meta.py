"""Meta-learning by inner steps of gradient descent, every algorithm written out from its paper.

The inner loop is a plain loop. jax differentiates through it where the order is 2; where it is 1 the gradient is put
together by hand. Keras's optimizers take the outer steps.
"""

import copy
import zlib

import jax
import jax.numpy as jnp
import keras
import numpy as np
from jax.flatten_util import ravel_pytree
from tracing import draw, indent, json_tensor

O = keras.optimizers
STEPS, TASKS = 5, 3


# Models


class Net:
    """`tasks`: kind and static weight of each; `rows`: of support and query."""

    # Paths with an l2 penalty, which is the outer loop's alone.
    l2 = {}

    def __init__(self, model, inputs, shapes, forward, tasks, episode, rows):
        self.model, self.inputs, self.shapes, self.forward = model, inputs, shapes, forward
        self.tasks, self.episode, self.rows = tasks, episode, rows

    def row_losses(self, w, rows):
        found = {}
        for t, out in self.forward(w, rows["x"]).items():
            y = rows[t]
            if self.tasks[t][0] == "mse":
                found[t] = (out[:, 0] - y) ** 2
            else:
                found[t] = -jnp.log(jax.nn.softmax(out))[jnp.arange(len(y)), y]
        return found

    def loss(self, w, rows):
        return sum(self.tasks[t][1] * jnp.mean(terms) for t, terms in self.row_losses(w, rows).items())

    def predict(self, w, x):
        outputs = self.forward(w, x)
        return {t: out[:, 0] if self.tasks[t][0] == "mse" else jax.nn.softmax(out) for t, out in outputs.items()}

    def sample(self, rng, counts):
        """Rows of one task: its labels hang on its inputs in a way of its own."""
        ways = {t: rng.normal(0, 1, (self.inputs, 1 if kind == "mse" else 3)) for t, (kind, _) in self.tasks.items()}
        parts = []
        for count in counts:
            x = draw(rng, (count, self.inputs), 1.0)
            rows = {"x": x}
            for t, (kind, _) in self.tasks.items():
                z = x @ ways[t]
                rows[t] = np.round(np.sin(z[:, 0]), 3) if kind == "mse" else z.argmax(1)
            parts.append(rows)
        return parts


def dense(w, path, x):
    out = x @ w[f"{path}.kernel"]
    return out + w[f"{path}.bias"] if f"{path}.bias" in w else out


def kernels(**sizes):
    shapes = {}
    for path, (n, units) in sizes.items():
        path = path.replace("__", ".")
        shapes[f"{path}.kernel"] = (n, units)
        shapes[f"{path}.bias"] = (units,)
    return shapes


FLOAT = "label: float\nloss: mse\n"
CLASS = "label: category(3)\nloss: categorical_crossentropy\n"
NUMBER, CATEGORY = {"y": ("mse", 1.0)}, {"y": ("class", 1.0)}
FEW, WAYS = ("{ support: 4, query: 5 }", (4, 5)), ("{ ways: 3, support: 2, query: 3 }", (6, 9))

REGRESSION = Net(
    f"input x: float[3]\nh = x |> dense(4, tanh) |> dense(3, tanh)\ntask y {{\noutput = h |> dense(1)\n{FLOAT}}}\n",
    3, kernels(h__dense=(3, 4), h__dense_2=(4, 3), y__dense=(3, 1)),
    lambda w, x: {"y": dense(w, "y.dense", jnp.tanh(dense(w, "h.dense_2", jnp.tanh(dense(w, "h.dense", x)))))},
    NUMBER, *FEW)

CLASSES = Net(
    f"input x: float[4]\nh = x |> dense(5, tanh)\ntask y {{\noutput = h |> dense(3, softmax)\n{CLASS}}}\n",
    4, kernels(h__dense=(4, 5), y__dense=(5, 3)),
    lambda w, x: {"y": dense(w, "y.dense", jnp.tanh(dense(w, "h.dense", x)))}, CATEGORY, *WAYS)

TWO = Net(
    f"input x: float[3]\nh = x |> dense(4, tanh)\ntask a {{\noutput = h |> dense(1)\n{FLOAT}weight: 0.7\n}}\n"
    f"task b {{\noutput = h |> dense(2, tanh) |> dense(3, softmax)\n{CLASS}weight: 1.5\n}}\n",
    3, kernels(h__dense=(3, 4), a__dense=(4, 1), b__dense=(4, 2), b__dense_2=(2, 3)),
    lambda w, x: (lambda h: {"a": dense(w, "a.dense", h),
                             "b": dense(w, "b.dense_2", jnp.tanh(dense(w, "b.dense", h)))})(
        jnp.tanh(dense(w, "h.dense", x))),
    {"a": ("mse", 0.7), "b": ("class", 1.5)}, *FEW)

PENALIZED = copy.copy(REGRESSION)
PENALIZED.model = REGRESSION.model.replace("4, tanh", "4, tanh, kernel_regularizer: l2(0.2)")
PENALIZED.l2 = {"h.dense.kernel": 0.2}

HEADS = {id(REGRESSION): ["y.dense"], id(CLASSES): ["y.dense"], id(TWO): ["a.dense", "b.dense_2"]}


def with_context(inputs, units, output, label, tasks, episode, rows):
    """A dense layer on input and context side by side: their products with its kernel's two parts are added."""
    shapes = {"context": (2,), "seen.dense.kernel": (2, 4), **kernels(h__dense=(inputs, 4), y__dense=(4, units))}
    return Net(
        f"input x: float[{inputs}]\nweight context: float[2]\nseen = context |> dense(4, use_bias: false)\n"
        f"h = add(x |> dense(4), seen) |> tanh\ntask y {{\noutput = h |> {output}\n{label}}}\n",
        inputs, shapes,
        lambda w, x: {"y": dense(w, "y.dense", jnp.tanh(dense(w, "h.dense", x) + dense(w, "seen.dense", w["context"])))},
        tasks, episode, rows)


CONTEXT = with_context(3, 1, "dense(1)", FLOAT, NUMBER, *FEW)
CONTEXT_CLASSES = with_context(4, 3, "dense(3, softmax)", CLASS, CATEGORY, *WAYS)


# Algorithms


def zip_with(f, *trees):
    return {k: f(*(t[k] for t in trees)) for k in trees[0]}


class Maml:
    """Finn, Abbeel and Levine 2017, algorithm 2: θ ← θ - β ∇ Σ L(φ) on the query, φ = θ - α ∇L(θ) on the support.

    First order, section 5.2: the derivative of φ by θ is left out, so that the gradient of the query's loss at φ is θ's.
    """

    name = "maml"
    # Of a pull back to where the task began; only imaml's is not 0.
    strength = 0.0

    def __init__(self, inner_steps, inner_lr, adapt=None, **options):
        self.inner_steps, self.inner_lr, self.adapt, self.options = inner_steps, inner_lr, adapt, options
        self.order = options.get("order", 2)

    def text(self, unroll):
        options = {**self.options, "inner_steps": self.inner_steps, "inner_lr": self.inner_lr}
        if self.adapt:
            options["adapt"] = self.adapt[0]
        if not unroll:
            options["unroll"] = "false"
        return f"{self.name}({', '.join(f'{k}: {v}' for k, v in options.items())})"

    def adapting(self, net):
        return [k for k in net.shapes if not self.adapt or k.startswith(self.adapt[1])]

    def trained(self, net):
        return list(net.shapes)

    def learned(self, net):
        return {}

    def start(self, net, values):
        return {k: values[k] for k in self.adapting(net)}

    def rate(self, values, path, k):
        return self.inner_lr

    def descend(self, net, values, rows, steps):
        """φ before the first step and after every one, and the gradients between."""
        start = self.start(net, values)
        at, slopes = [start], []
        for k in range(steps):
            here = at[-1]
            slope = jax.grad(lambda phi: net.loss({**values, **phi}, rows))(here)
            slopes.append({p: slope[p] + self.strength * (here[p] - start[p]) for p in here})
            at.append({p: here[p] - self.rate(values, p, k) * slopes[-1][p] for p in here})
        return at, slopes

    def after(self, net, values, support, query):
        """The query's loss at the last φ."""
        return net.loss({**values, **self.descend(net, values, support, self.inner_steps)[0][-1]}, query)

    def gradient(self, net, values, support, query, step):
        """The query's loss after adaptation, and what the outer optimizer takes as the gradient."""
        if self.order == 2:
            return jax.value_and_grad(lambda v: self.after(net, v, support, query))(values)
        at, _ = self.descend(net, values, support, self.inner_steps)
        return jax.value_and_grad(net.loss)({**values, **at[-1]}, query)


class MetaSgd(Maml):
    """Li, Zhou, Chen and Li 2017, algorithm 1: φ = θ - α ∘ ∇L(θ), and (θ, α) ← (θ, α) - β ∇ Σ L(φ)."""

    name = "meta_sgd"

    def learned(self, net):
        return {f"rate/{k}": np.full(net.shapes[k], float(self.inner_lr)) for k in self.adapting(net)}

    def rate(self, values, path, k):
        return values[f"rate/{path}"]

    def gradient(self, net, values, support, query, step):
        if self.order == 2:
            return super().gradient(net, values, support, query, step)
        at, slopes = self.descend(net, values, support, self.inner_steps)
        loss, found = jax.value_and_grad(net.loss)({**values, **at[-1]}, query)
        # φ = θ - α ∘ (the sum of the slopes), which are constants.
        for p in at[0]:
            found[f"rate/{p}"] = -sum(s[p] for s in slopes) * found[p]
        return loss, found


class MamlPlusPlus(Maml):
    """Antoniou, Edwards and Storkey 2019, section 4: multi-step loss, derivative-order annealing, rates per layer and step."""

    name = "maml_pp"

    def learned(self, net):
        return {f"rate/{k}": np.full(self.inner_steps, float(self.inner_lr)) for k in self.adapting(net)}

    def rate(self, values, path, k):
        return values[f"rate/{path}"][min(k, self.inner_steps - 1)]

    def importance(self, step):
        """1 / n each at first; all but the last sink in a line to 0."""
        n, until = self.inner_steps, self.options.get("multi_step", 1000)
        others = max(0.0, 1 / n - step / n / until) if until else 0.0
        return [others] * (n - 1) + [1 - (n - 1) * others]

    def gradient(self, net, values, support, query, step):
        n, shares = self.inner_steps, self.importance(step)
        if step >= self.options.get("first_order", 0):
            def objective(v):
                at, _ = self.descend(net, v, support, n)
                losses = [net.loss({**v, **phi}, query) for phi in at[1:]]
                return sum(s * x for s, x in zip(shares, losses)), losses[-1]

            (_, loss), found = jax.value_and_grad(objective, has_aux=True)(values)
            return loss, found
        at, slopes = self.descend(net, values, support, n)
        pulls = [zip_with(lambda g: s * g, jax.grad(net.loss)({**values, **phi}, query))
                 for s, phi in zip(shares, at[1:])]
        found = {k: sum(pull[k] for pull in pulls) for k in values}
        # φ after a step hangs on that step's rate and on those before it.
        for p in at[0]:
            found[f"rate/{p}"] = jnp.stack(
                [-jnp.sum(slopes[k][p] * sum(pull[p] for pull in pulls[k:])) for k in range(n)])
        return net.loss({**values, **at[-1]}, query), found


class Anil(Maml):
    """Raghu, Raghu, Bengio and Vinyals 2020, section 4: only the head has an inner loop."""

    name = "anil"

    def adapting(self, net):
        return [k for k in net.shapes if k.rsplit(".", 1)[0] in HEADS[id(net)]]


class Boil(Maml):
    """Oh, Yoo, Kim and Yun 2021, section 3: the head's inner rate is 0."""

    name = "boil"

    def adapting(self, net):
        return [k for k in net.shapes if k.rsplit(".", 1)[0] not in HEADS[id(net)]]


class Cavia(Maml):
    """Zintgraf et al. 2019, algorithm 1: φ = 0 - α ∇_φ L(φ, θ), and θ ← θ - β ∇_θ Σ L(φ, θ)."""

    name = "cavia"

    def trained(self, net):
        return [k for k in net.shapes if k != "context"]

    def start(self, net, values):
        return {"context": jnp.zeros(net.shapes["context"])}


class Reptile(Maml):
    """Nichol, Achiam and Schulman 2018, algorithm 2: θ ← θ + ε mean(φ - θ); section 4: or θ - φ for an optimizer."""

    name = "reptile"

    def gradient(self, net, values, support, query, step):
        everything = {k: np.concatenate([support[k], query[k]]) for k in support}
        at, _ = self.descend(net, values, everything, self.inner_steps)
        away = {k: values[k] - at[-1].get(k, values[k]) for k in values}
        return net.loss({**values, **at[-1]}, query), away


class Imaml(Maml):
    """Rajeswaran, Finn, Kakade and Levine 2019: θ's gradient is (I + H / λ)⁻¹ ∇L(φ), equation 6.

    Weights that do not adapt move φ too: it is where ∇L(φ, ψ) + λ (φ - θ) = 0, so that by the implicit function theorem
    they get ∂L/∂ψ - ∂(x · ∇L(φ, ψ) of the support)/∂ψ / λ with x as above.
    """

    name = "imaml"
    exact = False

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.strength = self.options["strength"]

    def gradient(self, net, values, support, query, step):
        at, _ = self.descend(net, values, support, self.inner_steps)
        others = {k: v for k, v in values.items() if k not in at[-1]}
        flat, back = ravel_pytree(at[-1])
        slope = lambda f, psi: jax.grad(lambda f: net.loss({**psi, **back(f)}, support))(f)
        matrix = np.eye(len(flat)) + np.asarray(jax.jacobian(slope)(flat, others)) / self.strength
        assert np.linalg.eigvalsh(matrix).min() > 0.1
        loss, g = jax.value_and_grad(lambda f: net.loss({**others, **back(f)}, query))(flat)
        solved = np.linalg.solve(matrix, g) if self.exact else conjugate(matrix, np.asarray(g), self.options["cg_steps"])
        direct = jax.grad(lambda psi: net.loss({**psi, **at[-1]}, query))(others)
        through = jax.grad(lambda psi: jnp.dot(slope(flat, psi), solved))(others)
        return loss, {**back(jnp.asarray(solved)), **zip_with(lambda d, t: d - t / self.strength, direct, through)}


class ExactImaml(Imaml):
    exact = True


def conjugate(a, b, steps):
    """Hestenes and Stiefel's, from 0."""
    x, r = np.zeros_like(b), b.copy()
    p = r.copy()
    for _ in range(steps):
        alpha = (r @ r) / (p @ a @ p)
        x, after = x + alpha * p, r - alpha * (a @ p)
        p = after + (after @ after) / (r @ r) * p
        r = after
    return x


def check_implicit(net, algorithm):
    """At the bottom of the inner loss the implicit gradient is that through all steps to it."""
    rng = np.random.default_rng(3)
    values = {k: jnp.asarray(draw(rng, shape)) for k, shape in net.shapes.items()}
    support, query = net.sample(rng, net.rows)
    _, found = algorithm.gradient(net, values, support, query, 0)

    def after(v):
        start = algorithm.start(net, v)

        def step(phi, _):
            slope = jax.grad(lambda f: net.loss({**v, **f}, support))(phi)
            return {p: phi[p] - algorithm.inner_lr * (slope[p] + algorithm.strength * (phi[p] - start[p])) for p in phi}, 0

        return net.loss({**v, **jax.lax.scan(step, start, length=algorithm.inner_steps)[0]}, query)

    for k, right in jax.jit(jax.grad(after))(values).items():
        np.testing.assert_allclose(found[k], right, rtol=1e-8, atol=1e-10)


# Traces


class Traces:
    def __init__(self):
        self.cases = []

    def add(self, net, algorithm, outer, unroll=True):
        """Five meta-steps, and then one more task that is adapted to for longer than was trained."""
        text = algorithm.text(unroll)
        line, make = outer
        kind = {id(REGRESSION): "numbers", id(CLASSES): "classes", id(TWO): "two tasks", id(PENALIZED): "l2",
                id(CONTEXT): "numbers", id(CONTEXT_CLASSES): "classes"}[id(net)]
        name = f"{kind}, {text}, {line or 'no optimizer named'}"
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        initial = {k: draw(rng, shape, 0.7) for k, shape in net.shapes.items()}
        variables = {k: keras.Variable(v, dtype="float64") for k, v in {**initial, **algorithm.learned(net)}.items()}
        trained = algorithm.trained(net) + list(algorithm.learned(net))
        optimizer = make()
        optimizer.build([variables[k] for k in trained])
        steps = []
        for step in range(STEPS):
            values = {k: v.value for k, v in variables.items()}
            sums = {k: 0.0 for k in trained}
            shown = []
            for _ in range(TASKS):
                support, query = net.sample(rng, net.rows)
                loss, found = algorithm.gradient(net, values, support, query, step)
                assert np.isfinite(loss) and loss < 50 and loss.dtype == np.float64
                sums = {k: sums[k] + found[k] for k in trained}
                shown.append({"support": listed(net, support), "query": listed(net, query), "loss": float(loss)})
            assert any(np.abs(v).max() > 1e-3 for v in sums.values())
            steps.append(shown)
            means = {k: sums[k] / TASKS + 2 * net.l2.get(k, 0.0) * values[k] for k in trained}
            optimizer.apply([means[k] for k in trained], [variables[k] for k in trained])
        values = {k: v.value for k, v in variables.items()}
        # So many rows as no episode had.
        support, query = net.sample(rng, (7, 3))
        n = algorithm.inner_steps
        at, _ = algorithm.descend(net, values, support, n + 3)
        after = []
        for k in [0, 1, n, n + 3]:
            adapted = {**values, **at[k]}
            after.append({
                "steps": k,
                "sums": {t: float(jnp.sum(v)) for t, v in net.row_losses(adapted, query).items()},
                "predictions": {t: np.asarray(v).ravel().tolist() for t, v in net.predict(adapted, query["x"]).items()},
            })
        optimizer_line = f"optimizer: {line}\n" if line else ""
        meta = f"algorithm: {text}\nepisode: {net.episode}\ntasks_per_step: {TASKS}\n{optimizer_line}steps: {STEPS}\n"
        self.cases.append({
            "name": name,
            "spec": f"model M {{\n{indent(net.model)}}}\nmeta {{\n{indent(meta)}}}\n",
            "weights": {k: json_tensor(v) for k, v in initial.items()},
            "steps": steps,
            "finalWeights": {k: json_tensor(v) for k, v in values.items()},
            "adaptation": {"support": listed(net, support), "query": listed(net, query), "after": after},
        })


def listed(net, rows):
    return {"inputs": {"x": rows["x"].tolist()}, "labels": {t: rows[t].tolist() for t in net.tasks}}


def build():
    sgd = ("sgd(lr: 0.1)", lambda: O.SGD(0.1))
    momentum = ("sgd(lr: 0.05, momentum: 0.5)", lambda: O.SGD(0.05, momentum=0.5))
    adam = ("adam(lr: 0.02)", lambda: O.Adam(0.02))
    traces = Traces()
    add = traces.add

    def four(algorithm, numbers=REGRESSION, classes=CLASSES, **options):
        add(numbers, algorithm(3, 0.3, **options), sgd)
        add(numbers, algorithm(3, 0.2, **options), adam, unroll=False)
        add(classes, algorithm(2, 0.5, **options), adam)
        add(classes, algorithm(4, 0.4, **options), momentum, unroll=False)

    def first(algorithm, numbers=REGRESSION, classes=CLASSES, **options):
        add(numbers, algorithm(3, 0.3, order=1, **options), adam)
        add(classes, algorithm(3, 0.4, order=1, **options), sgd, unroll=False)

    for algorithm in [Maml, Anil, Boil]:
        four(algorithm)
        first(algorithm)
        add(TWO, algorithm(2, 0.3), adam)
        add(TWO, algorithm(3, 0.2), sgd, unroll=False)
    add(REGRESSION, Maml(1, 0.3), sgd)
    add(REGRESSION, Maml(2, 0.3, ("h.dense_2.*", "h.dense_2.")), sgd)
    add(PENALIZED, Maml(2, 0.3), sgd)
    four(MetaSgd)
    first(MetaSgd)
    # The second meta-step is of first order, the third of second; in the last one only the last inner step counts.
    four(MamlPlusPlus, multi_step=4, first_order=2)
    add(REGRESSION, MamlPlusPlus(3, 0.3), adam)
    add(CLASSES, MamlPlusPlus(2, 0.3, multi_step=0), sgd, unroll=False)
    add(CLASSES, MamlPlusPlus(3, 0.3, ("y.*", "y."), multi_step=10, first_order=1), momentum)
    four(Cavia, CONTEXT, CONTEXT_CLASSES, adapt=("context", "context"))
    first(Cavia, CONTEXT, CONTEXT_CLASSES, adapt=("context", "context"))
    # The context does not decay: it is not trained.
    add(CONTEXT, Cavia(2, 0.5, adapt=("context", "context")),
        ("adamw(lr: 0.02, decay: 0.1)", lambda: O.AdamW(0.02, weight_decay=0.1)))
    # With no optimizer named θ moves by ε.
    own = (None, lambda: O.SGD(0.25))
    add(REGRESSION, Reptile(4, 0.2, epsilon=0.25), own)
    add(CLASSES, Reptile(3, 0.4, epsilon=0.25), own, unroll=False)
    add(CLASSES, Reptile(3, 0.4), (None, lambda: O.SGD(0.1)))
    add(REGRESSION, Reptile(3, 0.3), adam, unroll=False)
    add(CLASSES, Reptile(2, 0.5), momentum)
    # Held back enough for I + H / λ to be positive definite.
    add(REGRESSION, Imaml(3, 0.05, strength=12.0, cg_steps=2), sgd)
    add(REGRESSION, Imaml(4, 0.05, strength=12.0, cg_steps=4), adam, unroll=False)
    add(CLASSES, Imaml(3, 0.2, strength=4.0, cg_steps=3), adam)
    add(CLASSES, Imaml(4, 0.2, strength=4.0, cg_steps=5), momentum, unroll=False)
    check_implicit(REGRESSION, ExactImaml(400, 0.1, strength=4.0))
    check_implicit(REGRESSION, ExactImaml(400, 0.1, ("y.*", "y."), strength=4.0))
    # So many steps as there are weights, and more, are as good as a solution.
    add(REGRESSION, ExactImaml(5, 0.05, strength=12.0, cg_steps=60), sgd)
    add(CLASSES, ExactImaml(5, 0.2, strength=4.0, cg_steps=60), adam, unroll=False)
    add(REGRESSION, ExactImaml(4, 0.15, ("y.*", "y."), strength=1.5, cg_steps=10), adam)
    return traces
