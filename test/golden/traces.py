"""Golden traces, ten training steps each, from Keras: python test/golden/traces.py

Writes layers.json, losses.json, optimizers.json, training.json, balancers.json, sharing.json, gaps.json, random.json, meta.json and
episodes.json beside this file, or those that are named; the numbers come out the same each time. Keras's layers, losses and optimizers,
jax's gradients; what Keras has not (presence rates, balancing, our schedules, meta-learning) is written out from its definition in
trace_training.py, trace_balancers.py, random_training.py, trace_meta.py and trace_episodes.py. The random models are trained for
about five steps; they take a quarter of an hour.
"""

import json
import pathlib
import sys

import tracing
import trace_balancers
import trace_episodes
import trace_layers
import trace_gaps
import trace_losses
import trace_meta
import trace_optimizers
import trace_random
import trace_sharing
import trace_training

here = pathlib.Path(__file__).parent
source = f"Keras {tracing.keras.__version__}, jax {tracing.jax.__version__}, numpy {tracing.np.__version__}"
parts = {
    "layers": trace_layers,
    "losses": trace_losses,
    "optimizers": trace_optimizers,
    "training": trace_training,
    "balancers": trace_balancers,
    "sharing": trace_sharing,
    "gaps": trace_gaps,
    "random": trace_random,
    "meta": trace_meta,
    "episodes": trace_episodes,
}
for name, part in parts.items():
    if len(sys.argv) > 1 and name not in sys.argv[1:]:
        continue
    cases = part.build().cases
    assert len({c["name"] for c in cases}) == len(cases)
    lines = ",\n".join(json.dumps(c, allow_nan=False) for c in cases)
    (here / f"{name}.json").write_text(f'{{"source": {json.dumps(source)}, "cases": [\n{lines}\n]}}\n')
    print(name, len(cases), source)
