"""Random tasks: labels of all shapes, with and without gaps, and what is lost on them."""

import jax
import jax.numpy as jnp
import keras
import numpy as np
from random_layers import dense, layer_norm, to_vector
from random_net import Scope, Stage, Value, dims, size_of
from sklearn.utils.class_weight import compute_class_weight
from tracing import Task, draw

K = keras.losses
LINEAR = ("linear", keras.activations.linear)


def element(loss):
    """Keras's loss over a last axis of one number: one loss a number of the label."""
    return lambda y, p: loss(jnp.asarray(y)[..., None], jnp.reshape(p, (*y.shape, 1)))


def weighted(terms, weights):
    """Class weights, element by element."""
    return lambda y, p: terms(y, p) * jnp.asarray(weights)[jnp.asarray(y, int)]


def regression(d):
    """A loss of numbers: its text, function, and the noise that it assumes."""
    delta = d.number(0.3, 2)
    return d.pick([
        ("mse", K.MeanSquaredError(reduction=None), "gaussian"),
        ("mse", K.MeanSquaredError(reduction=None), "gaussian"),
        ("mae", K.MeanAbsoluteError(reduction=None), "laplace"),
        ("huber", K.Huber(reduction=None), "gaussian"),
        (f"huber(delta: {delta})", K.Huber(delta=delta, reduction=None), "gaussian"),
    ])


class Head:
    """
    A task's text and its logits; `output` makes of them what other tasks see, `act` what is predicted. And what is known of
    its label: `dims`, `elements` (what has a loss of its own), `values` to draw it.
    """

    def __init__(self, d, name, source):
        self.d, self.name, self.source = d, name, source
        self.scope = Scope(name)
        self.weight = d.pick([1.0, 1.0, d.number(0.2, 2)])
        kind = d.pick([self.numbers, self.numbers, self.yes_or_no, self.yes_or_no, self.classes, self.classes, self.soft])
        kind()

    def body(self, last, matrix, folded=None):
        """
        The source with a linear layer at its end, whose last axis is `last` long; `matrix`: with axes before it.
        `folded`: a link that the layer's text names where it can, though the value is before it.
        """
        d, v = self.d, self.source
        shape, units = (last,), last
        if matrix and len(v.shape) > 1 and size_of(v.shape[:-1]) <= 12 and d.chance(0.7):
            shape = (*v.shape[:-1], last)
        else:
            for stage in to_vector(d, self.scope, v.shape):
                v = v | stage
            if matrix:
                first = d.among(2, 3)
                shape, units = (first, last), first * last
        if d.chance(0.3):
            v = v | dense(d, self.scope, v.shape)
        self.folded = folded is not None and units == last
        v = v | dense(d, self.scope, v.shape, units, (folded, LINEAR[1]) if self.folded else LINEAR)
        if v.shape != shape:
            v = v | Stage(f"reshape({dims(shape)})", shape, lambda n, x: jnp.reshape(x, (-1, *shape)))
        return v

    def linked(self, last, matrix, link, losses):
        """An output that ends with the link, lacks it, or is a probability of another kind; `losses(from_logits)`."""
        d = self.d
        f = {"sigmoid": jax.nn.sigmoid, "softmax": jax.nn.softmax}[link]
        way = d.pick(["folded", "folded", "folded", "stage", "logits", "norm", "probability"])
        v = self.body(last, matrix, link if way == "folded" else None)
        if way == "norm" and last > 1:
            v = v | layer_norm(d, self.scope, v.shape)
        self.logits, self.text, self.act = v, v.text, f
        if way == "stage" or way == "folded" and not self.folded:
            self.text = f"{v.text} |> {link}"
        self.linear = way in ["logits", "norm"]
        self.output = f if way in ["stage", "folded"] else lambda z: z
        self.terms = losses(way != "probability")
        if way == "probability":
            rest = d.number(0.1, 0.4)
            self.text = f"0.5 * ({v.text} |> {link}) + {rest}"
            self.logits = Value(self.text, v.shape, lambda n, env: 0.5 * f(v.of(n, env)) + rest)
            self.act = lambda p: p

    def numbers(self):
        d = self.d
        self.loss, loss, self.noise = regression(d)
        self.terms = element(loss)
        form = d.pick(["one", "several", "matrix"])
        self.logits = self.body(d.among(1, 4) if form != "one" else 1, form == "matrix")
        self.dims = () if form == "one" else self.logits.shape
        self.text = self.logits.text
        self.base, self.act = d.pick(["float", "float", "float", "int"]), lambda z: z
        self.output = self.act
        self.elements, self.spread = self.dims, False
        if self.base == "int":
            self.values = lambda rng, rows: rng.integers(-2, 4, (rows, *self.dims))
        else:
            self.values = lambda rng, rows: draw(rng, (rows, *self.dims), 1.0)

    def yes_or_no(self):
        d = self.d
        self.loss, self.noise = "binary_crossentropy", "categorical"
        form = d.pick(["one", "several", "matrix"])
        self.linked(d.among(1, 4) if form != "one" else 1, form == "matrix", "sigmoid",
                    lambda logits: element(K.BinaryCrossentropy(logits, reduction=None)))
        self.dims = () if form == "one" else self.logits.shape
        self.elements, self.spread = self.dims, False
        if d.chance(0.25):
            self.base = "float"
            self.values = lambda rng, rows: np.round(rng.uniform(0.02, 0.98, (rows, *self.dims)), 2)
            self.act = (lambda z: z) if self.linear else self.act
        else:
            self.base, self.count = d.pick(["binary", 'binary("no", "yes")']), 2
            self.values = lambda rng, rows: self.every(rng, rows)

    def classes(self):
        d = self.d
        self.count = d.among(2, 4)
        self.loss, self.noise = "categorical_crossentropy", "categorical"
        self.linked(self.count, d.chance(0.5), "softmax",
                    lambda logits: K.SparseCategoricalCrossentropy(logits, reduction=None))
        self.dims = self.elements = self.logits.shape[:-1]
        self.spread = False
        names = ", ".join(f'"{c}"' for c in "abcd"[:self.count])
        self.base = f"category({d.pick([self.count, names])})"
        self.values = lambda rng, rows: self.every(rng, rows)

    def soft(self):
        d = self.d
        wide = d.among(2, 4)
        self.loss, self.noise = "categorical_crossentropy", "categorical"
        self.linked(wide, d.chance(0.5), "softmax", lambda logits: K.CategoricalCrossentropy(logits, reduction=None))
        self.dims, self.elements, self.spread = self.logits.shape, self.logits.shape[:-1], True
        self.act = (lambda z: z) if self.linear else self.act
        self.base = "float"
        self.values = lambda rng, rows: np.round(rng.dirichlet(np.ones(wide), (rows, *self.elements)), 3)

    def every(self, rng, rows):
        """Class indices, each at least once where there is room."""
        label = rng.integers(0, self.count, (rows, *self.dims))
        places = rng.permutation(label.size)[:self.count]
        label.reshape(-1)[places] = np.arange(len(places))
        return label

    def task(self, rng, rows):
        """Draws the labels, and says what they cost."""
        d = self.d
        label = np.array(self.values(rng, rows), float)
        gaps = d.pick(["", "", "elements", "rows", "batch", "batch"])
        if gaps == "elements":
            label[rng.uniform(size=label.shape) < d.number(0.1, 0.5)] = np.nan
        if gaps:
            gone = np.sort(rng.permutation(rows)[:d.among(1, max(1, rows // 2))]) if gaps == "rows" else []
            start = d.among(0, rows - 1)
            length = rows // 2 if gaps == "batch" else 1
            label[gone if gaps == "rows" else slice(start, start + length)] = np.nan
        if np.isnan(label).reshape(len(label), *self.elements, -1).any(-1).all():
            label[0] = self.values(rng, rows)[0]
        optional = bool(np.isnan(label).any())
        shape = dims(self.dims) if self.dims else ""
        lines = [f"output = {self.text}", f"label: {self.base}{shape}{'?' if optional else ''}", f"loss: {self.loss}"]
        terms = self.terms
        if hasattr(self, "count") and d.chance(0.35):
            known = label[~np.isnan(label)].astype(int)
            if len(set(known)) == self.count and d.chance(0.6):
                weights = compute_class_weight("balanced", classes=np.arange(self.count), y=known)
                lines.append("class_weights: balanced")
            else:
                weights = [d.number(0.3, 2.5) for _ in range(self.count)]
                lines.append(f"class_weights: [{', '.join(map(str, weights))}]")
            terms = weighted(terms, weights)
        if self.weight != 1:
            lines.append(f"weight: {self.weight}")
        made = Task(label, terms, self.act, self.weight, optional, self.elements, self.spread)
        made.noise = self.noise
        self.written = "\n".join(lines)
        return made

