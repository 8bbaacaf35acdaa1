"""Arrays of every library and type come out with the values they had."""

from __future__ import annotations

import numpy as np
import pytest

from collapsewatch import _tensors
from collapsewatch._trouble import BadInput

VALUES = [[0.0, 0.25, -1.5], [2.0, 3.0, 4.0]]


@pytest.mark.parametrize(
    "numpy_type,dtype",
    [
        ("f8", "F64"),
        ("f4", "F32"),
        ("f2", "F16"),
        ("i8", "I64"),
        ("i4", "I32"),
        ("i2", "I16"),
        ("i1", "I8"),
        ("u8", "U64"),
        ("u4", "U32"),
        ("u2", "U16"),
        ("u1", "U8"),
        (">f4", "F32"),
        (">i2", "I16"),
        ("?", "U8"),
        ("longdouble", "F64"),
    ],
)
def test_a_numpy_array_keeps_its_type_and_values(numpy_type, dtype):
    array = np.array([[1, 0, 1], [0, 1, 0]], dtype=numpy_type)

    copy = _tensors.copied(array)

    assert copy.dtype == dtype
    assert copy.values.tolist() == [[1, 0, 1], [0, 1, 0]]
    assert copy.values.dtype.byteorder in "<=|"


def test_a_copy_shares_no_memory_with_its_source():
    array = np.array(VALUES)
    copy = _tensors.copied(array)
    array[:] = 7

    assert copy.values.tolist() == VALUES


def test_rows_are_chosen_evenly_and_laid_out_row_by_row():
    array = np.arange(20.0).reshape(2, 10).T

    copy = _tensors.copied(array, slice(None, None, 3))

    assert copy.values.tolist() == [[0, 10], [3, 13], [6, 16], [9, 19]]
    assert copy.values.flags.c_contiguous


def test_a_list_of_numbers_is_taken():
    assert _tensors.copied(VALUES).values.tolist() == VALUES
    assert _tensors.shape(VALUES) == (2, 3)


def test_anything_with_array_is_taken():
    class Foreign:
        shape = (2, 3)

        def __array__(self, dtype=None, copy=None):
            return np.array(VALUES, dtype="f4")

    assert _tensors.copied(Foreign()).dtype == "F32"


def test_a_type_with_the_name_of_bfloat16_is_read_as_its_bits():
    # As ml_dtypes registers it, which JAX and TensorFlow use: two bytes and a name.
    ml_dtypes = pytest.importorskip("ml_dtypes")
    copy = _tensors.copied(np.array(VALUES, dtype=ml_dtypes.bfloat16))

    assert copy.dtype == "BF16"
    assert copy.values[0].tolist() == [0x0000, 0x3E80, 0xBFC0]


@pytest.mark.parametrize(
    "array,sentence",
    [
        (
            np.array([1j]),
            "a value of type numpy.ndarray has elements of type complex128; expected real numbers",
        ),
        (["a"], "a value of type list has elements of type <U1; expected real numbers"),
        (object(), "a value of type object has elements of type object; expected real numbers"),
    ],
)
def test_what_is_no_array_of_numbers_is_said(array, sentence):
    with pytest.raises(BadInput) as refused:
        _tensors.copied(array)
    assert str(refused.value) == sentence


@pytest.mark.parametrize("dtype", ["f8", "f4", "f2"])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_not_finite(dtype, bad):
    assert _tensors.tensor(np.array([0, 65504], dtype)).finite()
    assert not _tensors.tensor(np.array([0, bad], dtype)).finite()


class TestTorch:
    @pytest.fixture(autouse=True)
    def _torch(self):
        self.torch = pytest.importorskip("torch")

    @pytest.mark.parametrize(
        "name,dtype",
        [("float64", "F64"), ("float32", "F32"), ("float16", "F16"), ("int64", "I64")],
    )
    def test_a_tensor_keeps_its_type_and_values(self, name, dtype):
        tensor = self.torch.tensor([[1, 2], [3, 4]], dtype=getattr(self.torch, name))

        copy = _tensors.copied(tensor)
        tensor.zero_()

        assert copy.dtype == dtype
        assert copy.values.tolist() == [[1, 2], [3, 4]]

    def test_bfloat16_is_taken_as_its_bits(self):
        tensor = self.torch.tensor(VALUES, dtype=self.torch.bfloat16)

        copy = _tensors.copied(tensor, slice(0, 1))

        assert copy.dtype == "BF16"
        assert copy.values.tolist() == [[0x0000, 0x3E80, 0xBFC0]]
        assert copy.finite()
        assert not _tensors.copied(tensor / 0).finite()

    def test_a_tensor_within_a_graph_is_taken_and_the_graph_stays(self):
        leaf = self.torch.ones(4, 3, requires_grad=True)
        features = leaf * 2

        assert _tensors.copied(features, slice(None, None, 2)).values.tolist() == [[2] * 3] * 2
        features.sum().backward()
        assert leaf.grad.tolist() == [[2] * 3] * 4

    def test_a_row_is_as_long_in_bytes_as_its_elements(self):
        assert _tensors.row_bytes(self.torch.zeros(5, 3, dtype=self.torch.float16)) == 6
        assert _tensors.row_bytes(self.torch.zeros(5, dtype=self.torch.int64)) == 8
