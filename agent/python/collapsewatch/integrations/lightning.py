"""PyTorch Lightning, under either of its names."""

from __future__ import annotations

from typing import Any

try:
    from lightning.pytorch import Callback
except ImportError:
    from pytorch_lightning import Callback

from .._torch import Watch, watch


class CollapseWatch(Callback):  # type: ignore[misc]
    """Watches the module that a ``Trainer`` fits.

        Trainer(callbacks=[CollapseWatch(name="my-run")])

    Takes the arguments of :func:`collapsewatch.watch` but the model and the optimizer. ``watch`` is there from the
    begin of the fit on, for :meth:`Watch.labels` and :meth:`Watch.snapshot`.
    """

    def __init__(self, **arguments: Any) -> None:
        self.watch: Watch | None = None
        self._arguments = arguments

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        optimizer = trainer.optimizers[0] if trainer.optimizers else None
        self.watch = watch(pl_module, optimizer=optimizer, **self._arguments)
        self.watch.step = trainer.global_step

    def on_train_batch_start(self, trainer: Any, pl_module: Any, *_: Any, **__: Any) -> None:
        if self.watch is not None:
            self.watch.epoch = trainer.current_epoch

    def on_train_end(self, trainer: Any, pl_module: Any) -> None:
        if self.watch is not None:
            self.watch.finish()

    def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
        """Takes everything off the module; the run ends with the process, or goes on with the next fit."""
        if self.watch is not None:
            self.watch.detach()
