"""A message of the training process before it is encoded, and what it must be to be sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from ._tensors import Array, Tensor, tensor
from ._trouble import BadInput


def no_tensors() -> dict[str, Array]:
    return {}


class Message(NamedTuple):
    """What the training thread hands over; everything expensive is left to the sender thread."""

    kind: str
    #: Without what is known only when it is sent: ``seq``, ``dropped.*``, ``snapshot_end``.
    metadata: Mapping[str, str]
    tensors: Callable[[], Mapping[str, Array]]
    nbytes: int
    must_send: bool
    taken_ms: int

    def read(self, classes: int | None) -> dict[str, Tensor]:
        """The tensors. Raises ``BadInput`` if a message of this kind cannot hold them."""
        read = {name: tensor(array) for name, array in self._arrays().items()}
        if self.kind == "batch":
            _check_batch(read, classes)
        if self.kind == "classifier":
            _check_classifier(read)
        for name, values in read.items():
            if values.floating and not values.finite():
                raise BadInput(
                    "not_finite",
                    f"{name} of step {self.metadata['step']} has values that are NaN or infinite",
                )
        return read

    def _arrays(self) -> Mapping[str, Array]:
        try:
            return self.tensors()
        except Exception as e:
            raise BadInput("bad_batch", f"its arrays cannot be read ({e!r})") from e


def _check_batch(read: Mapping[str, Tensor], classes: int | None) -> None:
    features, labels = read["features"], read["labels"]
    if not _is_matrix(features):
        raise BadInput(
            "bad_batch",
            f"features are {_said(features)}; expected floating-point numbers of shape [B,d]",
        )
    rows = features.shape[0]
    if labels.shape != (rows,) or labels.floating:
        raise BadInput(
            "bad_batch", f"labels are {_said(labels)}; expected {rows} integers, one for each row"
        )
    logits = read.get("logits")
    if logits is not None:
        if not _is_matrix(logits) or logits.shape[0] != rows:
            raise BadInput(
                "bad_batch",
                f"logits are {_said(logits)}; expected floating-point numbers of shape [{rows},K]",
            )
        classes = logits.shape[1] if classes is None else classes
    _check_labels(labels.values, classes)


def _check_classifier(read: Mapping[str, Tensor]) -> None:
    weight, bias = read["weight"], read.get("bias")
    if not _is_matrix(weight):
        raise BadInput(
            "bad_batch",
            f"the weight is {_said(weight)}; expected floating-point numbers of shape [K,d]",
        )
    if bias is not None and (bias.shape != weight.shape[:1] or not bias.floating):
        raise BadInput(
            "bad_batch",
            f"the bias is {_said(bias)}; expected {weight.shape[0]} floating-point numbers",
        )


def _is_matrix(tensor: Tensor) -> bool:
    return len(tensor.shape) == 2 and tensor.floating and 0 not in tensor.shape


def _check_labels(labels: np.ndarray[Any, Any], classes: int | None) -> None:
    lowest, highest = int(labels.min()), int(labels.max())
    if lowest < 0 or (classes is not None and highest >= classes):
        expected = "0 or more" if classes is None else f"0..{classes - 1}"
        raise BadInput(
            "bad_batch", f"labels are in {lowest}..{highest}; expected classes in {expected}"
        )


def _said(tensor: Tensor) -> str:
    return f"{tensor.dtype} of shape {list(tensor.shape)}"
