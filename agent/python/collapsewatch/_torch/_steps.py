"""Counting the steps of an optimizer."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import torch


class OptimizerSteps:
    """Calls ``stepped`` after each step of an optimizer, until it is removed."""

    def __init__(self, optimizer: Any, stepped: Callable[[], None]) -> None:
        self._optimizer = bare(optimizer)
        self._stepped = stepped
        self._remove = (
            self._hook() if hasattr(self._optimizer, "register_step_post_hook") else self._wrap()
        )

    def remove(self) -> None:
        self._remove()

    def _hook(self) -> Callable[[], None]:
        handle = self._optimizer.register_step_post_hook(lambda *_: self._stepped())
        remove: Callable[[], None] = handle.remove
        return remove

    def _wrap(self) -> Callable[[], None]:
        """PyTorch 1 has no such hook. Schedulers wrap ``step`` of the optimizer, too, and so look alike."""
        optimizer, original = self._optimizer, self._optimizer.step

        @functools.wraps(original)
        def step(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            self._stepped()
            return result

        optimizer.step = step

        def remove() -> None:
            if optimizer.__dict__.get("step") is step:
                optimizer.step = original

        return remove


def bare(optimizer: Any) -> Any:
    """The optimizer that a library wrapped, as Accelerate does."""
    inner = getattr(optimizer, "optimizer", None)
    return bare(inner) if isinstance(inner, torch.optim.Optimizer) else optimizer


def group_of(optimizer: Any, parameter: object) -> dict[str, Any] | None:
    """The group of settings that a parameter is trained with."""
    for group in bare(optimizer).param_groups:
        if any(p is parameter for p in group["params"]):
            found: dict[str, Any] = group
            return found
    return None
