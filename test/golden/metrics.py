"""Golden values for the metrics, from scikit-learn: python test/golden/metrics.py"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)
cases = []


def add(metric, labels, predictions, value, classes=2, weights=None, options=None):
    cases.append({
        "metric": metric,
        "options": options or {},
        "classes": classes,
        "labels": np.asarray(labels, float).tolist(),
        "predictions": np.asarray(predictions, float).ravel().tolist(),
        **({} if weights is None else {"weights": weights.tolist()}),
        "value": float(value),
    })


def binary(labels, scores, weights):
    said = (scores > 0.5).astype(int)
    w = {"sample_weight": weights}
    add("accuracy", labels, scores, m.accuracy_score(labels, said, **w), weights=weights)
    add("auc", labels, scores, m.roc_auc_score(labels, scores, **w), weights=weights)
    add("log_loss", labels, scores, m.log_loss(labels, scores, **w), weights=weights)
    for name, f in ratios:
        for average in [None, "binary", "macro", "micro", "weighted"]:
            value = f(labels, said, average=average or "binary", zero_division=0, **w)
            add(name, labels, scores, value, weights=weights, options={"average": average} if average else {})


def category(labels, probabilities, weights):
    classes = probabilities.shape[1]
    said = probabilities.argmax(axis=1)
    w = {"sample_weight": weights}
    add("accuracy", labels, probabilities, m.accuracy_score(labels, said, **w), classes, weights)
    loss = m.log_loss(labels, probabilities, labels=np.arange(classes), **w)
    add("log_loss", labels, probabilities, loss, classes, weights)
    for name, f in ratios:
        for average in [None, "macro", "micro", "weighted"]:
            value = f(labels, said, average=average or "macro", zero_division=0, **w)
            add(name, labels, probabilities, value, classes, weights, {"average": average} if average else {})


def values(labels, predictions, weights):
    w = {"sample_weight": weights}
    add("mae", labels, predictions, m.mean_absolute_error(labels, predictions, **w), 0, weights)
    add("rmse", labels, predictions, m.root_mean_squared_error(labels, predictions, **w), 0, weights)
    add("r2", labels, predictions, m.r2_score(labels, predictions, **w), 0, weights)


ratios = [("f1", m.f1_score), ("precision", m.precision_score), ("recall", m.recall_score)]
for weighted in [False, True]:
    n = 40
    weights = rng.uniform(0, 3, n) if weighted else None
    labels = rng.integers(0, 2, n)
    binary(labels, rng.uniform(size=n), weights)
    # Many ties, and probabilities of exactly 0, 0.5 and 1.
    binary(labels, np.round(rng.uniform(size=n) * 4) / 4, weights)
    # Nothing is ever predicted.
    binary(labels, rng.uniform(0, 0.4, n), weights)
    for classes in [3, 6]:
        # The last class of six neither occurs nor is predicted.
        labels = rng.integers(0, min(classes, 4), n)
        p = rng.dirichlet(np.ones(classes), n)
        if classes == 6:
            p[:, 5] = 0
            p /= p.sum(axis=1, keepdims=True)
        category(labels, p, weights)
    values(rng.normal(5, 2, n), rng.normal(5, 2, n), weights)
    truth = rng.normal(1e6, 1, n)
    values(truth, truth + rng.normal(0, 0.1, n), weights)

out = {"source": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}", "cases": cases}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(out))
print(len(cases), out["source"])
