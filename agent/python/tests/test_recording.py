"""Recordings: what is in the file, also when the process or the disk gives up."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import collapsewatch
from collapsewatch._recording import Recording
from support import scripts
from support.captures import read


def entries(path: Path):
    """(ms, capture) of each whole entry, by the description of the format."""
    data = path.read_bytes()
    assert data[:8] == b"CWREC\x01\r\n"
    at, found = 8, []
    while at + 12 <= len(data):
        ms = int.from_bytes(data[at : at + 8], "little")
        length = int.from_bytes(data[at + 8 : at + 12], "little")
        if at + 12 + length > len(data):
            break
        found.append((ms, read(data[at + 12 : at + 12 + length])))
        at += 12 + length
    return found


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COLLAPSEWATCH_DIR", str(tmp_path / "recordings"))
    return tmp_path / "recordings"


def test_a_run_is_recorded_with_the_times_of_its_messages(folder):
    begin = time.time() * 1000
    with collapsewatch.init("a-run", rank=1, world_size=2, mode="offline") as run:
        run.log_batch(np.ones((2, 4)), [0, 1])
    recorded = entries(run.recording)

    assert [c.kind for _, c in recorded] == ["run", "batch", "end"]
    assert all(begin - 1 <= ms <= time.time() * 1000 for ms, _ in recorded)
    assert recorded[1][1].tensors["features"].tolist() == [[1] * 4] * 2
    assert run.recording.parent == folder
    assert run.recording.name.startswith("collapsewatch-a-run-rank1-")
    assert run.recording.suffix == ".cwrec"


def test_a_process_that_is_killed_leaves_all_it_had_recorded(folder):
    process = scripts.start(
        """
        run = collapsewatch.init("a-run", overhead=1.0)
        for step in range(100):
            run.log_batch(*batch(), step=step)
        while run._outbox._courier._waiting:
            time.sleep(0.01)
        print(run.recording, flush=True)
        time.sleep(60)
        """,
        COLLAPSEWATCH_MODE="offline",
        COLLAPSEWATCH_DIR=str(folder),
    )
    path = Path(process.stdout.readline().strip())
    process.kill()
    process.wait()

    assert [c.step for _, c in entries(path)] == [0, *range(100)]


def test_a_forked_process_records_nothing(folder):
    code, out, err = scripts.run(
        """
        run = collapsewatch.init("a-run")
        if os.fork() == 0:
            run.log_batch(*batch())
            sys.exit(0)
        os.wait()
        run.finish()
        print(run.recording)
        """,
        COLLAPSEWATCH_MODE="offline",
        COLLAPSEWATCH_DIR=str(folder),
    )

    assert (code, err) == (0, "")
    assert [c.kind for _, c in entries(Path(out.strip()))] == ["run", "end"]


def test_a_folder_that_cannot_be_made_is_said_and_the_training_goes_on(
    tmp_path, warnings, monkeypatch
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("COLLAPSEWATCH_DIR", str(tmp_path / "file" / "below"))
    with collapsewatch.init("a-run", mode="offline") as run:
        run.log_batch(np.ones((2, 4)), [0, 1])

    assert run.dropped == {"write_failed": 3}
    assert len(warnings()) == 1
    assert "cannot be written" in warnings()[0]


def test_half_an_entry_is_taken_back_when_the_disk_is_full(folder, monkeypatch):
    run = collapsewatch.init("a-run", mode="offline")
    _await(run)
    whole = _Disk.full_in_the_middle(run._destination)
    run.log_batch(np.ones((2, 4)), [0, 1])
    _await(run)
    whole()
    run.finish()

    assert run.dropped == {"write_failed": 1}
    recorded = entries(run.recording)
    assert [c.kind for _, c in recorded] == ["run", "end"]
    assert recorded[1][1].metadata["dropped.write_failed"] == "1"


def _await(run) -> None:
    while run._outbox._courier._waiting:
        time.sleep(0.001)


class _Disk:
    """A file that takes ten bytes more and then none, until it is put right."""

    def __init__(self, file) -> None:
        self._file = file
        self._room = 10

    @staticmethod
    def full_in_the_middle(recording: Recording):
        real = recording._file
        recording._file = _Disk(real)

        def put_right():
            recording._file = real

        return put_right

    def write(self, data) -> int:
        if self._room == 0:
            raise OSError(28, "No space left on device")
        written = self._file.write(data[: self._room])
        self._room -= written
        return written

    def truncate(self, size):
        return self._file.truncate(size)

    def seek(self, to):
        return self._file.seek(to)
