"""From a pass to messages: what is copied when, and how it is sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch import nn

from .._run import Run
from .._tensors import Array
from . import _targets, _weights
from ._staging import Fetch, Staging, copy_of, nbytes
from ._unwrap import sharded
from ._weights import LayerNorms

PENULTIMATE = "penultimate"

#: A report is due about once a second and uses the newest weights.
_SECONDS_BETWEEN_WEIGHTS = 0.5

#: Norms change slowly, and all weights of the model are read for them.
_SECONDS_BETWEEN_NORMS = 2.0


class Place(NamedTuple):
    """Where a message belongs."""

    step: int
    epoch: float | None
    split: str


class Copies(NamedTuple):
    """What was copied of a pass before its labels were known, and of the weights that made it."""

    stride: int
    batch: dict[str, torch.Tensor]
    layers: dict[str, torch.Tensor]
    weights: dict[str, torch.Tensor]
    norms: LayerNorms | None


class Capture:
    """Copies rows and weights in the training thread and queues messages of them."""

    def __init__(self, run: Run, weights_every: int | None) -> None:
        self._run = run
        self._staging = Staging()
        self._due = _Due(weights_every)
        self._landed: tuple[int, float] | None = None

    @property
    def split(self) -> str | None:
        """Of the pass with frozen weights that is under way."""
        snapshot = self._run._snapshot
        return None if snapshot is None else snapshot.split

    def stride(self, rows: int, row_bytes: int) -> int:
        """Every how many rows of this pass to take; 0: none of it."""
        return 1 if self.split is not None else self._run._throttle.stride(rows, row_bytes)

    def layer(self, features: torch.Tensor, stride: int) -> torch.Tensor:
        """A copy of [B,…] as [B,d]."""
        with self._run._throttle.measure():
            return copy_of(features.flatten(1), stride)

    def copies(
        self,
        model: nn.Module,
        head: nn.Module,
        batch: dict[str, torch.Tensor],
        layers: dict[str, torch.Tensor],
        stride: int,
        step: int,
    ) -> Copies:
        """Copies of a pass, and of the weights where they are due."""
        with self._run._throttle.measure():
            rows = {name: copy_of(tensor, stride) for name, tensor in batch.items()}
            return Copies(
                stride, rows, layers, self._weights(model, head, step), self._norms(model, head)
            )

    def send(
        self,
        copies: Copies,
        labels: torch.Tensor,
        ignored: int,
        loss: object,
        place: Place,
    ) -> None:
        """Queues what belongs to a pass whose labels are known."""
        with self._run._throttle.measure():
            if copies.weights:
                self._due.weights_sent(place.step, self._snapshot_id)
                self._submit("classifier", place, copies.weights)
            if copies.norms is not None:
                self._due.norms_sent()
                self._submit(
                    "stats",
                    place,
                    {"layer_norms": copies.norms.values},
                    metadata={"layer_names": copies.norms.names},
                )
            own = copy_of(labels, copies.stride)
            self._send_batch(PENULTIMATE, {**copies.batch, "labels": own}, ignored, loss, place)
            for layer, features in copies.layers.items():
                self._send_batch(layer, {"features": features, "labels": own}, ignored, None, place)

    def landed_loss(self) -> tuple[int, float] | None:
        """The newest loss that has reached the host's memory since the last call, with its step."""
        landed, self._landed = self._landed, None
        return landed

    def _send_batch(
        self, layer: str, batch: dict[str, torch.Tensor], ignored: int, loss: object, place: Place
    ) -> None:
        if isinstance(loss, torch.Tensor) and loss.numel() == 1 and self._due.loss():
            batch = {**batch, "loss": copy_of(loss.reshape(1))}

        def rows_of_classes(fetch: Fetch) -> Mapping[str, Array]:
            tensors = dict(fetch.read())
            value = tensors.pop("loss", None)
            if value is not None:
                self._landed = (place.step, float(value))
            return _targets.batch(tensors, ignored)

        self._submit("batch", place, batch, read=rows_of_classes, layer=layer)

    def _submit(
        self,
        kind: str,
        place: Place,
        tensors: dict[str, torch.Tensor],
        *,
        read: Callable[[Fetch], Mapping[str, Array]] = Fetch.read,
        metadata: Mapping[str, str] | None = None,
        layer: str = PENULTIMATE,
    ) -> None:
        fetch = self._staging.fetch(tensors)
        self._run._submit(
            kind,
            step=place.step,
            epoch=place.epoch,
            split=place.split,
            layer=layer,
            metadata=metadata or {},
            tensors=lambda: read(fetch),
            nbytes=nbytes(tensors),
            must_send=self.split is not None,
        )

    def _weights(self, model: nn.Module, head: nn.Module, step: int) -> dict[str, torch.Tensor]:
        """The classifier, where it is due and this rank has all of it."""
        if self._run.rank != 0 or not self._weights_due(step):
            return {}
        if sharded(model, head.weight):
            self._run._losses.say(
                "sharded",
                "each rank holds a part of the weights only; they are not gathered, so there will be no metrics"
                " of the classifier",
            )
            return {}
        return _weights.classifier(head)

    def _weights_due(self, step: int) -> bool:
        snapshot = self._snapshot_id
        if snapshot is not None:
            return self._due.weights_of(snapshot)
        return self._due.weights(step) and self._run._throttle.classifier_ready()

    @property
    def _snapshot_id(self) -> str | None:
        snapshot = self._run._snapshot
        return None if snapshot is None else snapshot.id

    def _norms(self, model: nn.Module, head: nn.Module) -> LayerNorms | None:
        if self._run.rank != 0 or not self._due.norms() or sharded(model, head.weight):
            return None
        return _weights.layer_norms(model)


class _Due:
    """When weights are to be sent again."""

    def __init__(self, every: int | None) -> None:
        self._every = every
        self._step: int | None = None
        self._snapshot: str | None = None
        self._weights_at = self._norms_at = self._loss_at = float("-inf")

    def weights(self, step: int) -> bool:
        """Of a live pass."""
        if self._every is None or self._step is None:
            return time.monotonic() - self._weights_at >= _SECONDS_BETWEEN_WEIGHTS
        return not 0 <= step - self._step < self._every

    def weights_of(self, snapshot: str) -> bool:
        """Once for each pass with frozen weights."""
        return snapshot != self._snapshot

    def weights_sent(self, step: int, snapshot: str | None) -> None:
        if snapshot is None:
            self._step, self._weights_at = step, time.monotonic()
        else:
            self._snapshot = snapshot

    def loss(self) -> bool:
        """As often as weights; the next one is then due later."""
        now = time.monotonic()
        due = now - self._loss_at >= _SECONDS_BETWEEN_WEIGHTS
        if due:
            self._loss_at = now
        return due

    def norms(self) -> bool:
        return time.monotonic() - self._norms_at >= _SECONDS_BETWEEN_NORMS

    def norms_sent(self) -> None:
        self._norms_at = time.monotonic()


def plain(value: Any) -> bool:
    """Whether a value is a tensor whose rows can be captured: [B,n] of floating-point numbers."""
    return isinstance(value, torch.Tensor) and value.dim() == 2 and value.is_floating_point()
