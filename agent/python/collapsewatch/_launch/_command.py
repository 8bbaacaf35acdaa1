"""The command line of the package."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
_STARTUP = PACKAGE / "_launch" / "startup"

BAD_USAGE = 2
_NOT_FOUND = 127
_NOT_EXECUTABLE = 126


def main(arguments: Sequence[str]) -> int:
    """Exit code; ``run`` does not come back, because it becomes the command."""
    options = _parser().parse_args(arguments)
    return int(options.do(options))


def environment(options: argparse.Namespace, before: Mapping[str, str]) -> dict[str, str]:
    """The environment that a command is started with."""
    path = [str(_STARTUP), *filter(None, [before.get("PYTHONPATH")])]
    return {**before, **_settings(options), "PYTHONPATH": os.pathsep.join(path)}


def _settings(options: argparse.Namespace) -> dict[str, str]:
    said = {
        "COLLAPSEWATCH_RUN": options.name,
        "COLLAPSEWATCH_AGENT": options.agent,
        "COLLAPSEWATCH_MODE": "offline" if options.offline else None,
        "COLLAPSEWATCH_DIR": options.dir,
    }
    return {name: value for name, value in said.items() if value is not None}


def _run(options: argparse.Namespace) -> int:
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        return _refuse("run: no command; expected: run [options] -- python train.py …")
    try:
        os.execvpe(command[0], command, environment(options, os.environ))
    except FileNotFoundError:
        _refuse(f"run: there is no command {command[0]!r}")
        return _NOT_FOUND
    except OSError as e:
        _refuse(f"run: {command[0]!r} cannot be started ({e.strerror})")
        return _NOT_EXECUTABLE


def _attach(options: argparse.Namespace) -> int:
    remote_exec: Callable[[int, str], None] | None = getattr(sys, "remote_exec", None)
    if remote_exec is None:
        version = ".".join(map(str, sys.version_info[:3]))
        return _refuse(
            f"attach: this is Python {version}, and only Python 3.14 and later can be attached to; start the training"
            " with: python -m collapsewatch run -- python train.py …, or add collapsewatch.watch(model) to it"
        )
    script = _script(_settings(options))
    try:
        remote_exec(options.pid, script)
    except (OSError, RuntimeError) as e:
        os.unlink(script)
        return _refuse(
            f"attach: process {options.pid} cannot be attached to ({e}); expected a Python process of this user, of the"
            " same version as this one, that was not started with remote debugging off"
        )
    print(
        f"process {options.pid} looks for a training from its next step on; what it finds stands in its log"
    )
    return 0


def _script(settings: Mapping[str, str]) -> str:
    """A script for the other process, which deletes it."""
    lines = [
        "import importlib.util, os",
        f"os.environ.update({dict(settings)!r})",
        f"spec = importlib.util.spec_from_file_location('_collapsewatch_start', {str(PACKAGE / '_launch' / '_start.py')!r})",
        "start = importlib.util.module_from_spec(spec)",
        "spec.loader.exec_module(start)",
        f"start.begin({str(PACKAGE)!r})",
        "os.unlink(__file__)",
    ]
    with tempfile.NamedTemporaryFile(
        "w", suffix=".py", prefix="collapsewatch-", delete=False
    ) as file:
        file.write("\n".join(lines) + "\n")
    return file.name


def _refuse(sentence: str) -> int:
    print(f"collapsewatch: {sentence}", file=sys.stderr)
    return BAD_USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m collapsewatch",
        description="Watches trainings whose scripts know nothing of it.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser(
        "run",
        help="start a command and watch the PyTorch training in it",
        description="Starts a command with everything as it is, and watches the PyTorch training in it, or in the"
        " Python processes that it starts. Its exit code and its signals are the command's own.",
    )
    _add_settings(run)
    run.add_argument("command", nargs=argparse.REMAINDER, metavar="-- COMMAND …")
    run.set_defaults(do=_run)
    attach = commands.add_parser(
        "attach",
        help="watch a training that runs already (Python 3.14 and later)",
        description="Watches the PyTorch training in a process that runs already. Needs Python 3.14 on both sides.",
    )
    _add_settings(attach)
    attach.add_argument("pid", type=int, metavar="PID")
    attach.set_defaults(do=_attach)
    return parser


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", help="of the run (default: of the job or the script)")
    parser.add_argument("--agent", help="HOST:PORT or unix:/PATH (default: 127.0.0.1:7072)")
    parser.add_argument(
        "--offline", action="store_true", help="record to a file, for collapsewatch replay"
    )
    parser.add_argument("--dir", help="where a recording goes (default: the working directory)")
