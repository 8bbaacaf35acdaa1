"""Numbers of the training loop, gathered between two messages."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Union

import numpy as np

from ._blob import number
from ._tensors import Array, Tensor
from ._trouble import BadInput

LayerNorms = Union[Mapping[str, float], Sequence[float], Array]

_NORMS = 1024

#: A report shows the newest numbers, about once a second; more messages would be work for nobody.
_SECONDS_BETWEEN = 0.1


class Gathered(NamedTuple):
    """Where the numbers belong, and the newest of each."""

    step: int
    epoch: float | None
    fields: dict[str, str]
    tensors: dict[str, Tensor]


class PendingStats:
    """The newest numbers that are not sent yet. A message goes out now and then."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due = 0.0
        self._step = 0
        self._epoch: float | None = None
        self._fields: dict[str, str] = {}
        self._tensors: dict[str, Tensor] = {}

    def put(
        self,
        step: int,
        epoch: float | None,
        numbers: Mapping[str, float | None],
        layer_norms: LayerNorms | None,
    ) -> None:
        """Remembers numbers; NaN and infinite ones are left out."""
        norms = _layer_norms({} if layer_norms is None else layer_norms)
        for name, value in numbers.items():
            text = None if value is None else number(_within(name, _scalar(name, value)))
            if text is not None:
                self._fields[name] = text
        if norms is not None:
            self._fields["layer_names"], self._tensors["layer_norms"] = norms
        self._step, self._epoch = step, epoch

    def take(self, *, now: bool = False) -> Gathered | None:
        """What is to be sent, if it is time, or ``now``."""
        if not self._fields or (self._clock() < self._due and not now):
            return None
        gathered = Gathered(self._step, self._epoch, self._fields, self._tensors)
        self._fields, self._tensors = {}, {}
        self._due = self._clock() + _SECONDS_BETWEEN
        return gathered


def _scalar(name: str, value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as e:
        raise BadInput("bad_batch", f"{name} cannot be read as a number ({e})") from e


def _within(name: str, value: float) -> float:
    if name == "accuracy" and not (0 <= value <= 1 or math.isnan(value)):
        raise BadInput("bad_batch", f"accuracy is {value}; expected a share in 0..1")
    return value


def _layer_norms(norms: LayerNorms) -> tuple[str, Tensor] | None:
    """Their names as the header wants them, and the norms that are finite; ``None`` without any."""
    named = norms.items() if isinstance(norms, Mapping) else enumerate(_in_a_row(norms))
    values = {str(name): _scalar(f"the norm of layer {name}", norm) for name, norm in named}
    finite = {name: norm for name, norm in values.items() if math.isfinite(norm)}
    lowest = min(finite.values(), default=0.0)
    if lowest < 0 or len(finite) > _NORMS:
        raise BadInput(
            "bad_batch",
            f"there are {len(finite)} layer_norms, the least of them {lowest};"
            f" expected at most {_NORMS}, none negative",
        )
    if not finite:
        return None
    return json.dumps(list(finite)), Tensor("F64", np.array(list(finite.values())))


def _in_a_row(norms: Array) -> list[Any]:
    try:
        return list(norms)
    except TypeError as e:
        raise BadInput("bad_batch", f"layer_norms cannot be read ({e})") from e
