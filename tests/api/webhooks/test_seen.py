"""A webhook sends what its credential may read, not more; and texts and people where they were asked for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.boarding import offered, requested, settled
from tests.api.calls import Town
from tests.api.webhooks.receiver import Receiver, receiving
from tests.api.webhooks.sending import Hooks, sending

ADA = "0190a6b2-0000-7000-8000-00000000ada0"


@pytest.fixture
def hooks(town: Town) -> Hooks:
    return Hooks(settled(town))


def story(town: Town) -> None:
    """What partners, strangers, a trust and people do to each other, with and without texts."""
    cluster, ids = town.ids["Cluster"], town.ids
    introduced = {"person_id": ADA, "organisation_id": ids["Northfield"], "role": "specialist", "name": "Ada L."}
    town.said("Northfield", "person.introduced", ADA, **introduced)
    to_cluster = {"open_to": {"to": "partnership"}, "partnership_id": cluster}
    offered(town, "Northfield", people=[ADA], **to_cluster)
    wanted = requested(town, "Ashfield", **to_cluster)
    requested(town, "Elm")
    town.said("Ashfield", "support.request_withdrawn", wanted, reason="We found somebody")
    town.delivered("Northfield", "Ashfield", "2", partnership_id=cluster)
    town.delivered("Oakwood", "Elm")
    given = town.delivered("Elm", "Northfield")["stream"]["id"]
    town.said("Northfield", "support.delivery_disputed", given, delivery_id="d1", reason="It was an hour")


def everything(town: Town, who: str) -> list[dict[str, Any]]:
    """All that `/v1/events` shows to somebody."""
    return town.get(who, "/v1/events?limit=1000").get_json()["events"]  # type: ignore[no-any-return]  # JSON has no type


READERS = ("Northfield", "Ashfield", "Oakwood", "Elm", "coordinator", "auditor")


def test_a_webhook_sends_exactly_what_its_credential_is_shown(hooks: Hooks) -> None:
    town = hooks.town
    with sending(town.ledger):
        for who in READERS:
            with receiving() as receiver:
                texts = who != "auditor"
                hook = hooks.add(who, receiver.url, after=0, people=True, texts=texts)
                if who == "Northfield":
                    hooks.becomes(who, hook, "live")
                    story(town)  # the others are sent it afterwards
                hooks.reaches(who, hook)
                assert [one.event for one in receiver.facts] == everything(town, who), who
    told = {who: len(everything(town, who)) for who in READERS}
    assert told["Oakwood"] < told["Northfield"] < told["auditor"]


def test_without_a_grant_there_are_no_texts_and_no_people(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    story(town)
    thin = hooks.add("Northfield", receiver.url, after=0)
    with sending(town.ledger), receiving() as other:
        hooks.reaches("Northfield", thin)
        of_people = hooks.add("Northfield", other.url, after=0, people=True)
        hooks.reaches("Northfield", of_people)
    shown = everything(town, "Northfield")
    assert receiver.ids == other.ids == [one["id"] for one in shown]
    sent = b"".join(one.body for one in receiver.facts)
    for private in (b"Ada L.", ADA.encode(), b"It was an hour"):
        assert private not in sent
    by_type = {one.event["type"]: one.event for one in receiver.facts}
    assert by_type["support.delivery_disputed"]["data"]["reason"] == "[withheld]"
    assert "people" not in by_type["support.offered"]["data"]
    assert "subject" not in by_type["person.introduced"]
    assert by_type["person.introduced"]["data"]["role"] == "specialist"
    people = {one.event["type"]: one.event["data"] for one in other.facts}
    assert (people["person.introduced"]["name"], people["support.offered"]["people"]) == ("Ada L.", [ADA])
    assert people["support.delivery_disputed"]["reason"] == "[withheld]"


def test_filters_narrow_it(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    story(town)
    wanted = {"type": ["support.delivered"], "partnership": town.ids["Cluster"]}
    hook = hooks.add("Northfield", receiver.url, after=0, **wanted)
    with sending(town.ledger):
        hooks.reaches("Northfield", hook)
    query = f"/v1/events?type=support.delivered&partnership={town.ids['Cluster']}"
    assert receiver.ids == [one["id"] for one in town.get("Northfield", query).get_json()["events"]]
    assert len(receiver.ids) == 1


def test_who_leaves_is_sent_no_more_of_a_partnership(hooks: Hooks, receiver: Receiver) -> None:
    town = hooks.town
    hook = hooks.add("Ashfield", receiver.url)
    with sending(town.ledger):
        hooks.becomes("Ashfield", hook, "live")
        before = offered(town, "Northfield", open_to={"to": "partnership"}, partnership_id=town.ids["Cluster"])
        hooks.reaches("Ashfield", hook)
        removed = {"organisation_id": town.ids["Ashfield"], "on": "2026-09-01", "removed": True, "reason": "It closed"}
        town.said("coordinator", "partnership.partner_left", town.ids["Cluster"], **removed)
        after = offered(town, "Northfield", open_to={"to": "partnership"}, partnership_id=town.ids["Cluster"])
        hooks.reaches("Ashfield", hook)
    subjects = [one.event["subject"] for one in receiver.facts]
    assert before in subjects
    assert after not in subjects
