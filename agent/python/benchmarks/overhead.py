"""What watching adds to a training step, on the CPU.

    ./collapsewatch up                                          # in another terminal
    PYTHONPATH=agent/python /usr/bin/python3 agent/python/benchmarks/overhead.py

One network is trained all the time, in blocks of steps that are watched and not watched in turn, so that both see the
same noise of the machine. Printed are the medians over pairs of neighbouring blocks: the step, what was added to the
mean step of a block, the quartiles of that, and the share; once by the clock, and once in processor time of the whole
process, its sender thread included, which a machine that is busy with other things disturbs less. The last line is what
watching has accounted to itself while it was on: its time in the training thread and the processor time of the sender thread,
which hardly any noise reaches, but nothing that is outside of them either. ``--offline`` records to a temporary folder instead.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from typing import NamedTuple

import torch
from torch import nn
from torch.nn import functional

import collapsewatch
from collapsewatch._torch._hooks import _nothing_of_ours

CLASSES = 10


class Cnn(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(width, 2 * width, 3, padding=1), nn.BatchNorm2d(2 * width), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(2 * width, 4 * width, 3, padding=1), nn.BatchNorm2d(4 * width), nn.ReLU(),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(),
        )  # fmt: skip
        self.head = nn.Linear(4 * width, CLASSES)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x))


class Training:
    def __init__(self, width: int, rows: int) -> None:
        torch.manual_seed(0)
        self.model = Cnn(width)
        self._optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01, momentum=0.9)
        self._x = torch.randn(rows, 3, 32, 32)
        self._y = torch.randint(CLASSES, (rows,))

    def mean_step(self, steps: int) -> Times:
        begin = Times.now()
        for _ in range(steps):
            loss = functional.cross_entropy(self.model(self._x), self._y)
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()
        end = Times.now()
        return Times((end.wall - begin.wall) / steps, (end.processor - begin.processor) / steps)


class Times(NamedTuple):
    """Seconds."""

    wall: float
    processor: float

    @staticmethod
    def now() -> Times:
        return Times(time.perf_counter(), time.process_time())


def rows_for(milliseconds: float, width: int, threads: int) -> int:
    """How large a batch makes a step of about so long, on this machine as it is now."""
    rows = 16
    training = Training(width, rows)
    training.mean_step(5)
    step = statistics.median(training.mean_step(1).processor for _ in range(15)) / threads
    return max(2, round(rows * milliseconds / 1000 / step))


def measure(milliseconds: float, width: int, pairs: int, seconds: float, settings: dict) -> None:
    rows = rows_for(milliseconds, width, torch.get_num_threads())
    training = Training(width, rows)
    watching = collapsewatch.watch(training.model, name=f"overhead-{milliseconds:g}-ms", **settings)
    steps = max(5, round(seconds * 1000 / milliseconds))
    training.mean_step(steps)
    accounted = _account(watching.run._throttle)
    blocks = []
    for pair in range(pairs):
        block = {}
        for watched in (True, False) if pair % 2 else (False, True):
            block[watched] = _block(training, watching, steps, watched)
        blocks.append((block[False], block[True]))
    dropped = watching.run.dropped
    watching.finish()
    print(f"{rows} images a step, {pairs} pairs of {steps} steps, lost: {dropped or 'nothing'}")
    for clock in Times._fields:
        _print(clock, [tuple(getattr(times, clock) for times in pair) for pair in blocks])
    watched = sum(times.wall for _, times in blocks) * steps
    print(f"  accounted {sum(accounted) / watched:.2%} of {watched:.0f} s", flush=True)


def _print(clock: str, pairs: list[tuple[float, float]]) -> None:
    step = statistics.median(plain for plain, _ in pairs)
    added = [watched - plain for plain, watched in pairs]
    low, middle, high = statistics.quantiles(added, n=4)
    print(
        f"  {clock:9} step {step * 1e3:7.2f} ms   added {middle * 1e6:+8.1f} us ({middle / step:+.2%})"
        f"   quartiles {low * 1e6:+.1f} … {high * 1e6:+.1f} us",
        flush=True,
    )


def _block(training: Training, watching: collapsewatch.Watch, steps: int, watched: bool) -> Times:
    if not watched:
        with _nothing_of_ours():
            return training.mean_step(steps)
    _forget_the_pause(watching.run._throttle)
    return training.mean_step(steps)


def _account(throttle: object) -> list[float]:
    """What is taken off the time that watching may take, from now on."""
    taken: list[float] = []
    take = throttle._time.take
    throttle._time.take = lambda seconds: (taken.append(seconds), take(seconds))
    return taken


def _forget_the_pause(throttle: object) -> None:
    """Time that was not watched earns no allowance, else the watched half would spend that of both."""
    now = time.perf_counter()
    for bucket in (throttle._time, throttle._bytes, throttle._classifier_bytes):
        bucket._filled = now


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=0.4, help="of a block")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--agent")
    parser.add_argument("--offline", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"PyTorch {torch.__version__}, {options.threads} threads")
    with tempfile.TemporaryDirectory() as folder:
        settings = {"agent": options.agent}
        if options.offline:
            import os

            os.environ["COLLAPSEWATCH_DIR"] = folder
            settings = {"mode": "offline"}
        for milliseconds, width in ((40, 32), (5, 16)):
            measure(milliseconds, width, options.pairs, options.seconds, settings)


if __name__ == "__main__":
    main()
