"""What goes wrong is counted by reason and said once."""

from __future__ import annotations

import contextlib
import logging
import threading

logger = logging.getLogger("collapsewatch")

FAULT = "watching ends here because of a fault in it; the training goes on"


class BadInput(ValueError):
    """A message that cannot be sent as it is; the text says what was read and what was expected."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class Losses:
    """Messages lost so far, by reason: running totals of this process. Thread-safe."""

    def __init__(self, run: str) -> None:
        self._run = run
        # Of the kind that a thread may take twice: a handler of a signal may end the run just here.
        self._lock = threading.RLock()
        self._counts: dict[str, int] = {}
        self._said: set[str] = set()

    def count(self, reason: str, sentence: str, messages: int = 1) -> None:
        """Counts lost messages. The first loss for a reason is also logged, with the sentence."""
        with self._lock:
            self._counts[reason] = self._counts.get(reason, 0) + messages
        self.say(reason, f"a message is lost; later ones like it will only be counted: {sentence}")

    def say(self, kind: str, sentence: str, *, exc_info: bool = False) -> None:
        """Logs a warning unless there has been one of this kind."""
        with self._lock:
            if kind in self._said:
                return
            self._said.add(kind)
        # A handler of somebody else's may raise; that is no reason to stop a training either.
        with contextlib.suppress(Exception):
            logger.warning("run %s: %s", self._run, sentence, exc_info=exc_info)

    def totals(self) -> dict[str, int]:
        with self._lock:
            return dict(self._counts)
