"""Times training steps of one model in eager PyTorch on one thread: `step_torch.py MODEL REPEATS`."""
import re
import sys

import torch
from timing import measure
from torch import nn
from torch.nn import functional as F

torch.set_num_threads(1)
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
model = models[sys.argv[1]]()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
EPOCH = 50
data = model.data(EPOCH * model.batch)


def run(count):
    x, y = data
    for i in range(count):
        at = i % EPOCH * model.batch
        part = slice(at, at + model.batch)
        optimizer.zero_grad()
        loss = model.loss([t[part] for t in x], [t[part] for t in y])
        loss.backward()
        optimizer.step()
        loss.item()


blas = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
measure(run, int(sys.argv[2]), f"torch {torch.__version__}, one thread, BLAS {blas[1] if blas else 'unknown'}")
