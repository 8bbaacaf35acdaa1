"""The runs of this process: which are open, what happens to them at its end and in its forks."""

from __future__ import annotations

import atexit
import os
import time
from typing import Any, Protocol

from ._environment import Identity


class OpenRun(Protocol):
    """What the end of a process and a fork ask of a run."""

    _identity: Identity

    def _say_end(self) -> None: ...

    def _wait(self, end: float) -> None: ...

    def _disown(self) -> None: ...


#: What the end of a process may wait for the agent, all runs together.
FLUSH_SECONDS = 2.0

_open: dict[Identity, OpenRun] = {}


def find(identity: Identity) -> Any:
    """The run of that identity that is open in this process, or ``None``."""
    return _open.get(identity)


def add(run: OpenRun) -> None:
    _open[run._identity] = run


def remove(run: OpenRun) -> None:
    _open.pop(run._identity, None)


def _finish_all() -> None:
    end = time.monotonic() + FLUSH_SECONDS
    runs = list(_open.values())
    for run in runs:
        run._say_end()
    for run in runs:
        run._wait(end)


def _disown_all() -> None:
    """In a forked process: the runs belong to the parent, which has the thread that sends them."""
    for run in list(_open.values()):
        run._disown()
    _open.clear()


atexit.register(_finish_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown_all)
