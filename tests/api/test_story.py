"""The whole way over real sockets: two schools find each other, one helps the other, both see the same."""

from __future__ import annotations

import http.client
import json
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.settings import Settings
from tests.api.calls import event, hours
from tests.api.process import Remote, served, within

TODAY = date.today().isoformat()  # noqa: DTZ011  # the day of the machine's clock, which the served ledger keeps
IN_A_MONTH = (date.today() + timedelta(days=30)).isoformat()  # noqa: DTZ011  # as above


@pytest.fixture
def remote(settings: Settings) -> Iterator[Remote]:
    with served(settings) as remote:
        yield remote


def register(remote: Remote, name: str, kind: str) -> str:
    made = remote.post(remote.admin_key, event("organisation.registered", name=name, kind=kind, identifiers=[]))
    return str(made["stream"]["id"])


def key(remote: Remote, role: str, organisation: str) -> str:
    body = {"name": f"{role} key", "role": role, "organisations": [organisation]}
    answer = remote.call(remote.admin_key, "POST", "/v1/credentials", body)
    assert answer.status == 201, answer
    return str(answer.body["api_key"])


@dataclass(frozen=True)
class Pair:
    """A partnership of two schools under a hub, everybody with a key of their own."""

    remote: Remote
    northfield: str
    ashfield: str
    partnership: str
    coordinator: str
    giver: str
    receiver: str

    def figures(self, who: str, organisation: str) -> tuple[int, int]:
        """What the organisation gave and got."""
        body = self.remote.call(who, "GET", f"/v1/organisations/{organisation}/balance").body
        return body["given_minutes"], body["received_minutes"]


@pytest.fixture
def pair(remote: Remote) -> Pair:
    hub, northfield, ashfield = (
        register(remote, name, kind)
        for name, kind in (("Harbour Hub", "hub"), ("Northfield", "school"), ("Ashfield", "school"))
    )
    coordinator = key(remote, "coordinator", hub)
    giver, receiver = key(remote, "member", northfield), key(remote, "member", ashfield)
    formed = {
        "name": "Harbour Maths",
        "purpose": "Share what works in maths",
        "aims": [{"aim_id": "maths", "statement": "Better maths", "due_on": IN_A_MONTH}],
        "partners": [{"organisation_id": one, "role": "partner"} for one in (northfield, ashfield)],
        "coordinator_id": hub,
        "starts_on": TODAY,
    }
    partnership = remote.post(coordinator, event("partnership.formed", **formed))["stream"]["id"]
    for who, organisation in ((giver, northfield), (receiver, ashfield)):
        accepted = event("partnership.partner_accepted", partnership, organisation_id=organisation, on=TODAY)
        remote.post(who, accepted)
    return Pair(remote, northfield, ashfield, partnership, coordinator, giver, receiver)


def offered_and_agreed(pair: Pair) -> str:
    """Northfield offers Ashfield six hours, which takes them; answers the support's id."""
    shared = {"partnership_id": pair.partnership, "category": "maths", "amount": hours("6")}
    offer: dict[str, Any] = {"giver_id": pair.northfield, "summary": "A specialist for a day", "available_from": TODAY}
    offer |= {"open_to": {"to": "organisation", "organisation_id": pair.ashfield}}
    support = str(pair.remote.post(pair.giver, event("support.offered", **shared, **offer))["stream"]["id"])
    agreed = {"giver_id": pair.northfield, "receiver_id": pair.ashfield, "starts_on": TODAY, "ends_on": IN_A_MONTH}
    agreed |= {"aim_id": "maths", "basis": "exchange"}
    pair.remote.post(pair.receiver, event("support.agreed", support, **shared, **agreed))
    return support


def test_from_two_schools_to_a_balance_that_both_see(pair: Pair) -> None:
    remote, support = pair.remote, offered_and_agreed(pair)
    delivery = {"delivery_id": "d1", "amount": hours("2.5"), "delivered_on": TODAY}
    remote.post(pair.giver, event("support.delivered", support, **delivery))

    confirmation = event("support.delivery_confirmed", support, delivery_id="d1")
    refused = remote.call(pair.giver, "POST", "/v1/events", confirmation)
    assert (refused.status, refused.body["code"]) == (409, "only-the-receiver-confirms")
    remote.post(pair.receiver, confirmation)
    took = within(10, lambda: pair.figures(pair.giver, pair.northfield), (150, 0))
    took += within(10, lambda: pair.figures(pair.receiver, pair.ashfield), (0, 150))
    assert took < 0.25

    outcome = {"aim_id": "maths", "impact": 2, "evidence": "Y4 books", "assessed_on": TODAY}
    last = remote.post(pair.receiver, event("support.outcome_recorded", support, **outcome))
    path = f"/v1/partnerships/{pair.partnership}/balances?min_position={last['position']}"
    answer = remote.call(pair.coordinator, "GET", path).body
    nets = {one["organisation_id"]: one["net_minutes"] for one in answer["members"]}
    assert nets == {pair.northfield: 150, pair.ashfield: -150}
    assert answer["pairs"] == [{"giver_id": pair.northfield, "receiver_id": pair.ashfield, "minutes": 150}]

    [chain] = remote.call(pair.receiver, "GET", f"/v1/support/{support}").body["chain"]
    assert [one["type"].removeprefix("support.") for one in chain["events"]] == [
        "offered", "agreed", "delivered", "delivery_confirmed", "outcome_recorded",
    ]  # fmt: skip
    assert chain["events"][-1]["data"]["evidence"] == "Y4 books"


def test_a_killed_worker_is_replaced_and_nothing_is_lost(remote: Remote) -> None:
    school = register(remote, "Northfield", "school")
    [worker] = children(remote.process.pid)
    os.kill(worker, signal.SIGKILL)
    within(15, lambda: alive(remote), True)
    me = remote.call(remote.admin_key, "GET", f"/v1/organisations/{school}")
    assert (me.status, me.body["name"]) == (200, "Northfield")


def alive(remote: Remote) -> bool:
    try:
        return remote.call(remote.admin_key, "GET", "/healthz").status == 200
    except OSError:
        return False


def children(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children()]


def test_a_body_without_a_length_is_cut_nowhere(remote: Remote) -> None:
    good = json.dumps(event("organisation.registered", name="Oakwood", kind="school", identifiers=[])).encode()
    connection = http.client.HTTPConnection(remote.url.removeprefix("http://"), timeout=10)
    headers = {"Authorization": f"Bearer {remote.admin_key}", "Content-Type": "application/cloudevents+json"}
    parts = [good, b" " * (5_242_880 - len(good)), b'{"more": "than the limit"}']
    connection.request("POST", "/v1/events", iter(parts), headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (413, "body-too-large")
    connection.close()
    connection.request("POST", "/v1/events", iter([good]), headers, encode_chunked=True)
    assert connection.getresponse().status == 201
    connection.close()
