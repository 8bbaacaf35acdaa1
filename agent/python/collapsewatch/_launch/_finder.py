"""Finding the model, its head and its optimizer in a training that does not name them."""

from __future__ import annotations

import functools
import weakref
from typing import Any

import torch
from torch import nn

from .._torch import _losses, watch
from .._torch._losses import LossCall, call_of
from .._torch._marks import mark, marked
from .._torch._observer import Pass
from .._torch._steps import group_of
from .._trouble import logger

#: A process that calls so many models without a loss that is recognised is left alone.
_MOST_PASSES = 1000


class _Seen:
    """On the logits of a linear layer: which it was, and which model was called."""

    def __init__(self, model: nn.Module, head: nn.Module) -> None:
        self.model = weakref.ref(model)
        self.head = weakref.ref(head)


class Finder:
    """Looks at every module that is called, until a loss is computed of what a linear layer returned.

    The model is the outermost module that was called in training mode, the head is that layer. From then on
    only they are watched.
    """

    _torchdynamo_disable = True
    listening = True

    def __init__(self) -> None:
        self._handles: list[Any] = []
        self._optimizers: weakref.WeakSet[torch.optim.Optimizer] = weakref.WeakSet()
        self._model: weakref.ref[nn.Module] | None = None
        self._passes = 0
        self._original_init = torch.optim.Optimizer.__init__

    def begin(self) -> None:
        modules = nn.modules.module
        self._handles = [
            modules.register_module_forward_pre_hook(self._quietly(self._entered)),
            modules.register_module_forward_hook(self._quietly(self._left)),
        ]
        _losses.listen(self)
        self._note_optimizers()

    def loss_called(self, call: LossCall) -> None:
        try:
            self._try(call, None)
        except Exception:
            self._fail()

    def _end(self) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []
        _losses.forget(self)
        torch.optim.Optimizer.__init__ = self._original_init  # type: ignore[method-assign]

    def _entered(self, module: nn.Module, args: Any) -> None:
        if not module.training or not torch.is_grad_enabled():
            return
        model = None if self._model is None else self._model()
        if model is None:
            self._model = weakref.ref(module)
        elif model is not module:
            return
        self._passes += 1
        if self._passes > _MOST_PASSES:
            logger.warning(
                "%d passes and no loss that is recognised: nothing is watched", _MOST_PASSES
            )
            self._end()
        elif "_orig_mod" in module._modules:
            # Its graph is compiled now, and must not find these hooks.
            self._found(module, None, None)

    def _left(self, module: nn.Module, args: Any, output: Any) -> None:
        model = None if self._model is None else self._model()
        if model is module:
            self._model = None
        if isinstance(module, nn.Linear) and model is not None and isinstance(output, torch.Tensor):
            mark(output, _Seen(model, module))
        elif len(args) >= 2 and all(isinstance(arg, torch.Tensor) for arg in args[:2]):
            call = call_of(None, tuple(args), {}, output)
            if call is not None:
                self._try(call, module)

    def _try(self, call: LossCall, criterion: nn.Module | None) -> None:
        seen = marked(call.logits)
        if isinstance(seen, Pass):
            self._end()  # The script watches by itself.
        elif isinstance(seen, _Seen):
            model, head = seen.model(), seen.head()
            if model is not None and head is not None:
                self._found(model, head, criterion)

    def _found(self, model: nn.Module, head: nn.Module | None, criterion: nn.Module | None) -> None:
        self._end()
        parameters = set(model.parameters() if head is None else head.parameters())
        optimizer = next(
            (o for o in self._optimizers if any(group_of(o, p) for p in parameters)), None
        )
        made = watch(model, head, criterion, optimizer=optimizer)
        logger.info("run %s: watching %s", made.run.name, type(model).__name__)

    def _note_optimizers(self) -> None:
        """Which optimizers are made, for their steps and their weight decay."""
        original, optimizers = self._original_init, self._optimizers

        @functools.wraps(original)
        def init(optimizer: torch.optim.Optimizer, *args: Any, **kwargs: Any) -> None:
            original(optimizer, *args, **kwargs)
            optimizers.add(optimizer)

        torch.optim.Optimizer.__init__ = init  # type: ignore[method-assign, assignment]

    def _quietly(self, hook: Any) -> Any:
        def quiet(*args: Any) -> None:
            try:
                hook(*args)
            except Exception:
                self._fail()

        quiet._torchdynamo_disable = True  # type: ignore[attr-defined]
        return quiet

    def _fail(self) -> None:
        logger.warning("nothing is watched, the script runs as it is", exc_info=True)
        self._end()
