"""Times training steps of one model in eager PyTorch on one thread: `step_torch.py MODEL REPEATS`.

Images are laid out with the channels first or last, and Adam is fused or goes over the weights together: the fastest is measured.
"""
import sys
import time

import torch
from timing import measure
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.manual_seed(1)


class Towers(nn.Module):
    batch = 32

    def __init__(self):
        super().__init__()
        self.towers = nn.ModuleList(
            nn.Sequential(nn.Linear(10, 10), nn.ReLU(), nn.Linear(10, 1)) for _ in range(2)
        )

    def data(self, rows):
        return [torch.randn(rows, 10), torch.randn(rows, 10)], [torch.rand(rows, 1).round(), torch.rand(rows, 1).round()]

    def loss(self, x, y):
        return sum(
            F.binary_cross_entropy_with_logits(tower(x[i]), y[i]) for i, tower in enumerate(self.towers)
        )


class Mlp(nn.Module):
    batch = 128

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU())
        self.heads = nn.ModuleList([nn.Linear(256, 1), nn.Linear(256, 1), nn.Linear(256, 10)])

    def data(self, rows):
        return [torch.randn(rows, 64)], [
            torch.randn(rows, 1),
            torch.rand(rows, 1).round(),
            torch.randint(10, (rows,)),
        ]

    def loss(self, x, y):
        h = self.body(x[0])
        a, b, c = (head(h) for head in self.heads)
        return F.mse_loss(a, y[0]) + F.binary_cross_entropy_with_logits(b, y[1]) + F.cross_entropy(c, y[2])


class Cnn(nn.Module):
    batch = 64

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(32 * 49, 10),
        )

    def data(self, rows):
        return [torch.randn(rows, 1, 28, 28)], [torch.randint(10, (rows,))]

    def loss(self, x, y):
        return F.cross_entropy(self.body(x[0]), y[0])


class Lstm(nn.Module):
    batch = 32

    def __init__(self):
        super().__init__()
        self.cells = nn.LSTM(8, 64, batch_first=True)
        self.head = nn.Linear(64, 1)

    def data(self, rows):
        return [torch.randn(rows, 100, 8)], [torch.randn(rows, 1)]

    def loss(self, x, y):
        _, (h, _) = self.cells(x[0])
        return F.mse_loss(self.head(h[0]), y[0])


class Transformer(nn.Module):
    batch = 32

    def __init__(self):
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(64), nn.LayerNorm(64)])
        self.attention = nn.MultiheadAttention(64, 4, batch_first=True)
        self.forward_part = nn.Sequential(nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 64))
        self.head = nn.Linear(64, 10)

    def data(self, rows):
        return [torch.randn(rows, 64, 64)], [torch.randint(10, (rows,))]

    def loss(self, x, y):
        n = self.norms[0](x[0])
        a = x[0] + self.attention(n, n, n, need_weights=False)[0]
        h = a + self.forward_part(self.norms[1](a))
        return F.cross_entropy(self.head(h.mean(1)), y[0])


class Embeddings(nn.Module):
    batch = 256

    def __init__(self):
        super().__init__()
        self.tables = nn.ModuleList([nn.Embedding(5000, 32), nn.Embedding(500, 16)])
        self.body = nn.Sequential(nn.Linear(56, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU())
        self.heads = nn.ModuleList([nn.Linear(64, 1), nn.Linear(64, 1), nn.Linear(64, 5)])

    def data(self, rows):
        x = [torch.randint(5000, (rows,)), torch.randint(500, (rows,)), torch.randn(rows, 8)]
        return x, [torch.rand(rows, 1).round(), torch.randn(rows, 1), torch.randint(5, (rows,))]

    def loss(self, x, y):
        h = self.body(torch.cat([self.tables[0](x[0]), self.tables[1](x[1]), x[2]], -1))
        a, b, c = (head(h) for head in self.heads)
        return F.binary_cross_entropy_with_logits(a, y[0]) + F.mse_loss(b, y[1]) + F.cross_entropy(c, y[2])


models = {
    "two-towers": Towers,
    "mlp": Mlp,
    "cnn": Cnn,
    "lstm": Lstm,
    "transformer": Transformer,
    "embeddings": Embeddings,
}
EPOCH = 50
LAYOUTS = {"channels first": torch.contiguous_format, "channels last": torch.channels_last}


def stepper(name, layout, fused):
    """A fresh model of the name, and what runs so many steps of it."""
    torch.manual_seed(1)
    model = models[name]().to(memory_format=LAYOUTS[layout])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7, fused=fused)
    x, y = model.data(EPOCH * model.batch)
    x = [t.contiguous(memory_format=LAYOUTS[layout]) if t.dim() == 4 else t for t in x]

    def run(count):
        for i in range(count):
            at = i % EPOCH * model.batch
            part = slice(at, at + model.batch)
            optimizer.zero_grad()
            loss = model.loss([t[part] for t in x], [t[part] for t in y])
            loss.backward()
            optimizer.step()
            loss.item()

    return run


def seconds(run):
    """Of a second or so of steps, after as many to warm up."""
    start = time.perf_counter()
    count = 0
    while time.perf_counter() - start < 1:
        run(1)
        count += 1
    start = time.perf_counter()
    run(count)
    return (time.perf_counter() - start) / count


name = sys.argv[1]
layouts = list(LAYOUTS) if name == "cnn" else ["channels first"]
forms = {(layout, fused): stepper(name, layout, fused) for layout in layouts for fused in (False, True)}
layout, fused = min(forms, key=lambda form: seconds(forms[form]))
note = f"torch {torch.__version__}, one thread, {'fused' if fused else 'plain'} Adam"
measure(forms[layout, fused], int(sys.argv[2]), f"{note}, {layout}" if name == "cnn" else note)
