"""What the service sends without being asked each time, as AsyncAPI 3.0: the live feed, and webhooks."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from api.event_schemas import about_event
from api.facts import schema_address
from ledger.eventstore.stored_names import STORED

Described = dict[str, Any]
EVENT: Final = "/openapi.json#/components/schemas/Event"
CLOUDEVENT: Final = "application/cloudevents+json"
POSITION: Final[Described] = {
    "type": "integer",
    "minimum": 0,
    "description": "everything up to this position, as far as the credential sees, has been sent",
}
ABOUT: Final = """What the ledger sends: facts as they are recorded, to who keeps a stream open and to webhooks.

The data of each kind of event is described by its own schema. Texts that a reader may not have are withheld; to a
webhook neither texts nor people are sent unless that was granted, and members that name a person are then left out."""
HEADERS_OF_WEBHOOKS: Final[Described] = {
    "type": "object",
    "properties": {
        "webhook-id": {"type": "string", "description": "the same whenever this webhook sends this fact"},
        "webhook-timestamp": {"type": "string", "description": "seconds since 1970, of this attempt"},
        "webhook-signature": {"type": "string", "description": "`v1,` and a signature; several, with a space between"},
    },
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
}


def asyncapi(root: str) -> Described:
    """The document of a service under `root`, such as `https://ledger.example.org`."""
    where = urlsplit(root)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Partnership Ledger", "version": "v1", "description": ABOUT},
        "defaultContentType": "application/json",
        "servers": {
            "ledger": {"host": where.netloc, "protocol": where.scheme, "security": [ref("securitySchemes", "apiKey")]}
        },
        "channels": {"stream": stream(), "webhook": webhook()},
        "operations": operations(),
        "components": {
            "messages": messages(root),
            "schemas": {"position": POSITION},
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer", "description": "an API key"}},
        },
    }


def ref(section: str, name: str) -> Described:
    return {"$ref": f"#/components/{section}/{name}"}


def stream() -> Described:
    names = [*STORED, "heartbeat", "resync", "end"]
    return {
        "address": "/v1/stream",
        "title": "The live feed",
        "description": "Server-sent events. `id` is a position: sent back as `Last-Event-ID`, it goes on after it.",
        "messages": {name: ref("messages", name) for name in names},
    }


def webhook() -> Described:
    return {
        "address": None,
        "title": "Webhooks",
        "description": "An endpoint of yours, made known by POST /v1/webhooks. Facts are sent in order, one at a time: "
        "the next one only after this one was answered with 2xx.",
        "messages": {name: ref("messages", name) for name in ("thin", "challenge", "test")},
    }


def operations() -> Described:
    return {
        "sendFacts": {
            "action": "send",
            "channel": {"$ref": "#/channels/stream"},
            "title": "Facts as they are recorded",
            "security": [ref("securitySchemes", "apiKey")],
            "bindings": {"http": {"method": "GET", "bindingVersion": "0.3.0"}},
        },
        "sendToWebhook": {
            "action": "send",
            "channel": {"$ref": "#/channels/webhook"},
            "title": "Facts sent to an endpoint",
            "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
        },
    }


def messages(root: str) -> Described:
    """Every message by its name: a kind of fact for each stored name, and what is about the sending itself."""
    return {name: fact(name, root) for name in STORED} | of_the_feed() | of_webhooks()


def fact(name: str, root: str) -> Described:
    data = {"$ref": schema_address(root, name, STORED[name][1])}
    of_kind = {"type": "object", "properties": {"type": {"const": name}, "data": data}}
    payload = {"allOf": [{"$ref": f"{root}{EVENT}"}, of_kind]}
    return {"name": name, "summary": about_event(name), "contentType": CLOUDEVENT, "payload": payload}


def of_the_feed() -> Described:
    """`heartbeat`, `resync` and `end`: named events, whose data tell how far the feed is."""
    code = {"type": "string", "description": "why"}
    at: Described = {"type": "object", "properties": {"position": ref("schemas", "position")}, "required": ["position"]}
    coded = {**at, "properties": {**at["properties"], "code": code}, "required": ["position", "code"]}
    return {
        "heartbeat": {"name": "heartbeat", "summary": "nothing new, up to this position", "payload": at},
        "resync": {"name": "resync", "summary": "read afresh what you keep: you see otherwise now", "payload": coded},
        "end": {"name": "end", "summary": "the credential holds no longer", "payload": coded},
    }


def of_webhooks() -> Described:
    def about(name: str, summary: str, members: Described) -> Described:
        data = {"type": "object", "properties": members, "required": list(members)}
        names = {name_: {"type": "string"} for name_ in ("specversion", "id", "source", "subject", "time")}
        payload = {"type": "object", "properties": {**names, "type": {"const": name}, "data": data}}
        return {"name": name, "summary": summary, **SIGNED, "payload": payload}

    webhook_id = {"webhook_id": {"type": "string", "format": "uuid"}}
    word = webhook_id | {"challenge": {"type": "string", "description": "what the answer repeats"}}
    return {
        "thin": {
            "name": "thin", "summary": "a fact, without texts and people unless they were granted", **SIGNED,
            "payload": {"$ref": EVENT},
        },
        "challenge": about("pledger.webhook.challenge", "answered with the word, the endpoint is live", word),
        "test": about("pledger.webhook.test", "tells of nothing", webhook_id),
    }  # fmt: skip


SIGNED: Final[Described] = {"contentType": CLOUDEVENT, "headers": HEADERS_OF_WEBHOOKS}
