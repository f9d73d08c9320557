"""Two hundred random models of several tasks: combinations of layers, labels, losses and ways to train, in Keras.

Every model is drawn once and written twice, as a spec and in Keras; random_*.py have the parts. A model's number is its seed.
"""

import jax.numpy as jnp
import numpy as np
from random_layers import dense, detach, embedding, one_hot, stages, tied, to_vector
from random_net import Draw, RandomNet, Scope, Stage, Value, dims
from random_sharing import comprehension, joined, mixture, repeated, shared, stitches
from random_tasks import Head
from random_training import Plan, Training
from tracing import draw, json_tensor, spec_of

COUNT = 200


class Model:
    """The text of a model, and its bindings as functions in their order."""

    def __init__(self, rng):
        self.rng = rng
        self.d = Draw(rng)
        self.lines, self.program, self.free = [], [], []
        self.inputs, self.heads = {}, []
        self.rows = self.d.among(4, 10)
        self.begin()
        self.grow()
        self.finish()

    def bind(self, value, name):
        """Gives a value a name; until it is used it is free."""
        self.lines.append(f"{name} = {value.text}")
        self.program.append((name, value.of))
        bound = Value(name, value.shape, lambda n, env: env[name])
        self.free.append(bound)
        return bound

    def begin(self):
        """Inputs, each with a few layers; two of one shape may go through the same ones."""
        d, kept = self.d, None
        for i in range(d.among(1, 3)):
            kind = kept if kept and d.chance(0.5) else self.kind()
            name, (text, shape, classes, make) = f"x{i + 1}", kind
            self.lines.append(f"input {name}: {text}")
            self.inputs[name] = make()
            value = Value(name, shape, lambda n, env, name=name: env[name], classes)
            if classes:
                scope = Scope(f"v{i + 1}")
                table = d.chance(0.7)
                value = value | (embedding if table else one_hot)(d, scope, shape, classes)
                if table and d.chance(0.3):
                    value = value | tied(d, scope, value.shape, f"v{i + 1}.embedding.embeddings", (classes, value.shape[-1]))
                value = self.with_stages(value, scope, d.among(0, 2))
            elif kind is kept:
                value = value | self.trunk(shape)
            else:
                value = self.with_stages(value, Scope(f"v{i + 1}"), d.among(1, 4))
            kept = kind if not classes else None
            self.bind(value, f"v{i + 1}")

    def kind(self):
        """The type of an input, and a function that draws its rows."""
        d, rows = self.d, self.rows
        floats = lambda *shape: (f"float{dims(shape)}", shape, None, lambda: draw(self.rng, (rows, *shape), 1.0))
        count, length = d.among(2, 6), d.among(2, 4)
        categories = lambda *shape: (f"category({count}){dims(shape) if shape else ''}", shape, count,
                                     lambda: self.rng.integers(0, count, (rows, *shape)))
        vector, sequence = lambda: floats(d.among(1, 5)), lambda: floats(d.among(2, 4), d.among(1, 4))
        image = lambda: floats(d.among(3, 6), d.among(3, 6), d.among(1, 2))
        return d.pick([vector, vector, *[sequence] * 3, *[image] * 3, categories, lambda: categories(length)])()

    def with_stages(self, value, scope, count):
        for stage in stages(self.d, scope, value.shape, count):
            value = value | stage
        return value

    def trunk(self, shape):
        """A shared function of values of this shape, used once more on an earlier input."""
        name = self.d.fresh("trunk")
        made = shared(self.d, name, shape)
        self.lines.append(f"shared {name} = {' |> '.join(s.text for s in made)}")

        def of(n, x):
            for stage in made:
                x = stage.of(n, x)
            return x

        use = Stage(name, made[-1].shape, of)
        earlier = next(x for x, rows in self.inputs.items() if rows.shape[1:] == shape and rows.dtype == float)
        self.bind(Value(earlier, shape, lambda n, env: env[earlier]) | use, self.d.fresh("w"))
        return use

    def vector(self, value):
        """A binding of a value as a vector."""
        if len(value.shape) == 1:
            return value
        self.free.remove(value)
        name = self.d.fresh("h")
        for stage in to_vector(self.d, Scope(name), value.shape):
            value = value | stage
        return self.bind(value, name)

    def grow(self):
        """Joins what there is, and puts more layers behind it."""
        d = self.d
        for _ in range(d.among(1, 4)):
            a, b = d.pick(self.free), d.pick(self.free)
            way = d.pick(["join", "join", "join", "layers", "repeat", "list", "mixture", "mixture", "stitch"])
            if way in ["join", "stitch"]:
                if a is b:
                    continue
                if a.shape != b.shape if way == "stitch" else not fits(a, b) and d.chance(0.8):
                    a, b = self.aligned(a, b)
            name = d.fresh("h")
            scope = Scope(name)
            if way == "join":
                self.use(name, joined(d, scope, a, b), a, b)
            if way == "layers":
                self.use(name, self.with_stages(a, scope, d.among(1, 2)), a)
            if way == "repeat":
                self.use(name, repeated(d, scope, a), a)
            if way == "list":
                self.use(name, comprehension(d, scope, a), a)
            if way == "mixture" and len(a.shape) < 3:
                tasks = d.among(2, 3)
                self.listed(name, *mixture(d, name, a, tasks), tasks)
                self.used(a)
            if way == "stitch":
                self.listed(name, *stitches(d, name, [a, b]), 2)
                self.used(a, b)

    def aligned(self, a, b):
        """Both as vectors of one length."""
        a, b = self.vector(a), self.vector(b)
        if a.shape != b.shape:
            name = self.d.fresh("h")
            self.free.remove(b)
            b = self.bind(b | dense(self.d, Scope(name), b.shape, units=a.shape[0]), name)
        return a, b

    def use(self, name, made, *values):
        if made:
            self.used(*values)
            self.bind(made, name)

    def used(self, *values):
        """A value may be used again now and then."""
        for value in values:
            if value in self.free and len(self.free) > 1 and not self.d.chance(0.2):
                self.free.remove(value)

    def listed(self, name, text, of, shape, count):
        self.lines.append(f"{name} = {text}")
        self.program.append((name, of))
        for i in range(count):
            self.free.append(Value(f"{name}[{i}]", shape, lambda n, env, i=i: env[name][i]))

    def finish(self):
        """Tasks on what is left, which is put together where it is more, and on outputs of tasks above where it is less."""
        d = self.d
        count = d.pick([1, 2, 2, 3, 3, 4, 5])
        waiting = list(self.free)
        while len(waiting) > count:
            a, b = self.vector(waiting.pop()), self.vector(waiting.pop())
            name = d.fresh("h")
            both = Value(f"concat({a.text}, {b.text})", (a.shape[0] + b.shape[0],),
                         lambda n, env, a=a, b=b: jnp.concatenate([a.of(n, env), b.of(n, env)], -1))
            waiting.append(self.bind(both, name))
        above = []
        self.tasks, self.texts = {}, []
        for i in range(count):
            source = waiting[i] if i < len(waiting) else d.pick([*waiting, *above, *above])
            head = Head(d, f"t{i + 1}", source)
            self.tasks[head.name] = head.task(self.rng, self.rows)
            self.texts.append(f"task {head.name} {{\n{head.written}\n}}")
            self.heads.append(head)
            seen = Value(f"{head.name}.output", head.logits.shape, lambda n, env, t=head.name: env[f"{t}.output"])
            above.append(seen | detach(d, None, seen.shape) if d.chance(0.3) else seen)

    def forward(self, n, inputs):
        env = dict(inputs)
        for name, of in self.program:
            env[name] = of(n, env)
        logits = {}
        for head in self.heads:
            logits[head.name] = head.logits.of(n, env)
            env[f"{head.name}.output"] = head.output(logits[head.name])
        return logits


def fits(a, b):
    return a.shape[:-1] == b.shape[:-1] or len(a.shape) == len(b.shape) == 2


def weights_of_rows(d, rng, rows, tasks):
    """The rows' weights, for all tasks and for single ones, and a function of a task."""
    column = lambda: np.round(rng.uniform(0, 3, rows) * (rng.uniform(size=rows) > 0.15), 2)
    common = column() if d.chance(0.2) else None
    own = {t: column() for t in tasks if d.chance(0.1)}

    def of(t, rows):
        return (np.ones(rows) if common is None else common) * own.get(t, 1.0)

    return common, own, of


def short(value):
    """Twelve digits."""
    if isinstance(value, dict):
        return {k: short(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [short(v) for v in value]
    if isinstance(value, float):
        return int(value) if value == int(value) else float(f"{value:.12g}")
    return value


def case(number):
    rng = np.random.default_rng([12, number])
    model = Model(rng)
    d, tasks = model.d, model.tasks
    net = RandomNet(rng)
    net.begin()
    model.forward(net, model.inputs)
    plan = Plan(d, model.rows, list(net.initial))
    common, own, of = weights_of_rows(d, rng, model.rows, tasks)
    data = ""
    if common is not None or own:
        columns = "".join(f"  {name} = {name}\n" for name in [*model.inputs, *tasks])
        columns += "  row_weight: w\n" * (common is not None) + "".join(f"  row_weight {t}: w_{t}\n" for t in own)
        data = f'data {{\n  from: "rows.csv"\n{columns}}}\n'
    head = "".join(f'import {{ {name} }} from "std/multitask"\n' for name in sorted(d.imports))
    head += "".join(f"{text}\n" for text in d.blocks.values())
    text = "\n".join([*model.lines, *model.texts])
    spec = spec_of(text, plan.text + "\n", plan.epochs, plan.batch, plan.accumulate, data, head)
    training = Training(net, model.forward, model.inputs, tasks, plan, d.penalties, of)
    training.run()
    predictions, evaluated = training.outcome()
    steps = [losses for losses, _ in training.recorded]
    listed = lambda a: [None if np.isnan(x) else x for x in a.ravel().tolist()]
    return short({
        "name": f"model {number}",
        "spec": spec,
        "weights": {k: json_tensor(v) for k, v in net.initial.items()},
        "inputs": {k: v.ravel().tolist() for k, v in model.inputs.items()},
        "labels": {t: listed(task.label) for t, task in tasks.items()},
        **({} if common is None else {"rowWeight": common.tolist()}),
        **({"rowWeights": {t: w.tolist() for t, w in own.items()}} if own else {}),
        "losses": steps,
        "epochLosses": training.epoch_losses(),
        "finalWeights": {k: json_tensor(v) for k, v in {**training.final, **training.state}.items()},
        "predictions": {t: p.ravel().tolist() for t, p in predictions.items()},
        "evaluated": evaluated,
        "evaluatedLoss": sum(task.weight * evaluated[t] for t, task in tasks.items()),
    })


class Cases:
    def __init__(self, numbers):
        self.cases = [case(number) for number in numbers]


def build():
    return Cases(range(COUNT))
