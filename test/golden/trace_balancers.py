"""Multi-task balancers, each written from its paper: Keras has none of them.

Every balancer acts once a step, on the losses and gradients of the tasks that have a label in the step; `accumulate`
averages both over the batches' rows first. Keras's optimizers move the weights, and a balancer's own scalars too.
"""

import fnmatch
import itertools
import zlib

import jax
import jax.extend.random
import jax.numpy as jnp
import keras
import numpy as np
import scipy.optimize
import scipy.special
from tracing import Net, Task, Traces, draw, losses_of, numbers, rows_of, shares_of, spec_of
from trace_training import SPARSE, SOFTMAX, TRUNK, gaps, heads, task

K, O = keras.losses, keras.optimizers
SEED = 7
HUBER = lambda y, p: rows_of(K.Huber(reduction=None))(jnp.reshape(y, p.shape), p)


# Random numbers


def stream_of(name):
    """FNV-1a."""
    value = 0x811C9DC5
    for c in name:
        value = ((value ^ ord(c)) * 0x01000193) % 2**32
    return value


def bits(stream, step, count, seed=SEED):
    """The words of blocks (0, step), (1, step), … of Threefry-2x32 with 20 rounds, which jax has."""
    blocks = np.arange((count + 1) // 2, dtype=np.uint32)
    counters = np.concatenate([blocks, np.full_like(blocks, step)])
    key = np.array([seed, stream], np.uint32)
    words = jax.extend.random.threefry_2x32(jnp.asarray(key), jnp.asarray(counters))
    return np.asarray(words).reshape(2, -1).T.ravel()[:count]


def uniform(stream, step, shape):
    return (bits(stream_of(stream), step, int(np.prod(shape))) >> 8).reshape(shape) * 2.0**-24


def normal(stream, step, shape):
    """Takes the middle of each of the uniform's intervals."""
    return np.sqrt(2) * scipy.special.erfinv(2 * (uniform(stream, step, shape) + 2.0**-25) - 1)


# Known answer of Random123 (kat_vectors, threefry2x32 20); key and counter are 0.
assert bits(0, 0, 2, seed=0).tolist() == [0x6B200159, 0x99BA4EFE]


class Step:
    """What a balancer sees of a step: of the present tasks, in the order of the spec."""

    def __init__(self, number, epoch, names, present, losses, shares, gradients, tasks, on):
        self.number = number
        self.epoch = epoch
        self.names = names
        self.present = present
        self.losses = np.array([losses[t] for t in present])
        self.shares = np.array([shares[t] for t in present])
        self.weights = np.array([tasks[t].weight for t in present])
        self.parts = {k: np.array([gradients[k][names.index(t)] for t in present]) for k in on}
        # Unweighted: one row a task, all the weights that are looked at side by side.
        self.plain = np.concatenate([v.reshape(len(present), -1) for v in self.parts.values()], axis=1)
        self.weighted = self.weights[:, None] * self.plain
        # Takes the losses of the present tasks after the optimizer's step, if it is set.
        self.then = None


class Learned:
    """A scalar for each task, with its own adam; one that is not moved keeps its slots."""

    def __init__(self, start, lr):
        self.start = start
        self.lr = lr
        self.scalars = {}

    def of(self, t):
        if t not in self.scalars:
            self.scalars[t] = keras.Variable(self.start, dtype="float64"), O.Adam(self.lr)
        return self.scalars[t]

    def values(self, names):
        return np.array([float(self.of(t)[0].value) for t in names])

    def move(self, names, gradients):
        for t, g in zip(names, gradients):
            scalar, adam = self.of(t)
            adam.apply([jnp.float64(g)], [scalar])

    def set(self, names, values):
        for t, v in zip(names, values):
            self.of(t)[0].assign(v)


def learned(own, start, lr):
    return own.setdefault("scalars", Learned(float(start), lr))


# Balancers of losses: a factor for each present task's gradient; Σ factor · ∇L moves all weights.


def dwa(s, own, temperature=2.0):
    """Liu, Johns and Davison 2019, equation 7: λ = N softmax(r / T), r the ratio of two epochs' mean losses."""
    last, sums = own.setdefault("last", {}), own.setdefault("sums", {})
    if s.epoch != own.get("epoch"):
        own["before"] = dict(last)
        last.update({t: np.mean(v) for t, v in sums.items()})
        sums.clear()
        own["epoch"] = s.epoch
    for t, loss in zip(s.present, s.losses):
        sums.setdefault(t, []).append(loss)
    if s.epoch < 2:
        return s.weights
    r = np.array([last[t] / own["before"][t] for t in s.names])
    factors = len(s.names) * scipy.special.softmax(r / temperature)
    return s.weights * factors[[s.names.index(t) for t in s.present]]


def rlw(s, own):
    """Lin et al. 2022: λ = K softmax(z), z normal, drawn each step."""
    z = normal("balance/order", s.number, len(s.names))[[s.names.index(t) for t in s.present]]
    return s.weights * len(z) * scipy.special.softmax(z)


def gls(s, own):
    """Chennupati et al. 2019: the weighted geometric mean (Π L^w)^(1 / Σ w); the factors are its slopes."""
    shares = s.weights / s.weights.sum()
    return np.prod(s.losses**shares) * shares / s.losses


def gradnorm(s, own, alpha=1.5, lr=0.025):
    """Chen et al. 2018, algorithm 1: the factors' slopes of Σ |G − Ḡ r^α|, where Ḡ r^α is constant."""
    f = learned(own, 1.0, lr)
    first = own.setdefault("first", {})
    for t, loss in zip(s.present, s.losses):
        first.setdefault(t, loss)
    now = f.values(s.present)
    slopes = np.linalg.norm(s.weighted, axis=1)
    size = now * slopes
    ratio = s.losses / [first[t] for t in s.present]
    apart = size - size.mean() * (ratio / ratio.mean()) ** alpha
    # A sign that rounding decides would be no golden number; a task alone has no distance at all.
    assert (len(apart) == 1 and apart[0] == 0) or np.min(np.abs(apart / size)) > 1e-4, apart / size
    # By each task's first norm, so that adam's epsilon does not count.
    sizes = own.setdefault("sizes", {})
    for t, slope in zip(s.present, slopes):
        sizes.setdefault(t, slope)
    f.move(s.present, np.sign(apart) * slopes / [sizes[t] for t in s.present])
    moved = f.values(s.present)
    assert moved.min() > 0.1
    f.set(s.present, moved * now.sum() / moved.sum())
    own.setdefault("factors", []).append(f.values(s.names))
    return s.weights * now


def imtl_l(s, own, initial=0.0, lr=0.001):
    """Liu et al. 2021 (IMTL-L): Σ w (eˢ L − s), for each labelled row."""
    scalars = learned(own, initial, lr)
    scale = np.exp(scalars.values(s.present))
    scalars.move(s.present, s.weights * (scale * s.losses - s.shares))
    return s.weights * scale


def famo(s, own, lr=0.025, gamma=0.001):
    """Liu et al. 2023, algorithm 1: log losses that fall alike; the logits move by what the step brought."""
    logits = learned(own, 0.0, lr)
    xi = logits.values(s.present)
    z = scipy.special.softmax(xi)

    def then(losses):
        gain = np.log(s.losses) - np.log(losses)
        logits.move(s.present, (np.diag(z) - np.outer(z, z)) @ gain + gamma * xi)

    s.then = then
    return z / s.losses / np.sum(z / s.losses)


def excess_risk(s, own, rate=0.01):
    """He et al. 2024: exponentiated factors of the excess risks ½ gᵀ H⁻¹ g, H = diag(√Σ g²) as in Adagrad."""
    factors, squares = own.setdefault("factors", dict.fromkeys(s.names, 1.0)), own.setdefault("squares", {})
    risks = []
    for t, g in zip(s.present, s.plain):
        squares[t] = squares.get(t, 0.0) + g * g
        risks.append(0.5 * np.sum(g * g / (np.sqrt(squares[t]) + 1e-7)))
    now = np.array([factors[t] for t in s.present])
    moved = now * np.exp(rate * np.array(risks))
    moved *= now.sum() / moved.sum()
    factors.update(zip(s.present, moved))
    return s.weights * moved


# Balancers of gradients: one direction for the weights they look at, all side by side.


def order(s):
    """For each present task the others, in the order of its row of draws."""
    draws = uniform("balance/order", s.number, (len(s.names), len(s.names)))
    assert len(np.unique(draws)) == draws.size
    for i, t in enumerate(s.present):
        ranked = [s.names[j] for j in np.argsort(draws[s.names.index(t)])]
        yield i, [s.present.index(j) for j in ranked if j in s.present and j != t]


def pcgrad(s, own):
    """Yu et al. 2020, algorithm 1: v −= (v·g / g·g) g where v·g < 0."""
    g, d = s.weighted, 0.0
    for i, others in order(s):
        v = g[i]
        for j in others:
            if v @ g[j] < 0:
                own.setdefault("conflicts", set()).add(s.number)
                v = v - (v @ g[j]) / (g[j] @ g[j]) * g[j]
        d = d + v
    return d


def gradvac(s, own, beta=0.01):
    """Wang et al. 2021, algorithm 1: where the cosine is below its running mean φ, so much of g that it becomes φ."""
    g, d, targets = s.weighted, 0.0, own.setdefault("targets", {})
    for i, others in order(s):
        v = g[i]
        for j in others:
            pair = s.present[i], s.present[j]
            size, other = np.linalg.norm(v), np.linalg.norm(g[j])
            cosine, target = v @ g[j] / (size * other), targets.get(pair, 0.0)
            if cosine < target:
                own.setdefault("conflicts", set()).add(s.number)
                across = np.sqrt(1 - target**2)
                v = v + size * (target * np.sqrt(1 - cosine**2) - cosine * across) / (other * across) * g[j]
            targets[pair] = (1 - beta) * target + beta * cosine
        d = d + v
    return d


def least_norm(gram):
    """The simplex's point with the least αᵀMα: the best of the least points of all faces, where they lie inside."""
    best, n = None, len(gram)
    for size in range(1, n + 1):
        for face in itertools.combinations(range(n), size):
            a = np.zeros(n)
            a[list(face)] = np.linalg.solve(gram[np.ix_(face, face)], np.ones(size))
            a /= a.sum()
            if a.min() >= 0 and (best is None or a @ gram @ a < best @ gram @ best):
                best = a
    assert np.min(gram @ best) >= (1 - 1e-12) * (best @ gram @ best)
    return best


def mgda(s, own, normalize="none"):
    """Désidéri 2012; Sener and Koltun 2018, equation 3: min ‖Σ α n‖², n the (normalized) gradients; α goes with g."""
    sizes = np.linalg.norm(s.weighted, axis=1)
    by = {"none": 1.0, "l2": sizes, "loss": s.losses, "loss_l2": s.losses * sizes}[normalize]
    n = s.weighted / np.reshape(by * np.ones(len(sizes)), (-1, 1))
    a = least_norm(n @ n.T)
    own.setdefault("alphas", []).append(a)
    return a @ s.weighted


def on_simplex(v, total):
    """The nearest point to v with numbers of at least 0 that add up to total."""
    ranked = np.sort(v)[::-1]
    levels = (np.cumsum(ranked) - total) / np.arange(1, len(v) + 1)
    count = np.nonzero(ranked > levels)[0][-1]
    return np.maximum(v - levels[count], 0)


def moco(s, own, beta=0.5, gamma=0.1, rho=0.0):
    """Fernando et al. 2023, algorithm 1: y −= β (y − g); λ = Π(λ − γ (YᵀY + ρI) λ); d = Y λ."""
    means = own.setdefault("means", {})
    shares = own.setdefault("shares", dict.fromkeys(s.names, 1 / len(s.names)))
    for t, g in zip(s.present, s.weighted):
        means[t] = means.get(t, 0.0) + beta * (g - means.get(t, 0.0))
    y = np.array([means[t] for t in s.present])
    now = np.array([shares[t] for t in s.present])
    moved = on_simplex(now - gamma * (y @ y.T @ now + rho * now), now.sum())
    shares.update(zip(s.present, moved))
    own.setdefault("alphas", []).append(moved)
    return moved / moved.sum() @ y


def least_cagrad(gram, c):
    """The simplex's least point of w·b + k √(wᵀMw), b = M/K·1 and k = c‖g₀‖: SLSQP finds the face, Newton the rest."""
    n = len(gram)
    mean = np.full(n, 1 / n)
    b, k = gram @ mean, c * np.sqrt(mean @ gram @ mean)
    value = lambda w: w @ b + k * np.sqrt(w @ gram @ w)
    slope = lambda w: b + k * gram @ w / np.sqrt(w @ gram @ w)
    found = scipy.optimize.minimize(value, mean, jac=slope, method="SLSQP", bounds=[(0, 1)] * n,
                                    constraints={"type": "eq", "fun": lambda w: w.sum() - 1, "jac": np.ones_like},
                                    options={"ftol": 1e-16, "maxiter": 500})
    w = np.where(found.x > 1e-6, found.x, 0.0)
    w /= w.sum()
    face = np.flatnonzero(w)
    for _ in range(20):
        norm = np.sqrt(w @ gram @ w)
        bend = k * (gram / norm - np.outer(gram @ w, gram @ w) / norm**3)
        system = np.ones((len(face) + 1,) * 2)
        system[:-1, :-1] = bend[np.ix_(face, face)]
        system[-1, -1] = 0
        w[face] += np.linalg.solve(system, np.append(-slope(w)[face], 0))[:-1] if len(face) > 1 else 0
    assert w.min() >= 0
    off = slope(w) - slope(w) @ w
    assert np.max(np.abs(off[face])) < 1e-12 * np.abs(slope(w)).max() and off.min() > -1e-12 * np.abs(slope(w)).max()
    return w


def cagrad(s, own, c=0.5):
    """Liu et al. 2021 (CAGrad), algorithm 1: g₀ + c‖g₀‖ / ‖g_w‖ · g_w, times K: c = 0 is the sum."""
    g, count = s.weighted, len(s.present)
    w = least_cagrad(g @ g.T, c)
    own.setdefault("alphas", []).append(w)
    mean, toward = g.mean(axis=0), w @ g
    # Where the gradients cancel, the direction hangs on rounding.
    assert np.linalg.norm(toward) > 0.02 * np.linalg.norm(mean)
    return count * (mean + c * np.linalg.norm(mean) / np.linalg.norm(toward) * toward)


def graddrop(s, own, leak=0.0):
    """Chen et al. 2020, algorithm 1: P = ½ (1 + Σg / Σ|g|) decides for each number which sign stays."""
    pieces = []
    for path, plain in s.parts.items():
        g = s.weights.reshape([-1] + [1] * (plain.ndim - 1)) * plain
        total = np.abs(g).sum(axis=0)
        purity = 0.5 * (1 + np.divide(g.sum(axis=0), total, out=np.zeros_like(total), where=total > 0))
        u = uniform(f"balance/{path}", s.number, purity.shape)
        mixed = (g > 0).any(axis=0) & (g < 0).any(axis=0)
        own.setdefault("mixed", []).append(mixed.sum())
        assert np.min(np.abs(purity - u)[mixed], initial=1) > 1e-5 and u.min() > 0
        mask = ((g > 0) & (purity > u)) | ((g < 0) & (purity < u))
        pieces.append(np.sum((leak + (1 - leak) * mask) * g, axis=0).ravel())
    return np.concatenate(pieces)


def imtl_g(s, own):
    """Liu et al. 2021 (IMTL-G): Σ α = 1, and the same projection on every unit gradient."""
    g = s.plain
    units = g / np.linalg.norm(g, axis=1, keepdims=True)
    a = np.ones(1)
    if len(g) > 1:
        apart, u = g[0] - g[1:], units[0] - units[1:]
        others = np.linalg.solve((apart @ u.T).T, g[0] @ u.T)
        a = np.append(1 - others.sum(), others)
    d = a @ g
    assert np.ptp(units @ d) < 1e-10 * np.linalg.norm(g, axis=1).max()
    own.setdefault("alphas", []).append(a)
    return d


def fair(gram, power):
    """The α > 0 with Mα = α^−power: the least point of a convex function, by damped Newton steps."""
    integral = np.log if power == 1 else lambda a: a ** (1 - power) / (1 - power)
    value = lambda a: 0.5 * a @ gram @ a - integral(a).sum()
    a = np.diag(gram) ** (-1 / (1 + power))
    for _ in range(100):
        move = np.linalg.solve(gram + np.diag(power * a ** (-power - 1)), a**-power - gram @ a)
        size = 1.0
        while (a + size * move).min() <= 0 or value(a + size * move) > value(a) + 1e-12 * abs(value(a)):
            size /= 2
        a = a + size * move
    assert np.max(np.abs((gram @ a) * a**power - 1)) < 1e-10
    return a


def nash_mtl(s, own):
    """Navon et al. 2022: GᵀGα = 1/α, GᵀG divided by its Frobenius norm as their code does."""
    gram = s.plain @ s.plain.T
    a = fair(gram / np.linalg.norm(gram), 1)
    own.setdefault("alphas", []).append(a)
    return a @ s.plain


def fairgrad(s, own, alpha=2.0):
    """Ban and Ji 2024: GᵀGα = α^(−1/alpha), GᵀG divided by its Frobenius norm as in nash_mtl."""
    gram = s.plain @ s.plain.T
    a = fair(gram / np.linalg.norm(gram), 1 / alpha)
    own.setdefault("alphas", []).append(a)
    return a @ s.plain


def aligned_mtl(s, own):
    """Senushkin et al. 2023, algorithm 1: α = √λ V Λ^−½ Vᵀ w, GᵀG = VΛVᵀ, λ its least eigenvalue."""
    values, vectors = np.linalg.eigh(s.plain @ s.plain.T)
    assert values[0] > 1e-4 * values[-1]
    own.setdefault("alphas", []).append(np.sqrt(values[0]) * vectors / np.sqrt(values) @ vectors.T @ s.weights)
    return own["alphas"][-1] @ s.plain


LOSSES = [dwa, rlw, gls, gradnorm, imtl_l, famo, excess_risk]
GRADIENTS = [pcgrad, gradvac, mgda, moco, cagrad, graddrop, imtl_g, nash_mtl, aligned_mtl, fairgrad]


class Scene:
    """A model with its data and training, on which several balancers run."""

    def __init__(self, name, model, forward, tasks, rows, batch, steps, optimizer, make, accumulate=1, extra="",
                 frozen="", penalty=None, clip=lambda g: g):
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        self.name, self.model, self.forward, self.batch, self.steps = name, model, forward, batch, steps
        self.optimizer, self.make, self.accumulate, self.extra = optimizer, make, accumulate, extra
        self.frozen, self.penalty, self.clip = frozen, penalty, clip
        self.inputs = {"x": np.asarray(numbers(rows, 4)(rng))}
        self.tasks = tasks(rng)
        self.rows = rows
        self.net = Net(rng)
        self.net.begin()
        forward(self.net, self.inputs)

        def losses(weights, part):
            part = np.asarray(part)
            self.net.begin(weights, {}, True)
            outputs = forward(self.net, {k: v[part] for k, v in self.inputs.items()})
            return jnp.stack(list(losses_of(self.tasks, outputs, part).values()))

        self.losses = jax.jit(losses, static_argnums=1)
        self.gradients = jax.jit(jax.jacrev(losses), static_argnums=1)
        slopes = self.gradients(self.net.initial, tuple(range(rows)))
        # Of a random model over all rows: a task reaches a weight where its gradient is not 0.
        self.reach = {k: tuple(t for t, g in zip(self.tasks, v) if np.any(g != 0)) for k, v in slopes.items()}

    def train(self, traces, balance, on=None, **options):
        tasks, names = self.tasks, list(self.tasks)
        weights = {k: keras.Variable(v, dtype="float64") for k, v in self.net.initial.items()}
        trained = [k for k in weights if not fnmatch.fnmatch(k, self.frozen)]
        looked_at = [k for k in trained if (fnmatch.fnmatch(k, on) if on else len(self.reach[k]) > 1)]
        # Weights that the same tasks reach sit out the same steps.
        groups = {}
        for k in trained:
            groups.setdefault(self.reach[k], []).append(k)
        optimizers = {tasks_of: self.make() for tasks_of in groups}
        for tasks_of, paths in groups.items():
            optimizers[tasks_of].build([weights[k] for k in paths])
        per_epoch = -(-self.rows // self.batch) // self.accumulate
        assert self.steps % per_epoch == 0
        recorded, rows_seen, own, at = [], [], {}, 0
        for number in range(self.steps):
            values = {k: v.value for k, v in weights.items()}
            losses, gradients, seen, parts = 0.0, dict.fromkeys(weights, 0.0), set(), []
            for _ in range(self.accumulate):
                part = tuple(range(at, min(at + self.batch, self.rows)))
                at = 0 if part[-1] == self.rows - 1 else at + self.batch
                found = np.asarray(self.losses(values, part))
                slopes = self.gradients(values, part)
                losses = losses + len(part) * found
                gradients = {k: gradients[k] + len(part) * np.asarray(slopes[k]) for k in weights}
                here = {t for t in names if tasks[t].present[list(part)].any()}
                seen |= here
                recorded.append({t: float(v) if t in here else None for t, v in zip(names, found)})
                rows_seen.append(len(part))
                parts.append(part)
            rows = sum(map(len, parts))
            losses = dict(zip(names, losses / rows))
            gradients = {k: v / rows for k, v in gradients.items()}
            present = [t for t in names if t in seen]
            if not present:
                continue
            shares = shares_of(tasks, [i for part in parts for i in part])
            s = Step(number, number // per_epoch, names, present, losses, shares, gradients, tasks, looked_at)
            balanced = balance(s, own, **options)
            factors = balanced if balance in LOSSES else s.weights
            moves = {k: sum(f * gradients[k][names.index(t)] for f, t in zip(factors, present)) for k in trained}
            if balance not in LOSSES:
                start = 0
                for k in looked_at:
                    size = moves[k].size
                    moves[k] = balanced[start:start + size].reshape(moves[k].shape)
                    start += size
                assert start == len(balanced)
            if self.penalty is not None:
                moves = {k: moves[k] + self.penalty(k, np.asarray(values[k])) for k in trained}
            moving = {of: paths for of, paths in groups.items() if seen & set(of)}
            moves = self.clip({k: moves[k] for paths in moving.values() for k in paths})
            for of, paths in moving.items():
                optimizers[of].apply([jnp.asarray(moves[k]) for k in paths], [weights[k] for k in paths])
            if s.then:
                after = dict(zip(names, np.asarray(self.losses({k: v.value for k, v in weights.items()}, parts[0]))))
                s.then(np.array([after[t] for t in present]))
        listed = [f"on: {on}"] * bool(on) + [f"{k}: {v}" for k, v in options.items()]
        text = balance.__name__ + (f"({', '.join(listed)})" if listed else "")
        train = f"optimizer: {self.optimizer}\nbalance: {text}\n{self.extra}seed: {SEED}\n"
        epochs = self.steps // per_epoch
        spec = spec_of(self.model, train, epochs, self.batch, self.accumulate)
        traces.write(f"{text}: {self.name}", spec, self.net, self.forward, self.inputs, tasks,
                     {k: v.value for k, v in weights.items()}, {}, recorded, rows_seen, epochs)
        return own


MSE = task("a", "h |> dense(2)", "float[2]", "mse")
CATEGORIES = task("b", "h |> dense(3, softmax)", "category(3)", "categorical_crossentropy")


def conflict(rng):
    return {"a": Task(draw(rng, (8, 2), 1.0)), "b": Task(rng.integers(0, 3, 8), SPARSE, SOFTMAX)}


def three(rows, *, b=(), c=(), weights=(2.0, 0.6, 0.5)):
    return lambda rng: {
        "a": Task(draw(rng, (rows, 2), 1.0), weight=weights[0]),
        "b": Task(gaps(rng.integers(0, 3, rows), b), SPARSE, SOFTMAX, weights[1], bool(b)),
        "c": Task(gaps(draw(rng, (rows,), 1.5), c), HUBER, weight=weights[2], optional=bool(c)),
    }


def three_tasks(b="", c="", c_from="h"):
    return (task("a", "h |> dense(2)", "float[2]", "mse", "weight: 2")
            + task("b", "h |> dense(3, softmax)", f"category(3){b}", "categorical_crossentropy", "weight: 0.6")
            + task("c", f"{c_from} |> dense(1)", f"float{c}", "huber", "weight: 0.5"))


def scenes():
    flat = heads(("a", 2), ("b", 3), ("c", 1))
    sgd = ("sgd(lr: 0.1)", lambda: O.SGD(0.1))
    momentum = ("sgd(lr: 0.05, momentum: 0.5)", lambda: O.SGD(0.05, momentum=0.5))
    adam = ("adam(lr: 0.02)", lambda: O.Adam(0.02))
    yield Scene("two tasks in conflict", TRUNK + MSE + CATEGORIES, heads(("a", 2), ("b", 3)), conflict, 8, 4, 10, *sgd)
    # The second batch of three lacks c.
    yield Scene("three tasks with static weights, one absent", TRUNK + three_tasks("", "?"), flat,
                three(12, c=[1, 4, 5, 6, 7]), 12, 4, 12, *momentum)

    def middle(n, i):
        h = n.dense("trunk.dense", i["x"], 5, "tanh")
        m = n.dense("mid.dense", h, 4, "tanh")
        return {"a": n.dense("a.dense", m, 2), "b": n.dense("b.dense", m, 3), "c": n.dense("c.dense", h, 1)}

    yield Scene("a layer that two of three tasks reach", TRUNK.replace("h = ", "shared mid = dense(4, tanh)\ng = ")
                + "h = g |> mid\n" + three_tasks(c_from="g"), middle, three(8), 8, 4, 10, *adam)
    # In the first step one batch of two has b, in the second none; the last batch, of one row, has only a.
    yield Scene("accumulated batches of unlike sizes", TRUNK + three_tasks("?", "?"), flat,
                three(10, b=[0, 1, 2, 6, 7, 8, 9], c=[4, 9]), 10, 3, 10, *adam, accumulate=2)

    def alone(rng):
        return {"a": Task(gaps(draw(rng, (16, 2), 1.0), [1, *range(8, 16)]), weight=2.0, optional=True),
                "b": Task(gaps(rng.integers(0, 3, 16), range(4, 12)), SPARSE, SOFTMAX, 0.6, True)}

    # One batch has both, one only a, one neither, one only b.
    yield Scene("both tasks, one, and none", TRUNK + task("a", "h |> dense(2)", "float[2]?", "mse", "weight: 2")
                + task("b", "h |> dense(3, softmax)", "category(3)?", "categorical_crossentropy", "weight: 0.6"),
                heads(("a", 2), ("b", 3)), alone, 16, 4, 16, *adam)


def others():
    """What only one balancer has to show of them all."""
    both = TRUNK + MSE + CATEGORIES

    def bounded(gradients):
        size = np.sqrt(sum(np.sum(g * g) for g in gradients.values()))
        assert size > 0.5
        return {k: g * (0.5 / size) for k, g in gradients.items()}

    l2 = lambda k, w: w if k == "trunk.dense.kernel" else 0 * w
    yield Scene("l2 and a clip after it", both.replace("tanh", "tanh, kernel_regularizer: l2(0.5)"),
                heads(("a", 2), ("b", 3)), conflict, 8, 4, 10, "sgd(lr: 0.1)", lambda: O.SGD(0.1),
                extra="clip: global_norm(0.5)\n", penalty=l2, clip=bounded)
    yield Scene("a frozen bias, which takes no part", both, heads(("a", 2), ("b", 3)), conflict, 8, 4, 10,
                "adam(lr: 0.02)", lambda: O.Adam(0.02), extra="freeze: [trunk.dense.bias]\n", frozen="trunk.dense.bias")

    def onward(n, i):
        a = n.dense("a.dense", n.dense("trunk.dense", i["x"], 5, "tanh"), 2)
        return {"a": a, "b": n.dense("b.dense", jnp.concatenate([a, i["x"]], -1), 3)}

    yield Scene("a head that another task reaches", TRUNK + MSE + CATEGORIES.replace("h |>", "concat(a.output, x) |>"),
                onward, conflict, 8, 4, 10, "sgd(lr: 0.1)", lambda: O.SGD(0.1))


OPTIONS = {
    dwa: {"temperature": 0.5}, gradnorm: {"alpha": 0.6, "lr": 0.05}, imtl_l: {"initial": 0.3, "lr": 0.1},
    famo: {"lr": 0.1, "gamma": 0.05}, excess_risk: {"rate": 0.2}, gradvac: {"beta": 0.3}, mgda: {"normalize": "l2"},
    moco: {"beta": 0.9, "gamma": 0.6, "rho": 0.05},
    cagrad: {"c": 0.8}, graddrop: {"leak": 0.3}, fairgrad: {"alpha": 1.0},
}


def build():
    traces = Traces()
    noted = {}

    def run(scene, balance, on=None, **options):
        if balance is gradnorm:
            on = on or "trunk.*"
        noted.setdefault(balance, []).append(scene.train(traces, balance, on, **options))

    conflicting, missing, layer, accumulated, alone = scenes()
    for balance in LOSSES + GRADIENTS:
        kernel = "trunk.dense.kernel" if balance in GRADIENTS + [gradnorm, excess_risk] else None
        run(conflicting, balance)
        run(missing, balance)
        run(layer, balance, **OPTIONS.get(balance, {}))
        # With its defaults a balancer of losses hardly moves in ten steps.
        louder = OPTIONS.get(balance, {}) if balance in LOSSES else {}
        if balance not in [famo, rlw]:
            run(accumulated, balance, **louder)
        run(alone, balance, kernel, **louder)
    for scene in others():
        run(scene, pcgrad)
    run(missing, mgda, normalize="loss")
    run(accumulated, mgda, normalize="loss_l2")
    for balance in [pcgrad, gradvac]:
        assert all(len(own["conflicts"]) >= 3 for own in noted[balance]), balance
    for balance in [mgda, cagrad]:
        shares = [a.min() for own in noted[balance] for a in own["alphas"] if len(a) > 1]
        assert min(shares) == 0 and max(shares) > 0.01, balance
    return traces
