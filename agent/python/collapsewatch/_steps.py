"""Which optimisation step the training is at, for loops that do not say it."""

from __future__ import annotations

from . import _settings
from ._trouble import BadInput


class Steps:
    """Counts the steps by the batches: a step is over when a layer comes again."""

    def __init__(self) -> None:
        self._step = 0
        self._layers: set[str] = set()

    def here(self, step: int | None = None) -> int:
        """``step`` if the loop says it, else that of the newest batch."""
        return self._step if step is None else _checked(step)

    def at(self, step: int, layer: str | None = None) -> int:
        """The loop says where it is, perhaps with a batch of a layer."""
        step = _checked(step)
        if step != self._step:
            self._step = step
            self._layers.clear()
        if layer is not None:
            self._layers.add(layer)
        return step

    def batch(self, layer: str) -> int:
        """The step of a training batch that comes now."""
        if layer in self._layers:
            self._step += 1
            self._layers.clear()
        self._layers.add(layer)
        return self._step


def _checked(step: int) -> int:
    try:
        return _settings.step(step)
    except (TypeError, ValueError) as e:
        raise BadInput("bad_batch", str(e)) from e
