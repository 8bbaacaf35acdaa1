"""Steps that nobody says are counted."""

from __future__ import annotations

from collapsewatch._steps import Steps


def test_a_step_is_over_when_a_layer_comes_again():
    steps = Steps()

    assert [steps.batch("penultimate") for _ in range(3)] == [0, 1, 2]
    assert [steps.batch(layer) for layer in ("block", "block", "penultimate")] == [2, 3, 3]
    assert steps.here() == 3


def test_a_step_that_is_said_is_where_counting_goes_on():
    steps = Steps()
    steps.batch("penultimate")

    assert steps.at(500) == 500
    assert steps.batch("penultimate") == 500
    assert steps.batch("penultimate") == 501


def test_a_batch_whose_step_is_said_counts_as_one_of_that_step():
    steps = Steps()

    assert [steps.at(7, "penultimate"), steps.at(7, "penultimate")] == [7, 7]
    assert steps.batch("penultimate") == 8
