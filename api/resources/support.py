"""GET /v1/support/{id}: one piece of support from first word to outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from flask import Response

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.resources.events import print_facts
from api.resources.streams import seen_stream, stream_as_json
from api.schemas.events import Chain
from api.schemas.queries import MinPosition
from api.speaking import reader, the_ledger
from api.waiting import require_position
from ledger.domain.fact import Speaker
from ledger.domain.marks import named
from ledger.domain.refusals import NotThere

DOOR: Final = Door("support", "Support: the whole chain of one piece of it")


@DOOR.get("/v1/support/<uuid:support_id>", Answer(200, Chain), query=MinPosition)
def support_chain(asked: Asked, support_id: UUID) -> Response:
    """A piece of support as one chain

    What it arose from, the offer or request, and each agreement that took it up, with states and facts; what the
    credential does not see is left out.
    """
    who, ledger = reader(), the_ledger()
    require_position(asked.get("min_position"), ledger.head, ledger.settings.min_position_wait_seconds)
    own = seen_stream(str(support_id), who, "support")
    links = list(dict.fromkeys((*before(own.id), own.id, *after(own.id))))
    body = {"id": own.id, "position": own.position, "chain": list(printed(links, who, asked))}
    return shown(body, position=own.position, text=True)


def before(support_id: str) -> Iterator[str]:
    """What led to a support: the finding's review, then the offer or request, as its own first facts name them."""
    for fact in the_ledger().stream_events(support_id):
        yield from sorted(named(fact.data, "review"))
        for one in sorted(named(fact.data, "support") - {support_id}):
            yield from (*before(one), one)


def after(support_id: str) -> Iterator[str]:
    """The agreements that took an offer or request up."""
    for kind, stream_id in the_ledger().store.streams_with_key(f"stream:{support_id}"):
        if kind == "support":
            yield stream_id


def printed(links: list[str], who: Speaker, asked: Asked) -> Iterator[dict[str, Any]]:
    for one in links:
        try:
            view = seen_stream(one, who)
        except NotThere:
            continue
        facts = print_facts(the_ledger().seen(the_ledger().stream_events(one), who), who, asked)
        yield stream_as_json(view) | {"events": facts}
