"""The streams of a support's chain, each with its state and its facts, as far as the reader sees them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from api.facts import Printer
from api.standings import confidential_as_json, standing_as_json
from ledger.domain.fact import Speaker
from ledger.service import Ledger
from ledger.states import folded


def printed_links(
    ledger: Ledger,
    printer: Printer,
    reader: Speaker,
    links: Sequence[str],
    withheld: Collection[str],
    known_at: int,
    root: str,
) -> Iterator[dict[str, Any]]:
    """Each stream as it stood at a position; of what is withheld only that it is there. What is out of the reader's
    sight is left out. `root` leads the addresses of schemas."""
    for one in links:
        if not ledger.may_see(reader, one):
            continue
        facts = [fact for fact in ledger.stream_events(one) if fact.position <= known_at]
        known = folded(facts, known_at)
        about = {"kind": known.kind, "id": one, "version": known.version, "position": known_at}
        if one in withheld:
            yield about | {"state": confidential_as_json(known.state), "events": []}
        else:
            events = printer.printed(facts, reader, root)
            yield about | {"state": standing_as_json(ledger, reader, one, known.state), "events": events}
