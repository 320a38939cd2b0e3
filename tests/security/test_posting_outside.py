"""What is said about things of another cluster: it is answered as if there were none, and naming them opens nothing."""

from __future__ import annotations

import uuid
from typing import Any, Final

import orjson
import pytest

from tests.api.calls import Town, event, hours
from tests.security.asking import SAME
from tests.security.cluster import TODAY, Cluster, happened
from tests.security.crawling import rules
from tests.security.test_nothing_of_others import found_of
from tests.security.world import World, told

WHO: Final = ("Giver", "Receiver", "machine", "hub", "trust", "auditor")


def swapped(body: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    text = orjson.dumps(body).decode()
    for one, other in ids.items():
        text = text.replace(one, other)
    return orjson.loads(text)  # type: ignore[no-any-return]  # JSON has no type


def answered(world: World, who: str, body: dict[str, Any]) -> tuple[int, str]:
    answer = world.town.post(who, body, "/v1/events?dry_run=true")
    return answer.status_code, SAME.sub("id", orjson.dumps(answer.get_json()).decode())


def begins(world: World, body: dict[str, Any]) -> bool:
    """Whether an unused id would begin a stream: whoever chooses one learns whether it is free, as of any key."""
    kinds = {"person.introduced", "support.agreed", "support.delivered"}
    return body["type"] in kinds and "subject" in body


@pytest.mark.parametrize("who", WHO)
def test_what_is_outside_is_told_from_what_is_not_there_in_nothing(world: World, who: str) -> None:
    """Everything that was ever said in Tamar, said again by somebody of Lune: about Tamar's own, and with Lune's
    organisations in their places; then once more with ids that nobody has."""
    tamar, lune = world.clusters
    ours = {id_: world.town.ids[name.replace("Tamar", "Lune")] for name, id_ in tamar.organisations.items()}
    nobodys = {id_: str(uuid.uuid4()) for id_ in tamar.ids.values() if SAME.fullmatch(id_)}
    for _, body in tamar.posts:
        for said in (body, swapped(body, ours)):
            asked = said | {"id": "again", "source": "urn:lune"}
            asked |= {"recordedfor": lune.of("Giver")} if who == "machine" else {}
            outside = answered(world, lune.who(who), asked)
            assert "tamar" not in outside[1].lower()
            if begins(world, asked):
                assert outside[0] in (403, 404, 409), asked
            elif asked["type"] != "practice.adopted":  # whoever was given its id may adopt what is given away
                assert outside == answered(world, lune.who(who), swapped(asked, nobodys)), asked


@pytest.mark.parametrize("who", WHO)
def test_an_offer_to_a_trust_is_not_there_for_others(world: World, who: str) -> None:
    tamar, lune = world.clusters
    interest = {"interest_id": "i9", "organisation_id": lune.of("Giver"), "amount": hours("1")}
    body = event("support.interest_shown", tamar.ids["offer to trust"], **interest)
    body |= {"recordedfor": lune.of("Giver")} if who == "machine" else {}
    assert answered(world, lune.who(who), body)[0] == (403 if who == "auditor" else 404)


@pytest.mark.parametrize("who", ["Giver", "Receiver"])
def test_what_is_answered_or_carried_elsewhere_is_not_there_for_others(world: World, who: str) -> None:
    """An offer that is taken up and a partnership that minutes are carried to, of the other cluster and of nobody."""
    tamar, lune = world.clusters
    sides = {"giver_id": lune.of("Giver"), "receiver_id": lune.of("Receiver"), "category": "maths"}
    days = {"amount": hours("1"), "starts_on": TODAY, "ends_on": TODAY, "basis": "exchange"}
    rest = {"debtor_id": lune.of("Receiver"), "creditor_id": lune.of("Giver"), "minutes": 5, "reason": "At last"}

    def taking(support_id: str) -> dict[str, Any]:
        return event("support.agreed", **sides, **days, answers={"support_id": support_id, "interest_id": "i1"})

    def carrying(to: str) -> dict[str, Any]:
        carried = {"proposal_id": "x9", "disposal": "carried", "to": to}
        return event("partnership.residual_proposed", lune.ids["partnership_id"], **rest, **carried)

    for name, said in (("request", taking), ("offer to trust", taking), ("partnership_id", carrying)):
        theirs, nobodys = (answered(world, lune.who(who), said(id_)) for id_ in (tamar.ids[name], str(uuid.uuid4())))
        assert theirs == nobodys
        assert theirs[0] == 409


def naming(tamar: Cluster, lune: Cluster) -> list[dict[str, Any]]:
    """What Lune's giver may say of its own, naming people and things of Tamar whose ids it came by."""
    sides = {"giver_id": lune.of("Giver"), "receiver_id": lune.of("Receiver"), "category": "maths"}
    people = {"people": [tamar.ids["person_id"]]}
    pool = {"open_to": {"to": "pool"}, "available_from": TODAY, "summary": "Fractions"}
    review = {"reviewed_id": lune.of("Giver"), "lead_id": lune.of("Receiver"), "on": TODAY}
    reviewer = {"organisation_id": lune.of("Receiver")}
    given = {"delivery_id": "d1", "amount": hours("1"), "delivered_on": TODAY}
    offer = {"giver_id": lune.of("Giver"), "category": "maths", "amount": hours("1")}
    return [
        event("support.delivered", **given, **sides, **people),
        event("support.offered", **offer, **pool, **people),
        event("review.scheduled", **review, reviewers=[reviewer], support_id=tamar.ids["support_id"]),
        event("review.scheduled", **review, reviewers=[reviewer], support_id=tamar.ids["kept"]),
        event("review.scheduled", **review, reviewers=[reviewer | {"person_id": tamar.ids["person_id"]}]),
    ]


def test_naming_what_is_anothers_opens_nothing_of_it(town: Town) -> None:
    """The ids come back, because they were said; nothing of what they stand for does."""
    tamar, lune = Cluster(town, "Tamar"), Cluster(town, "Lune")
    for one in (tamar, lune):
        happened(one)
    for body in naming(tamar, lune):
        assert town.post(lune.who("Giver"), body).status_code == 201
    said = {"person_id", "support_id", "kept"}
    world = World(town, (tamar, lune))
    for who in (lune.who("Giver"), lune.who("Receiver"), lune.who("hub"), lune.who("trust")):
        for rule in rules(world):
            if rule.startswith("/v1/") and "<" not in rule:
                assert found_of(tamar, rule, rule, told(world.get(who, rule))) <= said, (who, rule)
        for name, place in (("person_id", "people"), ("support_id", "support"), ("kept", "support")):
            assert world.get(who, f"/v1/{place}/{tamar.ids[name]}").status_code == 404
            assert world.get(who, f"/v1/streams/{tamar.ids[name]}/events").status_code == 404
