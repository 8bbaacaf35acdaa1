"""Recordings on their way through ``collapsewatch replay`` and the real pipeline."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from support import scripts
from support.stack import COMMAND, eventually

BODY = """
    run = collapsewatch.init(classes=3)
    for step in range(20):
        run.log_batch(*batch())
        run.log_classifier(W)
    with run.snapshot():
        run.log_classifier(W)
        run.log_batch(*batch(30 * (run.rank + 1)))
    run.finish()
    print(run.recording)
"""


@pytest.fixture
def record(tmp_path):
    """Trains as one rank of a run; its recording."""

    def record(name: str, rank: int = 0, world_size: int = 1) -> Path:
        code, out, err = scripts.run(
            BODY,
            COLLAPSEWATCH_MODE="offline",
            COLLAPSEWATCH_DIR=str(tmp_path),
            COLLAPSEWATCH_RUN=name,
            RANK=str(rank),
            WORLD_SIZE=str(world_size),
        )
        assert (code, err) == (0, "")
        return Path(out.strip())

    return record


def replay(stack, *recordings):
    return subprocess.run(
        [*COMMAND, "replay", f"--bootstrap-servers={stack.kafka}", *map(str, recordings)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_ranks_of_a_recorded_run_are_reported_as_one(stack, record):
    recordings = [record("replayed-ranks", rank, 2) for rank in range(2)]
    replayed = replay(stack, *recordings)

    assert replayed.returncode == 0, replayed.stderr
    stack.ended("replayed-ranks")
    snapshot = eventually(lambda: stack.report("replayed-ranks", "snapshot"))
    assert snapshot["metrics"]["samples"] == 30 + 60
    assert stack.report("replayed-ranks", "rolling")["metrics"]["nc1"] < 0.1
    assert "dropped" not in snapshot


def test_a_recording_that_breaks_off_is_replayed_as_far_as_it_goes(stack, record):
    recording = record("replayed-broken-off")
    data = recording.read_bytes()
    recording.write_bytes(data[: len(data) - 5])  # within the entry of the end
    replayed = replay(stack, recording)

    assert replayed.returncode == 0, replayed.stderr
    snapshot = eventually(lambda: stack.report("replayed-broken-off", "snapshot"))
    assert snapshot["metrics"]["samples"] == 30
    assert stack.run("replayed-broken-off")["run"]["state"] != "ended"
