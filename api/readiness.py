"""Whether the service can do its work, and if not, why not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ledger.errors import Refusal
from projections.daily.clock import readiness as readiness_of_clock
from projections.views import EVERYTHING

if TYPE_CHECKING:
    from ledger.service import Ledger
    from projections.views import ReadModels


Check = Callable[[], dict[str, Any]]


def never() -> bool:
    return False


def readiness(
    ledger: Ledger,
    read_models: ReadModels,
    more: Mapping[str, Check] | None = None,
    stopping: Callable[[], bool] = never,
) -> tuple[bool, dict[str, Any]]:
    """Whether all is well, and what was looked at; `more` are checks that only this process has. One that was told to
    stop is not ready, whatever else is well."""
    if stopping():
        return False, {"stopping": {"ok": False, "why": "the process was told to stop"}}
    checks = {"database": database(ledger), "projections": projections(read_models), "clock": clock(read_models)}
    checks |= {name: check() for name, check in (more or {}).items()}
    return all(check["ok"] for check in checks.values()), checks


def database(ledger: Ledger) -> dict[str, Any]:
    try:
        return {"ok": True, "position": ledger.head()}
    except Refusal as refusal:
        return {"ok": False, "why": refusal.detail}


def projections(read_models: ReadModels) -> dict[str, Any]:
    """Each view with how far behind it is; one that stopped names the fact it cannot apply."""
    try:
        views = read_models.status()
    except Refusal as refusal:
        return {"ok": False, "why": refusal.detail}
    return {"ok": all(view.answers for view in views), "views": [view.to_json() for view in views]}


def clock(read_models: ReadModels) -> dict[str, Any]:
    """The last day on which the clock looked at every partnership, and those that it could not look at."""
    try:
        return read_models.answer(readiness_of_clock, EVERYTHING)
    except Refusal as refusal:
        return {"ok": False, "why": refusal.detail}
