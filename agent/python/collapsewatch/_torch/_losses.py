"""The losses of ``torch.nn.functional`` and of its modules, told on while anybody listens.

What is replaced is what those functions call in their turn, so that it does not matter by which name, and since
when, a training knows them.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, Protocol

import torch

try:
    from torch.compiler import is_compiling
except ImportError:  # before 2.1

    def is_compiling() -> bool:
        return False


#: Functions of ``torch._C._nn``, and what each is in the ``run`` message.
_FUNCTIONS = {
    "cross_entropy_loss": "cross_entropy",
    "nll_loss_nd": "cross_entropy",
    "mse_loss": "mse",
}
_NATIVE = torch._C._nn

#: Where their ``ignore_index`` stands among the arguments.
_IGNORE_POSITION = 4
_NOTHING_IGNORED = -100


class LossCall(NamedTuple):
    """A loss was computed of some logits and some targets."""

    kind: str | None
    logits: torch.Tensor
    targets: Any
    ignored: int
    value: Any


class Listener(Protocol):
    #: Whether it wants to be told now.
    listening: bool

    def loss_called(self, call: LossCall) -> None: ...


#: Read at every loss, hence no ``WeakSet``.
_listeners: tuple[weakref.ref[Listener], ...] = ()
_originals: dict[str, Callable[..., Any]] = {}


def listen(listener: Listener) -> None:
    """Tells ``listener``, which is held weakly, of every loss from now on."""
    global _listeners
    _listeners = (*_without(listener), weakref.ref(listener))
    if not _originals:
        _patch()


def forget(listener: Listener) -> None:
    """Puts the functions back when nobody listens any more."""
    global _listeners
    _listeners = _without(listener)
    if not _listeners:
        _restore()


def _without(listener: Listener | None) -> tuple[weakref.ref[Listener], ...]:
    return tuple(ref for ref in _listeners if ref() not in (listener, None))


def call_of(
    kind: str | None, args: tuple[Any, ...], kwargs: dict[str, Any], value: Any
) -> LossCall | None:
    """What a loss was called with; ``None`` if that is not logits and targets."""
    logits = args[0] if args else kwargs.get("input")
    targets = args[1] if len(args) > 1 else kwargs.get("target")
    if type(logits) is not torch.Tensor or targets is None:
        return None
    ignored = kwargs.get("ignore_index", _NOTHING_IGNORED)
    if kind == "cross_entropy" and len(args) > _IGNORE_POSITION:
        ignored = args[_IGNORE_POSITION]
    return LossCall(kind, logits, targets, ignored, value)


@contextmanager
def unpatched() -> Iterator[None]:
    """The functions as PyTorch has them: its compiler of scripts reads their source."""
    patched = bool(_originals)
    _restore()
    try:
        yield
    finally:
        if patched:
            _patch()


def _patch() -> None:
    for name, kind in _FUNCTIONS.items():
        original = getattr(_NATIVE, name)
        _originals[name] = original
        setattr(_NATIVE, name, _telling(kind, original))


def _restore() -> None:
    while _originals:
        name, original = _originals.popitem()
        # Whoever put something over ours keeps it; it leads to ours, which leads to the original.
        if getattr(getattr(_NATIVE, name), "_collapsewatch", False):
            setattr(_NATIVE, name, original)


def _telling(kind: str, original: Callable[..., Any]) -> Callable[..., Any]:
    def function(*args: Any, **kwargs: Any) -> Any:
        value = original(*args, **kwargs)
        if not is_compiling():
            for ref in _listeners:
                listener = ref()
                if listener is not None and listener.listening:
                    _tell(listener, kind, args, kwargs, value)
        return value

    function._collapsewatch = True  # type: ignore[attr-defined]
    return function


def _tell(
    listener: Listener, kind: str, args: tuple[Any, ...], kwargs: dict[str, Any], value: Any
) -> None:
    call = call_of(kind, args, kwargs, value)
    if call is not None:
        listener.loss_called(call)
