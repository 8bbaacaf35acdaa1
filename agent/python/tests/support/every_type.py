"""A tensor of each type, with the values at which readers and writers come apart.

The Java side has the same table in ``EveryTypeTest``.
"""

from __future__ import annotations

import numpy as np

#: Minus zero, the smallest positive number, the largest one, and 1/10 as nearly as the type has it.
FLOATS = {
    "F64": [-0.0, 5e-324, 1.7976931348623157e308, -1.5, 0.25, 0.1],
    "F32": [-0.0, 2.0**-149, 3.4028234663852886e38, -1.5, 0.25, 0.10000000149011612],
    "F16": [-0.0, 2.0**-24, 65504.0, -1.5, 0.25, 0.0999755859375],
    "BF16": [-0.0, 2.0**-133, 3.3895313892515355e38, -1.5, 0.25, 0.10009765625],
}

#: The lowest and the highest.
INTEGERS = {
    "I64": [-(2**63), 7, 2**63 - 1],
    "I32": [-(2**31), 7, 2**31 - 1],
    "I16": [-(2**15), 7, 2**15 - 1],
    "I8": [-128, 7, 127],
    "U64": [0, 7, 2**64 - 1],
    "U32": [0, 7, 2**32 - 1],
    "U16": [0, 7, 2**16 - 1],
    "U8": [0, 7, 255],
}

_NUMPY = {
    "F64": "f8",
    "F32": "f4",
    "F16": "f2",
    "I64": "i8",
    "I32": "i4",
    "I16": "i2",
    "I8": "i1",
    "U64": "u8",
    "U32": "u4",
    "U16": "u2",
    "U8": "u1",
}


def arrays(bfloat16) -> dict[str, object]:
    """Floats of shape [2,3] and integers of shape [3]; ``bfloat16`` makes that one array."""
    made: dict[str, object] = {}
    for dtype, values in FLOATS.items():
        shaped = np.array(values).reshape(2, 3)
        made[dtype] = bfloat16(shaped) if dtype == "BF16" else shaped.astype(_NUMPY[dtype])
    for dtype, values in INTEGERS.items():
        made[dtype] = np.array(values, dtype=_NUMPY[dtype])
    return made
