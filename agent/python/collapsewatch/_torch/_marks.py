"""Which pass a tensor came from.

The mark lies in the metadata that autograd keeps for its users on each node of the graph. So it is found
on what was made of the logits (a view, a cast, their log-softmax), is gone with the graph, and keeps no tensor
alive.
"""

from __future__ import annotations

from typing import Any

import torch

_KEY = "collapsewatch"

#: Enough for ``log_softmax(logits.view(…).float() / temperature)``; a loss of something else is not ours.
_HOPS = 5


def mark(tensor: torch.Tensor, value: Any) -> None:
    """Marks what autograd makes of ``tensor``; nothing where it makes nothing."""
    node = tensor.grad_fn
    if node is not None:
        node.metadata[_KEY] = value


def marked(tensor: torch.Tensor) -> Any | None:
    """The nearest mark on the way that ``tensor`` was made."""
    node = tensor.grad_fn
    for _ in range(_HOPS):
        if node is None:
            return None
        value = node.metadata.get(_KEY)
        if value is not None:
            return value
        following = node.next_functions
        node = following[0][0] if following else None
    return None
