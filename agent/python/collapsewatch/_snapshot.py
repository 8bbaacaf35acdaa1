"""Passes over the data with frozen weights."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol

from . import _settings
from ._trouble import BadInput


class PassTaker(Protocol):
    """The run whose passes these are."""

    def _begin_snapshot(self, snapshot: Snapshot) -> None: ...

    def _end_snapshot(self, snapshot: Snapshot) -> None: ...


class Snapshot:
    """A pass, as a ``with`` block; leaving it ends the pass, whatever happened inside."""

    def __init__(self, run: PassTaker, id: str | None, split: str) -> None:
        #: Id of the pass; empty until it begins.
        self.id = ""
        self.split = split
        self._wanted = id
        self._run = run

    def __enter__(self) -> Snapshot:
        self._run._begin_snapshot(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run._end_snapshot(self)

    def _name(self, names: SnapshotNames, step: int) -> None:
        try:
            _settings.source("split", self.split)
            self.id = (
                names.next(self.split, step)
                if self._wanted is None
                else _settings.snapshot_id(self._wanted)
            )
        except ValueError as e:
            raise BadInput("bad_batch", f"a snapshot cannot begin: {e}") from e


class SnapshotNames:
    """Ids for passes that were given none: the same on all ranks, which pass at the same steps."""

    def __init__(self) -> None:
        self._step = -1
        self._times: dict[str, int] = {}

    def next(self, split: str, step: int) -> str:
        if step != self._step:
            self._step = step
            self._times.clear()
        self._times[split] = self._times.get(split, 0) + 1
        name = f"{split}-step-{step}"
        return name if self._times[split] == 1 else f"{name}-{self._times[split]}"
