"""Python imports this when it starts, because ``collapsewatch run`` put its folder first on the path.

It steps aside for the ``sitecustomize`` that would have been there, and whatever goes wrong here stays here.
"""

import os
import sys


def _chain(folder):
    """Python drops a module that is not in ``sys.modules`` after its import, so this one goes back where there is no other."""
    this = sys.modules.pop("sitecustomize")
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != folder]
    try:
        import sitecustomize  # noqa: F401
    except ImportError as e:
        if e.name != "sitecustomize":
            raise
    finally:
        sys.modules.setdefault("sitecustomize", this)


def _start(package):
    import importlib.util

    path = os.path.join(package, "_launch", "_start.py")
    spec = importlib.util.spec_from_file_location("_collapsewatch_start", path)
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    start.begin(package)


_folder = os.path.dirname(os.path.abspath(__file__))
try:
    _start(os.path.dirname(os.path.dirname(_folder)))
except Exception as _e:
    sys.stderr.write(f"collapsewatch: nothing is watched, the script runs as it is ({_e})\n")
_chain(_folder)
