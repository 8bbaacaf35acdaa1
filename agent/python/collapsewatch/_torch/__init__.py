"""Watching a PyTorch model: hooks that copy rows out of a training loop and change nothing in it."""

from ._watch import Watch, watch

__all__ = ["Watch", "watch"]
