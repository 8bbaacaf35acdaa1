"""The connection to the agent: length-prefixed blobs one way, counters on request the other."""

from __future__ import annotations

import contextlib
import itertools
import json
import random
import socket
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from ._address import Address
from ._encoder import Blob
from ._trouble import Losses, logger

#: While something is not settled, the agent is asked this often.
_POLL_SECONDS = 0.2
_POLL_SECONDS_IN_A_HURRY = 0.01

#: And after this many captures, however fast they come.
_POLL_CAPTURES = 256

_FIRST_BACKOFF_SECONDS = 0.2
_LONGEST_BACKOFF_SECONDS = 10.0
_BACKOFF_SECONDS_IN_A_HURRY = 0.1

_GREETING_SECONDS = 10.0
_ANSWER_BYTES = 64 << 10
_COUNTERS_PLEASE = bytes(4)


class Counters(NamedTuple):
    """What the agent says of one connection; its first ``settled`` captures are safe."""

    received: int = 0
    settled: int = 0
    refused: int = 0
    refusal: str = ""


class AgentLink:
    """Keeps every blob until the agent has settled it, over as many connections as that takes.

    On a new connection everything that is not settled is sent again, in order; what the agent has
    already it knows by its ``seq``. Sending waits when the agent does not read: that is how it
    says that its own buffer is full.
    """

    def __init__(
        self,
        address: Address,
        token: str | None,
        losses: Losses,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self._address = address
        self._token = token
        self._losses = losses
        self._clock = clock
        # A generator of its own: the training's must not move.
        self._jitter = jitter or random.Random().random
        self._connection: socket.socket | None = None
        self._ever_connected = False
        self._hopeless = False
        self._first: Blob | None = None
        self._closed = False
        self._kept: deque[Blob] = deque()
        self._kept_bytes = 0
        self._sent = 0
        self._counters = Counters()
        self._asked = 0.0
        self._unasked = 0
        self._failures = 0
        self._next_try = 0.0

    def deliver(self, blob: Blob) -> None:
        self._first = self._first or blob
        self._kept.append(blob)
        self._kept_bytes += len(blob.bytes)

    def held(self) -> tuple[int, int]:
        return len(self._kept), self._kept_bytes

    def left(self) -> int:
        with_the_agent = self._counters.received - self._counters.settled
        return len(self._kept) - with_the_agent

    def hopeless(self) -> bool:
        return self._hopeless

    def work(self, hurry: bool) -> float | None:
        if not self._kept or self._closed:
            return None
        wait = self._next_try - self._clock()
        if self._connection is None and wait > 0 and not hurry:
            return wait
        try:
            self._exchange(_POLL_SECONDS_IN_A_HURRY if hurry else _POLL_SECONDS)
        except (OSError, ValueError) as e:
            return self._lost(e, hurry)
        if not self._kept:
            return None
        return _POLL_SECONDS_IN_A_HURRY if hurry else _POLL_SECONDS

    def close(self) -> None:
        """May be called by any thread: whatever waits for the agent ends with an error."""
        self._closed = True
        connection = self._connection
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def forget(self) -> None:
        """In a forked process: closes its copy of the connection, which the parent still uses."""
        if self._connection is not None:
            self._connection.close()

    def _exchange(self, poll_seconds: float) -> None:
        if self._connection is None:
            self._connection = self._greet()
        for blob in itertools.islice(self._kept, self._sent, None):
            self._send(blob.bytes)
            self._sent += 1
            self._unasked += 1
        if self._unasked >= _POLL_CAPTURES or self._clock() - self._asked >= poll_seconds:
            self._settle(self._ask())

    def _greet(self) -> socket.socket:
        """A connection whose other end has answered as an agent does."""
        self._connection = self._address.connect()
        self._connection.settimeout(_GREETING_SECONDS)
        if self._token is not None:
            self._send(f"Bearer {self._token}".encode())
        self._sent = 0
        self._counters = Counters()
        first = self._ask()
        if first.refusal:
            raise ConnectionRefusedError(f"the agent refuses: {first.refusal}")
        self._introduce()
        # From now on the agent may be silent for as long as Kafka is away.
        self._connection.settimeout(None)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self._failures:
            logger.info("the agent at %s is there", self._address.text)
        self._failures = 0
        self._ever_connected = True
        return self._connection

    def _introduce(self) -> None:
        """An agent that was started anew knows nothing of the run; its first message says it.

        Whoever knows it already takes it for a repeat.
        """
        if self._first is not None and self._first is not self._kept[0]:
            self._kept.appendleft(self._first)
            self._kept_bytes += len(self._first.bytes)

    def _settle(self, now: Counters) -> None:
        settled = now.settled - self._counters.settled
        if not 0 <= settled <= self._sent:
            raise ValueError(f"{now.settled} captures are settled of those it was sent")
        for _ in range(settled):
            self._kept_bytes -= len(self._kept.popleft().bytes)
        self._sent -= settled
        refused = now.refused - self._counters.refused
        if refused > 0:
            self._losses.count("refused", f"the agent refuses it: {now.refusal}", refused)
        self._counters = now

    def _ask(self) -> Counters:
        self._asked = self._clock()
        self._unasked = 0
        self._open().sendall(_COUNTERS_PLEASE)
        length = int.from_bytes(self._receive(4), "little")
        if length > _ANSWER_BYTES:
            raise ValueError(f"it answers with {length} bytes")
        answer = json.loads(self._receive(length))
        return Counters(
            int(answer["received"]),
            int(answer["settled"]),
            int(answer["refused"]),
            str(answer.get("refusal", "")),
        )

    def _send(self, frame: bytes) -> None:
        connection = self._open()
        connection.sendall(len(frame).to_bytes(4, "little"))
        connection.sendall(frame)

    def _receive(self, length: int) -> bytes:
        received = bytearray()
        while len(received) < length:
            some = self._open().recv(length - len(received))
            if not some:
                raise ConnectionResetError("it has closed the connection")
            received += some
        return bytes(received)

    def _open(self) -> socket.socket:
        if self._connection is None:
            raise ConnectionResetError("there is no connection")
        return self._connection

    def _lost(self, why: Exception, hurry: bool) -> float:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._sent = 0
        self._counters = Counters()
        self._failures += 1
        if not self._closed:
            self._losses.say(
                "agent_away",
                f"no agent at {self._address.text} ({why}); the training goes on, captures wait in"
                " a bounded queue, and the agent is tried again",
            )
        if hurry:
            self._hopeless = not self._ever_connected
            return _BACKOFF_SECONDS_IN_A_HURRY
        doubled = _FIRST_BACKOFF_SECONDS * 2.0 ** min(self._failures - 1, 10)
        backoff = min(_LONGEST_BACKOFF_SECONDS, doubled) * (0.5 + 0.5 * self._jitter())
        self._next_try = self._clock() + backoff
        return backoff
