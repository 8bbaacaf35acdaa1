"""From what a training loop calls to the module that holds the layers."""

from __future__ import annotations

import torch
from torch import nn

#: Wrappers by the name of their class: not every build of PyTorch can import all of them.
_PARALLEL = ("DistributedDataParallel", "DataParallel", "FullyShardedDataParallel")


def unwrap(model: nn.Module) -> nn.Module:
    """``model`` without what ``torch.compile`` and data-parallel training put around it."""
    while True:
        inner = _inner(model)
        if inner is None:
            return model
        model = inner


def compiled(model: nn.Module) -> bool:
    """Whether the model or a part of it was given to ``torch.compile``."""
    return any(
        getattr(module, name, None) is not None
        for module in model.modules()
        for name in ("_orig_mod", "_compiled_call_impl")
    )


def sharded(model: nn.Module, weight: object) -> bool:
    """Whether a rank holds only its share of ``weight``, so that reading it would gather it."""
    if hasattr(weight, "full_tensor") or not isinstance(weight, torch.Tensor):
        return True
    return any(type(module).__name__ == "FullyShardedDataParallel" for module in model.modules())


def _inner(model: nn.Module) -> nn.Module | None:
    wrapped = "module" if type(model).__name__ in _PARALLEL else "_orig_mod"
    inner = getattr(model, wrapped, None)
    return inner if isinstance(inner, nn.Module) else None
