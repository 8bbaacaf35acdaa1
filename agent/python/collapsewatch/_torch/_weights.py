"""What the weights of a model are, as a report needs them."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import torch
from torch import nn

from ._staging import copy_of

#: Limits of the format.
_MOST_NORMS = 1024
_LONGEST_NAME = 128

_LAYERS = (nn.Linear, nn.modules.conv._ConvNd)


class LayerNorms(NamedTuple):
    """``names``: a JSON array; ``values``: [L] on the model's device."""

    names: str
    values: torch.Tensor


def classifier(head: Any) -> dict[str, torch.Tensor]:
    """Copies of the head's weight [K,d] and, if it has one, bias [K]."""
    copies = {"weight": copy_of(head.weight)}
    if getattr(head, "bias", None) is not None:
        copies["bias"] = copy_of(head.bias)
    return copies


def batch_normalised(model: nn.Module) -> bool:
    """Whether any layer is batch-normalised."""
    return any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in model.modules())


def layer_norms(model: nn.Module) -> LayerNorms | None:
    """Frobenius norm of the weights of each linear and convolutional layer, in the order of the modules.

    ``None`` where there are none, or more than a report holds.
    """
    layers = {name: m.weight for name, m in model.named_modules() if isinstance(m, _LAYERS)}
    if not 0 < len(layers) <= _MOST_NORMS:
        return None
    with torch.no_grad():
        norms = torch._foreach_norm([_wide(weight.detach()) for weight in layers.values()])
        values = torch.stack(list(norms))
    return LayerNorms(json.dumps([name[-_LONGEST_NAME:] or "head" for name in layers]), values)


def _wide(weight: torch.Tensor) -> torch.Tensor:
    """A norm of half-precision numbers would have their precision."""
    return weight.float() if weight.element_size() < 4 else weight
