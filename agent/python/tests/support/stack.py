"""The real thing: ``collapsewatch up`` and its parts as processes, and what they know."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[4]

#: The build says how to start what it has just compiled; by hand it is the start script.
COMMAND = shlex.split(os.environ.get("COLLAPSEWATCH_COMMAND", str(ROOT / "collapsewatch")))


def eventually(condition, seconds: float = 30.0):
    """The first true value of ``condition()``."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, f"not within {seconds} s: {value!r}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


class Command:
    """One of the program's commands as a process of its own; ``said`` is what it printed."""

    def __init__(self, log: Path, *arguments: str, ready: str) -> None:
        self._log = log
        environment = {k: v for k, v in os.environ.items() if not k.startswith("COLLAPSEWATCH_")}
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [*COMMAND, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment,
            )
        try:
            self.said = eventually(lambda: re.search(ready, self._text()), 300)
        except BaseException:
            self.close()
            raise

    def _text(self) -> str:
        text = self._log.read_text()
        assert self._process.poll() is None, text
        return text

    def kill(self) -> None:
        """As the operating system does, without a last word."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()


class Stack:
    """``collapsewatch up`` with a folder and ports of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.data = folder / "data"
        free = ("--port=0", "--agent-port=0", "--stream-port=0", "--broker-port=0")
        self._up = Command(
            folder / "up.log",
            "up",
            *free,
            f"--data={self.data}",
            ready=r"dashboard at (\S+), captures at \S+ and ([^,\s]+).*, Kafka at (\S+)",
        )
        self.dashboard, self.agent, self.kafka = self._up.said.groups()

    def another_agent(self, stream_port: int) -> Command:
        """An agent in a process of its own, for the same Kafka."""
        return Command(
            self._folder / f"agent-{stream_port}-{time.monotonic_ns()}.log",
            "agent",
            f"--bootstrap-servers={self.kafka}",
            "--agent-port=0",
            f"--stream-port={stream_port}",
            ready=f"127.0.0.1:{stream_port}",
        )

    def run(self, name: str) -> dict | None:
        """What the dashboard knows of a run."""
        try:
            with urllib.request.urlopen(
                f"{self.dashboard}api/v1/runs/{name}", timeout=10
            ) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as e:
            if e.code != 404:
                raise
            return None

    def report(self, name: str, kind: str, split: str = "train", layer: str = "penultimate"):
        """The newest report of one window of a run."""
        for window in (self.run(name) or {"latest": []})["latest"]:
            if (window["kind"], window["split"], window["layer"]) == (kind, split, layer):
                return window["report"]
        return None

    def ended(self, name: str) -> dict:
        """The run, once it has ended."""
        return eventually(
            lambda: (run := self.run(name)) and run["run"]["state"] == "ended" and run
        )

    def close(self) -> None:
        self._up.close()
