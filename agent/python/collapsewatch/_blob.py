"""Captures as safetensors blobs; protocol/FORMAT.md says what is in them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ._tensors import Tensor
from ._trouble import BadInput

CAPTURE_BYTES = 64 << 20
HEADER_BYTES = 256 << 10


def encode(metadata: Mapping[str, str], tensors: Mapping[str, Tensor]) -> bytes:
    """The blob. Its data begins at a multiple of 8 bytes, each tensor at one of its elements' size.

    Raises ``BadInput`` if the header or the whole is larger than an agent takes.
    """
    # No gaps are allowed between tensors, so wide elements come first.
    ordered = sorted(tensors.items(), key=lambda item: -item[1].values.itemsize)
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    end = 0
    for name, tensor in ordered:
        begin, end = end, end + tensor.values.nbytes
        header[name] = {"dtype": tensor.dtype, "shape": tensor.shape, "data_offsets": (begin, end)}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
    text += b" " * (-len(text) % 8)
    _require_at_most(len(text), HEADER_BYTES, "bytes of header")
    _require_at_most(8 + len(text) + end, CAPTURE_BYTES, "bytes")
    data = [_bytes(tensor.values) for _, tensor in ordered]
    return b"".join([len(text).to_bytes(8, "little"), text, *data])


def number(value: float) -> str | None:
    """A number as the header wants it; ``None`` where it is NaN or infinite."""
    value = float(value)
    return repr(value) if math.isfinite(value) else None


def _bytes(values: np.ndarray[Any, Any]) -> memoryview:
    return values.reshape(-1).view(np.uint8).data


def _require_at_most(actual: int, limit: int, of: str) -> None:
    if actual > limit:
        raise BadInput("too_large", f"a capture has {actual} {of}; expected at most {limit}")
