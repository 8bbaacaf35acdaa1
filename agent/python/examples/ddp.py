"""The digits on two processes: both feed the windows of one run.

    torchrun --nproc_per_node 2 agent/python/examples/ddp.py

(``python3 -m torch.distributed.run`` where there is no torchrun; PyTorch 1 on Python 3.11 needs ``--redirects=1 --tee=1``
as well.) Rank and world size come from torchrun's environment; the classifier is sent by rank 0.
"""

import torch
import torch.distributed as dist
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.parallel import DistributedDataParallel

import collapsewatch

EPOCHS = 10

dist.init_process_group("gloo")
torch.set_num_threads(1)
torch.manual_seed(1)
digits = load_digits()
mine = slice(dist.get_rank(), None, dist.get_world_size())
images = torch.tensor(digits.data[mine] / 16, dtype=torch.float32)
labels = torch.tensor(digits.target[mine])

model = DistributedDataParallel(
    nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 10))
)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4)
watch = collapsewatch.watch(model, name="digits-ddp", optimizer=optimizer)

for epoch in range(EPOCHS):
    watch.epoch = epoch
    for rows in torch.randperm(len(images)).split(32):
        if len(rows) == 32:  # as many batches on each rank
            loss = nn.functional.cross_entropy(model(images[rows]), labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

model.eval()
with torch.no_grad(), watch.snapshot():
    loss = nn.functional.cross_entropy(model(images), labels)
print(f"rank {dist.get_rank()}: {len(images)} samples, loss {loss.item():.4f}")
watch.finish()
dist.destroy_process_group()
