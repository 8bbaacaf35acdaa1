"""Training scripts as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

PACKAGE = Path(__file__).parents[2]

#: A network that has learnt three classes: features near the rows of W.
TOY = """
import os, sys, time
import numpy as np
import collapsewatch

rng = np.random.default_rng(0)
W = rng.normal(size=(3, 8))

def batch(rows=32):
    labels = np.arange(rows) % 3
    features = (W[labels] + 0.1 * rng.normal(size=(rows, 8))).astype("f4")
    return features, labels, (features @ W.T).astype("f4")
"""


def start(body: str, **environment: str) -> subprocess.Popen:
    """Starts a script; the toy network is there already."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", TOY + textwrap.dedent(body)],
        env={**os.environ, "PYTHONPATH": str(PACKAGE), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen, seconds: float = 60) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a script that ends."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, out, err


def run(body: str, **environment: str) -> tuple[int, str, str]:
    return finish(start(body, **environment))
