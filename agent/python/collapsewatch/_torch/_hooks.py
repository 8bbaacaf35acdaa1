"""Forward hooks that can be taken off, set aside, and do not travel with a copy of the model."""

from __future__ import annotations

import contextlib
import functools
import sys
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import nn

from . import _losses

#: Module, what it was called with, what it returned.
Seen = Callable[[nn.Module, tuple[Any, ...], Any], None]


class Hook:
    """One forward hook."""

    #: For ``torch.compile``: the graph ends here, and what is done here is not compiled.
    _torchdynamo_disable = True

    def __init__(self, module: nn.Module, seen: Seen) -> None:
        self._module = weakref.ref(module)
        self._told = seen
        self._seen = _uncompiled(seen)
        self._handle = module.register_forward_hook(self)

    def __call__(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        # Data-parallel replicas have the hooks of their original.
        if module is self._module():
            self._seen(module, args, output)

    def __reduce__(self) -> Any:
        """A copied or saved model has, in this place, something that takes any arguments and does nothing.

        It is of the standard library, so that the model loads where this package is not installed.
        """
        return getattr, (contextlib.nullcontext(), "__exit__")

    def remove(self) -> None:
        self._handle.remove()

    def tells(self, seen: Seen) -> bool:
        return self._told == seen

    def back(self) -> None:
        """After ``remove``."""
        module = self._module()
        if module is not None:
            self._handle = module.register_forward_hook(self)


def _uncompiled(seen: Seen) -> Seen:
    """What is called from a compiled graph would else be compiled in its turn."""
    dynamo = sys.modules.get("torch._dynamo")
    return seen if dynamo is None else dynamo.disable(seen)


class Hooks:
    """The hooks of one watch."""

    def __init__(self) -> None:
        self._hooks: list[Hook] = []
        _all.add(self)
        _patch_script()

    def add(self, module: nn.Module, seen: Seen) -> None:
        """Nothing is added to a script of ``torch.jit``, which calls no hooks."""
        if isinstance(module, torch.jit.ScriptModule):
            return
        self._hooks.append(Hook(module, seen))

    def remove(self) -> None:
        self.aside()
        self._hooks.clear()
        _all.discard(self)
        _restore_script()

    def drop(self, seen: Seen) -> None:
        """Takes off the hooks that tell one function."""
        for hook in [hook for hook in self._hooks if hook.tells(seen)]:
            hook.remove()
            self._hooks.remove(hook)

    def aside(self) -> None:
        for hook in self._hooks:
            hook.remove()

    def back(self) -> None:
        for hook in self._hooks:
            hook.back()


_all: weakref.WeakSet[Hooks] = weakref.WeakSet()
_original_script: Callable[..., Any] | None = None


def _patch_script() -> None:
    """``torch.jit.script`` compiles the hooks of a module as well, and cannot compile ours."""
    global _original_script
    if _original_script is not None:
        return
    original = _original_script = torch.jit.script

    @functools.wraps(original)
    def script(*args: Any, **kwargs: Any) -> Any:
        with _nothing_of_ours():
            return original(*args, **{**kwargs, "_frames_up": kwargs.get("_frames_up", 0) + 1})

    torch.jit.script = script


def _restore_script() -> None:
    global _original_script
    if _original_script is not None and not _all:
        torch.jit.script, _original_script = _original_script, None


@contextlib.contextmanager
def _nothing_of_ours() -> Iterator[None]:
    aside = list(_all)
    for hooks in aside:
        hooks.aside()
    try:
        with _losses.unpatched():
            yield
    finally:
        for hooks in aside:
            hooks.back()
