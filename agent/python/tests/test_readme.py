"""What the READMEs show is run as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from collapsewatch import _init
from support.stack import ROOT, eventually

PACKAGE = Path(__file__).parents[1]


def blocks(readme: Path, containing: str) -> list[str]:
    found = re.findall(r"```python\n(.*?)```", readme.read_text(), re.DOTALL)
    return [block for block in found if containing in block]


@pytest.mark.parametrize("readme", [ROOT / "README.md", PACKAGE / "README.md"], ids=str)
def test_the_loop_is_watched(readme, stack, monkeypatch, rng):
    monkeypatch.setattr(_init, "DEFAULT_AGENT", stack.agent)
    monkeypatch.setattr(_init, "DEFAULT_DASHBOARD", stack.dashboard)
    weight = rng.normal(size=(10, 16)).astype("f4")

    def forward(labels):
        return weight[labels] + 0.1 * rng.normal(size=(len(labels), 16)).astype("f4")

    def step(x, labels):
        features = forward(labels)
        return features, features @ weight.T

    labels = np.arange(40) % 10
    known = {
        "batches": [(None, labels)] * 20,
        "evaluation": [(labels, labels)] * 3,
        "forward": forward,
        "step": step,
        "weight": weight,
        "bias": np.zeros(10),
    }
    attempt = 1 if readme.parent == PACKAGE else 0
    monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", str(attempt))
    exec(blocks(readme, "collapsewatch.init")[0], known)
    if attempt == 1:
        exec(blocks(readme, "run.snapshot")[0], known)
        known["run"].finish()
        report = eventually(lambda: stack.report("my-run", "snapshot"))
        assert report["metrics"]["samples"] == 120
        exec(blocks(readme, "run.status")[0], known)
    else:
        known["run"].finish()

    assert known["run"].dropped == {}
    report = eventually(lambda: _report_of(stack, attempt))
    assert report["metrics"]["accuracy"] == 1.0


def _report_of(stack, attempt):
    report = stack.report("my-run", "rolling")
    return report if report and report["attempt"] == attempt else None


def test_every_reason_and_every_setting_is_listed():
    readme = (PACKAGE / "README.md").read_text()
    sources = "".join(path.read_text() for path in (PACKAGE / "collapsewatch").glob("*.py"))

    reasons = set(re.findall(r'(?:BadInput|count)\(\s*"([a-z_]+)"', sources))
    table = readme.partition("| `dropped` | why |")[2].partition("\n\n")[0]
    assert reasons == set(re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE))
    variables = set(re.findall(r'"(COLLAPSEWATCH_[A-Z]+)"', sources))
    assert variables == set(re.findall(r"`(COLLAPSEWATCH_[A-Z]+)`", readme))
