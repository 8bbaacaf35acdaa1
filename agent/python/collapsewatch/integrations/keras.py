"""Keras 3, with any backend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np

from .. import init
from .._run import Run
from .._trouble import FAULT

_ROWS = 128


class CollapseWatch(keras.callbacks.Callback):  # type: ignore[misc]
    """Watches how a model sees given samples while it is fitted.

        model.fit(x, y, callbacks=[CollapseWatch(x[:2000], y[:2000], name="my-run")])

    Keras does not show a callback the batches that it trains on. So ``x`` and ``y`` go through the model in inference
    mode: some of them now and then after a batch, as far as ``overhead`` allows, and all of them after each
    ``every``-th epoch as a pass with frozen weights.

    x: samples as the model takes them. y: class numbers [N], or one-hot rows [N,K].
    head: the last dense layer or its name; without it, the last layer of the model.
    settings: arguments of :func:`collapsewatch.init`. ``run`` is there from the begin of the fit on.

    Raises ``ValueError`` at the begin of the fit if the head has no kernel [d,K] or the model is not built of layers.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        *,
        head: Any = None,
        every: int = 1,
        name: str | None = None,
        **settings: Any,
    ) -> None:
        super().__init__()
        self.run: Run | None = None
        self._x = x
        self._y = _class_numbers(y)
        self._head = head
        self._every = every
        self._name = name
        self._settings = settings
        self._step = 0
        self._next = 0
        self._epoch = 0

    def on_train_begin(self, logs: Any = None) -> None:
        head = self._dense()
        self._kernel, self._bias = head.kernel, getattr(head, "bias", None)
        self._features = keras.Model(self.model.inputs, head.input)
        dim, classes = self._kernel.shape
        found = {"classes": classes, "dim": dim, "bias": self._bias is not None}
        self.run = init(self._name, **{**found, **self._settings})

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._step += 1
        if self.run is not None and self.run._throttle.ready():
            self._guarded(self._log_some, self.run)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._epoch = epoch + 1
        if self.run is not None:
            self._guarded(self._log_epoch, self.run, logs or {})

    def on_train_end(self, logs: Any = None) -> None:
        if self.run is not None:
            self.run.finish()

    def _dense(self) -> Any:
        head = self.model.layers[-1] if self._head is None else self._head
        head = self.model.get_layer(head) if isinstance(head, str) else head
        if len(getattr(getattr(head, "kernel", None), "shape", ())) != 2:
            raise ValueError(
                f"the head is {head.name}; expected a dense layer, with a kernel [d,K]; name it with head="
            )
        return head

    def _guarded(self, log: Callable[..., None], run: Run, *arguments: Any) -> None:
        """What goes wrong here does not reach the training."""
        try:
            log(run, *arguments)
        except Exception:
            run._losses.say("fault", FAULT, exc_info=True)
            self.run = None

    def _log_some(self, run: Run) -> None:
        with run._throttle.measure():
            rows = slice(self._next, self._next + _ROWS)
            self._next = rows.stop if rows.stop < len(self._y) else 0
            self._log_classifier(run)
            self._log_rows(run, rows)

    def _log_epoch(self, run: Run, logs: Mapping[str, Any]) -> None:
        epoch = self._epoch
        run.log_stats(logs.get("loss"), logs.get("accuracy"), step=self._step, epoch=epoch)
        if epoch % self._every == 0:
            with run.snapshot(f"epoch-{epoch}"):
                self._log_classifier(run)
                for begin in range(0, len(self._y), _ROWS):
                    self._log_rows(run, slice(begin, begin + _ROWS))

    def _log_classifier(self, run: Run) -> None:
        # With JAX the weights are elsewhere during the fit, and asking for the model brings them back.
        _ = self.model
        bias = None if self._bias is None else _numpy(self._bias)
        run.log_classifier(_numpy(self._kernel).T, bias, self._step, epoch=self._epoch)

    def _log_rows(self, run: Run, rows: slice) -> None:
        features = np.asarray(self._features.predict_on_batch(self._x[rows]))
        logits = features @ _numpy(self._kernel)
        if self._bias is not None:
            logits = logits + _numpy(self._bias)
        run.log_batch(features, self._y[rows], logits, self._step, epoch=self._epoch)


def _class_numbers(y: Any) -> Any:
    numbers = np.asarray(y)
    if numbers.ndim == 2 and numbers.shape[1] > 1:
        return numbers.argmax(axis=1)
    return numbers.reshape(-1).astype(np.int64)


def _numpy(variable: Any) -> Any:
    return keras.ops.convert_to_numpy(variable)
