"""GET /v1/support/{id}: one piece of support from first word to outcome."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, current_app, request

from api.asking import Asked
from api.chains import printed_links
from api.door import Answer, Door
from api.figures import figures, question
from api.resources.streams import seen_stream
from api.schemas.board import Chain, Element
from api.schemas.figures import CSV_TOO
from api.schemas.queries import Figures
from api.speaking import reader, the_ledger, the_read_models
from ledger.domain.values import moment
from ledger.service import StreamView
from projections.chain.answering import chain
from projections.chain.sight import SupportReader

DOOR: Final = Door("support", "Support: the whole chain of one piece of it")


@DOOR.get("/v1/support/<uuid:support_id>", Answer(200, Chain), CSV_TOO, query=Figures)
def support_chain(asked: Asked, support_id: UUID) -> Response:
    """A piece of support as one chain

    What it arose from, the offer or request, and each agreement that took it up: everything that was said, in words
    and as facts, every delivery with its steps, the figures, and what belongs beside it. What the credential does not
    see is left out.
    """
    who, ledger = reader(), the_ledger()
    own = seen_stream(str(support_id), who, "support")
    whose = SupportReader.of(ledger, who)
    asked_for = question({**asked, **since_it_was_said(asked, own.id)})
    answer = the_read_models().answer(chain, asked_for, whose, own.id, explain=asked["explain"])
    known_at = answer.header.question.known_at
    printer, root = current_app.extensions["pledger.printer"], request.host_url.rstrip("/")
    links = printed_links(ledger, printer, who, answer.links, answer.withheld, known_at, root)
    body = answer.to_json() | {"chain": list(links)} | opened_by_auditors(whose, own)
    return figures(body, rows="elements", of=Element, name="support", text=True)


def opened_by_auditors(whose: SupportReader, own: StreamView) -> dict[str, Any]:
    """For its two sides: when auditors opened what was said in it, and why."""
    if whose.sides.isdisjoint(own.state.concerned):
        return {}
    found = the_ledger().access_log.openings(own.id)
    return {"opened_by_auditors": [{"at": moment(at), "reason": reason} for at, reason in found]}


def since_it_was_said(asked: Asked, support_id: str) -> Asked:
    """Who asks about a support now means all that was said in it and in what answers it: the views are waited for as
    far as that goes."""
    if "known_at" in asked:
        return {}
    ledger = the_ledger()
    streams = [one for _, one in ledger.store.streams_with_key(f"stream:{support_id}")]
    last = max(ledger.stream_events(one)[-1].position for one in streams)
    return {"min_position": max(last, asked.get("min_position", 0))}
