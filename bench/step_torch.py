"""Times training steps of one model in eager PyTorch on one thread: `step_torch.py MODEL STEPS WARM REPEATS`."""
import json
import sys
import time

import torch
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


name, steps, warm, repeats = sys.argv[1], *map(int, sys.argv[2:5])
model = {"two-towers": Towers, "mlp": Mlp, "cnn": Cnn}[name]()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)


def run(count):
    x, y = model.data(count * model.batch)
    start = time.perf_counter()
    for i in range(count):
        part = slice(i * model.batch, (i + 1) * model.batch)
        optimizer.zero_grad()
        loss = model.loss([t[part] for t in x], [t[part] for t in y])
        loss.backward()
        optimizer.step()
        loss.item()
    return (time.perf_counter() - start) * 1000 / count


run(warm)
print(json.dumps({"ms": [run(steps) for _ in range(repeats)], "note": f"torch {torch.__version__}, one thread"}))
