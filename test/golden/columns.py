"""Metrics of labels with several columns and gaps, column by column, from scikit-learn: python test/golden/columns.py

Scores are logits; scikit-learn gets the probabilities that float64 makes of them. Where these round to 0 or 1 they are left out of
log_loss's golden values, which are then the sums of log(1 + e^z) by mpmath.
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from mpmath import mp, mpf
from sklearn import metrics as m

warnings.simplefilter("ignore")
mp.dps = 60
rng = np.random.default_rng(11)
cases = []


def surprise(label, scores):
    """The exact negative logarithm of a label's probability, from logits."""
    z = [mpf(float(s)) for s in np.atleast_1d(scores)]
    if len(z) == 1:
        z = [mpf(0), z[0]]
    return mp.log(sum(mp.exp(s) for s in z)) - z[int(label)]


def log_loss(labels, scores):
    return float(sum(surprise(y, s) for y, s in zip(labels, scores)) / len(labels))


def by_column(metric, labels, scores):
    """`labels`: [rows, columns], NaN where missing."""
    found = []
    for c in range(labels.shape[1]):
        known = ~np.isnan(labels[:, c])
        found.append(None if not known.any() else float(metric(labels[known, c], scores[known, c])))
    return found


def add(name, label, classes, labels, scores, metrics):
    rows = len(labels)
    flat = labels.reshape(rows, -1)
    columns = scores.reshape(rows, flat.shape[1], *([-1] if classes > 2 else []))
    values = {k: by_column(f, flat, columns) for k, f in metrics.items()}
    cases.append({
        "name": name,
        "label": label,
        "labels": [None if np.isnan(x) else x for x in labels.ravel().tolist()],
        "scores": scores.ravel().tolist(),
        "shape": list(scores.shape[1:]),
        "columns": values,
        "means": {k: float(np.mean([x for x in v if x is not None])) for k, v in values.items()},
    })


def holes(labels, share):
    labels = labels.astype(float)
    labels[rng.uniform(size=labels.shape) < share] = np.nan
    return labels


said = lambda z: (z > 0).astype(int)
BINARY = {
    "accuracy": lambda y, z: m.accuracy_score(y, said(z)),
    "auc": m.roc_auc_score,
    "f1": lambda y, z: m.f1_score(y, said(z), zero_division=0),
    "precision": lambda y, z: m.precision_score(y, said(z), zero_division=0),
    "recall": lambda y, z: m.recall_score(y, said(z), zero_division=0),
    "log_loss": log_loss,
}
VALUES = {"mae": m.mean_absolute_error, "rmse": m.root_mean_squared_error, "r2": m.r2_score}
best = lambda z: z.argmax(axis=1)
CATEGORY = {
    "accuracy": lambda y, z: m.accuracy_score(y, best(z)),
    "f1": lambda y, z: m.f1_score(y, best(z), average="macro", zero_division=0),
    "precision": lambda y, z: m.precision_score(y, best(z), average="macro", zero_division=0),
    "recall": lambda y, z: m.recall_score(y, best(z), average="macro", zero_division=0),
    "log_loss": log_loss,
}
n = 30
short = lambda *shape, scale=2.0: np.round(rng.normal(0, scale, shape), 3)
add("right in two of four rows", "binary[2]", 2, np.array([[0, 1]] * 4), np.array([[-1.0, 1], [-2, 3], [1, -1], [2, -2]]),
    {k: BINARY[k] for k in ["accuracy", "f1", "log_loss"]})
add("attributes with gaps", "binary[6]?", 2, holes(rng.integers(0, 2, (n, 6)), 0.4), short(n, 6), BINARY)
add("an image of yes and no", "binary[2, 3]?", 2, holes(rng.integers(0, 2, (n, 2, 3)), 0.2), short(n, 2, 3), BINARY)
add("logits from 18 to 25", "binary[2]", 2, np.tile([[0, 1], [1, 0]], (4, 1)), 18 + np.arange(16).reshape(8, 2) * 0.4375,
    {k: BINARY[k] for k in ["accuracy", "auc", "log_loss"]})
add("columns far apart", "float[3]", 0, short(n, 3) + [0, 100, -1e4], short(n, 3) + [0, 100, -1e4], VALUES)
add("values with gaps", "float[4]?", 0, holes(short(n, 4) * [1, 10, 100, 0.1], 0.4), short(n, 4) * [1, 10, 100, 0.1], VALUES)
ends = rng.integers(0, 4, (n, 5)).astype(float)
ends[np.arange(5)[None] > rng.integers(1, 6, n)[:, None]] = np.nan
add("sequences up to their ends", "category(4)[5]?", 4, ends, short(n, 5, 4), CATEGORY)
add("far logits of classes", "category(3)", 3, rng.integers(0, 3, (n, 1)), short(n, 3, scale=40.0), CATEGORY)
add("far logits of yes and no", "binary", 2, rng.integers(0, 2, (n, 1)), short(n, 1, scale=40.0), BINARY)

out = {"source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", "cases": cases}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out, allow_nan=False) + "\n")
print(len(cases), out["source"])
