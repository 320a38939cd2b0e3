"""Which partnerships a programme report is over: named ones in sight, or all that are in sight."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import ClassVar, Final

from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotThere
from ledger.errors import Kind, Refusal
from ledger.eventstore.searching import FactQuery
from ledger.service import Ledger
from projections.programme.answering import Choice

MOST: Final = 200


class ProgrammeTooLarge(Refusal):
    """More partnerships are in sight than one report is made over. Fields: `most`."""

    code = "programme-too-large"
    kind: ClassVar[Kind] = "claim"
    title = "Too many partnerships for one report; name some of them"


def choose(
    ledger: Ledger,
    who: Speaker,
    partnerships: Collection[str] = (),
    coordinator: str | None = None,
    trust: str | None = None,
) -> Choice:
    """Raises NotThere for a partnership out of sight, ProgrammeTooLarge, RoleForbidden."""
    for one in partnerships:
        if ledger.state("partnership", one) is None or not ledger.may_see(who, one):
            raise NotThere(stream_kind="partnership", id=one)
    found = sorted(partnerships) or list(formed(ledger, who))
    if len(found) > MOST:
        raise ProgrammeTooLarge(f"{len(found)} partnerships are more than the {MOST} of one report", most=MOST)
    return Choice(partnerships=found, coordinator_id=coordinator, trust_id=trust)


def formed(ledger: Ledger, who: Speaker) -> Iterator[str]:
    """The partnerships that a reader may look into, in the order in which they were formed."""
    query = FactQuery(types=("partnership.formed",), visible=ledger.opened_to(who), limit=1000)
    while True:
        page = ledger.facts(query)
        yield from (fact.stream.id for fact in page.facts)
        if not page.has_more:
            return
        query = replace(query, after=page.last_position)
