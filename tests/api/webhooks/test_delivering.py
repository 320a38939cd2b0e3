"""A webhook's way: made, proven, and sent every fact that its credential may see, in order."""

from __future__ import annotations

from standardwebhooks.webhooks import Webhook as Standard

from tests.api.process import within
from tests.api.webhooks.receiver import Receiver
from tests.api.webhooks.sending import Hooks, sending


def test_facts_come_in_order_signed_as_structured_cloudevents(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    hook = hooks.add("Northfield", receiver.url)
    assert hooks.get("Northfield", hook)["state"] == "challenged"
    with sending(town.ledger):
        hooks.becomes("Northfield", hook, "live")
        posted = [town.delivered("Northfield", "Ashfield", str(hours))["event_id"] for hours in (1, 2, 3)]
        hooks.reaches("Northfield", hook)
    assert receiver.ids == posted
    standard = Standard(hooks.secrets[hook])
    for sent in receiver.all:
        standard.verify(sent.body, sent.headers)
        assert sent.path == "/hook?for=us"
        assert sent.headers["content-type"].startswith("application/cloudevents+json")
        assert sent.event["specversion"] == "1.0"
    assert len({sent.id for sent in receiver.all}) == 4
    assert [one["status"] for one in hooks.deliveries("Northfield", hook)] == [204, 204, 204]


def test_nobody_is_sent_what_does_not_concern_them(hooks: Hooks, receiver: Receiver) -> None:
    hook = hooks.add("Oakwood", receiver.url)
    with sending(hooks.town.ledger):
        hooks.becomes("Oakwood", hook, "live")
        hooks.town.delivered("Northfield", "Ashfield")
        hooks.reaches("Oakwood", hook)
    assert receiver.ids == []
    within(5, lambda: hooks.deliveries("Oakwood", hook), [])
