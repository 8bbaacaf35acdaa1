"""What a run says of itself: checked at once, because here a mistake is the caller's."""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Mapping, Sequence

from ._blob import number
from ._environment import Identity

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_NAME = re.compile(r"[a-z0-9_-]{1,32}")

_CLASSES = 1024
_DIM = 1 << 16
WORLD_SIZE = 1024
_TEXT = 128
_TAGS = 4096
_TAG_CHARACTERS = 128 << 10
_LONG = (1 << 63) - 1
_INT = (1 << 31) - 1

LOSSES = ("cross_entropy", "mse")


def snapshot_id(value: object) -> str:
    """The id of a pass. Raises ``ValueError`` if it is none."""
    return _match("the id of the snapshot", value, _ID)


def source(name: str, value: object) -> str:
    """A split or a layer. Raises ``ValueError`` if it is no name."""
    return _match(name, value, _NAME)


def step(value: object) -> int:
    """An optimisation step. Raises ``TypeError`` or ``ValueError`` if it is none."""
    return _whole("step", value, 0, _LONG)


def identity(*, name: object, rank: object, world_size: object, attempt: object) -> Identity:
    """Who a process is. Raises ``ValueError`` or ``TypeError`` if it cannot be that."""
    processes = _whole("world_size", world_size, 1, WORLD_SIZE)
    return Identity(
        name=_match("name", name, _ID),
        rank=_whole("rank", rank, 0, processes - 1),
        world_size=processes,
        attempt=_whole("attempt", attempt, 0, _INT),
    )


def overhead(share: float) -> float:
    """A share of time. Raises ``ValueError`` if it is none."""
    if not 0 < share <= 1:
        raise ValueError(f"overhead is {share}; expected a share of time, above 0 and at most 1")
    return share


def metadata(
    *,
    classes: int | None,
    dim: int | None,
    weight_decay: float | None,
    loss: str | None,
    optimizer: str | None,
    bias: bool | None,
    batch_norm: bool | None,
    class_counts: Sequence[int] | None,
    samples_per_class: int | None,
    report_every_steps: int | None,
    expected_interval_s: float | None,
    tags: Mapping[str, object] | None,
) -> dict[str, str]:
    """The metadata of the ``run`` message.

    Raises ``ValueError`` or ``TypeError`` for an argument that is wrong.
    """
    if loss is not None and loss not in LOSSES:
        raise ValueError(f"loss is {loss!r}; expected one of {', '.join(LOSSES)}")
    fields = {
        "classes": _whole_text("classes", classes, 2, _CLASSES),
        "dim": _whole_text("dim", dim, 1, _DIM),
        "weight_decay": _number_text("weight_decay", weight_decay, positive=False),
        "loss": loss,
        "optimizer": None if optimizer is None else _text("optimizer", optimizer),
        "bias": _flag(bias),
        "batch_norm": _flag(batch_norm),
        "class_counts": _class_counts(class_counts, classes),
        "samples_per_class": _samples_per_class(samples_per_class, classes),
        "report_every_steps": _whole_text("report_every_steps", report_every_steps, 1, _LONG),
        "expected_interval_s": _number_text(
            "expected_interval_s", expected_interval_s, positive=True
        ),
    }
    said = {name: text for name, text in fields.items() if text is not None}
    return {**said, **_tags(tags or {})}


def _match(name: str, value: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(f"{name} is {value!r}; expected {pattern.pattern}")
    return value


def _whole(name: str, value: object, lowest: int, highest: int) -> int:
    try:
        whole = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is {value!r}; expected a whole number") from None
    if not lowest <= whole <= highest:
        raise ValueError(f"{name} is {whole}; expected a whole number in {lowest}..{highest}")
    return whole


def _whole_text(name: str, value: int | None, lowest: int, highest: int) -> str | None:
    return None if value is None else str(_whole(name, value, lowest, highest))


def _number_text(name: str, value: float | None, *, positive: bool) -> str | None:
    if value is None:
        return None
    read = float(value)
    if not math.isfinite(read) or read < 0 or (positive and read == 0):
        raise ValueError(f"{name} is {value!r}; expected a number {'> 0' if positive else '>= 0'}")
    return number(read)


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(bool(value)).lower()


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or len(value) > _TEXT:
        raise ValueError(f"{name} is {value!r}; expected a text of at most {_TEXT} characters")
    return value


def _class_counts(counts: Sequence[int] | None, classes: int | None) -> str | None:
    if counts is None:
        return None
    whole = [_whole("class_counts", count, 0, _LONG) for count in counts]
    if len(whole) not in ((classes,) if classes is not None else range(2, _CLASSES + 1)):
        raise ValueError(
            f"class_counts has {len(whole)} entries; expected one for each of the classes"
        )
    return json.dumps(whole)


def _samples_per_class(samples: int | None, classes: int | None) -> str | None:
    if samples is not None and classes is None:
        raise ValueError("samples_per_class is given without classes; expected both")
    return _whole_text("samples_per_class", samples, 0, _LONG)


def _tags(tags: Mapping[str, object]) -> dict[str, str]:
    texts = {str(name): str(text) for name, text in tags.items()}
    characters = sum(len(name) + len(text) for name, text in texts.items())
    if len(texts) > _TAGS or characters > _TAG_CHARACTERS:
        raise ValueError(
            f"there are {len(texts)} tags of {characters} characters;"
            f" expected at most {_TAGS} and {_TAG_CHARACTERS}"
        )
    return {f"tag.{name}": text for name, text in texts.items()}
