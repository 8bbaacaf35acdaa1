"""Handwritten digits in plain PyTorch, trained on long after the last of them is classified correctly.

    ./collapsewatch up                                  # in another terminal
    python3 agent/python/examples/digits.py
    ./collapsewatch measure digits.npz                  # the same numbers as in the snapshot's report

Two lines were added to the training, marked 1 and 2; the block marked 3 makes the last pass an exact measurement.
"""

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

import collapsewatch  # 1

EPOCHS = 300

torch.manual_seed(1)
digits = load_digits()
images = torch.tensor(digits.data / 16, dtype=torch.float32)
labels = torch.tensor(digits.target)


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(),
            nn.Linear(128, 64), nn.BatchNorm1d(64), nn.ReLU(),
        )  # fmt: skip
        self.head = nn.Linear(64, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x))


model = Net()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [EPOCHS // 2, EPOCHS * 4 // 5])
watch = collapsewatch.watch(model, name="digits-pytorch", optimizer=optimizer)  # 2

for _ in range(EPOCHS):
    for rows in torch.randperm(len(images)).split(64):
        loss = nn.functional.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    schedule.step()

model.eval()
features = []
with torch.no_grad(), watch.snapshot():  # 3
    for rows in torch.arange(len(images)).split(512):
        features.append(model.body(images[rows]))
        loss = nn.functional.cross_entropy(model(images[rows]), labels[rows])
print(f"loss {loss.item():.4f}")

np.savez(
    "digits.npz",
    features=torch.cat(features).numpy(),
    labels=labels.numpy(),
    weights=model.head.weight.detach().numpy(),
    bias=model.head.bias.detach().numpy(),
)
