"""The Trainer of Hugging Face."""

from __future__ import annotations

from typing import Any

from transformers import TrainerCallback

from .._torch import Watch, watch


class CollapseWatch(TrainerCallback):  # type: ignore[misc]
    """Watches the model that a ``Trainer`` trains, which must classify whole sequences or images.

        Trainer(..., callbacks=[CollapseWatch(name="my-run")])

    Takes the arguments of :func:`collapsewatch.watch` but the model and the optimizer. ``watch`` is there from the
    begin of the training on.
    """

    def __init__(self, **arguments: Any) -> None:
        self.watch: Watch | None = None
        self._arguments = arguments

    def on_train_begin(
        self,
        args: Any,
        state: Any,
        control: Any,
        model: Any = None,
        optimizer: Any = None,
        **_: Any,
    ) -> None:
        self.watch = watch(model, optimizer=optimizer, **self._arguments)
        self.watch.step = state.global_step

    def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self.watch is not None:
            self.watch.epoch = state.epoch

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if self.watch is not None:
            self.watch.finish()
