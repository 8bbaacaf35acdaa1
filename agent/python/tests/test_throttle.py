"""How much is captured, by a clock that the test moves."""

from __future__ import annotations

import threading

import pytest

from collapsewatch._throttle import Throttle

MIB = 1 << 20


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def train(throttle, clock, steps, step_seconds, capture_seconds):
    """Steps of a training that captures whenever it may; the time that capturing took."""
    spent = 0.0
    for _ in range(steps):
        clock.now += step_seconds
        if throttle.ready():
            with throttle.measure():
                clock.now += capture_seconds
            spent += capture_seconds
    return spent


@pytest.mark.parametrize("overhead", [0.001, 0.01, 0.1])
@pytest.mark.parametrize("capture_seconds", [0.0001, 0.002, 0.5])
def test_capturing_takes_no_more_than_its_share(clock, overhead, capture_seconds):
    throttle = Throttle(overhead, clock)
    begin = clock.now
    spent = train(throttle, clock, 20_000, 0.005, capture_seconds)

    elapsed = clock.now - begin
    # Above the share: what was saved at the start, and the last capture, which may overdraw.
    assert spent <= overhead * elapsed + overhead * 5.0 + capture_seconds
    assert spent >= 0.9 * min(overhead * elapsed, 20_000 * capture_seconds) - capture_seconds


@pytest.mark.parametrize("first", ["batch", "classifier"])
def test_what_a_loop_asks_for_first_leaves_time_for_the_other(clock, first):
    throttle = Throttle(0.01, clock)
    captured = {"batch": 0, "classifier": 0}
    for _ in range(20_000):
        clock.now += 0.005
        for kind in sorted(captured, reverse=first == "classifier"):
            clock.now += 1e-6
            if throttle.classifier_ready() if kind == "classifier" else throttle.ready():
                with throttle.measure():
                    clock.now += 0.0003
                throttle.spend(1, classifier=kind == "classifier")
                captured[kind] += 1

    # In 100 s there is time for about 3300 captures of 0.3 ms.
    assert 3000 <= sum(captured.values()) <= 3600
    assert abs(captured["batch"] - captured["classifier"]) <= 200


def test_classifiers_that_are_not_asked_for_any_more_hold_up_nothing(clock):
    throttle = Throttle(0.01, clock)
    throttle.charge_background(0.06)
    assert not throttle.classifier_ready()
    throttle.spend(1)

    clock.now += 1.5
    assert throttle.ready()


def test_a_pause_earns_no_burst(clock):
    throttle = Throttle(0.01, clock)
    clock.now += 3600
    assert train(throttle, clock, 100, 0.0, 0.001) <= 0.01 * 5.0 + 0.0011


def test_time_on_the_sender_thread_counts(clock):
    throttle = Throttle(0.01, clock)
    throttle.charge_background(0.06)
    assert not throttle.ready()

    clock.now += 2.0
    assert throttle.ready()


def test_measuring_within_measuring_counts_once(clock):
    throttle = Throttle(0.01, clock)
    with throttle.measure(), throttle.measure():
        clock.now += 0.049
    assert throttle.ready()


def test_threads_are_measured_by_themselves(clock):
    throttle = Throttle(0.01, clock)
    with throttle.measure():
        other = threading.Thread(target=lambda: throttle.__enter__())
        other.start()
        other.join()
        clock.now += 0.06
    assert not throttle.ready()


def test_an_error_within_measuring_is_measured_and_passed_on(clock):
    throttle = Throttle(0.01, clock)
    with pytest.raises(KeyError), throttle.measure():
        clock.now += 0.06
        raise KeyError
    assert not throttle.ready()


def test_features_stay_below_a_mebibyte_a_second(clock):
    throttle = Throttle(1.0, clock)
    captured = 0
    for _ in range(2000):
        clock.now += 0.01
        stride = throttle.stride(64, 4096)
        if stride:
            nbytes = len(range(0, 64, stride)) * 4096
            throttle.spend(nbytes)
            captured += nbytes
    assert 19 * MIB <= captured <= 21 * MIB


def test_of_a_batch_that_is_too_large_some_rows_are_taken(clock):
    throttle = Throttle(1.0, clock)

    assert throttle.stride(1024, 1024) == 1
    assert throttle.stride(4096, 1024) == 4
    assert throttle.stride(5000, 1024) == 5
    throttle.spend(MIB)
    assert throttle.stride(4096, 1024) == 0

    clock.now += 0.05
    assert throttle.stride(4096, 1024) == 0, "51 KiB of 4 MiB are not worth a message"
    clock.now += 0.05
    assert throttle.stride(4096, 1024) == 41


def test_one_row_that_is_larger_than_all_room_is_paid_off(clock):
    throttle = Throttle(1.0, clock)
    assert throttle.stride(2, 3 * MIB) == 2
    throttle.spend(3 * MIB)
    clock.now += 1.9
    assert throttle.stride(2, 3 * MIB) == 0
    clock.now += 1.1
    assert throttle.stride(2, 3 * MIB) == 2


def test_an_empty_batch_is_not_taken(clock):
    assert Throttle(1.0, clock).stride(0, 4) == 0


def test_a_large_classifier_is_paid_off_and_does_not_hold_up_features(clock):
    throttle = Throttle(1.0, clock)
    assert throttle.classifier_ready()
    throttle.spend(12 * MIB, classifier=True)

    assert not throttle.classifier_ready()
    assert throttle.ready()
    clock.now += 8.1
    assert throttle.classifier_ready()
