"""The way out of one run: messages are addressed and queued."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from . import _settings
from ._blob import number
from ._courier import Courier, Destination
from ._encoder import Encoder
from ._environment import Identity
from ._message import Message, no_tensors
from ._tensors import Array
from ._throttle import Throttle
from ._trouble import Losses


class Outbox:
    """Takes messages of one run and process. Every call returns at once but ``finish``."""

    def __init__(
        self,
        identity: Identity,
        settings: Mapping[str, str],
        destination: Destination,
        losses: Losses,
        throttle: Throttle,
    ) -> None:
        self._sender = {
            "run": identity.name,
            "attempt": str(identity.attempt),
            "rank": str(identity.rank),
            "world_size": str(identity.world_size),
        }
        self._losses = losses
        self._throttle = throttle
        self._destination = destination
        classes = int(settings["classes"]) if "classes" in settings else None
        self._courier = Courier(
            Encoder(classes, losses), destination, losses, throttle.charge_background
        )
        self.control("run", settings)

    def put(
        self,
        kind: str,
        *,
        step: int,
        epoch: float | None,
        split: str,
        layer: str,
        metadata: Mapping[str, str],
        tensors: Callable[[], Mapping[str, Array]],
        nbytes: int,
        must_send: bool,
    ) -> bool:
        """Queues a message; ``False`` if it is lost, and counted."""
        try:
            fields = self._fields(step, epoch, split, layer)
        except (TypeError, ValueError) as e:
            self._losses.count("bad_batch", str(e))
            return False
        if not must_send:
            self._throttle.spend(nbytes, classifier=kind == "classifier")
        taken_ms = time.time_ns() // 1_000_000
        return self._courier.offer(
            Message(kind, {**fields, **metadata}, tensors, nbytes, must_send, taken_ms)
        )

    def control(self, kind: str, metadata: Mapping[str, str], step: int = 0) -> None:
        """Queues a message without arrays that must not be missing."""
        self.put(
            kind,
            step=step,
            epoch=None,
            split="train",
            layer="penultimate",
            metadata=metadata,
            tensors=no_tensors,
            nbytes=0,
            must_send=True,
        )

    def finish(self, seconds: float) -> None:
        """Waits until everything is safe, for some seconds at most, and ends the way out."""
        left = self._courier.flush(seconds)
        if left:
            sentence = "the process ends before the agent has taken everything"
            self._losses.count("agent_away", sentence, left)
        self.close()

    @property
    def closed(self) -> bool:
        """Whether nothing is taken any more, perhaps because of a fault."""
        return self._courier.closed

    def close(self) -> None:
        self._courier.close()

    def disown(self) -> None:
        """In a forked process: gives back what it has in common with its parent."""
        self._destination.forget()

    def _fields(self, step: int, epoch: float | None, split: str, layer: str) -> dict[str, str]:
        fields = {
            **self._sender,
            "step": str(_settings.step(step)),
            "split": _settings.source("split", split),
            "layer": _settings.source("layer", layer),
        }
        text = None if epoch is None else number(epoch)
        if text is not None and not text.startswith("-"):
            fields["epoch"] = text
        return fields
