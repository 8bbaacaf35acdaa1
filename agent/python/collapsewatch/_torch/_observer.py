"""What the hooks see: passes of a model, the labels that belong to them, and the steps."""

from __future__ import annotations

import functools
import time
import weakref
from collections.abc import Callable
from typing import Any, TypeVar, cast

import torch
from torch import nn

from .._run import Run
from ._capture import Capture, Copies, Place, plain
from ._losses import LossCall
from ._marks import mark, marked
from ._passes import strange

_NOTHING_IGNORED = -100

#: The analyzer's window: so many samples of each class, as far as they fit into so many bytes.
_WINDOW_SAMPLES = 64
_WINDOW_BYTES = 64 << 20

#: It is renewed in ten seconds by the agent; four times as many rows are at hand for that.
_SECONDS_TO_RENEW = 10 / 4
_SECONDS_BETWEEN_BATCHES = (0.1, 0.25)

#: When watching has taken its share of the time, it is not asked again before.
_SECONDS_TO_WAIT = 0.01

#: So many training passes without labels, and nothing is copied any more until some come.
_PATIENCE = 50

_Call = TypeVar("_Call", bound=Callable[..., None])


def _guarded(call: _Call) -> _Call:
    """A call in the middle of the training, which must not see it fail."""

    @functools.wraps(call)
    def guarded(observer: Observer, *args: Any, **kwargs: Any) -> None:
        try:
            call(observer, *args, **kwargs)
        except Exception:
            observer.fault()

    return cast(_Call, guarded)


class Pass:
    """One call of a linear layer, the head or one that may be it."""

    __slots__ = (
        "__weakref__", "answered", "copies", "head", "labelled", "observer", "output", "rows", "taken"
    )  # fmt: skip

    def __init__(
        self, observer: Observer, head: nn.Module, output: torch.Tensor, taken: bool
    ) -> None:
        self.observer = weakref.ref(observer)
        self.head = weakref.ref(head)
        self.output = weakref.ref(output)
        self.rows = output.shape[0]
        self.taken = taken
        self.copies: Copies | None = None
        #: Its labels are known, from wherever.
        self.labelled = False
        #: The user has said its labels, whether they were of use or not.
        self.answered = False


class Observer:
    """Turns what hooks see into captures. Belongs to the training thread.

    A pass becomes a capture when its labels come: from a loss that is computed of its logits, or from
    :meth:`labels`, before or after it. Passes in evaluation mode or without gradients count only in a
    snapshot, others only outside of one.
    """

    def __init__(
        self,
        run: Run,
        model: nn.Module,
        capture: Capture,
        *,
        count_passes: bool,
        listens: bool,
        seeks: bool,
        settled: Callable[[nn.Module | None, str | None], None],
    ) -> None:
        self.step = 0
        self.epoch: float | None = None
        self.learning_rate: Callable[[], float | None] = lambda: None
        self.failed = False
        #: Whether a loss would be of any use now; read at every one.
        self.listening = True
        self._run = run
        self._model = weakref.ref(model)
        self._capture = capture
        self._between = Pass(self, model, torch.empty(0), False)
        self._next_batch = 0.0
        self._uncounted = 0
        self._count_passes = count_passes
        self._listens = listens
        self._seeks = seeks
        self._settled: Callable[[nn.Module | None, str | None], None] | None = settled
        self._last: Pass | None = None
        self._given: Any = None
        self._labels_are_given = False
        self._unlabelled = 0
        self._plan: int | None = None
        self._layers: dict[str, torch.Tensor] = {}
        self._row_bytes: dict[str, int] = {}
        self._shape = (1, 1)

    @_guarded
    def head_called(self, head: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        """A linear layer was called: the head, or while it is not known any of them."""
        if self._idle() and self._plan is None:
            self._pass_by(output)
        else:
            self._look_at(head, args, output)

    def _idle(self) -> bool:
        """Whether this pass is between two captures, as most are: it should cost as good as nothing."""
        return (
            time.perf_counter() < self._next_batch
            and not self._seeks
            and not self._labels_are_given
            and self._run._snapshot is None
        )

    def _pass_by(self, output: Any) -> None:
        """All that is left of the pass is that it may be a step."""
        self._last = self._between
        self._between.answered = False
        self.listening = False
        if self._count_passes:
            model = self._model()
            if model is not None and model.training and output.requires_grad:
                self._uncounted = output.shape[-1]
                self.listening = True

    def _look_at(self, head: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        model = self._model()
        if model is None or self._off() or not isinstance(output, torch.Tensor):
            return
        reason = strange(output)
        if reason is not None:
            self._run._losses.say(*reason)
            return
        self._lose_patience()
        seen = Pass(self, head, output, self._taken(model, output))
        self._last = seen
        self._uncounted = 0
        self.listening = True
        if seen.taken:
            self._copy(seen, model, head, args, output)
            mark(output, seen)
        if not self._seeks:
            self._answer_with_given(seen)

    @_guarded
    def model_called(self, model: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        """While the head is not known: the pass is over, the last linear layer has been called."""
        if self._seeks and self._last is not None and not self._last.answered:
            self._answer_with_given(self._last)

    @_guarded
    def layer_called(self, name: str, output: Any) -> None:
        """One more layer whose features are wanted was called; the head comes later in the same pass."""
        if self._plan is None and self._idle():
            return
        model = self._model()
        if model is None or self._off() or not isinstance(output, torch.Tensor):
            return
        if strange(output) is not None or not self._taken(model, output):
            return
        if output.dim() not in (2, 4):
            self._say_shape(f"layer {name} returns", output)
            return
        if self._plan is None or name in self._layers:
            self._plan, self._layers = None, {}
            self._plan = self._stride(output.shape[0])
        self._row_bytes[name] = output[0].numel() * output.element_size()
        if self._plan:
            self._layers[name] = self._capture.layer(output, self._plan)

    @_guarded
    def loss_called(self, call: LossCall) -> None:
        """Some loss was computed somewhere in the process."""
        if self._listens and not self._labels_are_given:
            self.criterion_called(call)

    @_guarded
    def criterion_called(self, call: LossCall) -> None:
        """The loss that the labels are to be taken from was computed."""
        if self._uncounted:
            self._count_loss(call.logits)
            return
        seen = self._pass_of(call.logits)
        if seen is not None:
            self._labelled(seen, call.targets, call)

    @_guarded
    def labels(self, labels: Any) -> None:
        """The user says the labels: of the pass that was made and has none, else of the next one."""
        self._labels_are_given = True
        last = self._last
        if last is None or last.answered:
            self._given = labels
        else:
            self._answer(last, labels)

    @_guarded
    def stepped(self) -> None:
        """The optimizer has made a step."""
        self.go_to(self.step + 1)

    def go_to(self, step: int) -> None:
        """The next training pass belongs to this step."""
        self.step = step
        self._run._steps.at(step)

    def fault(self) -> None:
        self.failed = True
        self._run._losses.say(
            "fault", "watching the model ends here, the training goes on", exc_info=True
        )

    def _off(self) -> bool:
        """After a fault, after the end of the run, and in a forked process."""
        return self.failed or not self._run._alive()

    def _answer_with_given(self, seen: Pass) -> None:
        given, self._given = self._given, None
        if given is not None:
            self._answer(seen, given)

    def _answer(self, seen: Pass, labels: Any) -> None:
        seen.answered = True
        if seen.taken:
            self._labelled(seen, labels)

    def _lose_patience(self) -> None:
        """Without labels nothing can be sent, so after a while nothing is copied."""
        last = self._last
        if last is None or last.labelled or not last.taken or self._seeks:
            return
        self._unlabelled += 1
        if self._unlabelled == _PATIENCE:
            self._settle(None, None)
            self._run._losses.say(
                "no_labels",
                f"{_PATIENCE} passes had no labels: no loss was seen that is computed of the logits;"
                " name the criterion= or call watch.labels(y)",
            )

    def _settle(self, head: nn.Module | None, kind: str | None) -> None:
        settled, self._settled = self._settled, None
        self._seeks = False
        if settled is not None:
            settled(head, kind)

    def _taken(self, model: nn.Module, output: torch.Tensor) -> bool:
        training = model.training and output.requires_grad
        if self._capture.split is None:
            return training
        if model.training:
            self._run._losses.say(
                "training_mode",
                "the model is in training mode in a snapshot, so its passes are not part of it; call model.eval() before",
            )
        return not model.training

    def _copy(
        self,
        seen: Pass,
        model: nn.Module,
        head: nn.Module,
        args: tuple[Any, ...],
        output: torch.Tensor,
    ) -> None:
        plan, layers = self._plan, self._layers
        if not self._seeks:
            self._plan, self._layers = None, {}
        features: Any = args[0] if args else None
        if not plain(features) or not plain(output) or not 2 <= output.shape[1] <= 1024:
            if not self._seeks:
                self._say_shape("the head returns", output)
            return
        self._shape = (output.shape[1], features.shape[1])
        self._row_bytes[""] = sum(t.shape[1] * t.element_size() for t in (features, output))
        stride = self._stride(seen.rows) if plan is None else plan
        if stride and (self._unlabelled <= _PATIENCE or self._capture.split is not None):
            rows = -(-seen.rows // stride)
            layers = {name: t for name, t in layers.items() if len(t) == rows}
            batch = {"features": features}
            if self._capture.split is None:
                batch["logits"] = output
            seen.copies = self._capture.copies(model, head, batch, layers, stride, self.step)

    def _stride(self, rows: int) -> int:
        now = time.perf_counter()
        live = self._capture.split is None
        if live and now < self._next_batch:
            return 0
        stride = self._capture.stride(rows, sum(self._row_bytes.values()))
        if live and not self._seeks:
            self._next_batch = now + (self._interval(rows) if stride else _SECONDS_TO_WAIT)
        return stride

    def _interval(self, rows: int) -> float:
        """Seconds until the next batch of so many rows is of use."""
        classes, dim = self._shape
        samples = min(_WINDOW_SAMPLES, max(2, _WINDOW_BYTES // (4 * classes * dim)))
        shortest, longest = _SECONDS_BETWEEN_BATCHES
        return min(longest, max(shortest, _SECONDS_TO_RENEW * rows / (classes * samples)))

    def _pass_of(self, logits: torch.Tensor) -> Pass | None:
        """The pass that logits came from; without a graph, as in evaluation, by what they are."""
        seen = marked(logits)
        if seen is None:
            seen = self._last
            if seen is None or not seen.taken or logits.requires_grad:
                return None
            output = seen.output()
            same = output is logits or (
                self._capture.split is not None
                and logits.shape[0] == seen.rows
                and logits.dim() == 2
            )
            return seen if same else None
        if not isinstance(seen, Pass) or seen.observer() is not self:
            return None
        return seen if not self._seeks or seen is self._last else None

    def _labelled(self, seen: Pass, labels: Any, call: LossCall | None = None) -> None:
        if seen.labelled:
            return
        seen.labelled = True
        self.listening = self._capture.split is not None
        self._unlabelled = 0
        head = seen.head()
        if self._settled is not None and head is not None:
            self._settle(head, None if call is None else call.kind)
        copies, seen.copies = seen.copies, None
        split = self._capture.split or "train"
        if copies is not None:
            self._send(seen, copies, labels, call, Place(self.step, self.epoch, split))
        if self._capture.split is None:
            self._count(copies is not None)

    def _count_loss(self, logits: torch.Tensor) -> None:
        """Of a pass that was not looked at: of which it is shows by its width well enough."""
        if logits.requires_grad and logits.shape[-1] == self._uncounted:
            self._uncounted = 0
            self.listening = False
            self.go_to(self.step + 1)

    def _count(self, sampled: bool) -> None:
        if sampled:
            self._tell_loss()
        if self._count_passes:
            self.go_to(self.step + 1)

    def _send(
        self, seen: Pass, copies: Copies, labels: Any, call: LossCall | None, place: Place
    ) -> None:
        numbers = labels if isinstance(labels, torch.Tensor) else torch.as_tensor(labels)
        if not _fit(numbers, seen.rows):
            self._run._losses.say(
                "labels_shape",
                f"labels have shape {list(numbers.shape)} for {seen.rows} rows of features; expected"
                f" [{seen.rows}], or [{seen.rows},K] with one-hot rows; such batches are not captured",
            )
            return
        ignored = _NOTHING_IGNORED if call is None else call.ignored
        self._capture.send(copies, numbers, ignored, None if call is None else call.value, place)

    def _tell_loss(self) -> None:
        landed = self._capture.landed_loss()
        if landed is not None:
            step, loss = landed
            self._run.log_stats(
                loss=loss, learning_rate=self.learning_rate(), step=step, epoch=self.epoch
            )

    def _say_shape(self, what: str, output: torch.Tensor) -> None:
        self._run._losses.say(
            f"shape of {what}",
            f"{what} {str(output.dtype).removeprefix('torch.')} of shape {list(output.shape)};"
            " expected floating-point numbers of shape [B,n]: sequences and more than 1024 classes are not supported",
        )


def _fit(labels: torch.Tensor, rows: int) -> bool:
    if labels.dim() == 1:
        return bool(labels.shape[0] == rows and not labels.is_floating_point())
    return bool(labels.dim() == 2 and labels.shape[0] == rows and labels.shape[1] > 1)
