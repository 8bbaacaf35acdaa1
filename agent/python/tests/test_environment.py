"""Who a process is, by what its launcher set."""

from __future__ import annotations

import re
import time

import pytest

from collapsewatch._environment import Identity, sanitised

NOW = time.strptime("2026-11-21 01:02:03", "%Y-%m-%d %H:%M:%S")


def identity(**variables):
    return Identity.read(variables, "train", NOW)


def test_a_lone_script_is_named_after_itself_and_the_time():
    assert identity() == Identity("train-20261121-010203", 0, 1, 0)


def test_torchrun_says_rank_run_and_restarts():
    assert identity(
        RANK="3", WORLD_SIZE="8", TORCHELASTIC_RUN_ID="job_7", TORCHELASTIC_RESTART_COUNT="2"
    ) == Identity("job_7", 3, 8, 2)


def test_all_ranks_and_attempts_have_one_name_where_torchrun_has_none():
    for rank, restarts in (("0", "0"), ("1", "0"), ("0", "1")):
        found = identity(
            RANK=rank,
            WORLD_SIZE="2",
            TORCHELASTIC_RUN_ID="none",
            TORCHELASTIC_RESTART_COUNT=restarts,
        )
        assert found == Identity("train", int(rank), 2, int(restarts))
    assert identity(RANK="1", WORLD_SIZE="2").name == "train"
    assert identity(RANK="0", WORLD_SIZE="1", TORCHELASTIC_RUN_ID="none").name == "train"


def test_slurm_says_rank_job_and_restarts():
    assert identity(
        SLURM_PROCID="1",
        SLURM_NTASKS="4",
        SLURM_JOB_ID="991",
        SLURM_JOB_NAME="res net/18",
        SLURM_RESTART_COUNT="1",
    ) == Identity("res-net-18-991", 1, 4, 1000)


def test_a_step_of_slurm_counts_its_own_tasks():
    found = identity(SLURM_PROCID="0", SLURM_NTASKS="4", SLURM_STEP_NUM_TASKS="1")
    assert (found.rank, found.world_size) == (0, 1)


def test_torchrun_within_slurm_knows_the_ranks_and_both_count_restarts():
    job = {"SLURM_PROCID": "1", "SLURM_NTASKS": "2", "SLURM_JOB_ID": "5", "SLURM_JOB_NAME": "j"}
    found = identity(
        **job,
        RANK="9",
        WORLD_SIZE="16",
        TORCHELASTIC_RUN_ID="none",
        TORCHELASTIC_RESTART_COUNT="3",
        SLURM_RESTART_COUNT="2",
    )
    assert found == Identity("j-5", 9, 16, 2003)


def test_a_name_that_was_asked_for_wins():
    found = identity(COLLAPSEWATCH_RUN="mine", TORCHELASTIC_RUN_ID="job", SLURM_JOB_ID="5")
    assert found.name == "mine"


@pytest.mark.parametrize("rank,world_size", [("2", "2"), ("x", "2"), ("-1", "2"), ("", "")])
def test_what_cannot_be_a_rank_is_none(rank, world_size):
    found = identity(RANK=rank, WORLD_SIZE=world_size)
    assert (found.rank, found.world_size) == (0, 1)


@pytest.mark.parametrize("name", ["", "ä b", "a" * 100, "../../etc", "🙂"])
def test_any_name_can_be_made_an_id(name):
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", sanitised(name))


def test_a_long_script_keeps_the_time_in_its_name():
    found = Identity.read({}, "t" * 100, NOW)
    assert len(found.name) == 64
    assert found.name.endswith("t-20261121-010203")
