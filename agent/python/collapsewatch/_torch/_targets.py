"""From what a loss is given as its target to class numbers, on the sender thread."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from .._trouble import BadInput

_TOLERANCE = 1e-6


def batch(tensors: dict[str, torch.Tensor], ignored: int) -> dict[str, Any]:
    """The rows of a batch that belong to a class, with their class numbers.

    tensors: ``labels`` [B] integers or [B,K] scores, and others with B rows, which are cut alike; all
    in the host's memory.

    Raises ``BadInput`` if no row belongs to a class.
    """
    labels = _numpy(tensors["labels"])
    numbers, keep = _of_scores(labels) if labels.ndim == 2 else _of_numbers(labels, ignored)
    if not keep.any():
        raise BadInput("bad_batch", _nothing(labels))
    cut = tensors if keep.all() else {name: _cut(t, keep) for name, t in tensors.items()}
    return {**cut, "labels": numbers[keep]}


def _numpy(labels: torch.Tensor) -> np.ndarray[Any, Any]:
    return np.asarray(labels.double() if labels.is_floating_point() else labels)


def _of_numbers(
    labels: np.ndarray[Any, Any], ignored: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    numbers = labels.astype(np.int64)
    return numbers, numbers != ignored


def _of_scores(scores: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """A row belongs to a class where it is a one-hot or a smoothed one: one entry is the largest, the others are equal.

    A row of a mixture of samples is of no class. (Of two classes, a mixture cannot be told from smoothing.)
    """
    ordered = np.sort(scores, axis=1)
    others_equal = ordered[:, -2] - ordered[:, 0] <= _TOLERANCE
    one_largest = ordered[:, -1] - ordered[:, -2] > _TOLERANCE
    return scores.argmax(axis=1), others_equal & one_largest


def _cut(tensor: torch.Tensor, keep: np.ndarray[Any, Any]) -> torch.Tensor:
    return tensor[torch.from_numpy(keep)]


def _nothing(labels: np.ndarray[Any, Any]) -> str:
    if labels.ndim == 2:
        return (
            f"none of {len(labels)} rows of soft labels is one-hot, smoothed or not; expected such rows,"
            " because a mixture of samples belongs to no class"
        )
    return f"all {labels.size} labels of a batch are the ignored one; expected some that are not"
