"""What a webhook sends: the next fact its credential may see, without texts and people unless they were granted."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final

import orjson

from api.facts import Printer
from api.webhooks.rows import Webhook
from api.webhooks.sender import Message
from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.marks import each_secret, marked
from ledger.domain.values import Uuid
from ledger.eventstore.searching import FactPage, FactQuery
from ledger.service import Ledger
from ledger.visibility import WITHHELD

FILTERS: Final = ("stream", "organisation", "voice", "partnership", "actor")
"""The filters of `/v1/events` that a webhook has as well, but for `type` and `correlationid`."""


def next_fact(ledger: Ledger, webhook: Webhook, reader: Speaker) -> FactPage:
    """The first fact after the bookmark that the reader may see now, as `/v1/events` would show it; at most one.

    The page's `last_position` is where the bookmark stands when there is none.
    """
    query = FactQuery(
        after=webhook.position,
        limit=1,
        types=tuple(webhook.filters.get("type", ())),
        correlation_id=webhook.filters.get("correlationid"),
        **{name: webhook.filters.get(name) for name in FILTERS},
    )
    return ledger.page(query, reader)


def letter(printer: Printer, webhook: Webhook, fact: AnyFact, reader: Speaker) -> Message:
    """The message for a fact. Its id is the same whenever this webhook sends this fact."""
    [event] = printer.printed([thin(fact, webhook)], reader, webhook.root)
    if not webhook.people:
        event = without_people(event, fact)
    return Message(f"msg_{uuid.uuid5(uuid.UUID(webhook.id), fact.event_id)}", orjson.dumps(event))


def thin(fact: AnyFact, webhook: Webhook) -> AnyFact:
    """The fact without texts that were not granted: what is replaced here is never opened."""
    granted = {"fact": webhook.texts, "person": webhook.people}
    data = each_secret(fact.data, lambda text, mark, _: text if granted[mark.key] else WITHHELD)
    return replace(fact, data=data)


def without_people(event: dict[str, Any], fact: AnyFact) -> dict[str, Any]:
    """The event without ids of people: members that hold one go, and so does a person as `subject`."""
    held = {
        next(part for part in reversed(pointer.split("/")) if not part.isdigit())
        for pointer, mark, _ in marked(fact.data)
        if isinstance(mark, Uuid) and mark.names == "person"
    }
    left_out = {"data"} | ({"subject"} if fact.stream.kind == "person" else set())
    kept = {name: value for name, value in event.items() if name not in left_out}
    return kept | {"data": without(event["data"], held)}


def without(value: Any, names: Collection[str]) -> Any:
    """A JSON value without the members of some names, wherever they stand."""
    if isinstance(value, dict):
        return {name: without(inner, names) for name, inner in value.items() if name not in names}
    return [without(inner, names) for inner in value] if isinstance(value, list) else value
