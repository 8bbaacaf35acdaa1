"""Passes that are not training steps although the model is called."""

from __future__ import annotations

import sys
from types import FrameType

import torch
from torch.utils import checkpoint

_CHECKPOINT = checkpoint.__file__
_in_backward = getattr(torch._C, "_current_graph_task_id", None)
_is_functorch = getattr(getattr(torch._C, "_functorch", None), "is_functorch_wrapped_tensor", None)


def strange(output: torch.Tensor) -> tuple[str, str] | None:
    """Why the pass that made ``output`` cannot be captured, as a kind and a sentence; ``None`` if it can."""
    if torch._C._get_tracing_state() is not None:
        return "tracing", "the model is being traced or exported; such passes are not captured"
    if type(output) is not torch.Tensor or output.is_meta:
        return (
            "subclass",
            f"the head returns a {type(output).__name__} instead of a plain tensor; such passes are not captured",
        )
    if _is_functorch is not None and _is_functorch(output):
        return (
            "functorch",
            "the model is called under vmap or grad of torch.func; such passes are not captured",
        )
    if output.is_cuda and torch.cuda.is_current_stream_capturing():
        return (
            "graph_capture",
            "a CUDA graph is being captured; neither this pass nor the graph's replays are captured",
        )
    if recomputing():
        return (
            "recomputation",
            "layers are called again in the backward pass (activation checkpointing); the second call is not captured",
        )
    return None


def recomputing() -> bool:
    """Whether layers are called again in a backward pass."""
    if _in_backward is not None:
        return bool(_in_backward() != -1)
    # PyTorch 1 cannot be asked cheaply; its checkpoints do it from functions of these names.
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if code.co_name in ("unpack", "backward") and code.co_filename == _CHECKPOINT:
            return True
        frame = frame.f_back
    return False
