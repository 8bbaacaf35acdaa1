"""Watch neural collapse in a live training run.

With PyTorch:

    watch = collapsewatch.watch(model, name="my-run")

With anything else:

    run = collapsewatch.init("my-run", classes=10)
    run.log_batch(features, labels, logits)
    run.log_classifier(weight, bias)
"""

from typing import TYPE_CHECKING, Any

from ._dashboard import RunStatus
from ._init import init
from ._run import Run
from ._version import __version__

if TYPE_CHECKING:
    from ._torch import Watch, watch

__all__ = ["Run", "RunStatus", "Watch", "__version__", "init", "watch"]


def __getattr__(name: str) -> Any:
    """PyTorch is loaded only where it is asked for."""
    if name not in ("Watch", "watch"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import _torch

    return getattr(_torch, name)
