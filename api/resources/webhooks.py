"""/v1/webhooks: facts sent to an endpoint as they are recorded."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Response, request

from api.answers import shown
from api.asking import Asked
from api.door import Answer, Door
from api.figures import figures
from api.paging import link_next, listed, page_of
from api.resources.posting import made
from api.schemas.figures import CSV_TOO
from api.schemas.queries import MinPosition
from api.schemas.webhooks import (
    Deliveries,
    DeliveriesQuery,
    Delivery,
    NewWebhook,
    RedeliverQuery,
    RotateQuery,
    SkipQuery,
    Webhook,
    Webhooks,
    WebhookWithSecret,
)  # fmt: skip
from api.speaking import bearer, reader, speaker, the_ledger
from api.waiting import as_far_as_asked
from api.webhooks import guard, refusals, registry, rows
from api.webhooks.owner import credential_of, require_grantable
from api.webhooks.registry import Registry
from api.webhooks.signing import Strongbox
from ledger.domain.values import moment

DOOR: Final = Door("webhooks", "Webhooks: facts sent to an endpoint as they are recorded")
FILTERS: Final = ("type", "stream", "organisation", "voice", "partnership", "actor", "correlationid")
ABSENT: Final = (refusals.NoSuchWebhook,)


def own() -> Registry:
    """The webhooks of who reads. Raises RoleForbidden for an admin, who reads no facts."""
    return Registry(the_ledger().dsn, reader())


def seen() -> Registry:
    """The webhooks that may be listed and ended: one's own, for an admin all of them."""
    who = speaker()
    return Registry(the_ledger().dsn, who if who.role == "admin" else reader())


def box() -> Strongbox:
    return Strongbox(the_ledger().settings.keys_dir)


def as_json(webhook: rows.Webhook) -> dict[str, Any]:
    moments = {name: getattr(webhook, name) for name in ("failing_since", "test_asked_at", "made_at", "changed_at")}
    waits = webhook.attempts > 0 and webhook.state in ("challenged", "live")
    body = {
        "id": webhook.id,
        "credential_id": webhook.credential_id,
        "url": webhook.url,
        "state": webhook.state,
        "why": webhook.why,
        "texts": webhook.texts,
        "people": webhook.people,
        "filters": webhook.filters,
        "position": webhook.position,
        "blocking_position": webhook.blocking_position,
        "attempts": webhook.attempts,
        "next_try_at": moment(webhook.next_try_at) if waits else None,
        "last_answer": webhook.answered,
        "last_test": webhook.tested,
        "earlier_secret_until": still(webhook.earlier_until),
        **{name: None if at is None else moment(at) for name, at in moments.items()},
    }
    return {name: value for name, value in body.items() if value is not None}


def still(until: datetime | None) -> str | None:
    return moment(until) if until is not None and until > rows.machine_now() else None


def answered(webhook: rows.Webhook, status: int = 200, **more: Any) -> Response:
    headers = {"Location": f"/v1/webhooks/{webhook.id}"} if status == 201 else None
    return made(as_json(webhook) | more, status, the_ledger().head(), headers)


@DOOR.post(
    "/v1/webhooks", Answer(201, WebhookWithSecret), body=NewWebhook,
    refuses=(guard.AddressRefused, refusals.TooManyWebhooks, refusals.NoCredentialForWebhooks, refusals.NotGrantable),
)  # fmt: skip
def add_webhook(asked: Asked, body: Asked) -> Response:
    """Has facts sent to an endpoint

    The secret is in this answer and nowhere else, ever. The endpoint is sent a signed challenge, which it answers with
    2xx and `{"challenge": "…"}`; then facts go out in order, one at a time.
    """
    who, ledger = reader(), the_ledger()
    guard.target_of(body["url"], guard.allowed(ledger.settings.webhook_allow))
    require_grantable(who, texts=body["texts"])
    head = ledger.head()
    new = registry.NewWebhook(
        credential_id=credential_of(ledger, who, bearer()),
        url=body["url"],
        root=request.host_url.rstrip("/"),
        filters={name: body[name] for name in FILTERS if name in body},
        texts=body["texts"],
        people=body["people"],
        position=min(body.get("after", head), head),
    )
    webhook, secret = Registry(ledger.dsn, who).add(new, box(), ledger.settings.webhooks_per_credential)
    return answered(webhook, 201, secret=secret)


@DOOR.get("/v1/webhooks", Answer(200, Webhooks), CSV_TOO, query=MinPosition)
def list_webhooks(asked: Asked) -> Response:
    """The credential's webhooks, oldest first; an admin is told of all"""
    webhooks = seen()
    as_far_as_asked(asked)
    items, position = [as_json(one) for one in webhooks.owned()], the_ledger().head()
    return figures({"items": items, "position": position}, rows="items", of=Webhook, name="webhooks", text=True)


@DOOR.get("/v1/webhooks/<uuid:webhook_id>", Answer(200, Webhook), refuses=ABSENT)
def one_webhook(asked: Asked, webhook_id: UUID) -> Response:
    """One webhook: its state, how far it is, and what fails"""
    return shown(as_json(seen().find(str(webhook_id))), position=the_ledger().head(), text=True)


@DOOR.delete("/v1/webhooks/<uuid:webhook_id>", Answer(204), refuses=ABSENT)
def end_webhook(asked: Asked, webhook_id: UUID) -> Response:
    """Ends a webhook at once, and forgets it"""
    seen().delete(str(webhook_id))
    return Response(status=204)


@DOOR.post(
    "/v1/webhooks/<uuid:webhook_id>/rotate", Answer(200, WebhookWithSecret), query=RotateQuery,
    refuses=(*ABSENT, refusals.WebhookEnded),
)  # fmt: skip
def rotate_secret(asked: Asked, webhook_id: UUID) -> Response:
    """Another secret, in this answer and nowhere else

    The one before goes on signing beside it for `overlap_hours`: what is sent bears two signatures.
    """
    webhook, secret = own().rotate(str(webhook_id), box(), timedelta(hours=asked["overlap_hours"]))
    return answered(webhook, secret=secret)


@DOOR.get(
    "/v1/webhooks/<uuid:webhook_id>/deliveries", Answer(200, Deliveries), CSV_TOO,
    query=DeliveriesQuery, refuses=ABSENT,
)  # fmt: skip
def list_deliveries(asked: Asked, webhook_id: UUID) -> Response:
    """What became of each sending, in ledger order; the newest thousand are kept"""
    ledger, webhooks = the_ledger(), own()
    as_far_as_asked(asked)
    page = page_of(asked, DeliveriesQuery)
    after = page.after_position(page.filters.get("after", 0))
    found, more = webhooks.deliveries(str(webhook_id), after, page.limit)
    head = ledger.head()
    last = found[-1].position if found else after
    body = listed([told(asdict(one)) for one in found], page, last, more=more, position=head, name="items")
    return link_next(figures(body, rows="items", of=Delivery, name="deliveries", text=True), body)


def told(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the database as JSON, without what is absent."""
    values = {name: moment(value) if isinstance(value, datetime) else value for name, value in row.items()}
    return {name: value for name, value in values.items() if value is not None}


@DOOR.post(
    "/v1/webhooks/<uuid:webhook_id>/redeliver", Answer(200, Webhook), query=RedeliverQuery,
    refuses=(*ABSENT, refusals.WebhookEnded, refusals.NotReached),
)  # fmt: skip
def redeliver(asked: Asked, webhook_id: UUID) -> Response:
    """Goes back: everything from a position on is sent again, with the same ids"""
    return answered(own().redeliver(str(webhook_id), asked["position"]))


@DOOR.post(
    "/v1/webhooks/<uuid:webhook_id>/skip", Answer(200, Webhook), query=SkipQuery,
    refuses=(*ABSENT, refusals.WebhookEnded, refusals.NotBlocked),
)  # fmt: skip
def skip(asked: Asked, webhook_id: UUID) -> Response:
    """Passes over the fact whose sending fails, and goes on behind it"""
    return answered(own().skip(str(webhook_id), asked["position"]))


@DOOR.post(
    "/v1/webhooks/<uuid:webhook_id>/resume", Answer(200, Webhook),
    refuses=(*ABSENT, refusals.WebhookEnded, refusals.NotPaused),
)  # fmt: skip
def resume(asked: Asked, webhook_id: UUID) -> Response:
    """Challenges the endpoint of a paused webhook again; then it goes on where it stood"""
    return answered(own().resume(str(webhook_id)))


@DOOR.post(
    "/v1/webhooks/<uuid:webhook_id>/test", Answer(202, Webhook, about="it will be sent"),
    refuses=(*ABSENT, refusals.WebhookEnded),
)  # fmt: skip
def test(asked: Asked, webhook_id: UUID) -> Response:
    """Has a signed message sent that tells of nothing; `last_test` says what came of it"""
    return answered(own().ask_test(str(webhook_id)), 202)
