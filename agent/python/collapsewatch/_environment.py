"""What the launcher of a job says of this process in its environment."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Mapping
from typing import NamedTuple

#: A restart by SLURM begins torchrun's count at 0 again; the attempt must grow nevertheless.
_ATTEMPTS_OF_A_JOB = 1000

_LONGEST_NAME = 64


class Identity(NamedTuple):
    """Name of a run, this process's rank among how many, and how often they were restarted."""

    name: str
    rank: int
    world_size: int
    attempt: int

    @staticmethod
    def read(variables: Mapping[str, str], script: str, now: time.struct_time) -> Identity:
        """As torchrun says, else as SLURM says, else a single process."""
        rank, world_size = _rank(variables)
        return Identity(_name(variables, script, now), rank, world_size, _attempt(variables))


def sanitised(name: str) -> str:
    """``name`` as the id of a run: ``[A-Za-z0-9._-]{1,64}``."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:_LONGEST_NAME] or "run"


def script_name() -> str:
    """Name of the running script without its folder and ending."""
    stem = os.path.splitext(os.path.basename(sys.argv[0] if sys.argv else ""))[0]
    return "run" if stem in ("", "-c", "-m") else stem


def _rank(variables: Mapping[str, str]) -> tuple[int, int]:
    for rank, world_size in (
        ("RANK", "WORLD_SIZE"),
        ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
        ("SLURM_PROCID", "SLURM_NTASKS"),
    ):
        found = _number(variables, rank), _number(variables, world_size)
        if found[0] is not None and found[1] is not None and found[0] < found[1]:
            return found[0], found[1]
    return 0, 1


def _attempt(variables: Mapping[str, str]) -> int:
    elastic = _number(variables, "TORCHELASTIC_RESTART_COUNT") or 0
    requeued = _number(variables, "SLURM_RESTART_COUNT") or 0
    return requeued * _ATTEMPTS_OF_A_JOB + elastic


def _name(variables: Mapping[str, str], script: str, now: time.struct_time) -> str:
    """The same for all ranks and attempts of a job, another for the next start of a lone script."""
    if variables.get("COLLAPSEWATCH_RUN"):
        return sanitised(variables["COLLAPSEWATCH_RUN"])
    elastic = variables.get("TORCHELASTIC_RUN_ID", "")
    if elastic not in ("", "none"):
        return sanitised(elastic)
    job = variables.get("SLURM_JOB_ID", "")
    if job:
        return sanitised(f"{variables.get('SLURM_JOB_NAME') or script}-{job}")
    if elastic or _rank(variables)[1] > 1:
        return sanitised(script)
    return sanitised(script)[: _LONGEST_NAME - 16] + time.strftime("-%Y%m%d-%H%M%S", now)


def _number(variables: Mapping[str, str], name: str) -> int | None:
    text = variables.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else None
