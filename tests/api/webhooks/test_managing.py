"""Making, changing and ending webhooks over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from standardwebhooks.webhooks import Webhook as Standard

from api.webhooks.numbers import webhook_numbers
from ledger.credentials import NewCredential
from tests.api.process import within
from tests.api.webhooks.receiver import TEST, Receiver
from tests.api.webhooks.sending import Hooks, MachineTime, sending

URL = "https://receiver.example/hook"


def test_a_webhook_is_shown_without_its_secret(hooks: Hooks) -> None:
    town = hooks.town
    made = town.post("Northfield", {"url": URL, "type": ["support.delivered"]}, "/v1/webhooks")
    body = made.get_json()
    assert (made.status_code, made.headers["Location"]) == (201, f"/v1/webhooks/{body['id']}")
    assert body["secret"].startswith("whsec_")
    assert len(body["secret"]) == 50
    one = hooks.get("Northfield", body["id"])
    assert one == {name: value for name, value in body.items() if name != "secret"}
    assert (one["state"], one["position"], one["texts"], one["people"]) == (
        "challenged",
        town.ledger.head(),
        False,
        False,
    )
    assert one["filters"] == {"type": ["support.delivered"]}
    assert town.get("Northfield", "/v1/webhooks").get_json()["items"] == [one]
    with psycopg.connect(town.ledger.dsn) as connection:
        [row] = connection.execute("SELECT row_to_json(w)::text FROM pledger.webhook w").fetchall()
    assert body["secret"].removeprefix("whsec_") not in row[0]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({}, "claim-malformed", "/url"),
        ({"url": "http://receiver.example/"}, "address-refused", "/url"),
        ({"url": "https://10.0.0.1/"}, "address-refused", "/url"),
        ({"url": URL, "types": ["x"]}, "claim-malformed", "/types"),
        ({"url": URL, "after": -1}, "claim-malformed", "/after"),
        ({"url": URL, "after": "1"}, "claim-malformed", "/after"),
        ({"url": URL, "stream": "1"}, "claim-malformed", "/stream"),
        ({"url": URL, "texts": "yes"}, "claim-malformed", "/texts"),
    ],
)
def test_what_makes_no_webhook_is_told(hooks: Hooks, body: dict[str, Any], code: str, pointer: str) -> None:
    refused = hooks.town.post("Northfield", body, "/v1/webhooks")
    problem = refused.get_json()
    assert (refused.status_code, problem["code"]) == (422, code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_who_may_read_nothing_may_have_nothing_sent(hooks: Hooks) -> None:
    town = hooks.town
    town.key("auditor", "auditor", whole_ledger=True)
    town.key("writer", "member", "Northfield", scopes=["events:write"])
    for who, more, code in (
        ("admin", {}, "role-forbidden"),
        ("writer", {}, "scope-missing"),
        ("auditor", {"texts": True}, "not-grantable"),
    ):
        refused = town.post(who, {"url": URL, **more}, "/v1/webhooks")
        assert (refused.status_code, refused.get_json()["code"]) == (403, code)
    assert hooks.add("auditor", URL, people=True)


def test_another_credentials_webhook_is_not_there(hooks: Hooks) -> None:
    town = hooks.town
    hook = hooks.add("Northfield", URL)
    for what in ("", "/deliveries"):
        assert town.get("Ashfield", f"/v1/webhooks/{hook}{what}").status_code == 404
    for what in ("rotate", "redeliver?position=1", "skip?position=1", "resume", "test"):
        refused = town.post("Ashfield", None, f"/v1/webhooks/{hook}/{what}")
        assert (refused.status_code, refused.get_json()["code"]) == (404, "not-found")
    assert town.http.delete(f"/v1/webhooks/{hook}", headers=town.as_("Ashfield")).status_code == 404
    assert town.get("Ashfield", "/v1/webhooks").get_json()["items"] == []
    assert [one["id"] for one in town.get("admin", "/v1/webhooks").get_json()["items"]] == [hook]
    assert town.post("admin", None, f"/v1/webhooks/{hook}/test").status_code == 403
    assert town.http.delete(f"/v1/webhooks/{hook}", headers=town.as_("admin")).status_code == 204
    assert town.get("Northfield", f"/v1/webhooks/{hook}").status_code == 404


def test_another_key_with_the_same_rights_is_the_same_owner(hooks: Hooks) -> None:
    town = hooks.town
    hook = hooks.add("Northfield", URL)
    principal = town.get("Northfield", "/v1/me").get_json()["principal"]
    for name, school in (("second key", "Northfield"), ("key for another school", "Oakwood")):
        new = NewCredential(name=name, role="member", organisations=[town.ids[school]], principal=principal)
        town.keys[name] = town.ledger.credentials.issue(town.admin, new)[1]
    assert town.get("second key", f"/v1/webhooks/{hook}").status_code == 200
    assert town.get("key for another school", f"/v1/webhooks/{hook}").status_code == 404


def test_a_credential_has_so_many_webhooks_and_no_more(hooks: Hooks) -> None:
    town = hooks.town
    town.ledger.settings = replace(town.ledger.settings, webhooks_per_credential=2)
    first, _ = (hooks.add("Northfield", URL) for _ in range(2))
    refused = town.post("Northfield", {"url": URL}, "/v1/webhooks")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "too-many-webhooks")
    assert hooks.add("Ashfield", URL)
    assert town.http.delete(f"/v1/webhooks/{first}", headers=town.as_("Northfield")).status_code == 204
    assert hooks.add("Northfield", URL)


def test_while_a_secret_is_replaced_both_sign(hooks: Hooks, receiver: Receiver) -> None:
    town, time = hooks.town, MachineTime()
    hook = hooks.add("Northfield", receiver.url)
    with sending(town.ledger, time):
        hooks.becomes("Northfield", hook, "live")
        rotated = hooks.do("Northfield", hook, "rotate?overlap_hours=2")
        town.delivered("Northfield", "Ashfield", "1")
        hooks.reaches("Northfield", hook)
        time.pass_(hours=3)
        town.delivered("Northfield", "Ashfield", "2")
        hooks.reaches("Northfield", hook)
    during, after = receiver.facts
    assert "earlier_secret_until" in rotated
    for secret in (hooks.secrets[hook], rotated["secret"]):
        Standard(secret).verify(during.body, during.headers)
    Standard(rotated["secret"]).verify(after.body, after.headers)
    assert len(after.headers["webhook-signature"].split(" ")) == 1
    too_long = town.post("Northfield", None, f"/v1/webhooks/{hook}/rotate?overlap_hours=169")
    assert (too_long.status_code, too_long.get_json()["code"]) == (400, "parameters-wrong")


def test_a_secret_that_cannot_be_opened_any_more_pauses_until_it_is_replaced(hooks: Hooks, receiver: Receiver) -> None:
    hook = hooks.add("Northfield", receiver.url)
    with psycopg.connect(hooks.town.ledger.dsn) as connection:
        connection.execute("UPDATE pledger.webhook SET secret = '0123456789abcdef'")
    with sending(hooks.town.ledger):
        assert hooks.becomes("Northfield", hook, "paused")["why"] == "secret-unreadable"
        secret = hooks.do("Northfield", hook, "rotate?overlap_hours=0")["secret"]
        hooks.do("Northfield", hook, "resume")
        hooks.becomes("Northfield", hook, "live")
    [sent] = receiver.all
    Standard(secret).verify(sent.body, sent.headers)


def test_an_ended_credential_ends_its_webhooks(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    expires_at = town.ledger.clock.now() + timedelta(hours=1)
    town.key("short key", "member", "Northfield", expires_at=expires_at)
    revoked, expiring = hooks.add("Ashfield", receiver.url), hooks.add("short key", receiver.url)
    held = [one["id"] for one in town.get("admin", "/v1/credentials").get_json()["items"] if one["name"] == "Ashfield"]
    with sending(town.ledger):
        hooks.becomes("Ashfield", revoked, "live")
        hooks.becomes("short key", expiring, "live")
        assert town.http.delete(f"/v1/credentials/{held[0]}", headers=town.as_("admin")).status_code == 204
        town.ledger.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]  # a clock that a test sets
        town.delivered("Northfield", "Oakwood")
        within(5, lambda: {one["state"] for one in town.get("admin", "/v1/webhooks").get_json()["items"]}, {"ended"})
    assert receiver.ids == []
    items = town.get("admin", "/v1/webhooks").get_json()["items"]
    assert {one["why"] for one in items} == {"credential-ended"}


def test_a_test_is_sent_beside_the_facts(hooks: Hooks, receiver: Receiver) -> None:
    hook = hooks.add("Northfield", receiver.url)
    with sending(hooks.town.ledger):
        hooks.becomes("Northfield", hook, "live")
        hooks.do("Northfield", hook, "test")
        within(5, lambda: "last_test" in hooks.get("Northfield", hook), True)
    tested = hooks.get("Northfield", hook)
    assert (tested["last_test"]["status"], "test_asked_at" in tested) == (204, False)
    assert receiver.all[-1].event["type"] == TEST


def test_only_what_was_passed_is_sent_again_and_only_what_pauses_is_resumed(hooks: Hooks) -> None:
    town = hooks.town
    hook = hooks.add("Northfield", URL)
    beyond = town.post("Northfield", None, f"/v1/webhooks/{hook}/redeliver?position={town.ledger.head() + 1}")
    assert (beyond.status_code, beyond.get_json()["code"]) == (409, "not-reached")
    assert town.post("Northfield", None, f"/v1/webhooks/{hook}/resume").get_json()["code"] == "not-paused"
    assert town.post("Northfield", None, f"/v1/webhooks/{hook}/skip").get_json()["errors"][0]["code"] == "missing"


def test_deliveries_come_page_by_page(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    hook = hooks.add("Northfield", receiver.url)
    posted = [town.delivered("Northfield", "Ashfield", str(one))["position"] for one in (1, 2, 3)]
    with sending(town.ledger):
        hooks.reaches("Northfield", hook)
    path = f"/v1/webhooks/{hook}/deliveries"
    first = town.get("Northfield", f"{path}?limit=2").get_json()
    second = town.get("Northfield", f"{path}?limit=2&cursor={first['next']}").get_json()
    assert [[one["position"] for one in page["items"]] for page in (first, second)] == [posted[:2], posted[2:]]
    assert (first["has_more"], second["has_more"]) == (True, False)


def test_how_they_are_doing_is_told_in_numbers(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    hook = hooks.add("Northfield", receiver.url)
    hooks.add("Ashfield", URL)
    with sending(town.ledger):
        hooks.becomes("Northfield", hook, "live")
    town.delivered("Northfield", "Ashfield", "1")
    told = webhook_numbers(town.ledger.dsn)
    assert told.by_state == {"challenged": 1, "live": 1, "paused": 0, "ended": 0}
    assert (told.failing, told.lag_facts, told.failing_seconds) == (0, 1, 0)
