"""Writes the golden captures of Python, which the tests of both sides read.

    python3 tests/write_goldens.py FOLDER       by this package; needs torch, for its bfloat16
    python3 tests/write_goldens.py --safetensors FOLDER     by the safetensors package and ml_dtypes

What is in the repository was written once (this package 0.1, torch 1.13, NumPy 1.24; safetensors
0.8.0) and stays: a change that no longer fits it needs captures of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from collapsewatch import _settings
from collapsewatch._blob import encode
from collapsewatch._encoder import PASS_END, Encoder
from collapsewatch._message import Message, no_tensors
from collapsewatch._tensors import tensor
from collapsewatch._trouble import Losses
from support import every_type

FULL = {
    "run": "resnet_18.b",
    "step": "4200",
    "epoch": "7.1",
    "split": "test",
    "layer": "block-3",
    "attempt": "1",
    "rank": "2",
    "world_size": "4",
}


def captures(bfloat16) -> dict[str, bytes]:
    """A capture of each kind, as the package sends it, by name."""
    losses = Losses("resnet_18.b")
    losses.say = lambda *unused, **unused_too: None  # type: ignore[method-assign]
    losses.count("queue_full", "", 12)
    encoder = Encoder(None, losses)
    encoder._seq = 2**63 - 10

    def blob(kind, metadata, tensors=no_tensors):
        messages = [Message(kind, {**FULL, **metadata}, tensors, 0, True, 0)]
        if kind == "batch" and "snapshot" in metadata:
            messages.append(Message(PASS_END, metadata, no_tensors, 0, True, 0))
        (made,) = [made for message in messages for made in encoder.encode(message)]
        return made.bytes

    features = np.array(every_type.FLOATS["F16"]).reshape(2, 3)
    return {
        "run": blob("run", _run_metadata()),
        "batch": blob(
            "batch",
            {},
            lambda: {
                "features": features.astype("f2"),
                "labels": np.array([2, 0], "u1"),
                "logits": np.array([[1, 2, 3], [4, 5, 6.5]], "f8"),
            },
        ),
        "batch-bf16": blob(
            "batch",
            {"snapshot": "epoch-7"},
            lambda: {
                "features": bfloat16(np.array(every_type.FLOATS["BF16"]).reshape(2, 3)),
                "labels": np.array([2, 0]),
            },
        ),
        "classifier": blob(
            "classifier",
            {"snapshot": "epoch-7"},
            lambda: {"weight": features.astype("f4"), "bias": np.array([0.1, -0.0])},
        ),
        "stats": blob(
            "stats",
            {
                "loss": repr(0.1 + 0.2),
                "accuracy": "1.0",
                "learning_rate": "1e-05",
                "weight_decay": "0.0005",
                "layer_names": '["stem", "head \\"ß\\""]',
            },
            lambda: {"layer_norms": np.array([np.pi, 0.0])},
        ),
        "end": blob("end", {}),
    }


def _run_metadata() -> dict[str, str]:
    return _settings.metadata(
        classes=3,
        dim=64,
        weight_decay=5e-4,
        loss="cross_entropy",
        optimizer="SGD, momentum 0.9",
        bias=False,
        batch_norm=True,
        class_counts=[100, 0, 9_000_000_000],
        samples_per_class=None,
        report_every_steps=50,
        expected_interval_s=0.1 + 0.2,
        tags={"host": "gpu-7", "note": 'ß 🙂 "quoted" \x00'},
    )


def _by_this_package(folder: Path) -> None:
    import torch

    def bfloat16(values):
        return torch.tensor(values).to(torch.bfloat16)

    for name, blob in captures(bfloat16).items():
        (folder / f"python-{name}.safetensors").write_bytes(blob)
    tensors = {name: tensor(array) for name, array in every_type.arrays(bfloat16).items()}
    blob = encode({"written-by": "collapsewatch"}, tensors)
    (folder / "every-type-python.safetensors").write_bytes(blob)


def _by_safetensors(folder: Path) -> None:
    import ml_dtypes
    from safetensors.numpy import save

    def bfloat16(values):
        return values.astype(ml_dtypes.bfloat16)

    every = every_type.arrays(bfloat16)
    blob = save(every, {"written-by": "safetensors"})
    (folder / "every-type-safetensors.safetensors").write_bytes(blob)
    batch = {"labels": np.array([2, 0], "i1"), "features": every["BF16"]}
    blob = save(batch, {"kind": "batch", "run": "a-run", "step": "7"})
    (folder / "safetensors-batch.safetensors").write_bytes(blob)


if __name__ == "__main__":
    *options, folder = sys.argv[1:]
    write = _by_safetensors if options == ["--safetensors"] else _by_this_package
    write(Path(folder))
