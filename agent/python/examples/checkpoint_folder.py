"""A training that knows nothing of CollapseWatch and leaves its passes in a folder, which an agent watches.

    mkdir checkpoints
    ./collapsewatch up --watch-folder checkpoints       # in another terminal
    python3 agent/python/examples/checkpoint_folder.py

The run is named after the folder; the number in a file's name is its step.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from sklearn.datasets import load_digits
from torch import nn

EPOCHS = 20

folder = Path(sys.argv[1] if len(sys.argv) > 1 else "checkpoints")
folder.mkdir(exist_ok=True)
torch.manual_seed(1)
digits = load_digits()
images = torch.tensor(digits.data / 16, dtype=torch.float32)
labels = torch.tensor(digits.target)

body = nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU())
head = nn.Linear(128, 10)
model = nn.Sequential(body, head)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
step = 0

for epoch in range(EPOCHS):
    model.train()
    for rows in torch.randperm(len(images)).split(64):
        loss = nn.functional.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
    if (epoch + 1) % 5 == 0:
        model.eval()
        with torch.no_grad():
            np.savez(
                folder / f"step-{step:06d}.npz",
                features=body(images).numpy(),
                labels=labels.numpy(),
                weights=head.weight.numpy(),
                bias=head.bias.numpy(),
            )
print(f"loss {loss.item():.4f}")
