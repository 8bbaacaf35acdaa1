"""How much of the training's time, and of the agent's attention, a run may take."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

#: The agent publishes at most this many bytes of features a second of a run.
BYTES_PER_SECOND = float(1 << 20)

#: Fewer bytes than this of a larger batch are not worth a message.
_WORTH_A_MESSAGE = float(64 << 10)

#: Weights of a whole second's worth and more may go at once; a debt is paid off before the next.
_CLASSIFIER_BURST = float(4 << 20)

#: What is not used is kept for so long: a pause earns no burst that would be felt.
_SAVED_SECONDS = 5.0

#: What asks no more than this ago is still wanted.
_WANTED_SECONDS = 1.0


class _Bucket:
    """Fills with time; may be overdrawn, and is ready again when the debt is paid."""

    def __init__(self, rate: float, most: float, now: float) -> None:
        self._rate = rate
        self._most = most
        self._level = most
        self._filled = now

    def level(self, now: float) -> float:
        self._level = min(self._most, self._level + self._rate * (now - self._filled))
        self._filled = now
        return self._level

    def take(self, amount: float) -> None:
        self._level -= amount


class _Turn:
    """When batches, or classifiers, were captured last, and when they had to be left out."""

    def __init__(self) -> None:
        self.captured = float("-inf")
        self.refused = float("-inf")

    def before(self, other: _Turn, now: float) -> bool:
        """Whether this one waits for its turn, and for longer than the other."""
        return now - self.refused < _WANTED_SECONDS and self.captured < other.captured


class _Here(threading.local):
    """What the calling thread is measuring: replicas of a model run in threads of their own."""

    depth = 0
    begin = 0.0


class Throttle:
    """Keeps the time that watching takes in the training thread below a share of all time.

    Work there is put into ``with throttle.measure():``; captures that may be left out are made only
    while ``ready()``. A capture that overdraws the time is paid off before the next one, and when
    that is done it is the turn of whichever was captured longer ago, batches or classifiers: else
    those that a loop asks for first would leave no time for the others. The processor time of the
    sender thread counts as well, because it holds the interpreter's lock.
    """

    def __init__(self, overhead: float, clock: Callable[[], float] = time.perf_counter) -> None:
        now = clock()
        self._clock = clock
        self._time = _Bucket(overhead, overhead * _SAVED_SECONDS, now)
        self._bytes = _Bucket(BYTES_PER_SECOND, BYTES_PER_SECOND, now)
        self._classifier_bytes = _Bucket(BYTES_PER_SECOND, _CLASSIFIER_BURST, now)
        self._batches = _Turn()
        self._classifiers = _Turn()
        self._background = 0.0
        self._background_taken = 0.0
        self._here = _Here()

    def ready(self) -> bool:
        """Whether the next batch may be captured now."""
        return self._may(self._batches, self._classifiers, self._bytes)

    def classifier_ready(self) -> bool:
        """Whether a classifier may be captured now."""
        return self._may(self._classifiers, self._batches, self._classifier_bytes)

    def stride(self, rows: int, row_bytes: int) -> int:
        """Every how many rows of a batch to take now: 1 for all of them, 0 for none."""
        if rows == 0 or not self.ready():
            return 0
        room = self._bytes.level(self._clock())
        if rows * row_bytes <= room:
            return 1
        if room < _WORTH_A_MESSAGE:
            return 0
        return -(-rows // max(1, int(room / max(1, row_bytes))))

    def spend(self, nbytes: int, *, classifier: bool = False) -> None:
        """Takes note of bytes that were captured."""
        (self._classifier_bytes if classifier else self._bytes).take(nbytes)
        (self._classifiers if classifier else self._batches).captured = self._clock()

    def measure(self) -> Throttle:
        """A context whose time is taken off what watching may take. May be nested."""
        return self

    def charge_background(self, seconds: float) -> None:
        """Takes note of processor time on the sender thread, the only one to call this."""
        self._background += seconds

    def __enter__(self) -> Throttle:
        if self._here.depth == 0:
            self._here.begin = self._clock()
        self._here.depth += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._here.depth -= 1
        if self._here.depth == 0:
            self._time.take(self._clock() - self._here.begin)

    def _may(self, turn: _Turn, other: _Turn, room: _Bucket) -> bool:
        now = self._clock()
        if room.level(now) <= 0:
            return False
        if self._on_time(now) and not other.before(turn, now):
            turn.refused = float("-inf")
            return True
        turn.refused = now
        return False

    def _on_time(self, now: float) -> bool:
        background = self._background
        self._time.take(background - self._background_taken)
        self._background_taken = background
        return self._time.level(now) > 0
