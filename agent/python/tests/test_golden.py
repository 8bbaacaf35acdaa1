"""Golden captures: those of Java are read, those of Python are still what is written."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import write_goldens

from collapsewatch._blob import encode
from collapsewatch._tensors import tensor
from support import every_type
from support.captures import read

GOLDEN = Path(__file__).parents[3] / "protocol" / "src" / "test" / "resources" / "golden"


def golden(name):
    return (GOLDEN / f"{name}.safetensors").read_bytes()


@pytest.mark.parametrize("writer", ["java", "python", "safetensors"])
def test_every_value_of_every_type_is_read(writer):
    capture = read(golden(f"every-type-{writer}"))

    assert capture.dtypes == {dtype: dtype for dtype in (*every_type.FLOATS, *every_type.INTEGERS)}
    for dtype, expected in every_type.FLOATS.items():
        values = capture.tensors[dtype]
        assert values.shape == (2, 3)
        assert values.astype("f8").ravel().tolist() == expected, dtype
        assert math.copysign(1, values[0, 0]) == -1, f"minus zero of {dtype}"
    for dtype, expected in every_type.INTEGERS.items():
        assert capture.tensors[dtype].tolist() == expected, dtype


def test_captures_of_java_are_read():
    """The values are those of ``Captures`` in the tests of the Java side."""
    batch = read(golden("batch-full"))
    assert batch.metadata["snapshot_end"] == "true"
    assert batch.dtypes == {
        "features": "BF16",
        "labels": "U8",
        "logits": "F32",
        "margins": "F64",
        "predictions": "I32",
    }
    assert batch.tensors["features"].tolist() == [[0, 0.25, 0.5], [0.75, 1, 1.25]]
    assert batch.tensors["labels"].tolist() == [2, 0]
    assert batch.tensors["logits"].tolist() == [[1, 2, 3], [4, 5, 6]]
    assert batch.tensors["margins"].tolist() == [-0.0, 1e-300]
    assert batch.tensors["predictions"].tolist() == [2, 1]
    weights = read(golden("classifier-part")).tensors
    assert weights["weight"].tolist() == [[0, 0.25, 0.5], [0.75, 1, 1.25]]
    run = read(golden("run-full")).metadata
    assert run["tag.note"] == 'ß 🙂 "quoted" \x00'
    assert float(run["expected_interval_s"]) == 0.1 + 0.2
    assert read(golden("stats-full")).tensors["layer_norms"].tolist() == [math.pi, 0]


def _bfloat16(values):
    torch = pytest.importorskip("torch")
    return torch.tensor(values).to(torch.bfloat16)


def test_what_is_written_today_is_what_was_written_once():
    written = write_goldens.captures(_bfloat16)
    for name, blob in written.items():
        assert blob == golden(f"python-{name}"), name
    tensors = {name: tensor(array) for name, array in every_type.arrays(_bfloat16).items()}
    assert encode({"written-by": "collapsewatch"}, tensors) == golden("every-type-python")


def test_numpy_alone_writes_every_other_type_the_same():
    once = read(golden("every-type-python")).tensors
    others = every_type.arrays(lambda values: values)
    del others["BF16"]
    today = read(encode({}, {name: tensor(array) for name, array in others.items()})).tensors
    for dtype, values in today.items():
        np.testing.assert_array_equal(values, once[dtype])
