"""Where a run begins."""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import _process, _settings
from ._address import DEFAULT_AGENT, Address
from ._courier import Destination
from ._dashboard import DEFAULT_DASHBOARD, Dashboard
from ._environment import Identity, script_name
from ._link import AgentLink
from ._recording import Recording
from ._run import Run
from ._trouble import FAULT, Losses

_MODES = ("online", "offline", "disabled")


def init(
    name: str | None = None,
    *,
    classes: int | None = None,
    dim: int | None = None,
    weight_decay: float | None = None,
    loss: str | None = None,
    optimizer: str | None = None,
    bias: bool | None = None,
    batch_norm: bool | None = None,
    class_counts: Sequence[int] | None = None,
    samples_per_class: int | None = None,
    report_every_steps: int | None = None,
    expected_interval_s: float | None = None,
    tags: Mapping[str, object] | None = None,
    attempt: int | None = None,
    rank: int | None = None,
    world_size: int | None = None,
    mode: str | None = None,
    agent: str | None = None,
    token: str | None = None,
    dashboard: str | None = None,
    overhead: float = 0.01,
) -> Run:
    """Begins a run, and says so to the agent if there is one. Returns at once.

    Everything is optional. What is not given comes from the environment: ``COLLAPSEWATCH_RUN``,
    ``COLLAPSEWATCH_MODE``, ``COLLAPSEWATCH_AGENT``, ``COLLAPSEWATCH_TOKEN``,
    ``COLLAPSEWATCH_DASHBOARD``, ``COLLAPSEWATCH_DIR``; name, rank, world size and attempt also from
    what torchrun and SLURM set. A lone script without a name is named after itself and the time.

    While a run of the same name is open in this process, it is that one which is returned.

    name: of the run; ``[A-Za-z0-9._-]{1,64}``.
    classes: K, 2..1024. dim: width d of the layer.
    weight_decay: lambda. loss: ``cross_entropy`` or ``mse``. optimizer: its name.
    bias: whether the classifier has one. batch_norm: whether the network is batch-normalised.
    class_counts: training samples of each class. samples_per_class: where it is the same for all.
    report_every_steps: steps between two rolling reports; without it about one a second.
    expected_interval_s: the longest silence that is still normal.
    tags: free names and texts.
    mode: ``online``, ``offline`` (to a file, for ``collapsewatch replay``) or ``disabled``.
    agent: ``HOST:PORT`` or ``unix:/PATH``. dashboard: its URL, for :meth:`Run.status`.
    overhead: share of the training's time that watching may take.

    Raises ``ValueError`` or ``TypeError`` for an argument that is not as above, and nothing else.
    """
    settings = _settings.metadata(
        classes=classes,
        dim=dim,
        weight_decay=weight_decay,
        loss=loss,
        optimizer=optimizer,
        bias=bias,
        batch_norm=batch_norm,
        class_counts=class_counts,
        samples_per_class=samples_per_class,
        report_every_steps=report_every_steps,
        expected_interval_s=expected_interval_s,
        tags=tags,
    )
    share = _settings.overhead(overhead)
    found = Identity.read(os.environ, script_name(), time.localtime())
    if world_size is None and found.world_size > _settings.WORLD_SIZE:
        found, mode = _too_many(found), "disabled"
    identity = _settings.identity(
        name=found.name if name is None else name,
        rank=found.rank if rank is None else rank,
        world_size=found.world_size if world_size is None else world_size,
        attempt=found.attempt if attempt is None else attempt,
    )
    losses = Losses(identity.name)
    secret = token if token is not None else os.environ.get("COLLAPSEWATCH_TOKEN") or None
    destination = _destination(identity, mode, agent, secret, losses)
    before: Run | None = _process.find(identity)
    if before is not None:
        losses.say("open", "it is open in this process already; init returns that one")
        return before
    url = _said(dashboard, "COLLAPSEWATCH_DASHBOARD", DEFAULT_DASHBOARD)
    begin = functools.partial(
        Run, identity, settings, losses, dashboard=Dashboard(url, secret), overhead=share
    )
    try:
        run = begin(destination=destination)
    except Exception:
        losses.say("fault", FAULT, exc_info=True)
        return begin(destination=None)
    _process.add(run)
    return run


def _too_many(found: Identity) -> Identity:
    Losses(found.name).say(
        "ranks",
        f"the job has {found.world_size} processes and at most {_settings.WORLD_SIZE} can be"
        " watched; name those that should be by rank and world_size",
    )
    return found._replace(rank=0, world_size=1)


def _destination(
    identity: Identity, mode: str | None, agent: str | None, token: str | None, losses: Losses
) -> Destination | None:
    """Where the messages go. Raises ``ValueError`` if the mode or the address is none."""
    said = _said(mode, "COLLAPSEWATCH_MODE", "online")
    if said not in _MODES:
        raise ValueError(f"mode is {said!r}; expected one of {', '.join(_MODES)}")
    if said == "disabled":
        return None
    if said == "offline":
        folder = Path(os.environ.get("COLLAPSEWATCH_DIR", "."))
        return Recording(folder, identity.name, identity.rank, losses)
    address = Address.parse(_said(agent, "COLLAPSEWATCH_AGENT", DEFAULT_AGENT))
    return AgentLink(address, None if address.path else token, losses)


def _said(argument: str | None, variable: str, default: str) -> str:
    return argument if argument is not None else os.environ.get(variable) or default
