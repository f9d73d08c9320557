"""How Keras's layers and initializers begin: mean and standard deviation of each weight, over many seeds.

python test/golden/initial.py
"""

import json
import os
import pathlib

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"

import keras
import numpy as np

L, I = keras.layers, keras.initializers
SEEDS = 24


def figures(arrays):
    x = np.concatenate([np.ravel(a) for a in arrays]).astype(float)
    return {"mean": float(x.mean()), "deviation": float(x.std())}


def layer(name, spec, inputs, make, shapes, names):
    """`spec` is ours from the tensor `x`, `inputs` its type; `names` are our weights' names in Keras's order."""
    found = {n: [] for n in names}
    for seed in range(SEEDS):
        keras.utils.set_random_seed(seed)
        made = make()
        made.build(*shapes)
        assert len(made.trainable_variables) == len(names), [v.path for v in made.trainable_variables]
        for n, v in zip(names, made.trainable_variables):
            found[n].append(np.asarray(v))
    sizes = {n: int(a[0].size) for n, a in found.items()}
    return {"name": name, "spec": spec, "input": inputs, "layer": name.split(":")[0],
            "weights": {n: {"size": sizes[n], **figures(a)} for n, a in found.items()}}


HEADS = ["query_kernel", "query_bias", "key_kernel", "key_bias", "value_kernel", "value_bias", "output_kernel",
         "output_bias"]
layers = [
    layer("dense", "dense(48)", "float[20]", lambda: L.Dense(48), [(None, 20)], ["kernel", "bias"]),
    layer("dense:he", "dense(48, kernel_initializer: he_normal)", "float[20]",
          lambda: L.Dense(48, kernel_initializer="he_normal"), [(None, 20)], ["kernel", "bias"]),
    layer("conv2d", "conv2d(24, [3, 2])", "float[9, 9, 5]", lambda: L.Conv2D(24, (3, 2)), [(None, 9, 9, 5)],
          ["kernel", "bias"]),
    layer("embedding", "embedding(16)", "category(50)", lambda: L.Embedding(50, 16), [(None,)], ["embeddings"]),
    layer("lstm", "lstm(12)", "float[5, 20]", lambda: L.LSTM(12), [(None, 5, 20)],
          ["kernel", "recurrent_kernel", "bias"]),
    layer("multi_head_attention", "multi_head_attention(8, 24)", "float[5, 32]", lambda: L.MultiHeadAttention(8, 24),
          [(None, 5, 32), (None, 5, 32)], HEADS),
    layer("multi_head_attention:values", "multi_head_attention(3, 16, value_dim: 40)", "float[5, 18]",
          lambda: L.MultiHeadAttention(3, 16, value_dim=40), [(None, 5, 18), (None, 5, 18)], HEADS),
    layer("multi_head_attention:he", "multi_head_attention(4, 16, kernel_initializer: he_uniform)", "float[5, 24]",
          lambda: L.MultiHeadAttention(4, 16, kernel_initializer="he_uniform"), [(None, 5, 24), (None, 5, 24)], HEADS),
    layer("multi_head_attention:orthogonal", "multi_head_attention(2, 20, kernel_initializer: orthogonal)",
          "float[5, 10]", lambda: L.MultiHeadAttention(2, 20, kernel_initializer="orthogonal"),
          [(None, 5, 10), (None, 5, 10)], HEADS),
    layer("batch_norm", "batch_norm", "float[7]", lambda: L.BatchNormalization(), [(None, 7)], ["gamma", "beta"]),
    layer("layer_norm", "layer_norm", "float[7]", lambda: L.LayerNormalization(), [(None, 7)], ["gamma", "beta"]),
]

SHAPES = [[40], [30, 20], [5, 30, 8], [3, 2, 12, 20]]
MAKERS = {
    "constant": (I.Constant(0.25), {"value": 0.25}), "glorot_normal": (I.GlorotNormal, {}),
    "glorot_uniform": (I.GlorotUniform, {}), "he_normal": (I.HeNormal, {}), "he_uniform": (I.HeUniform, {}),
    "normal": (I.RandomNormal, {}), "ones": (I.Ones(), {}), "uniform": (I.RandomUniform, {}), "zeros": (I.Zeros(), {}),
    "orthogonal": (I.Orthogonal, {}), "identity": (I.Identity(), {}),
}


def initializer(name, make, options, shape):
    drawn = [np.asarray((make(seed=s) if isinstance(make, type) else make)(tuple(shape))) for s in range(SEEDS)]
    return {"name": name, "options": options, "shape": shape, **figures(drawn)}


initializers = [
    initializer(name, make, options, shape)
    for name, (make, options) in MAKERS.items()
    for shape in ([[9, 9]] if name == "identity" else SHAPES[1:] if name == "orthogonal" else SHAPES)
]
out = pathlib.Path(__file__).with_name("initial.json")
text = {"source": f"Keras {keras.__version__}", "seeds": SEEDS, "layers": layers, "initializers": initializers}
out.write_text(json.dumps(text, indent=1) + "\n")
