"""Fixtures of all tests."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from collapsewatch import _process
from support.receiver import Receiver
from support.stack import Stack


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch):
    """A test must not find the agent, or the job, of whoever runs it."""
    for name in (
        "COLLAPSEWATCH_AGENT",
        "COLLAPSEWATCH_DASHBOARD",
        "COLLAPSEWATCH_DIR",
        "COLLAPSEWATCH_MODE",
        "COLLAPSEWATCH_RUN",
        "COLLAPSEWATCH_TOKEN",
        "RANK",
        "SLURM_JOB_ID",
        "SLURM_JOB_NAME",
        "SLURM_NTASKS",
        "SLURM_PROCID",
        "SLURM_RESTART_COUNT",
        "SLURM_STEP_NUM_TASKS",
        "TORCHELASTIC_RESTART_COUNT",
        "TORCHELASTIC_RUN_ID",
        "WORLD_SIZE",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_run_stays_open():
    yield
    for run in list(_process._open.values()):
        run._close()
        _process.remove(run)


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def warnings(caplog):
    """The sentences that the package has warned with so far."""
    caplog.set_level(logging.WARNING, "collapsewatch")

    def said():
        return [r.getMessage() for r in caplog.records if r.name == "collapsewatch"]

    return said


@pytest.fixture
def rng():
    return np.random.default_rng(20261121)


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The whole pipeline, started once for all tests that need it."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    yield stack
    stack.close()
