"""The container: what stands where, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from collapsewatch._blob import encode, number
from collapsewatch._tensors import tensor
from collapsewatch._trouble import BadInput
from support.captures import read


def test_data_begins_at_a_multiple_of_eight_and_wide_elements_come_first():
    tensors = {
        "labels": tensor(np.array([1, 2, 3], "u1")),
        "logits": tensor(np.ones((3, 2), "f2")),
        "features": tensor(np.ones((3, 1), "f8")),
    }
    for padding in range(9):
        capture = read(encode({"kind": "batch", "run": "r" * (padding + 1)}, tensors))

        assert capture.data % 8 == 0
        assert list(capture.tensors) == ["features", "logits", "labels"]
        assert capture.tensors["labels"].tolist() == [1, 2, 3]


def test_texts_of_any_kind_survive():
    said = {"tag.note": 'ß 🙂 "quoted" \\ \x00 \n'}

    assert read(encode(said, {})).metadata == said


def test_half_a_surrogate_does_not_stop_the_rest():
    assert read(encode({"tag.a": "\ud800", "tag.b": "b"}, {})).metadata["tag.b"] == "b"


def test_a_scalar_and_nothing_at_all_can_be_written():
    assert read(encode({}, {"x": tensor(np.zeros((0, 3)))})).tensors["x"].shape == (0, 3)
    assert read(encode({}, {})).tensors == {}


@pytest.mark.parametrize(
    "value,text",
    [
        (0.1, "0.1"),
        (1e-5, "1e-05"),
        (1, "1.0"),
        (np.float32(0.5), "0.5"),
        (math.nan, None),
        (math.inf, None),
        (-math.inf, None),
    ],
)
def test_numbers_are_decimal_and_finite(value, text):
    assert number(value) == text


def test_no_number_is_longer_than_the_format_allows(rng):
    anything = rng.integers(0, 2**64, 10_000, dtype=np.uint64).view(np.float64)
    texts = [number(value) for value in anything]

    assert max(len(text) for text in texts if text) <= 32
    assert all(float(text) == value for text, value in zip(texts, anything) if text)


def test_a_capture_that_is_too_large_is_refused_before_it_is_made():
    huge = tensor(np.lib.stride_tricks.as_strided(np.zeros(1), (9 << 20,), (0,)))
    with pytest.raises(BadInput, match="bytes; expected at most 67108864") as refused:
        encode({"kind": "batch"}, {"features": huge})
    assert refused.value.reason == "too_large"

    with pytest.raises(BadInput, match="bytes of header; expected at most 262144"):
        encode({"tag.a": "a" * 300_000}, {})
