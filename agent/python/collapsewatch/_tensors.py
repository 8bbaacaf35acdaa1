"""Arrays of any library as the bytes that the wire wants, without importing that library."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np

from ._trouble import BadInput

#: Anything with ``__array__``, a list of numbers, or a torch tensor.
Array = Any

_DTYPES = {
    "f8": "F64",
    "f4": "F32",
    "f2": "F16",
    "i8": "I64",
    "i4": "I32",
    "i2": "I16",
    "i1": "I8",
    "u8": "U64",
    "u4": "U32",
    "u2": "U16",
    "u1": "U8",
}

_BF16_EXPONENT = 0x7F80


class Tensor(NamedTuple):
    """A tensor in the host's memory: row-major, little-endian.

    ``values`` has the tensor's shape. NumPy has no bfloat16: a tensor of type ``BF16`` holds its
    bits as ``uint16``.
    """

    dtype: str
    values: np.ndarray[Any, Any]

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.values.shape)

    @property
    def floating(self) -> bool:
        return "F" in self.dtype

    def finite(self) -> bool:
        """Whether no element is NaN or infinite."""
        if self.dtype == "BF16":
            return not bool(np.any((self.values & _BF16_EXPONENT) == _BF16_EXPONENT))
        return bool(np.isfinite(self.values).all())


def tensor(array: Array) -> Tensor:
    """``array`` as a tensor, without a copy where its memory can be used as it is."""
    if isinstance(array, Tensor):
        return array
    dtype, values = _read(array, None)
    return Tensor(dtype, np.asarray(values, dtype=_little(values), order="C"))


def copied(array: Array, rows: slice | None = None) -> Tensor:
    """``array``, or some rows of it, as a tensor that shares no memory with it."""
    dtype, values = _read(array, rows)
    return Tensor(dtype, np.array(values, dtype=_little(values), order="C"))


def _read(array: Array, rows: slice | None) -> tuple[str, np.ndarray[Any, Any]]:
    try:
        values, bfloat16 = _host(array, rows)
    except Exception as e:
        raise BadInput(
            "bad_batch", f"a value of type {_kind(array)} cannot be read as an array ({e})"
        ) from e
    if bfloat16:
        return "BF16", values.view(np.uint16)
    if values.dtype.kind == "b":
        values = values.view(np.uint8)
    if values.dtype.kind == "f" and values.dtype.itemsize > 8:
        values = values.astype(np.float64)
    dtype = _DTYPES.get(values.dtype.str[1:])
    if dtype is None:
        raise BadInput(
            "bad_batch",
            f"a value of type {_kind(array)} has elements of type {values.dtype};"
            " expected real numbers",
        )
    return dtype, values


def rows(array: Array) -> int:
    """Length of the first axis; a scalar has none."""
    return int(shape(array)[0]) if shape(array) else 0


def shape(array: Array) -> tuple[int, ...]:
    """Shape of an array, found without copying it."""
    found = getattr(array, "shape", None)
    return tuple(np.shape(array) if found is None else (int(n) for n in found))


def row_bytes(array: Array) -> int:
    """Bytes of one row; an estimate where the library does not say the size of an element."""
    size = 1
    for n in shape(array)[1:]:
        size *= n
    return size * _itemsize(array)


def _itemsize(array: Array) -> int:
    dtype = getattr(array, "dtype", None)
    size = getattr(dtype, "itemsize", None)
    if size is None:
        element_size = getattr(array, "element_size", None)
        size = element_size() if callable(element_size) else 8
    return int(size)


def _host(array: Array, rows: slice | None) -> tuple[np.ndarray[Any, Any], bool]:
    """Rows of ``array`` in the host's memory, and whether the elements are bfloat16."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(array, torch.Tensor):
        return _torch_host(torch, array, rows)
    values = np.asarray(array if rows is None else array[rows])
    # The type that ml_dtypes registers, as JAX and TensorFlow have it.
    return values, values.dtype.name == "bfloat16"


def _torch_host(torch: Any, array: Any, rows: slice | None) -> tuple[np.ndarray[Any, Any], bool]:
    # Detached first: the rows chosen here must not become part of the graph.
    plain = array.detach()
    if rows is not None:
        plain = plain[rows]
    bfloat16 = plain.dtype == torch.bfloat16
    if bfloat16:
        plain = plain.view(torch.int16)
    return plain.cpu().numpy(), bfloat16


def _little(values: np.ndarray[Any, Any]) -> np.dtype[Any]:
    little: np.dtype[Any] = values.dtype.newbyteorder("<")
    return little


def _kind(array: Array) -> str:
    kind = type(array)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
