"""CUDA calls of this package's own thread beside a graph that the training captures.

While any thread captures a CUDA graph in the usual ("global") mode, calls such as waiting for an
event, from whatever thread, end that capture with an error. A thread that asks for the mode
"thread local" is only held to the captures that it has begun itself, of which there are none here.
See ``cudaThreadExchangeStreamCaptureMode`` in NVIDIA's manual of the CUDA runtime.
"""

from __future__ import annotations

import ctypes
import threading

import torch

_THREAD_LOCAL = 1  # cudaStreamCaptureModeThreadLocal

_asked = threading.local()


def leave_captures_alone() -> None:
    """Before the first CUDA call of a thread that is not the training's. Without effect where it cannot be asked for."""
    if getattr(_asked, "once", False):
        return
    _asked.once = True
    exchange = _exchange()
    if exchange is not None:
        exchange(ctypes.byref(ctypes.c_int(_THREAD_LOCAL)))


def _exchange() -> ctypes._NamedFuncPointer | None:
    """The function of the CUDA runtime that PyTorch has loaded."""
    major = (torch.version.cuda or "").partition(".")[0]
    for name in (f"libcudart.so.{major}", f"libcudart.so.{torch.version.cuda}"):
        try:
            return ctypes.CDLL(name).cudaThreadExchangeStreamCaptureMode
        except (OSError, AttributeError):
            continue
    return None
