"""Who reads the story of `tests.ledger.witnessed`, and that story in a real log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bench.clusters import Written
from bench.keyed import write_keyed_log
from ledger.clock import SetClock
from ledger.domain.fact import AnyFact, Speaker
from ledger.service import Ledger
from tests.ledger.witnessed import QUIET, witnessed
from tests.projections.keyed import written
from tests.scenario import AUDITOR, client, coordinator, member, ref

AFTERWARDS: Final = datetime(2026, 10, 21, 9, 0, tzinfo=UTC)
MORE_VERSIONS: Final = 10  # the log's own stream has begun already

APART: Final = {ref("since"): "after Ashfield left", ref("peer"): "in Harbour"}
INSIDE: Final = frozenset({"answers", "arising_from", "findings", "open_to", "reviewers"})

READERS: Final[dict[str, Speaker]] = {
    "giver": member("northfield", principal="another of northfield"),
    "receiver": member("oakwood", principal="another of oakwood"),
    "partner": member("fern"),
    "former partner": member("ashfield"),
    "invited": member("elm"),
    "coordinator": coordinator("hub"),
    "partner's trust": coordinator("anchor"),
    "its auditor": Speaker(principal=ref("anchor's auditor"), role="auditor", trust=ref("anchor")),
    "auditor of all": AUDITOR,
    "stranger": member("quarry"),
    "receiver's machine": client("oakwood", "quarry"),
}


def told(ledger: Ledger, clock: SetClock) -> dict[str, AnyFact]:
    """The story, recorded; by label the first fact of its kind, told apart where the support is confidential."""
    clock.advance(AFTERWARDS - clock.now() if clock.now() < AFTERWARDS else timedelta())
    recorded = list(after(ledger.head()))
    write_keyed_log(ledger.dsn, recorded)
    found: dict[str, AnyFact] = {}
    for one in recorded:
        found.setdefault(label(one.fact), one.fact)
    return found


def after(head: int) -> Iterator[Written]:
    """The facts as they follow a position."""
    for one in written(witnessed()):
        fact = replace(one.fact, position=one.fact.position + head)
        if fact.stream.kind == "log":
            fact = replace(fact, version=fact.version + MORE_VERSIONS)
        yield replace(one, fact=fact)


def label(fact: AnyFact) -> str:
    """What a fact is called in the tables: its type, and which support or peer review it is of where that matters."""
    if fact.stream.id in QUIET:
        return f"{fact.type} in confidence"
    return f"{fact.type} {APART[fact.stream.id]}" if fact.stream.id in APART else fact.type


def members(value: Any, path: str = "") -> Iterator[str]:
    """The members of printed data, with a tilde where their text is withheld; what is in `INSIDE` one by one."""
    if path and path.rpartition(".")[2] not in INSIDE:
        yield f"{path}~" if value == "[withheld]" else path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from members(inner, f"{path}.{name}" if path else name)
    else:
        for inner in value:
            yield from members(inner, path)
