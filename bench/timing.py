"""How steps are timed, as in timing.mjs: warmed up for half a second at least, then several runs."""
import json
import time

WARM, RUN, SLOW, BUDGET = 0.5, 0.3, 4.0, 20.0


def measure(run, repeats, note, counts=lambda n: n):
    """`run(n)` runs n steps, n of `counts(n)`. Prints what step.mjs prints."""

    def timed(n):
        start = time.perf_counter()
        run(n)
        return (time.perf_counter() - start) / n

    start, n, each = time.perf_counter(), 1, 0.0
    while time.perf_counter() - start < WARM or (n < 4 and each < SLOW):
        each = timed(counts(n))
        n *= 2
    steps = counts(max(1, int(RUN / each)))
    ms = []
    while len(ms) < repeats and (not ms or (len(ms) + 1) * steps * each < BUDGET):
        ms.append(timed(steps) * 1000)
    print(json.dumps({"ms": ms, "steps": steps, "note": note}))
