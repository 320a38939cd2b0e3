"""The client on a served ledger: posting, reading, listening, and holding receipts against what is stored."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable
from itertools import islice

import pytest

from api.client import (
    Client,
    Event,
    Heartbeat,
    Malformed,
    NotAllowed,
    NotFound,
    Problem,
    Receipt,
    RecordDiffers,
    RefusedByRule,
    event,
)
from tests.api.client.conftest import credential, school
from tests.api.process import Remote

ClientOf = Callable[..., Client]
ABSENT = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def test_it_brings_no_server_no_database_and_no_solver_along() -> None:
    asked = "import sys, api.client; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    ran = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    foreign = set(ran.stdout.split()) - set(sys.stdlib_module_names)
    assert foreign - {"__main__", "_distutils_hack"} == {"api", "ledger"}


def test_one_event_is_posted_once_however_often_it_is_sent(remote: Remote, client_of: ClientOf) -> None:
    admin, northfield = client_of(remote.admin_key), school("Northfield")
    first, again = admin.post(northfield), admin.post(northfield)
    assert (first.replayed, again.replayed) == (False, True)
    assert first == dataclasses.replace(again, replayed=False)
    assert (first.stream_kind, first.version, first.sealed) == ("organisation", 1, False)
    with pytest.raises(Malformed) as other:
        admin.post(dataclasses.replace(northfield, data={**northfield.data, "name": "Southfield"}))
    assert (other.value.code, other.value.status, other.value.retryable) == ("idempotency-mismatch", 422, False)
    with pytest.raises(Malformed) as wrong:
        admin.post(event("organisation.registered", {"nam": "Elm", "kind": "school", "identifiers": []}))
    assert [one.pointer for one in wrong.value.errors] == ["/data/nam", "/data/name"]


def test_a_batch_is_whole_and_each_alone_is_not(remote: Remote, client_of: ClientOf) -> None:
    admin = client_of(remote.admin_key, source="urn:test:registers")
    good, bad = [school(name) for name in ("Elm", "Oak", "Ash")], event("organisation.founded", {})
    with pytest.raises(Malformed) as refused:
        admin.post_batch([*good, bad])
    assert refused.value.problem.index == 3
    admin.check(*good)
    outcomes = list(admin.post_each([good[0], bad, good[1]], size=2))
    assert [type(one) for one in outcomes] == [Receipt, Problem, Receipt]
    receipts = admin.post_batch(good)
    assert [one.replayed for one in receipts] == [True, True, False]
    assert admin.post_batch([]) == []
    with pytest.raises(RefusedByRule) as moved:
        admin.post(event("organisation.details_changed", {"name": "Elms"},
                         subject=receipts[0].stream_id, expected_version=7))  # fmt: skip
    assert (moved.value.code, moved.value.status) == ("version-moved", 412)


def test_lists_are_read_page_after_page_when_it_is_their_turn(remote: Remote, client_of: ClientOf) -> None:
    admin = client_of(remote.admin_key)
    receipts = admin.post_batch([school(f"School {number}") for number in range(7)])
    auditor = client_of(credential(remote, "auditor", ledger=True)["api_key"])
    found = list(auditor.events(type="organisation.registered", limit=3))
    assert [one.data["name"] for one in found] == [f"School {number}" for number in range(7)]
    assert [(one.id, one.position, one.subject) for one in found] == [
        (one.event_id, one.position, one.stream_id) for one in receipts
    ]
    assert [len(page.items) for page in auditor.pages("/v1/events", type=["organisation.registered"], limit=3)] == [
        3, 3, 1,
    ]  # fmt: skip
    names = admin.items("/v1/organisations", limit=2, min_position=receipts[-1].position)
    assert [one["name"] for one in islice(names, 3)] == ["School 0", "School 1", "School 2"]


def test_figures_are_those_of_a_day_and_of_what_was_known(remote: Remote, client_of: ClientOf) -> None:
    admin = client_of(remote.admin_key)
    own, other = (admin.post(school(name)) for name in ("Northfield", "Ashfield"))
    key = credential(remote, "member", organisations=[own.stream_id])["api_key"]
    member = client_of(key)
    given = {"delivery_id": "d1", "amount": {"quantity": "1", "unit": "hour"}, "delivered_on": "2026-09-01"}
    sides = {"giver_id": own.stream_id, "receiver_id": other.stream_id, "category": "maths"}
    receipt = member.post(event("support.delivered", {**given, **sides}))
    balance = f"/v1/organisations/{own.stream_id}/balance"
    now = member.figures(balance, min_position=receipt.position, explain=True)
    assert (now["claimed_minutes"], now["position"] >= receipt.position, bool(now["working"])) == (60, True, True)
    assert member.figures(balance, as_of="2026-08-31")["claimed_minutes"] == 0
    assert member.figures(balance, known_at=receipt.position - 1)["claimed_minutes"] == 0
    assert member.figures(balance, known_at=receipt.recorded_at, from_="2026-09-01")["claimed_minutes"] == 60
    with pytest.raises(NotFound):
        member.figures(f"/v1/organisations/{ABSENT}/balance")


def test_a_receipt_is_held_against_the_stored_bytes(remote: Remote, client_of: ClientOf) -> None:
    receipt = client_of(remote.admin_key).post(school("Northfield"))
    auditor = client_of(credential(remote, "auditor", ledger=True)["api_key"])
    record = auditor.verify(receipt)
    assert (record.position, len(record.leaf_hash)) == (receipt.position, 32)
    assert b'"name":"Northfield"' in record.content
    forged = {**receipt.told, "version": 2, "recorded_at": "2026-01-01T00:00:00.000000Z"}
    with pytest.raises(RecordDiffers) as differs:
        auditor.verify(Receipt.read(forged, replayed=False))
    assert differs.value.code == "record-differs"


def test_a_client_gets_its_tokens_by_itself(remote: Remote, client_of: ClientOf) -> None:
    northfield = client_of(remote.admin_key).post(school("Northfield"))
    made = credential(remote, "client", organisations=[northfield.stream_id])
    machine = client_of(client_id=made["id"], client_secret=made["api_key"])
    assert machine.get("/v1/me")["principal"] == made["principal"]
    narrow = client_of(client_id=made["id"], client_secret=made["api_key"], scopes=["events:read"])
    with pytest.raises(NotAllowed) as beyond:
        narrow.get(f"/v1/organisations/{northfield.stream_id}/balance")
    assert beyond.value.code == "scope-missing"
    with pytest.raises(NotAllowed) as unknown:
        client_of(client_id=made["id"], client_secret=remote.admin_key).get("/v1/me")
    assert (unknown.value.code, unknown.value.status) == ("invalid_client", 401)
    remote.call(remote.admin_key, "DELETE", f"/v1/credentials/{made['id']}")
    with pytest.raises(NotAllowed):
        machine.get("/v1/me")


def test_the_feed_goes_on_from_where_it_was_and_says_so(remote: Remote, client_of: ClientOf) -> None:
    admin = client_of(remote.admin_key)
    made = credential(remote, "auditor", ledger=True)
    auditor = client_of(made["api_key"])
    feed = auditor.stream(heartbeats=True)
    heard = iter(feed)
    assert isinstance(next(heard), Heartbeat)
    receipt = admin.post(school("Northfield"))
    fact = next(one for one in heard if isinstance(one, Event))
    assert (fact.id, fact.position, feed.position) == (receipt.event_id, receipt.position, receipt.position)
    feed.close()
    assert list(heard) == []
    later = admin.post(school("Ashfield"))
    again = auditor.stream(feed.position, type="organisation.registered")
    assert next(iter(again)).position == later.position
    again.close()
    remote.call(remote.admin_key, "DELETE", f"/v1/credentials/{made['id']}")
    with pytest.raises(NotAllowed):
        list(auditor.stream(0))
