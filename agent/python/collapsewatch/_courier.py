"""The daemon thread between a training process and where its messages go."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from ._encoder import Blob, Encoder
from ._message import Message
from ._trouble import FAULT, Losses

#: Bytes that a run keeps in memory at most: waiting, or sent and not known to be safe.
MOST_BYTES = 64 << 20
MOST_MESSAGES = 10_000

#: Messages that are encoded at once, before those that are encoded are sent.
_AT_ONCE = 64

#: Messages without arrays, such as the end of a pass, find this much room in a full queue.
_RESERVED = 200


class Destination(Protocol):
    """Where blobs go. Everything but ``close`` and ``held`` is called by the courier's thread."""

    def deliver(self, blob: Blob) -> None:
        """Takes a blob, and keeps it until it is safe."""

    def work(self, hurry: bool) -> float | None:
        """Carries on; in how many seconds it wants to again. ``hurry``: the process ends soon."""

    def held(self) -> tuple[int, int]:
        """Blobs that are not safe yet, and their bytes."""

    def left(self) -> int:
        """Blobs that nobody else has yet."""

    def hopeless(self) -> bool:
        """Whether nobody has ever been there, not even now that it is urgent."""

    def close(self) -> None:
        """Ends whatever ``work`` may be waiting for."""

    def forget(self) -> None:
        """In a forked process: gives back what it has in common with its parent."""


class Courier:
    """A bounded queue and the thread that empties it. ``offer`` never waits."""

    def __init__(
        self,
        encoder: Encoder,
        destination: Destination,
        losses: Losses,
        spent: Callable[[float], None] = lambda seconds: None,
        most_bytes: int = MOST_BYTES,
        most_messages: int = MOST_MESSAGES,
    ) -> None:
        self._encoder = encoder
        self._destination = destination
        self._losses = losses
        self._spent = spent
        self._most_bytes = most_bytes
        self._most_messages = most_messages
        self._waiting: deque[Message] = deque()
        self._waiting_bytes = 0
        self._changed = threading.Condition()
        self._hurry = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="collapsewatch", daemon=True)
        self._thread.start()

    def offer(self, message: Message) -> bool:
        """Queues a message; without room it is counted as lost."""
        with self._changed:
            if self._closed:
                return False
            if self._room_for(message):
                self._waiting.append(message)
                self._waiting_bytes += message.nbytes
                self._changed.notify_all()
                return True
        self._losses.count(
            "queue_full",
            f"{self._most_messages} messages or {self._most_bytes} bytes wait to be taken",
        )
        return False

    def flush(self, seconds: float) -> int:
        """Waits until everything is safe, nobody has ever been there, or the time is up.

        How many messages nobody else has then.
        """
        end = time.monotonic() + seconds
        with self._changed:
            self._hurry = True
            self._changed.notify_all()
            while not self._closed and not self._safe():
                rest = end - time.monotonic()
                if rest <= 0 or (self._destination.hopeless() and not self._waiting):
                    return len(self._waiting) + self._destination.left()
                self._changed.wait(rest)
            return 0

    @property
    def closed(self) -> bool:
        """Whether nothing is taken any more, perhaps because of a fault."""
        return self._closed

    def close(self) -> None:
        """Ends the thread, whatever it is waiting for."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._destination.close()

    def _room_for(self, message: Message) -> bool:
        messages, held_bytes = self._destination.held()
        messages += len(self._waiting)
        if message.must_send and message.nbytes == 0:
            return messages < self._most_messages + _RESERVED
        bytes_then = held_bytes + self._waiting_bytes + message.nbytes
        return messages < self._most_messages and bytes_then <= self._most_bytes

    def _safe(self) -> bool:
        return not self._waiting and self._destination.held()[0] == 0

    def _run(self) -> None:
        try:
            while not self._closed:
                self._round()
        except Exception:
            self._losses.say("fault", FAULT, exc_info=True)
            self.close()

    def _round(self) -> None:
        begin = time.thread_time()
        hurry = self._hurry
        unsampled = self._encode_waiting()
        pause = self._destination.work(hurry)
        if not unsampled:
            self._spent(time.thread_time() - begin)
        with self._changed:
            self._changed.notify_all()
            # What has changed meanwhile has notified nobody.
            if not self._waiting and not self._closed and hurry == self._hurry:
                self._changed.wait(pause)

    def _encode_waiting(self) -> bool:
        """Hands on what waits; whether any of it had to be sent whatever it costs."""
        unsampled = False
        for _ in range(min(len(self._waiting), _AT_ONCE)):
            message = self._waiting[0]
            unsampled |= message.must_send
            held_before = self._encoder.held_bytes()
            for blob in self._encoder.encode(message):
                self._destination.deliver(blob)
            # Only now: until it is delivered it counts as waiting.
            with self._changed:
                self._waiting.popleft()
                self._waiting_bytes += self._encoder.held_bytes() - held_before - message.nbytes
        return unsampled
