"""A reader of captures that owes nothing to the writer under test."""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np

NUMPY = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "<i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "<u1",
}


class Capture(NamedTuple):
    metadata: dict
    #: Type by name of a tensor.
    dtypes: dict
    #: Array by name of a tensor; one of type BF16 as the float32 of the same value.
    tensors: dict
    #: Where the data begins.
    data: int

    @property
    def kind(self) -> str:
        return self.metadata["kind"]

    @property
    def step(self) -> int:
        return int(self.metadata["step"])

    @property
    def seq(self) -> int:
        return int(self.metadata["seq"])


def read(blob: bytes) -> Capture:
    length = int.from_bytes(blob[:8], "little")
    header = json.loads(blob[8 : 8 + length])
    metadata = header.pop("__metadata__")
    assert all(isinstance(text, str) for text in metadata.values())
    data = memoryview(blob)[8 + length :]
    places = sorted(entry["data_offsets"] for entry in header.values())
    assert [begin for begin, _ in places] == [0, *(end for _, end in places)][: len(places)]
    assert (places[-1][1] if places else 0) == len(data)
    return Capture(
        metadata,
        {name: entry["dtype"] for name, entry in header.items()},
        {name: _array(entry, data) for name, entry in header.items()},
        8 + length,
    )


def _array(entry: dict, data: memoryview) -> np.ndarray:
    begin, end = entry["data_offsets"]
    values = np.frombuffer(data[begin:end], dtype=NUMPY[entry["dtype"]]).reshape(entry["shape"])
    if entry["dtype"] == "BF16":
        return (values.astype("<u4") << 16).view("<f4")
    return values
