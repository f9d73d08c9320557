"""Prints what this Python's torch and keras are, as JSON: versions, and how torch was built."""
import importlib
import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def version(name):
    try:
        return importlib.import_module(name).__version__
    except ImportError:
        return None


found = {name: version(name) for name in ("torch", "numpy", "keras", "jax")}
if found["torch"]:
    import torch

    found["config"] = torch.__config__.show()
    found["mkldnn"] = torch.backends.mkldnn.is_available()
print(json.dumps(found))
