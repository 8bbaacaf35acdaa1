"""The begin of watching inside of somebody else's process, with nothing but the standard library.

This file is loaded by its path: the process may have another Python, and need not have this package.
"""

import importlib.util
import os
import sys
from typing import Any

_OLDEST = (3, 9)


def begin(package: str) -> None:
    """Looks for a training as soon as PyTorch is there; without PyTorch nothing ever happens.

    package: folder of ``collapsewatch``.
    """
    if sys.version_info < _OLDEST:
        raise RuntimeError("this Python is older than 3.9")
    if "torch" in sys.modules:
        _look(package)
    else:
        sys.meta_path.insert(0, _TorchFinder(package))


class _TorchFinder:
    """Finds PyTorch once, as everybody else would, and looks for a training after its import."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.loader is not None:
            self._follow(spec.loader)
        return spec

    def _follow(self, loader: Any) -> None:
        execute = loader.exec_module

        def exec_module(module: Any) -> None:
            execute(module)
            _look(self._package)

        loader.exec_module = exec_module


def _look(package: str) -> None:
    try:
        _load(package)
        from collapsewatch._launch._finder import Finder

        Finder().begin()
    except Exception as e:
        sys.stderr.write(f"collapsewatch: nothing is watched, the script runs as it is ({e})\n")


def _load(package: str) -> None:
    """Makes ``collapsewatch`` importable without anything else that lies beside it."""
    if "collapsewatch" in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        "collapsewatch",
        os.path.join(package, "__init__.py"),
        submodule_search_locations=[package],
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{package} cannot be loaded")
    sys.modules["collapsewatch"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
