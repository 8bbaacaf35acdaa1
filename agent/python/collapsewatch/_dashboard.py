"""What the dashboard knows of a run."""

from __future__ import annotations

import dataclasses
import json
import urllib.parse
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, NamedTuple

DEFAULT_DASHBOARD = "http://127.0.0.1:7070"

_SECONDS = 2.0
_ANSWER_BYTES = 16 << 20


@dataclasses.dataclass(frozen=True)
class RunStatus:
    """How a run stands, by the analyzer's newest word.

    ``metrics`` are those of the newest rolling report of split ``train``, layer ``penultimate``, or
    of the newest snapshot where there is no rolling one; ``snapshot_metrics`` are the snapshot's.
    The two differ in scale: compare like with like. A metric that is undefined is absent.
    """

    run: str
    attempt: int
    state: str
    reason: str
    step: int
    epoch: float | None
    metrics: Mapping[str, float]
    snapshot_metrics: Mapping[str, float]
    dropped: Mapping[str, int]


class Dashboard(NamedTuple):
    """Where the dashboard is, and the token that it may ask for."""

    url: str
    token: str | None

    def status(self, run: str) -> RunStatus | None:
        """The status of a run; ``None`` if the dashboard is away or does not know the run."""
        try:
            with _opener().open(self._request(run), timeout=_SECONDS) as answer:
                return _status(json.loads(answer.read(_ANSWER_BYTES)))
        except (OSError, ValueError, KeyError, TypeError, HTTPException):
            return None

    def _request(self, run: str) -> urllib.request.Request:
        path = f"/api/v1/runs/{urllib.parse.quote(run, safe='')}"
        request = urllib.request.Request(self.url.rstrip("/") + path)
        if self.token is not None:
            request.add_header("Authorization", f"Bearer {self.token}")
        return request


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token is for the dashboard and nobody that it may name."""

    def redirect_request(self, *unused: Any) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    """Past any proxy of the environment: the dashboard is on this machine or a near one."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)


def _status(answer: Mapping[str, Any]) -> RunStatus:
    run = answer["run"]
    rolling = _latest(answer, "rolling")
    snapshot = _latest(answer, "snapshot")
    newest = rolling or snapshot
    return RunStatus(
        run=run["run"],
        attempt=run["attempt"],
        state=run["state"],
        reason=run.get("reason", ""),
        step=run["step"],
        epoch=run.get("epoch"),
        metrics=newest.get("metrics", {}),
        snapshot_metrics=snapshot.get("metrics", {}),
        dropped=newest.get("dropped", {}),
    )


def _latest(answer: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    for window in answer["latest"]:
        if (window["split"], window["layer"], window["kind"]) == ("train", "penultimate", kind):
            report: Mapping[str, Any] = window["report"]
            return report
    return {}
