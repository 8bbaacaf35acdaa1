"""PyTorch trainings as processes, through the real pipeline: what happens to them does not matter to the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest

from support.scripts import PACKAGE
from support.stack import eventually, free_port

pytest.importorskip("torch", reason="PyTorch is not installed")

TRAINING = """
import sys, time
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
torch.set_num_threads(1)
x = torch.randn(300, 6)
data = DataLoader(TensorDataset(x, (x[:, :3]).argmax(1)), 30, num_workers=2)
model = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, weight_decay=0.01)
"""

LOOP = """
for epoch in range(3):
    for x, y in data:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""

WATCH = "\nimport collapsewatch\ncollapsewatch.watch(model, optimizer=optimizer)\n"


@pytest.fixture
def name(request):
    return request.node.name.replace("test_", "").translate({ord("["): "-", ord("]"): ""})[:60]


def start(*command: str, **environment: str) -> subprocess.Popen:
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(PACKAGE), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def train(script: str, **environment: str) -> tuple[int, str, str]:
    process = start(sys.executable, "-W", "ignore", "-c", textwrap.dedent(script), **environment)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def launch(script, *options: str, **environment: str) -> subprocess.Popen:
    command = [
        sys.executable,
        "-m",
        "collapsewatch",
        "run",
        *options,
        "--",
        sys.executable,
        "-W",
        "ignore",
    ]
    return start(*command, str(script), **environment)


def test_workers_of_a_data_loader_send_nothing(stack, name):
    code, _, err = train(
        TRAINING + WATCH + LOOP, COLLAPSEWATCH_AGENT=stack.agent, COLLAPSEWATCH_RUN=name
    )

    assert (code, err) == (0, "")
    run = stack.ended(name)["run"]
    assert run["step"] == 30
    assert run["settings"]["weight_decay"] == 0.01
    assert stack.report(name, "rolling")["metrics"]["samples"] >= 30


def test_an_error_of_the_training_ends_the_run_and_is_the_same_as_without(stack, name):
    broken = TRAINING + WATCH + LOOP + "\nraise KeyError('mine')\n"
    code, _, err = train(broken, COLLAPSEWATCH_AGENT=stack.agent, COLLAPSEWATCH_RUN=name)

    assert code == 1
    assert err.rstrip().endswith("KeyError: 'mine'")
    stack.ended(name)
    assert stack.report(name, "rolling")


def test_a_training_without_an_agent_trains(name):
    code, _, err = train(
        TRAINING + WATCH + LOOP + "\nprint(loss)\n",
        COLLAPSEWATCH_AGENT=f"127.0.0.1:{free_port()}",
    )

    assert code == 0
    assert "Traceback" not in err


def test_an_unchanged_script_is_watched(stack, name, tmp_path):
    script = tmp_path / "train.py"
    script.write_text(TRAINING + LOOP + "\nprint(loss.item())\nsys.exit(7)\n")
    process = launch(script, "--name", name, "--agent", stack.agent)
    out, err = process.communicate(timeout=120)
    plain = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=120
    )

    assert process.returncode == plain.returncode == 7
    assert out == plain.stdout, "the same loss to the last digit"
    assert "Traceback" not in err
    run = stack.ended(name)["run"]
    assert (run["classes"], run["settings"]["weight_decay"]) == (3, 0.01)
    assert run["step"] == 30
    assert stack.report(name, "rolling")


def test_signals_reach_the_command(tmp_path):
    script = tmp_path / "waits.py"
    script.write_text("import time\nprint('waiting', flush=True)\ntime.sleep(60)\n")
    process = launch(script)
    assert process.stdout.readline() == "waiting\n"
    process.send_signal(signal.SIGTERM)

    assert process.wait(10) == -signal.SIGTERM


def test_a_script_without_pytorch_runs_as_it_is(tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.of_the_site = True\n")
    script = tmp_path / "plain.py"
    script.write_text(
        "import sys\nprint(sys.of_the_site, 'collapsewatch' in sys.modules, 'torch' in sys.modules)\n"
    )
    out, err = launch(script, PYTHONPATH=f"{PACKAGE}{os.pathsep}{tmp_path}").communicate(timeout=60)

    assert (out, err) == ("True False False\n", "")


def test_a_script_that_watches_by_itself_is_not_watched_twice(stack, name, tmp_path):
    script = tmp_path / "train.py"
    script.write_text(TRAINING + WATCH + LOOP)
    process = launch(script, "--name", name, "--agent", stack.agent)
    _, err = process.communicate(timeout=120)

    assert (process.returncode, err) == (0, "")
    assert stack.ended(name)["run"]["step"] == 30


@pytest.mark.parametrize(
    "arguments,code,sentence",
    [
        (["run"], 2, "run: no command; expected: run [options] -- python train.py …"),
        (["run", "--", "no-such-command"], 127, "run: there is no command 'no-such-command'"),
    ],
)
def test_what_cannot_be_started_is_said(arguments, code, sentence):
    process = start(sys.executable, "-m", "collapsewatch", *arguments)
    _, err = process.communicate(timeout=60)

    assert (process.returncode, err) == (code, f"collapsewatch: {sentence}\n")


@pytest.mark.skipif(hasattr(sys, "remote_exec"), reason="this Python can attach")
def test_attaching_says_what_to_do_instead_where_it_cannot():
    process = start(sys.executable, "-m", "collapsewatch", "attach", "1")
    _, err = process.communicate(timeout=60)

    version = ".".join(map(str, sys.version_info[:3]))
    assert process.returncode == 2
    assert err == (
        f"collapsewatch: attach: this is Python {version}, and only Python 3.14 and later can be attached to; start"
        " the training with: python -m collapsewatch run -- python train.py …, or add collapsewatch.watch(model) to"
        " it\n"
    )


@pytest.mark.skipif(not hasattr(sys, "remote_exec"), reason="needs Python 3.14")
def test_a_running_training_is_attached_to(stack, name):
    endless = (
        TRAINING
        + "print('training', flush=True)\n"
        + "while True:\n"
        + textwrap.indent(LOOP, "    ")
    )
    training = start(sys.executable, "-W", "ignore", "-c", endless)
    try:
        assert training.stdout.readline() == "training\n"
        attach = start(
            sys.executable, "-m", "collapsewatch", "attach", "--name", name, "--agent", stack.agent, str(training.pid)
        )  # fmt: skip
        assert attach.wait(60) == 0
        assert eventually(lambda: stack.report(name, "rolling"))
    finally:
        training.kill()


def test_what_attaching_runs_in_the_other_process_finds_its_training(stack, name):
    """The script itself, in a process whose training has begun; Python 3.14 would only bring it there."""
    attached = f"""
    from collapsewatch._launch._command import _script
    import runpy, os
    path = _script({{"COLLAPSEWATCH_RUN": {name!r}, "COLLAPSEWATCH_AGENT": {stack.agent!r}}})
    runpy.run_path(path)
    assert not os.path.exists(path)
    """
    code, _, err = train(TRAINING + LOOP + textwrap.dedent(attached) + LOOP)

    assert (code, err) == (0, "")
    assert stack.ended(name)["run"]["step"] > 0
    assert stack.report(name, "rolling")
