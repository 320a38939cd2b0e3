"""Webhooks, as they are asked for and as they are told of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import marshmallow as ma

from api.schemas.fields import EventName, Id, Line, Told, Truth, Whole, Words, wrong
from api.schemas.queries import MOST_POSITION, Paged, Query
from api.schemas.words import Told as Answered
from api.schemas.words import integer, many, moment, nested, text, truth, uuid, value
from ledger.errors import FieldError


class Position(Told):
    """A position in JSON: a plain number."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "integer", "minimum": 0, "maximum": MOST_POSITION}

    def read(self, value: Any, errors: list[FieldError]) -> int | None:
        if type(value) is not int or not 0 <= value <= MOST_POSITION:
            wrong(errors, f"must be a whole number from 0 to {MOST_POSITION}")
            return None
        return value


class NewWebhook(ma.Schema):
    """Where facts are to go, and which of those that the credential may see; each filter that is given must hold."""

    url = Line("the endpoint, https://host/path", most=2000, required=True)
    texts = Truth("true: free texts are sent, as far as the credential may read them", load_default=False)
    people = Truth("true: ids of people are sent, and names as far as the credential may read them", load_default=False)
    after = Position("only what follows this position; absent: what is recorded from now on")
    type = Words(EventName("stored names of events"), 100)
    stream = Id("the stream")
    organisation = Id("an organisation that the fact names or concerns")
    voice = Id("the organisation whose word it is")
    partnership = Id("the partnership it counts in")
    actor = Id("the principal that recorded it")
    correlationid = Line("what the client correlated it with", most=255)

    @ma.pre_load
    def without_nothing(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Null is as good as absent."""
        return {name: value for name, value in data.items() if value is not None}


class RotateQuery(Query):
    """How a secret is replaced."""

    overlap_hours = Whole("for how long the secret before goes on signing beside the new one", 0, 168, load_default=24)


class RedeliverQuery(Query):
    """From where facts are sent again."""

    position = Whole("the first position that is sent again", 1, MOST_POSITION, required=True)


class SkipQuery(Query):
    """What is passed over."""

    position = Whole("the fact whose sending fails", 1, MOST_POSITION, required=True)


class DeliveriesQuery(Paged):
    """What became of a webhook's sendings."""

    after = Whole("only what follows this position", 0, MOST_POSITION)


class Try(Answered):
    """What came of a sending."""

    at = moment("when it was over")
    status = integer("the HTTP status of the answer; absent where there was none", required=False)
    failure = text("why it does not count as delivered; absent when it does", required=False)
    duration_ms = integer("how long it took, in milliseconds")


class Webhook(Answered):
    """A bookmark on the log."""

    id = uuid("its id")
    credential_id = uuid("the credential it stands on, and ends with")
    url = text("where facts go")
    state = text("challenged, live, paused or ended")
    why = text("why it is paused or ended", required=False)
    texts = truth("whether free texts are sent")
    people = truth("whether people are sent")
    filters = value("which facts are sent, of those the credential may see")
    position = integer("everything up to this position is done with")
    blocking_position = integer("the fact whose sending fails", required=False)
    attempts = integer("how often it has failed since it last worked")
    failing_since = moment("when it failed first", required=False)
    next_try_at = moment("when it is tried again", required=False)
    last_answer = nested(Try, "what came of the last sending", required=False)
    test_asked_at = moment("a test is to be sent", required=False)
    last_test = nested(Try, "what came of the last test", required=False)
    earlier_secret_until = moment("until when the secret before signs too", required=False)
    made_at = moment("when it was made")
    changed_at = moment("when its owner or its state last changed it")


class WebhookWithSecret(Webhook):
    """A webhook with its secret: the only time it is shown."""

    secret = text("signs what is sent (Standard Webhooks 1.0); keep it, it is not shown again")


class Webhooks(Answered):
    """All webhooks."""

    items = many(Webhook, "oldest first")
    position = integer("the last position of the ledger")


class Delivery(Answered):
    """A fact that was sent."""

    position = integer("its position")
    event_id = uuid("its id")
    state = text("delivered, failing or skipped")
    attempts = integer("how often it was sent")
    first_tried_at = moment("when it was first sent")
    tried_at = moment("when it was last sent")
    next_try_at = moment("when it is sent again", required=False)
    status = integer("the HTTP status of the last answer; absent where there was none", required=False)
    failure = text("why the last one does not count as delivered", required=False)
    duration_ms = integer("how long the last one took, in milliseconds")


class Deliveries(Answered):
    """What became of the newest sendings, in ledger order."""

    items = many(Delivery, "the facts that were sent")
    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")
    position = integer("the last position of the ledger")
