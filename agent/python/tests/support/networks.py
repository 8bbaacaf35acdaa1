"""Small networks and what it takes to train them."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional

CLASSES, WIDTH, HIDDEN = 5, 12, 8


class Net(nn.Module):
    """Two layers; ``embed`` comes last by definition and first by call."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(WIDTH, HIDDEN)
        self.head = nn.Linear(HIDDEN, CLASSES)
        self.embed = nn.Linear(WIDTH, WIDTH)

    def body(self, x):
        return functional.relu(self.hidden(functional.relu(self.embed(x))))

    def forward(self, x):
        return self.head(self.body(x))


class Training:
    """A network, an optimizer and data from a seed; each call is a step."""

    def __init__(self, model=None, loss=functional.cross_entropy, rows=20) -> None:
        torch.manual_seed(7)
        self.model = Net() if model is None else model
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1, weight_decay=1e-3)
        self.loss = loss
        self.rows = rows

    def batch(self):
        return torch.randn(self.rows, WIDTH), torch.arange(self.rows) % CLASSES

    def step(self, before_loss=lambda logits, labels: None):
        x, y = self.batch()
        logits = self.model(x)
        before_loss(logits, y)
        value = self.loss(logits, y)
        self.optimizer.zero_grad()
        value.backward()
        self.optimizer.step()
        return x, y, value

    def weights(self):
        return [p.detach().clone() for p in self.model.parameters()]
