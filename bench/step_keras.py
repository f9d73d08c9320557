"""Times training steps of one model in Keras on jax, on one core: `step_keras.py MODEL REPEATS`. A step is one of `fit`."""
import os
import sys

# One core: what there is of threads shares it.
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import jax
import keras
import numpy as np
from keras import layers, losses
from timing import measure

rng = np.random.default_rng(1)
floats = lambda *shape: rng.standard_normal(shape, dtype=np.float32)
bits = lambda rows: rng.integers(2, size=(rows, 1)).astype(np.float32)
classes = lambda rows, of: rng.integers(of, size=(rows,)).astype(np.int32)

BINARY = losses.BinaryCrossentropy(from_logits=True)
CLASSES = losses.SparseCategoricalCrossentropy(from_logits=True)
SQUARED = losses.MeanSquaredError()


def two_towers():
    inputs = [keras.Input((10,)), keras.Input((10,))]
    outputs = [layers.Dense(1)(layers.Dense(10, activation="relu")(x)) for x in inputs]
    data = lambda rows: ([floats(rows, 10), floats(rows, 10)], [bits(rows), bits(rows)])
    return inputs, outputs, [BINARY, BINARY], 32, data


def mlp():
    x = keras.Input((64,))
    h = layers.Dense(256, activation="relu")(layers.Dense(256, activation="relu")(x))
    outputs = [layers.Dense(1)(h), layers.Dense(1)(h), layers.Dense(10)(h)]
    data = lambda rows: ([floats(rows, 64)], [floats(rows, 1), bits(rows), classes(rows, 10)])
    return [x], outputs, [SQUARED, BINARY, CLASSES], 128, data


def cnn():
    x = h = keras.Input((28, 28, 1))
    for filters in (16, 32):
        h = layers.MaxPooling2D(2)(layers.Conv2D(filters, 3, padding="same", activation="relu")(h))
    data = lambda rows: ([floats(rows, 28, 28, 1)], [classes(rows, 10)])
    return [x], [layers.Dense(10)(layers.Flatten()(h))], [CLASSES], 64, data


def lstm():
    x = keras.Input((100, 8))
    data = lambda rows: ([floats(rows, 100, 8)], [floats(rows, 1)])
    return [x], [layers.Dense(1)(layers.LSTM(64)(x))], [SQUARED], 32, data


def transformer():
    x = keras.Input((64, 64))
    n = layers.LayerNormalization()(x)
    a = x + layers.MultiHeadAttention(4, 16)(n, n)
    h = a + layers.Dense(64)(layers.Dense(256, activation="gelu")(layers.LayerNormalization()(a)))
    data = lambda rows: ([floats(rows, 64, 64)], [classes(rows, 10)])
    return [x], [layers.Dense(10)(layers.GlobalAveragePooling1D()(h))], [CLASSES], 32, data


def embeddings():
    inputs = [keras.Input((), dtype="int32"), keras.Input((), dtype="int32"), keras.Input((8,))]
    tables = [layers.Embedding(5000, 32)(inputs[0]), layers.Embedding(500, 16)(inputs[1])]
    h = layers.Dense(128, activation="relu")(layers.Concatenate()([*tables, inputs[2]]))
    h = layers.Dense(64, activation="relu")(h)
    outputs = [layers.Dense(1)(h), layers.Dense(1)(h), layers.Dense(5)(h)]
    data = lambda rows: (
        [classes(rows, 5000), classes(rows, 500), floats(rows, 8)],
        [bits(rows), floats(rows, 1), classes(rows, 5)],
    )
    return inputs, outputs, [BINARY, SQUARED, CLASSES], 256, data


models = {
    "two-towers": two_towers,
    "mlp": mlp,
    "cnn": cnn,
    "lstm": lstm,
    "transformer": transformer,
    "embeddings": embeddings,
}
inputs, outputs, loss, batch, data = models[sys.argv[1]]()
one = len(outputs) == 1
model = keras.Model(inputs, outputs[0] if one else outputs)
model.compile(optimizer=keras.optimizers.Adam(0.001), loss=loss[0] if one else loss)
EPOCH = 100
x, y = data(EPOCH * batch)


def run(count):
    rows = min(count, EPOCH) * batch
    given = [a[:rows] for a in x]
    labels = [a[:rows] for a in y]
    model.fit(
        given if len(given) > 1 else given[0],
        labels[0] if one else labels,
        batch_size=batch,
        epochs=max(1, count // EPOCH),
        verbose=0,
    )


def epochs(count):
    """An epoch's steps, or fewer; beyond, whole epochs."""
    return count if count <= EPOCH else round(count / EPOCH) * EPOCH


measure(run, int(sys.argv[2]), f"keras {keras.__version__} on jax {jax.__version__}, one core", epochs)
