"""From messages to numbered blobs, on the sender thread."""

from __future__ import annotations

import time
from collections.abc import Mapping

from ._blob import encode
from ._message import Message
from ._passes import Passes
from ._tensors import Tensor
from ._trouble import BadInput, Losses

#: Kind of the message that is not sent: it ends the pass that its metadata names.
PASS_END = "pass_end"


class Blob:
    """An encoded message and when it was taken, in ms since 1970."""

    __slots__ = ("bytes", "taken_ms")

    def __init__(self, data: bytes, taken_ms: int) -> None:
        self.bytes = data
        self.taken_ms = taken_ms


class Encoder:
    """Checks, numbers and encodes the messages of one run and process. Not thread-safe."""

    def __init__(self, classes: int | None, losses: Losses) -> None:
        self._classes = classes
        self._losses = losses
        self._passes = Passes()
        # At the clock, so that a process that is started again does not repeat old numbers.
        self._seq = time.time_ns() // 1000

    def held_bytes(self) -> int:
        """Bytes of the batches that wait here."""
        return self._passes.held_bytes()

    def encode(self, message: Message) -> list[Blob]:
        """The blobs that are due now; what cannot be sent is counted and left out."""
        try:
            return self._encode(message)
        except BadInput as e:
            self._losses.count(e.reason, str(e))
            return []

    def _encode(self, message: Message) -> list[Blob]:
        if message.kind == PASS_END:
            last = self._passes.end(message.metadata["snapshot"])
            return [self._blob(*ready, snapshot_end="true") for ready in last]
        tensors = message.read(self._classes)
        if message.kind == "batch" and "snapshot" in message.metadata:
            return [self._blob(*ready) for ready in self._passes.add(message, tensors)]
        return [self._blob(message, tensors)]

    def _blob(self, message: Message, tensors: Mapping[str, Tensor], **more: str) -> Blob:
        dropped = {f"dropped.{reason}": str(n) for reason, n in self._losses.totals().items()}
        metadata = {"kind": message.kind, **message.metadata, **more, **dropped}
        blob = Blob(encode({**metadata, "seq": str(self._seq)}, tensors), message.taken_ms)
        self._seq += 1
        return blob
