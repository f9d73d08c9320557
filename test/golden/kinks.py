"""Derivatives where there is no one derivative, from Keras on jax and from PyTorch: python test/golden/kinks.py"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import keras
import numpy as np
import torch
import torch.nn.functional as F

keras.config.set_floatx("float64")
k = keras.ops
cases = []


def numbers(x):
    return np.asarray(x, float).ravel().tolist()


def add(name, where, keras_of, torch_of, *points):
    """The gradients of the sum of what `keras_of` and `torch_of` give at these points."""
    arrays = [jnp.asarray(p, float) for p in points]
    grads = jax.grad(lambda *a: jnp.sum(keras_of(*a)), tuple(range(len(points))))(*arrays)
    tensors = [torch.tensor(p, dtype=torch.float64, requires_grad=True) for p in points]
    torch_of(*tensors).sum().backward()
    cases.append({
        "name": name,
        "where": where,
        "points": [numbers(p) for p in points],
        "keras": [numbers(g) for g in grads],
        "torch": [numbers(t.grad) for t in tensors],
    })


order = jnp.asarray([1.0, 2.0, 3.0])
image = [[1.0, 2.0, 2.0], [2.0, 2.0, 0.0]]
zero = [0.0]
add("abs", "at 0", k.abs, torch.abs, zero)
add("relu", "at 0", k.relu, torch.relu, zero)
add("leaky_relu", "at 0", lambda x: k.leaky_relu(x, 0.2), lambda x: F.leaky_relu(x, 0.2), zero)
add("elu", "at 0, with alpha 0.5", lambda x: k.elu(x, 0.5), lambda x: F.elu(x, 0.5), zero)
add("max", "of two equal numbers", k.maximum, torch.maximum, [1.0], [1.0])
add("min", "of two equal numbers", k.minimum, torch.minimum, [1.0], [1.0])
add("clip", "on each bound", lambda x: k.clip(x, -1, 1), lambda x: torch.clamp(x, -1, 1), [-1.0, 1.0])
add("max_reduce", "over 1, 2, 2", k.max, torch.amax, [1.0, 2.0, 2.0])
add("sort", "of 2, 1, 1; read in order with slopes 1, 2, 3", lambda x: k.sort(x) * order,
    lambda x: torch.sort(x, stable=True).values * torch.tensor(np.asarray(order)), [2.0, 1.0, 1.0])
add("max_pool", "of windows 2 × 2 over (1, 2, 2), (2, 2, 0)",
    lambda x: k.max_pool(jnp.reshape(x, (1, 2, 3, 1)), 2, 1), lambda x: F.max_pool2d(x[None, None], 2, 1), image)
add("floor", "at a whole number", k.floor, torch.floor, [1.0])
add("sign", "at 0", k.sign, torch.sign, zero)
add("mod", "of 4 by 2", k.mod, torch.remainder, [4.0], [2.0])
add("mae", "where prediction and label agree", lambda p: keras.losses.mean_absolute_error(jnp.zeros((1, 1)), p[None]),
    lambda p: F.l1_loss(p, torch.zeros(1, dtype=torch.float64)), zero)
add("huber", "at an error of delta = 1", lambda p: keras.losses.huber(jnp.zeros((1, 1)), p[None]),
    lambda p: F.huber_loss(p, torch.zeros(1, dtype=torch.float64)), [1.0])
add("l1", "at a weight of 0, with 0.1", keras.regularizers.L1(0.1), lambda w: 0.1 * torch.abs(w), zero)
# The term itself is that of the l1 part alone: the square adds nothing at 0.
add("l1_l2", "at a weight of 0, with 0.1 and 0.1", keras.regularizers.L1L2(0.1, 0.1),
    lambda w: 0.1 * torch.abs(w) + 0.1 * w * w, zero)

meta = {"keras": keras.__version__, "jax": jax.__version__, "torch": torch.__version__.split("+")[0]}
out = pathlib.Path(__file__).with_name("kinks.json")
out.write_text(json.dumps({"versions": meta, "cases": cases}, indent=1) + "\n")
