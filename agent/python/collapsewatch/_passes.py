"""The newest batches of each pass, before they are sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from ._message import Message
from ._tensors import Tensor

#: Small batches of a pass are sent together, up to this many bytes.
_TOGETHER = 256 << 10


class Ready(NamedTuple):
    """A message with the tensors that it is to be sent with."""

    message: Message
    tensors: Mapping[str, Tensor]


class Passes:
    """Holds back the last batch of every pass and layer.

    ``snapshot_end`` belongs on the last message of a pass, and which one that is shows only when
    the pass is over. Meanwhile it grows: thousands of small messages would cost the agent more
    than their bytes.
    """

    def __init__(self) -> None:
        self._held: dict[tuple[str, str, str], _Joining] = {}

    def held_bytes(self) -> int:
        return sum(joining.nbytes for joining in self._held.values())

    def add(self, message: Message, tensors: Mapping[str, Tensor]) -> Iterator[Ready]:
        """Takes a batch of a pass; what is to be sent now, if anything."""
        data = message.metadata
        key = (data["snapshot"], data.get("split", ""), data.get("layer", ""))
        before = self._held.get(key)
        if before is not None and before.add(message, tensors):
            return
        self._held[key] = _Joining(message, tensors)
        if before is not None:
            yield before.ready()

    def end(self, snapshot: str) -> Iterator[Ready]:
        """Ends a pass; the last message of each of its layers."""
        for key in [key for key in self._held if key[0] == snapshot]:
            yield self._held.pop(key).ready()


class _Joining:
    """Batches that become one message."""

    def __init__(self, message: Message, tensors: Mapping[str, Tensor]) -> None:
        self._message = message
        self._parts = [tensors]
        self.nbytes = _nbytes(tensors)

    def add(self, message: Message, tensors: Mapping[str, Tensor]) -> bool:
        """Whether the batch fits to the ones before, and has been added to them."""
        nbytes = self.nbytes + _nbytes(tensors)
        alike = message.metadata == self._message.metadata and _kind(tensors) == _kind(
            self._parts[0]
        )
        if not alike or nbytes > _TOGETHER:
            return False
        self._parts.append(tensors)
        self.nbytes = nbytes
        return True

    def ready(self) -> Ready:
        if len(self._parts) == 1:
            return Ready(self._message, self._parts[0])
        joined = {
            name: Tensor(first.dtype, np.concatenate([part[name].values for part in self._parts]))
            for name, first in self._parts[0].items()
        }
        return Ready(self._message, joined)


def _kind(tensors: Mapping[str, Tensor]) -> dict[str, tuple[str, tuple[int, ...]]]:
    return {name: (tensor.dtype, tensor.shape[1:]) for name, tensor in tensors.items()}


def _nbytes(tensors: Mapping[str, Tensor]) -> int:
    return sum(tensor.values.nbytes for tensor in tensors.values())
