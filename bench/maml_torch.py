"""Times second-order MAML steps of the sinusoid net (1-40-40-1, 25 tasks of 10 + 10 points, adam) in eager PyTorch on one thread:
`maml_torch.py loop|batched REPEATS`. `loop` goes over the tasks one by one, `batched` puts them side by side with bmm."""
import sys

import torch
from timing import measure

torch.set_num_threads(1)
torch.set_num_interop_threads(1)
torch.manual_seed(1)

TASKS, POINTS, RATE = 25, 10, 0.01
SIZES = [(1, 40), (40, 40), (40, 1)]
weights = []
for into, out in SIZES:
    bound = (6 / (into + out)) ** 0.5
    weights.append(((torch.rand(into, out) * 2 - 1) * bound).requires_grad_())
    weights.append(torch.zeros(out, requires_grad=True))
optimizer = torch.optim.Adam(weights, lr=0.001)


def draw():
    amplitude = torch.rand(TASKS, 1, 1) * 4.9 + 0.1
    phase = torch.rand(TASKS, 1, 1) * torch.pi
    x = torch.rand(TASKS, 2 * POINTS, 1) * 10 - 5
    return x, amplitude * torch.sin(x - phase)


def forward(w, x):
    x = torch.relu(x @ w[0] + w[1])
    x = torch.relu(x @ w[2] + w[3])
    return x @ w[4] + w[5]


def forward_batched(w, x):
    for i in range(0, 6, 2):
        x = torch.bmm(x, w[i]) + w[i + 1]
        x = torch.relu(x) if i < 4 else x
    return x


def loop():
    x, y = draw()
    total = 0.0
    for t in range(TASKS):
        support = torch.mean((forward(weights, x[t, :POINTS]) - y[t, :POINTS]) ** 2)
        slopes = torch.autograd.grad(support, weights, create_graph=True)
        adapted = [w - RATE * g for w, g in zip(weights, slopes)]
        total = total + torch.mean((forward(adapted, x[t, POINTS:]) - y[t, POINTS:]) ** 2)
    return total / TASKS


def batched():
    x, y = draw()
    own = [w.expand(TASKS, *(w.shape if w.dim() > 1 else (1, *w.shape))) for w in weights]
    support = torch.sum(torch.mean((forward_batched(own, x[:, :POINTS]) - y[:, :POINTS]) ** 2, (1, 2)))
    slopes = torch.autograd.grad(support, own, create_graph=True)
    adapted = [w - RATE * g for w, g in zip(own, slopes)]
    return torch.mean((forward_batched(adapted, x[:, POINTS:]) - y[:, POINTS:]) ** 2)


def run(n):
    for _ in range(n):
        optimizer.zero_grad()
        {"loop": loop, "batched": batched}[sys.argv[1]]().backward()
        optimizer.step()


measure(run, int(sys.argv[2]), f"torch {torch.__version__}, one thread")
