"""A run as the training sees it."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar, cast

from . import _process, _tensors
from ._courier import Destination
from ._dashboard import Dashboard, RunStatus
from ._encoder import PASS_END
from ._environment import Identity
from ._outbox import Outbox
from ._recording import Recording
from ._snapshot import Snapshot, SnapshotNames
from ._stats import LayerNorms, PendingStats
from ._steps import Steps
from ._tensors import Array
from ._throttle import Throttle
from ._trouble import FAULT, BadInput, Losses

#: Batches of a pass are cut into messages of about this size.
_PASS_BYTES = 8 << 20

_Call = TypeVar("_Call", bound=Callable[..., Any])


def _guarded(call: _Call) -> _Call:
    """A call of the training loop, which must not see it fail: that is counted and said once."""

    @functools.wraps(call)
    def guarded(run: Run, *args: Any, **kwargs: Any) -> Any:
        if not run._alive():
            return None
        try:
            return call(run, *args, **kwargs)
        except BadInput as e:
            run._losses.count(e.reason, str(e))
        except Exception:
            run._losses.say("fault", FAULT, exc_info=True)
            run._close()
        return None

    return cast(_Call, guarded)


class _Place(NamedTuple):
    """Where a message belongs."""

    step: int
    epoch: float | None
    split: str
    layer: str


class Run:
    """One process of a training run; made by :func:`collapsewatch.init`.

    No method raises, waits for the agent or changes what it is given. What cannot be sent is
    counted in :attr:`dropped` and in the run's reports, and said once in the log. In a forked
    process, such as a worker of a data loader, every method does nothing. Not thread-safe: a
    training loop owns its run.
    """

    def __init__(
        self,
        identity: Identity,
        settings: Mapping[str, str],
        losses: Losses,
        destination: Destination | None,
        dashboard: Dashboard,
        overhead: float,
    ) -> None:
        self._identity = identity
        self._pid = os.getpid()
        self._losses = losses
        self._destination = destination
        self._dashboard = dashboard
        self._throttle = Throttle(overhead)
        self._steps = Steps()
        self._stats = PendingStats()
        self._snapshot: Snapshot | None = None
        self._snapshot_names = SnapshotNames()
        self._outbox: Outbox | None = None
        if destination is not None:
            self._outbox = Outbox(identity, settings, destination, losses, self._throttle)

    @property
    def name(self) -> str:
        return self._identity.name

    @property
    def rank(self) -> int:
        return self._identity.rank

    @property
    def world_size(self) -> int:
        return self._identity.world_size

    @property
    def attempt(self) -> int:
        return self._identity.attempt

    @property
    def dropped(self) -> dict[str, int]:
        """Messages of this process lost so far, by reason."""
        return self._losses.totals()

    @property
    def recording(self) -> Path | None:
        """The file that is written in mode ``offline``."""
        return self._destination.path if isinstance(self._destination, Recording) else None

    @_guarded
    def log_batch(
        self,
        features: Array,
        labels: Array,
        logits: Array | None = None,
        step: int | None = None,
        *,
        epoch: float | None = None,
        split: str = "train",
        layer: str = "penultimate",
    ) -> None:
        """A batch that the network was trained on, or inside :meth:`snapshot` one of that pass.

        Live batches are sampled: the time that this takes stays below ``overhead`` of all time,
        and the bytes below 1 MiB a second. Of a large batch some rows are taken, evenly spread. A
        batch that is left out is no loss and is not counted, but its margins are not in
        ``margins_seen`` either.

        features: [B,d], floating-point. What is on a GPU is copied from there at once, which waits
            for the GPU.
        labels: [B], integers in 0..K-1.
        logits: [B,K], floating-point; needed for margins and accuracy.
        step: optimisation step; without it the run counts the batches of each layer.
        split: which data, ``[a-z0-9_-]{1,32}``; inside of a pass it is the pass's. layer: alike.
        """
        if self._snapshot is not None:
            place = _Place(self._steps.here(step), epoch, self._snapshot.split, layer)
            self._log_pass(_named(features, labels, logits), place)
            return
        place = _Place(self._live_step(step, split, layer), epoch, split, layer)
        if self._throttle.ready():
            with self._throttle.measure():
                self._log_live(_named(features, labels, logits), place)

    @_guarded
    def log_classifier(
        self,
        weight: Array,
        bias: Array | None = None,
        step: int | None = None,
        *,
        epoch: float | None = None,
        layer: str = "penultimate",
    ) -> None:
        """The weights of the last linear layer; only rank 0 sends them.

        Call it as often as you like: outside of :meth:`snapshot`, what would cost too much time or
        more than 1 MiB a second is left out. Inside, call it once.

        weight: [K,d], floating-point; row k holds the weights of class k.
        bias: [K], floating-point.
        """
        snapshot = self._snapshot
        if self.rank != 0 or not (snapshot or self._throttle.classifier_ready()):
            return
        with self._throttle.measure():
            split = snapshot.split if snapshot else "train"
            place = _Place(self._steps.here(step), epoch, split, layer)
            arrays = {"weight": weight} if bias is None else {"weight": weight, "bias": bias}
            self._send("classifier", arrays, slice(None), place)

    @_guarded
    def log_stats(
        self,
        loss: float | None = None,
        accuracy: float | None = None,
        learning_rate: float | None = None,
        weight_decay: float | None = None,
        layer_norms: LayerNorms | None = None,
        step: int | None = None,
        *,
        epoch: float | None = None,
    ) -> None:
        """Numbers that the loop has anyway; only rank 0 sends them, the newest of each in time.

        A number that is NaN or infinite is left out. A loss that is on a GPU is waited for.

        layer_norms: Frobenius norm of each layer's weights, first layer first: by name, or in a
            row.
        """
        if self.rank != 0:
            return
        numbers = {
            "loss": loss,
            "accuracy": accuracy,
            "learning_rate": learning_rate,
            "weight_decay": weight_decay,
        }
        # Not measured: fewer captures would not save it, and a wait for a GPU would leave time for none.
        self._stats.put(self._steps.here(step), epoch, numbers, layer_norms)
        with self._throttle.measure():
            self._send_stats(now=False)

    def snapshot(self, id: str | None = None, *, split: str = "train") -> Snapshot:
        """A pass over the data with frozen weights, in evaluation mode, as a ``with`` block.

        Inside, :meth:`log_batch` and :meth:`log_classifier` belong to the pass: nothing is left
        out, and it is measured exactly once all ranks have left theirs.

        id: ``[A-Za-z0-9._-]{1,64}``, another for each pass and the same on all ranks; without it
            one is made of the split and the step.
        """
        return Snapshot(self, id, split)

    def status(self) -> RunStatus | None:
        """What the dashboard knows of the run; waits for it some 2 s at most.

        ``None`` if the dashboard is away or does not know the run.
        """
        if self._destination is None or self._pid != os.getpid():
            return None
        try:
            return self._dashboard.status(self.name)
        except Exception:
            self._losses.say("status", "the status cannot be read", exc_info=True)
            return None

    def finish(self) -> None:
        """Ends the run in this process and waits, at most 2 s, until everything is taken.

        What is not called happens at the end of the process.
        """
        self._say_end()
        self._wait(time.monotonic() + _process.FLUSH_SECONDS)

    def __enter__(self) -> Run:
        return self

    def __deepcopy__(self, memo: object) -> Run:
        """A copied model goes on being watched by the same run."""
        return self

    def __reduce__(self) -> tuple[Callable[[Identity], Run], tuple[Identity]]:
        """In another process a run does nothing, so that what refers to it can be sent there."""
        return Run._elsewhere, (self._identity,)

    @staticmethod
    def _elsewhere(identity: Identity) -> Run:
        return Run(identity, {}, Losses(identity.name), None, Dashboard("", None), 1.0)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.finish()

    def _submit(
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
        must_send: bool = False,
    ) -> bool:
        """Queues a message; ``False`` if it is lost, and counted.

        ``tensors`` is called on the sender thread, and its arrays must not change any more.
        ``nbytes`` is what waits in memory until then. Inside of a snapshot, batches and classifiers
        become part of it.
        """
        if self._outbox is None or not self._alive():
            return False
        if self._snapshot is not None and kind in ("batch", "classifier"):
            metadata = {**metadata, "snapshot": self._snapshot.id}
        return self._outbox.put(
            kind,
            step=step,
            epoch=epoch,
            split=split,
            layer=layer,
            metadata=metadata,
            tensors=tensors,
            nbytes=nbytes,
            must_send=must_send,
        )

    def _alive(self) -> bool:
        outbox = self._outbox
        return outbox is not None and not outbox.closed and self._pid == os.getpid()

    def _live_step(self, step: int | None, split: str, layer: str) -> int:
        if split != "train":
            return self._steps.here(step)
        return self._steps.batch(layer) if step is None else self._steps.at(step, layer)

    def _log_live(self, arrays: Mapping[str, Array], place: _Place) -> None:
        stride = self._throttle.stride(_rows(arrays), _row_bytes(arrays))
        if stride:
            self._send("batch", arrays, slice(None, None, stride), place)

    def _log_pass(self, arrays: Mapping[str, Array], place: _Place) -> None:
        at_once = max(1, _PASS_BYTES // max(1, _row_bytes(arrays)))
        for begin in range(0, _rows(arrays), at_once):
            self._send("batch", arrays, slice(begin, begin + at_once), place)

    def _send(self, kind: str, arrays: Mapping[str, Array], rows: slice, place: _Place) -> None:
        copies = {name: _tensors.copied(array, rows) for name, array in arrays.items()}
        self._submit(
            kind,
            **place._asdict(),
            metadata={},
            tensors=lambda: copies,
            nbytes=sum(copy.values.nbytes for copy in copies.values()),
            must_send=self._snapshot is not None,
        )

    def _send_stats(self, *, now: bool) -> None:
        gathered = self._stats.take(now=now)
        if gathered is not None:
            self._submit(
                "stats",
                step=gathered.step,
                epoch=gathered.epoch,
                split="train",
                layer="penultimate",
                metadata=gathered.fields,
                tensors=lambda: gathered.tensors,
                nbytes=0,
            )

    @_guarded
    def _begin_snapshot(self, snapshot: Snapshot) -> None:
        if self._snapshot is not None:
            raise BadInput(
                "bad_batch",
                f"a snapshot begins inside of snapshot {self._snapshot.id}; its batches go there",
            )
        snapshot._name(self._snapshot_names, self._steps.here())
        self._snapshot = snapshot

    @_guarded
    def _end_snapshot(self, snapshot: Snapshot) -> None:
        if self._snapshot is snapshot and self._outbox is not None:
            self._snapshot = None
            self._outbox.control(PASS_END, {"snapshot": snapshot.id}, self._steps.here())

    @_guarded
    def _say_end(self) -> None:
        if self._snapshot is not None:
            self._end_snapshot(self._snapshot)
        self._send_stats(now=True)
        if self._outbox is not None:
            self._outbox.control("end", {}, self._steps.here())

    def _wait(self, end: float) -> None:
        """Until everything is taken, or ``end`` by ``time.monotonic``; then the run is over."""
        if self._pid == os.getpid():
            _process.remove(self)
            self._flush(max(0.0, end - time.monotonic()))
            self._close()

    @_guarded
    def _flush(self, seconds: float) -> None:
        if self._outbox is not None:
            self._outbox.finish(seconds)

    def _close(self) -> None:
        outbox, self._outbox = self._outbox, None
        if outbox is not None:
            outbox.close()

    def _disown(self) -> None:
        """In a forked process. The old counts may be locked by a thread that is not here."""
        outbox, self._outbox = self._outbox, None
        self._losses = Losses(self.name)
        if outbox is not None:
            outbox.disown()


def _named(features: Array, labels: Array, logits: Array | None) -> dict[str, Array]:
    arrays = {"features": features, "labels": labels}
    return arrays if logits is None else {**arrays, "logits": logits}


def _rows(arrays: Mapping[str, Array]) -> int:
    lengths = {name: _tensors.rows(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        said = ", ".join(f"{n} {name}" for name, n in lengths.items())
        raise BadInput("bad_batch", f"a batch has {said}; expected as many rows of each")
    return lengths["features"]


def _row_bytes(arrays: Mapping[str, Array]) -> int:
    return sum(_tensors.row_bytes(array) for array in arrays.values())
