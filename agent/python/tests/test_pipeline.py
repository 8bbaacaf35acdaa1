"""From a Python process to its reports, through the real pipeline: ``collapsewatch up``."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

import collapsewatch
from support import scripts
from support.stack import COMMAND, eventually, free_port

W = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]], "f4")


def batch(rng, rows=30):
    labels = np.arange(rows) % 3
    features = (W[labels] + 0.1 * rng.normal(size=(rows, 3))).astype("f4")
    return features, labels, features @ W.T


@pytest.fixture
def name(request):
    """A run of its own for each test."""
    return request.node.originalname.replace("test_", "")[:40].strip("_")


def test_a_pass_is_measured_as_the_files_of_the_same_pass_are(stack, name, rng, tmp_path):
    batches = [batch(rng) for _ in range(5)]
    bias = rng.normal(size=3)
    with collapsewatch.init(name, agent=stack.agent) as run, run.snapshot("exact"):
        run.log_classifier(W, bias)
        for features, labels, logits in batches:
            run.log_batch(features, labels, logits)
    np.save(tmp_path / "features.npy", np.concatenate([b[0] for b in batches]))
    np.save(tmp_path / "labels.npy", np.concatenate([b[1] for b in batches]))
    np.save(tmp_path / "weights.npy", W)
    np.save(tmp_path / "bias.npy", bias)

    report = eventually(lambda: stack.report(name, "snapshot"))
    measured = subprocess.run(
        [*COMMAND, "measure", "--json", str(tmp_path)], check=True, capture_output=True, text=True
    )
    expected = json.loads(measured.stdout)["metrics"]
    assert report["snapshot"] == "exact"
    of_the_capture = {"nc1_precision_floor"}
    assert report["metrics"].keys() - of_the_capture == expected.keys()
    assert len(expected) > 20
    for key, value in expected.items():
        assert report["metrics"][key] == pytest.approx(value, rel=1e-9, abs=1e-9), key


def test_the_state_and_the_metrics_are_there_to_stop_early(stack, name, rng):
    run = collapsewatch.init(name, classes=3, agent=stack.agent, dashboard=stack.dashboard)
    assert run.status() is None or run.status().metrics == {}
    run.log_classifier(W, step=1)

    def reported():
        run.log_batch(*batch(rng), epoch=0.5)
        status = run.status()
        return status if status and "nc1" in status.metrics else None

    status = eventually(reported)
    run.finish()
    assert (status.run, status.attempt) == (name, 0)
    assert status.state in ("waiting", "fitting", "collapsing")
    assert 0 < status.metrics["nc1"] < 1
    assert status.metrics["accuracy"] == 1.0
    assert stack.ended(name)["run"]["state"] == "ended"
    eventually(lambda: run.status().state == "ended")


def test_a_dashboard_that_is_away_says_nothing_soon(receiver):
    run = collapsewatch.init("a-run", agent=receiver.address, dashboard="http://127.0.0.1:1")
    begin = time.monotonic()

    assert run.status() is None
    assert time.monotonic() - begin < 2.5


def test_what_was_lost_on_the_way_is_in_the_report(stack, name, rng):
    features, labels, _ = batch(rng)
    with collapsewatch.init(name, classes=3, agent=stack.agent, overhead=1.0) as run:
        run.log_batch(features * np.nan, labels)
        run.log_batch(features, labels + 1)
        run.log_batch(features, labels - 1)
        run.log_batch(features, labels)
        run.log_batch(features[:, :2], labels)  # the agent's own finding: a layer keeps its width
        eventually(lambda: "refused" in run.dropped)
        run.log_batch(features, labels)

    expected = {"not_finite": 1, "bad_batch": 2, "refused": 1}
    assert run.dropped == expected
    stack.ended(name)
    assert eventually(lambda: stack.report(name, "rolling"))["dropped"] == expected


def test_an_agent_that_comes_late_gets_everything(stack, name, rng):
    port = free_port()
    run = collapsewatch.init(name, agent=f"127.0.0.1:{port}")
    run.log_classifier(W)
    with run.snapshot():
        run.log_batch(*batch(rng))
    agent = stack.another_agent(port)
    try:
        run.finish()
    finally:
        agent.close()

    assert run.dropped == {}
    report = eventually(lambda: stack.report(name, "snapshot"))
    assert report["metrics"]["samples"] == 30
    assert "dropped" not in report


def test_an_agent_that_is_killed_and_started_again_gets_everything_once(stack, name, rng):
    port = free_port()
    agent = stack.another_agent(port)
    run = collapsewatch.init(name, classes=3, agent=f"127.0.0.1:{port}")
    try:
        with run.snapshot("broken-off"):
            run.log_classifier(W)
            for part in range(20):
                run.log_batch(*batch(rng), step=part)
                if part == 9:
                    agent.kill()  # perhaps with captures that it has not published
        begin = time.monotonic()
        run.log_batch(*batch(rng))
        assert time.monotonic() - begin < 0.1, "the training does not wait"
        agent = stack.another_agent(port)
        eventually(lambda: run._destination.held()[0] == 0)
        run.finish()
    finally:
        agent.close()

    assert run.dropped == {}
    report = eventually(lambda: stack.report(name, "snapshot"))
    assert report["metrics"]["samples"] == 20 * 30, "nothing is missing, nothing there twice"
    assert "notes" not in report
    stack.ended(name)


def test_two_ranks_of_a_job_make_one_pass_with_the_classifier_of_the_first(stack, name):
    body = """
        run = collapsewatch.init(classes=3)
        for step in range(30):
            run.log_batch(*batch())
            run.log_classifier(W * (run.rank + 1))
        with run.snapshot():
            run.log_classifier(W * (run.rank + 1))
            run.log_batch(*batch(30 * (run.rank + 1)))
    """
    job = {
        "COLLAPSEWATCH_AGENT": stack.agent,
        "TORCHELASTIC_RUN_ID": name,
        "WORLD_SIZE": "2",
    }
    ranks = [scripts.start(body, **job, RANK=str(rank)) for rank in range(2)]
    assert [scripts.finish(rank)[0] for rank in ranks] == [0, 0]

    report = eventually(lambda: stack.report(name, "snapshot"))
    assert report["metrics"]["samples"] == 30 + 60
    assert report["metrics"]["nc3_duality_uncentred"] < 0.05, "of W, not 2 W or both"
    assert report.get("completeness", 1) == 1
    stack.ended(name)


def test_a_restarted_job_goes_on_with_the_next_attempt(stack, name):
    body = """
        run = collapsewatch.init(classes=3)
        with run.snapshot():
            run.log_batch(*batch(30 if run.attempt == 0 else 60))
        if run.attempt == 0:
            raise MemoryError
    """
    job = {"COLLAPSEWATCH_AGENT": stack.agent, "SLURM_JOB_ID": "7", "SLURM_JOB_NAME": name}
    assert scripts.run(body, **job)[0] == 1
    assert scripts.run(body, **job, SLURM_RESTART_COUNT="1")[0] == 0

    assert eventually(lambda: (stack.run(f"{name}-7") or {"attempts": []})["attempts"] == [0, 1000])
    assert stack.report(f"{name}-7", "snapshot")["metrics"]["samples"] == 60


@pytest.mark.parametrize("ending,code", [("", 0), ("raise KeyError", 1), ("sys.exit(3)", 3)])
def test_a_script_that_does_not_finish_ends_its_run(stack, name, ending, code):
    of_this = f"{name}-{code}"
    body = f"""
        run = collapsewatch.init("{of_this}", classes=3)
        run.log_batch(*batch())
        {ending}
    """
    assert scripts.run(body, COLLAPSEWATCH_AGENT=stack.agent)[0] == code

    assert stack.ended(of_this)["run"]["step"] == 0
    assert stack.report(of_this, "rolling")["metrics"]["samples"] == 32


def test_forked_workers_leave_no_trace(stack, name):
    body = f"""
        import multiprocessing
        run = collapsewatch.init("{name}", classes=3)

        def load(index):
            run.log_batch(*batch(), step=10_000)
            with run.snapshot("main"):
                run.log_batch(*batch())
            return index

        with multiprocessing.get_context("fork").Pool(2) as pool, run.snapshot("main"):
            for index in pool.imap(load, range(10)):
                run.log_batch(*batch(30))
    """
    assert scripts.run(body, COLLAPSEWATCH_AGENT=stack.agent)[0] == 0

    report = eventually(lambda: stack.report(name, "snapshot"))
    assert report["metrics"]["samples"] == 300
    assert stack.ended(name)["run"]["step"] == 0


def test_the_unix_socket_of_up_is_an_agent_as_well(stack, name, rng):
    path = Path(stack.data) / "agent.sock"
    with collapsewatch.init(name, agent=f"unix:{path}") as run:
        run.log_batch(*batch(rng))

    assert run.dropped == {}
    assert stack.ended(name)
