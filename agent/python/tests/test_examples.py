"""The examples as they stand, through the real pipeline: ``collapsewatch up``."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from support.scripts import PACKAGE
from support.stack import COMMAND, Command, eventually, free_port

pytest.importorskip("torch", reason="PyTorch is not installed")
pytest.importorskip("sklearn", reason="scikit-learn, which has the digits, is not installed")

EXAMPLES = PACKAGE / "examples"


def run(*arguments: str, folder: Path, seconds: float = 120, **environment: str) -> str:
    """Runs Python; what it printed."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", **environment},
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_digits_are_measured_as_the_file_that_they_save(stack, tmp_path):
    run(
        str(EXAMPLES / "digits.py"), folder=tmp_path,
        PYTHONPATH=str(PACKAGE), COLLAPSEWATCH_AGENT=stack.agent,
    )  # fmt: skip

    assert stack.ended("digits-pytorch")["run"]["settings"]["batch_norm"] is True
    snapshot = eventually(lambda: stack.report("digits-pytorch", "snapshot"))
    rolling = stack.report("digits-pytorch", "rolling")
    measured = subprocess.run(
        [*COMMAND, "measure", "--json", str(tmp_path / "digits.npz")],
        check=True,
        capture_output=True,
        text=True,
    )
    expected = json.loads(measured.stdout)["metrics"]
    assert len(expected) > 20
    for key, value in expected.items():
        assert snapshot["metrics"][key] == pytest.approx(value, rel=1e-9, abs=1e-9), key
    assert snapshot["metrics"]["samples"] == 1797
    assert snapshot["step_last"] == 300 * 29
    assert rolling["metrics"]["samples"] >= 64
    assert "dropped" not in rolling


def test_final_weights_are_bit_identical_without_the_package(stack, tmp_path):
    """The example without the lines that are marked, in a process that cannot import the package."""
    text = (EXAMPLES / "digits.py").read_text()
    without, lines = re.subn(r".*  # [12]\n", "", text)
    without, blocks = re.subn(r", watch.snapshot\(\):  # 3", ":", without)
    assert (lines, blocks) == (2, 1)
    (tmp_path / "with.py").write_text(text)
    (tmp_path / "without.py").write_text(without)
    weights = {}
    for name, path in (("with", str(PACKAGE)), ("without", "")):
        dump = (
            f"import runpy, torch; found = runpy.run_path('{name}.py');"
            f"torch.save(found['model'].state_dict(), '{name}.pt')"
        )
        run(
            "-c", dump, folder=tmp_path,
            PYTHONPATH=path, COLLAPSEWATCH_AGENT=stack.agent, COLLAPSEWATCH_RUN="unused",
        )  # fmt: skip
        weights[name] = (tmp_path / f"{name}.pt").read_bytes()
    import torch

    one, other = (torch.load(tmp_path / f"{name}.pt") for name in weights)
    assert one.keys() == other.keys()
    assert all(torch.equal(one[key], other[key]) for key in one)


def test_two_processes_feed_one_window(stack, tmp_path):
    # Old releases on new Pythons cannot start without being told where the output goes.
    out = run(
        "-m", "torch.distributed.run", "--nproc_per_node=2", "--redirects=1", "--tee=1", f"--master_port={free_port()}",
        str(EXAMPLES / "ddp.py"), folder=tmp_path, PYTHONPATH=str(PACKAGE), COLLAPSEWATCH_AGENT=stack.agent,
    )  # fmt: skip

    assert "rank 0: 899 samples" in out
    assert "rank 1: 898 samples" in out
    ended = stack.ended("digits-ddp")
    snapshot = eventually(lambda: stack.report("digits-ddp", "snapshot"))
    assert snapshot["metrics"]["samples"] == 1797
    assert snapshot["metrics"]["nc3_duality"] < 1
    assert snapshot.get("completeness", 1) == 1
    assert ended["run"]["settings"]["optimizer"] == "SGD"


def test_numpy_needs_nothing_else(stack, tmp_path):
    run(
        str(EXAMPLES / "numpy_only.py"), folder=tmp_path,
        PYTHONPATH=str(PACKAGE), COLLAPSEWATCH_AGENT=stack.agent,
    )  # fmt: skip

    stack.ended("numpy-only")
    snapshot = eventually(lambda: stack.report("numpy-only", "snapshot"))
    assert snapshot["metrics"]["samples"] == 150
    assert snapshot["metrics"]["accuracy"] == 1.0


def test_a_folder_of_checkpoints_is_a_run(stack, tmp_path):
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    port = free_port()
    agent = Command(
        tmp_path / "agent.log", "agent", f"--bootstrap-servers={stack.kafka}", "--agent-port=0",
        f"--stream-port={port}", f"--watch-folder={folder}", ready=f"127.0.0.1:{port}",
    )  # fmt: skip
    try:
        run(str(EXAMPLES / "checkpoint_folder.py"), str(folder), folder=tmp_path)
        report = eventually(
            lambda: (
                (r := stack.report("checkpoints", "snapshot")) and r["step_last"] == 20 * 29 and r
            )
        )
    finally:
        agent.close()
    assert report["metrics"]["samples"] == 1797
    assert report["metrics"]["accuracy"] > 0.99
