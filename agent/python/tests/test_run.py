"""What a training loop calls, and what an agent then gets."""

from __future__ import annotations

import copy
import logging
import pickle
import threading
import time

import numpy as np
import pytest

import collapsewatch
from collapsewatch import _run
from collapsewatch._throttle import Throttle


@pytest.fixture
def run(receiver):
    with collapsewatch.init("a-run", classes=3, agent=receiver.address, overhead=1.0) as run:
        yield run


def batch(rng, rows=8, dim=4, classes=3):
    return (
        rng.normal(size=(rows, dim)).astype("f4"),
        rng.integers(0, classes, rows),
        rng.normal(size=(rows, classes)).astype("f4"),
    )


def test_a_run_begins_with_what_it_says_of_itself(receiver):
    with collapsewatch.init(
        "a-run",
        classes=3,
        dim=np.int64(64),
        weight_decay=5e-4,
        loss="cross_entropy",
        optimizer="SGD",
        bias=True,
        batch_norm=False,
        class_counts=[5, 0, 7],
        report_every_steps=50,
        expected_interval_s=1.5,
        tags={"host": "gpu-7", "tries": 3},
        attempt=2,
        rank=1,
        world_size=4,
        agent=receiver.address,
    ):
        begun = receiver.await_kind("run")[0].metadata

    assert int(begun.pop("seq")) == pytest.approx(time.time() * 1e6, abs=60e6)
    assert begun == {
        "kind": "run",
        "run": "a-run",
        "step": "0",
        "split": "train",
        "layer": "penultimate",
        "attempt": "2",
        "rank": "1",
        "world_size": "4",
        "classes": "3",
        "dim": "64",
        "weight_decay": "0.0005",
        "loss": "cross_entropy",
        "optimizer": "SGD",
        "bias": "true",
        "batch_norm": "false",
        "class_counts": "[5, 0, 7]",
        "report_every_steps": "50",
        "expected_interval_s": "1.5",
        "tag.host": "gpu-7",
        "tag.tries": "3",
    }


def test_messages_arrive_in_order_with_their_values(run, receiver, rng):
    features, labels, logits = batch(rng)
    weight, bias = rng.normal(size=(3, 4)), rng.normal(size=3)
    run.log_batch(features, labels, logits, step=7, epoch=0.5)
    run.log_classifier(weight, bias, step=7)
    run.log_stats(loss=0.25, accuracy=1, layer_norms={"stem": 2.0, "head": 3.0})
    run.finish()

    captures = receiver.await_kind("end") and receiver.captures
    assert [c.kind for c in captures] == ["run", "batch", "classifier", "stats", "end"]
    assert [c.seq - captures[0].seq for c in captures] == [0, 1, 2, 3, 4]
    sent = captures[1]
    assert (sent.step, sent.metadata["epoch"]) == (7, "0.5")
    np.testing.assert_array_equal(sent.tensors["features"], features)
    np.testing.assert_array_equal(sent.tensors["labels"], labels)
    np.testing.assert_array_equal(sent.tensors["logits"], logits)
    np.testing.assert_array_equal(captures[2].tensors["weight"], weight)
    np.testing.assert_array_equal(captures[2].tensors["bias"], bias)
    stats = captures[3]
    assert (stats.step, stats.metadata["loss"], stats.metadata["accuracy"]) == (7, "0.25", "1.0")
    assert stats.metadata["layer_names"] == '["stem", "head"]'
    assert stats.tensors["layer_norms"].tolist() == [2.0, 3.0]


def test_arrays_may_be_reused_at_once(run, receiver):
    features = np.zeros((2, 4))
    for value in range(50):
        features[:] = value
        run.log_batch(features, [0, 1])
    features[:] = -1

    sent = receiver.await_kind("batch", 50)
    assert [c.tensors["features"][0, 0] for c in sent] == list(range(50))
    assert [c.step for c in sent] == list(range(50))


def test_the_last_batch_of_a_pass_ends_it_for_each_layer(run, receiver, rng):
    features, labels, _ = batch(rng)
    run.log_batch(features, labels, step=9)
    steps = [10, 9, 9]
    with run.snapshot() as snapshot:
        run.log_classifier(rng.normal(size=(3, 4)))
        for layer in ("penultimate", "block", "penultimate"):
            run.log_batch(features, labels, layer=layer, step=steps.pop())
    run.finish()

    passed = [
        c for c in receiver.await_kind("end") and receiver.captures if "snapshot" in c.metadata
    ]
    assert snapshot.id == "train-step-9"
    assert {c.metadata["snapshot"] for c in passed} == {"train-step-9"}
    assert [c.step for c in passed] == [9, 9, 10, 9]
    assert [(c.kind, c.metadata["layer"], c.metadata.get("snapshot_end")) for c in passed] == [
        ("classifier", "penultimate", None),
        ("batch", "penultimate", None),
        ("batch", "penultimate", "true"),
        ("batch", "block", "true"),
    ]


def test_a_pass_of_other_data_carries_its_split_and_counts_no_steps(run, receiver, rng):
    features, labels, _ = batch(rng)
    with run.snapshot("mine", split="test"):
        run.log_batch(features, labels)
    run.log_batch(features, labels)

    passed, live = receiver.await_kind("batch", 2)
    assert (passed.metadata["snapshot"], passed.metadata["split"]) == ("mine", "test")
    assert (live.metadata["split"], live.step) == ("train", 0)


def test_batches_of_other_data_do_not_move_the_step(run, receiver, rng):
    features, labels, _ = batch(rng)
    run.log_batch(features, labels, step=5)
    run.log_batch(features, labels, split="test")
    run.log_batch(features, labels, split="test", step=99)
    run.log_batch(features, labels)

    sent = receiver.await_kind("batch", 4)
    assert [(c.metadata["split"], c.step) for c in sent] == [
        ("train", 5),
        ("test", 5),
        ("test", 99),
        ("train", 6),
    ]


def test_passes_at_one_step_have_names_of_their_own(run):
    names = []
    for split in ("train", "test", "test", "test", "train"):
        with run.snapshot(split=split) as snapshot:
            names.append(snapshot.id)
    assert names[:4] == ["train-step-0", "test-step-0", "test-step-0-2", "test-step-0-3"]
    assert names[4] == "train-step-0-2"


def test_a_pass_ends_with_its_last_good_batch_even_if_it_breaks_off(run, receiver, rng):
    features, labels, _ = batch(rng)
    with pytest.raises(KeyError), run.snapshot():
        run.log_batch(features, labels)
        run.log_batch(features * np.nan, labels)
        raise KeyError

    ended = receiver.await_kind("batch")[0]
    assert ended.metadata["snapshot_end"] == "true"
    assert run.dropped == {"not_finite": 1}


def test_nothing_of_a_pass_is_left_out(receiver, rng):
    features = rng.normal(size=(3000, 1000))
    with collapsewatch.init("a-run", agent=receiver.address, overhead=1e-9) as run:
        with run.snapshot():
            for _ in range(2):
                run.log_batch(features, np.zeros(3000, int))
    sent = [c.tensors["features"] for c in receiver.await_kind("end") and receiver.of_kind("batch")]

    assert len(sent) == 6, "messages of about 8 MiB"
    np.testing.assert_array_equal(np.concatenate(sent), np.concatenate([features] * 2))


def test_small_batches_of_a_pass_are_sent_together(run, receiver, rng):
    batches = [batch(rng) for _ in range(5000)]
    with run.snapshot():
        for features, labels, logits in batches:
            run.log_batch(features, labels, logits)
        run.log_batch(*batch(rng, rows=3, dim=4), layer="other")
    run.finish()

    sent = [c for c in receiver.of_kind("batch") if c.metadata["layer"] == "penultimate"]
    assert len(sent) == -(-5000 * 8 * (4 * 4 + 8 + 3 * 4) // (256 << 10))
    assert [c.metadata.get("snapshot_end") for c in sent] == [None] * (len(sent) - 1) + ["true"]
    for place, name in enumerate(("features", "labels", "logits")):
        np.testing.assert_array_equal(
            np.concatenate([c.tensors[name] for c in sent]),
            np.concatenate([b[place] for b in batches]),
        )


def test_batches_of_another_type_or_step_are_not_joined(run, receiver, rng):
    features, labels, _ = batch(rng)
    with run.snapshot():
        run.log_batch(features, labels)
        run.log_batch(features.astype("f8"), labels)
        run.log_batch(features.astype("f8"), labels, step=1)
    sent = receiver.await_kind("batch", 3)

    assert [(c.step, c.dtypes["features"]) for c in sent] == [(0, "F32"), (0, "F64"), (1, "F64")]


def test_live_batches_are_left_out_when_they_cost_too_much(receiver, rng):
    with collapsewatch.init("a-run", agent=receiver.address, overhead=1e-9) as run:
        for _ in range(100):
            run.log_batch(*batch(rng))
        last = run._steps.here()
    receiver.await_kind("end")

    assert len(receiver.of_kind("batch")) < 5
    assert last == 99
    assert run.dropped == {}


def test_a_loss_that_is_waited_for_leaves_time_for_batches(receiver, rng):
    now = [0.0]

    class LossOnAGpu:
        def __float__(self) -> float:
            now[0] += 0.04
            return 1.0

    with collapsewatch.init("a-run", agent=receiver.address) as run:
        run._throttle = Throttle(0.01, lambda: now[0])
        for _ in range(50):
            run.log_batch(*batch(rng))
            run.log_stats(loss=LossOnAGpu())
    receiver.await_kind("end")

    assert len(receiver.of_kind("batch")) == 50


def test_a_handler_of_a_signal_may_count_a_loss_while_one_is_being_counted(run):
    counted = threading.Event()

    def count():
        with run._losses._lock:
            run.log_batch([], [1])
        counted.set()

    threading.Thread(target=count, daemon=True).start()
    assert counted.wait(5)
    assert run.dropped == {"bad_batch": 1}


def test_numbers_of_the_loop_are_gathered_and_the_newest_sent(run, receiver):
    for step in range(1000):
        run.log_stats(loss=float(step), step=step)
    run.log_stats(layer_norms=[1.0, np.nan, 2.0], step=1000)
    run.finish()

    sent = receiver.await_kind("end") and receiver.of_kind("stats")
    assert len(sent) < 20
    assert sent[-1].metadata["loss"] == "999.0"
    assert sent[-1].metadata["layer_names"] == '["0", "2"]'
    assert sent[-1].step == 1000


def test_only_rank_0_sends_classifiers_and_stats(receiver, rng):
    with collapsewatch.init("a-run", rank=1, world_size=2, agent=receiver.address) as run:
        run.log_classifier(rng.normal(size=(3, 4)))
        run.log_stats(loss=1.0)
        run.log_batch(*batch(rng))
        with run.snapshot():
            run.log_classifier(rng.normal(size=(3, 4)))
            run.log_batch(*batch(rng))
    receiver.await_kind("end")

    assert [c.kind for c in receiver.captures] == ["run", "batch", "batch", "end"]


FOUR = np.ones((2, 4), "f4")


@pytest.mark.parametrize(
    "call,reason,sentence",
    [
        (
            lambda run: run.log_batch(FOUR, [0, 1, 2]),
            "bad_batch",
            "a batch has 2 features, 3 labels; expected as many rows of each",
        ),
        (
            lambda run: run.log_batch(FOUR, [0, 3]),
            "bad_batch",
            "labels are in 0..3; expected classes in 0..2",
        ),
        (
            lambda run: run.log_batch(FOUR, [0, -100]),
            "bad_batch",
            "labels are in -100..0; expected classes in 0..2",
        ),
        (
            lambda run: run.log_batch(FOUR, [0.0, 1.0]),
            "bad_batch",
            "labels are F64 of shape [2]; expected 2 integers, one for each row",
        ),
        (
            lambda run: run.log_batch(FOUR, np.eye(2, dtype=int)),
            "bad_batch",
            "labels are I64 of shape [2, 2]; expected 2 integers, one for each row",
        ),
        (
            lambda run: run.log_batch(np.ones((2, 2, 2)), [0, 1]),
            "bad_batch",
            "features are F64 of shape [2, 2, 2]; expected floating-point numbers of shape [B,d]",
        ),
        (
            lambda run: run.log_batch(np.ones((2, 2), int), [0, 1]),
            "bad_batch",
            "features are I64 of shape [2, 2]; expected floating-point numbers of shape [B,d]",
        ),
        (
            lambda run: run.log_batch(FOUR, [0, 1], np.ones(2)),
            "bad_batch",
            "logits are F64 of shape [2]; expected floating-point numbers of shape [2,K]",
        ),
        (
            lambda run: run.log_batch(FOUR * np.nan, [0, 1], step=4),
            "not_finite",
            "features of step 4 has values that are NaN or infinite",
        ),
        (
            lambda run: run.log_batch(FOUR, [0, 1], FOUR[:, :3] * np.inf, step=4),
            "not_finite",
            "logits of step 4 has values that are NaN or infinite",
        ),
        (
            lambda run: run.log_batch(object(), [0, 1]),
            "bad_batch",
            "a batch has 0 features, 2 labels; expected as many rows of each",
        ),
        (
            lambda run: run.log_batch(FOUR, [0, 1], step=-1),
            "bad_batch",
            "step is -1; expected a whole number in 0..9223372036854775807",
        ),
        (
            lambda run: run.log_batch(FOUR, [0, 1], step="seven"),
            "bad_batch",
            "step is 'seven'; expected a whole number",
        ),
        (
            lambda run: run.log_batch(FOUR, [0, 1], layer="Layer 1"),
            "bad_batch",
            "layer is 'Layer 1'; expected [a-z0-9_-]{1,32}",
        ),
        (
            lambda run: run.log_classifier(np.ones(3)),
            "bad_batch",
            "the weight is F64 of shape [3]; expected floating-point numbers of shape [K,d]",
        ),
        (
            lambda run: run.log_classifier(np.ones((3, 4)), np.ones(2)),
            "bad_batch",
            "the bias is F64 of shape [2]; expected 3 floating-point numbers",
        ),
        (
            lambda run: run.log_stats(accuracy=98.5),
            "bad_batch",
            "accuracy is 98.5; expected a share in 0..1",
        ),
        (
            lambda run: run.log_stats(layer_norms=[-1.0]),
            "bad_batch",
            "there are 1 layer_norms, the least of them -1.0; expected at most 1024, none negative",
        ),
        (
            lambda run: run.snapshot("a b").__enter__(),
            "bad_batch",
            "a snapshot cannot begin: the id of the snapshot is 'a b';"
            " expected [A-Za-z0-9._-]{1,64}",
        ),
    ],
)
def test_what_cannot_be_sent_is_counted_and_said_once(
    run, receiver, warnings, call, reason, sentence
):
    for _ in range(3):
        call(run)
    run.log_batch(FOUR, [0, 1])
    receiver.await_kind("batch")

    assert run.dropped == {reason: 3}
    assert warnings() == [
        f"run a-run: a message is lost; later ones like it will only be counted: {sentence}"
    ]
    run.finish()
    assert receiver.await_kind("end")[0].metadata[f"dropped.{reason}"] == "3"


def test_numbers_that_are_not_finite_are_left_out(run, receiver):
    run.log_stats(loss=float("nan"), learning_rate=0.1, weight_decay=float("inf"))
    run.log_batch(FOUR, [0, 1], epoch=float("nan"))
    stats, sent = receiver.await_kind("stats")[0], receiver.await_kind("batch")[0]

    assert "loss" not in stats.metadata
    assert "weight_decay" not in stats.metadata
    assert stats.metadata["learning_rate"] == "0.1"
    assert "epoch" not in sent.metadata
    assert run.dropped == {}


def test_a_full_queue_loses_what_is_new_and_counts_it(receiver, warnings):
    receiver.settling = False
    run = collapsewatch.init("a-run", agent=receiver.address, overhead=1.0)
    with run.snapshot():
        for _ in range(20):
            run.log_batch(np.ones((1, 1 << 20)), [0])
    receiver.settling = True
    run.finish()

    sent = receiver.of_kind("batch")
    assert 5 <= len(sent) <= 7, "64 MiB hold less than eight of 8 MiB and a little"
    assert [c for c in sent if "snapshot_end" in c.metadata] == [sent[-1]]
    lost = receiver.of_kind("end")[0].metadata["dropped.queue_full"]
    assert int(lost) == 20 - len(sent) == run.dropped["queue_full"]
    assert len(warnings()) == 1


def test_a_fault_of_the_package_ends_watching_and_not_the_training(
    run, warnings, monkeypatch, caplog
):
    def broken(*unused):
        raise ZeroDivisionError

    monkeypatch.setattr(_run._tensors, "copied", broken)
    for _ in range(3):
        run.log_batch(FOUR, [0, 1])

    assert warnings() == [
        "run a-run: watching ends here because of a fault in it; the training goes on"
    ]
    assert "ZeroDivisionError" in caplog.text


def test_a_fault_on_the_sender_thread_ends_watching_and_not_the_training(
    run, receiver, warnings, monkeypatch
):
    def broken(*unused):
        raise ZeroDivisionError

    receiver.await_kind("run")
    monkeypatch.setattr(run._outbox._courier._encoder, "_encode", broken)
    run.log_batch(FOUR, [0, 1])
    run._outbox._courier._thread.join(5)
    run.log_batch(FOUR, [0, 1])
    begin = time.monotonic()
    run.finish()

    assert time.monotonic() - begin < 1
    assert warnings() == [
        "run a-run: watching ends here because of a fault in it; the training goes on"
    ]


def test_arrays_that_cannot_be_made_later_cost_their_message_only(run, receiver, warnings):
    def broken():
        raise RuntimeError("out of memory")

    place = {"step": 0, "epoch": None, "split": "train", "layer": "x", "metadata": {}}
    assert run._submit("batch", **place, tensors=broken, nbytes=1)
    run.log_batch(FOUR, [0, 1])
    receiver.await_kind("batch")

    assert run.dropped == {"bad_batch": 1}
    assert "its arrays cannot be read (RuntimeError('out of memory'))" in warnings()[0]


def test_a_log_that_raises_does_not_reach_the_training(run):
    class Broken(logging.Handler):
        def emit(self, record):
            raise ZeroDivisionError

    broken = Broken()
    logging.getLogger("collapsewatch").addHandler(broken)
    try:
        run.log_batch(FOUR, [0, 1, 2])
    finally:
        logging.getLogger("collapsewatch").removeHandler(broken)
    assert run.dropped == {"bad_batch": 1}


def test_a_copy_is_the_run_itself_and_one_that_was_sent_elsewhere_does_nothing(run):
    assert copy.deepcopy({"run": run})["run"] is run

    elsewhere = pickle.loads(pickle.dumps(run))
    elsewhere.log_batch(FOUR, [0, 1])
    elsewhere.finish()
    assert elsewhere.name == "a-run"


def test_after_the_end_nothing_happens(run, receiver, rng):
    run.finish()
    run.log_batch(*batch(rng))
    run.log_classifier(rng.normal(size=(3, 4)))
    run.log_stats(loss=1.0)
    with run.snapshot():
        run.log_batch(*batch(rng))
    run.finish()

    assert [c.kind for c in receiver.captures] == ["run", "end"]


def test_a_disabled_run_does_nothing(rng):
    with collapsewatch.init("a-run", mode="disabled") as run:
        run.log_batch(*batch(rng))
        with run.snapshot():
            run.log_batch(*batch(rng))
    assert run.dropped == {}
    assert run.status() is None


def test_finishing_without_an_agent_takes_no_time(warnings):
    run = collapsewatch.init("a-run", agent="127.0.0.1:1")
    run.log_batch(FOUR, [0, 1])
    begin = time.monotonic()
    run.finish()

    assert time.monotonic() - begin < 1.0
    assert run.dropped == {"agent_away": 3}
    assert len(warnings()) == 1


def test_finishing_waits_two_seconds_for_an_agent_that_says_nothing(receiver):
    receiver.settling = False
    run = collapsewatch.init("a-run", agent=receiver.address)
    begin = time.monotonic()
    run.finish()

    assert 1.9 < time.monotonic() - begin < 3.0
    assert run.dropped == {}, "it has all of it, and may still bring it to Kafka"


def test_the_random_numbers_of_the_training_stay_as_they_are(receiver, rng):
    import random

    random.seed(1)
    np.random.seed(1)
    before = random.getstate(), np.random.get_state()[1].tolist()
    with collapsewatch.init(agent=receiver.address) as run:
        run.log_batch(*batch(rng))
    with collapsewatch.init("away", agent="127.0.0.1:1") as run:
        run.log_batch(*batch(rng))

    assert (random.getstate(), np.random.get_state()[1].tolist()) == before


class TestInit:
    def test_an_open_run_is_gone_on_with(self, run, receiver, warnings):
        assert collapsewatch.init("a-run", agent=receiver.address) is run
        assert warnings() == [
            "run a-run: it is open in this process already; init returns that one"
        ]

    def test_a_run_that_ended_begins_again_with_higher_numbers(self, run, receiver):
        run.finish()
        with collapsewatch.init("a-run", agent=receiver.address) as again:
            assert again is not run
        captures = receiver.await_captures(lambda all: len(all) == 4)
        assert [c.kind for c in captures] == ["run", "end"] * 2
        assert sorted(c.seq for c in captures) == [c.seq for c in captures]

    def test_the_environment_says_what_no_argument_does(self, receiver, monkeypatch):
        monkeypatch.setenv("COLLAPSEWATCH_AGENT", receiver.address)
        monkeypatch.setenv("COLLAPSEWATCH_RUN", "from-outside")
        monkeypatch.setenv("RANK", "1")
        monkeypatch.setenv("WORLD_SIZE", "2")
        with collapsewatch.init() as run:
            assert (run.name, run.rank, run.world_size) == ("from-outside", 1, 2)
        with collapsewatch.init("mine", rank=0, attempt=4) as run:
            assert (run.name, run.rank, run.world_size, run.attempt) == ("mine", 0, 2, 4)
        monkeypatch.setenv("COLLAPSEWATCH_MODE", "disabled")
        assert collapsewatch.init()._outbox is None

    def test_a_job_with_too_many_processes_is_not_watched(self, monkeypatch, warnings):
        monkeypatch.setenv("RANK", "2000")
        monkeypatch.setenv("WORLD_SIZE", "4096")
        assert collapsewatch.init("a-job").status() is None
        assert "the job has 4096 processes and at most 1024 can be watched" in warnings()[0]

    def test_a_process_that_cannot_have_another_thread_trains_on(self, monkeypatch, warnings):
        def broken(thread):
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr("threading.Thread.start", broken)
        with collapsewatch.init("a-run") as run:
            run.log_batch(FOUR, [0, 1])
        assert len(warnings()) == 1

    @pytest.mark.parametrize(
        "wrong,sentence",
        [
            ({"name": "a b"}, "name is 'a b'; expected [A-Za-z0-9._-]{1,64}"),
            ({"classes": 1}, "classes is 1; expected a whole number in 2..1024"),
            ({"classes": 2.5}, "classes is 2.5; expected a whole number"),
            ({"dim": 0}, "dim is 0; expected a whole number in 1..65536"),
            ({"loss": "hinge"}, "loss is 'hinge'; expected one of cross_entropy, mse"),
            ({"weight_decay": -1}, "weight_decay is -1; expected a number >= 0"),
            ({"weight_decay": float("nan")}, "weight_decay is nan; expected a number >= 0"),
            ({"expected_interval_s": 0}, "expected_interval_s is 0; expected a number > 0"),
            (
                {"class_counts": [1, 2], "classes": 3},
                "class_counts has 2 entries; expected one for each of the classes",
            ),
            (
                {"samples_per_class": 5},
                "samples_per_class is given without classes; expected both",
            ),
            ({"mode": "on"}, "mode is 'on'; expected one of online, offline, disabled"),
            (
                {"agent": "nowhere"},
                "the agent's address is 'nowhere'; expected HOST:PORT or unix:/PATH",
            ),
            (
                {"overhead": 0},
                "overhead is 0; expected a share of time, above 0 and at most 1",
            ),
            ({"rank": 2, "world_size": 2}, "rank is 2; expected a whole number in 0..1"),
            (
                {"tags": {"a": "x" * (1 << 18)}},
                "there are 1 tags of 262145 characters; expected at most 4096 and 131072",
            ),
        ],
    )
    def test_a_wrong_argument_is_refused_at_once(self, wrong, sentence):
        with pytest.raises((ValueError, TypeError)) as refused:
            collapsewatch.init(**wrong)
        assert str(refused.value) == sentence
