"""What support needs somebody for, from the real rules: each item leads to an event that the ledger admits."""

from __future__ import annotations

import uuid
from dataclasses import replace

from tests.projections.inbox.desks import Desks, hours


def test_what_a_giver_recorded_waits_for_its_receiver(desks: Desks) -> None:
    given = desks.village.delivered("Northfield", "Ashfield", 2, partnership_id=desks.partnership_id)
    item = desks.one("Ashfield", "delivery")
    assert (item["minutes"], item["counterpart_id"]) == (120, desks.village.ids["Northfield"])
    assert (item["since"], item["due"], item["overdue"]) == (desks.day(), desks.day(14), False)
    assert item["action"] == {
        "type": "support.delivery_confirmed",
        "subject": given.stream_id,
        "recordedfor": desks.village.ids["Ashfield"],
        "data": {"delivery_id": "d1"},
    }
    assert (item["may_act"], item["event_ids"]) == (True, [given.event_id])
    assert desks.of("Northfield", "delivery") == []
    desks.pass_days(15)
    assert desks.one("Ashfield", "delivery")["overdue"] is True
    desks.act("Ashfield", item)
    assert desks.of("Ashfield", "delivery") == []


def test_a_confirmation_that_was_withdrawn_waits_again(desks: Desks) -> None:
    support_id = desks.agreed("Northfield", "Ashfield", 3, 60)
    desks.gave("Northfield", support_id)
    desks.act("Ashfield", desks.one("Ashfield", "delivery"))
    desks.village.post("Northfield", "support.completed", support_id)
    assert desks.of("Ashfield", "delivery") == []
    desks.pass_days(3)
    desks.village.post("Ashfield", "support.confirmation_withdrawn", support_id, delivery_id="d1", reason="Mistaken")
    assert desks.one("Ashfield", "delivery")["due"] == desks.day(14)


def test_who_recorded_it_or_is_named_in_it_sees_it_marked(desks: Desks) -> None:
    village = desks.village
    both = replace(village.members["Northfield"], organisations=frozenset({village.ids["Ashfield"]}))
    village.delivered("Northfield", "Ashfield")
    item = desks.one(both, "delivery")
    assert (item["may_act"], item["why_not"]) == (False, "needs-another-voice")
    assert item["action"]["type"] == "support.delivery_confirmed"
    ada = str(uuid.uuid4())
    village.post(
        "Northfield", "person.introduced", ada, person_id=ada, organisation_id=village.ids["Northfield"],
        role="specialist", name="Ada Fielding",
    )  # fmt: skip
    village.delivered("Northfield", "Oakwood", people=[ada])
    assert desks.one("Oakwood", "delivery")["may_act"] is True
    herself = replace(village.members["Oakwood"], person_id=ada)
    assert desks.one(herself, "delivery")["why_not"] == "needs-another-voice"


def test_who_runs_the_partnership_sees_what_nobody_answers_and_attests_it_in_time(desks: Desks) -> None:
    coordinator = desks.village.coordinator("Hub")
    desks.village.delivered("Northfield", "Ashfield", partnership_id=desks.partnership_id)
    desks.village.delivered("Northfield", "Ashfield")
    early = desks.one(coordinator, "unanswered")
    assert (early.get("action"), early["why_not"]) == (None, "only-the-receiver-confirms")
    desks.pass_days(28)
    assert "action" not in desks.one(coordinator, "unanswered")
    desks.pass_days(1)
    late = desks.one(coordinator, "unanswered")
    assert (late["action"]["type"], late["overdue"]) == ("support.delivery_attested", True)
    desks.act(coordinator, late, evidence="The register of the day")
    assert "action" not in desks.one(coordinator, "unanswered")
    assert len(desks.of("Ashfield", "delivery")) == 2


def test_a_query_waits_for_both_until_one_proposes_what_to_count(desks: Desks) -> None:
    village = desks.village
    given = village.delivered("Northfield", "Ashfield", 4, partnership_id=desks.partnership_id)
    village.post("Ashfield", "support.delivery_disputed", given.stream_id, delivery_id="d1", reason="It was shorter")
    for name in ("Northfield", "Ashfield"):
        assert desks.one(name, "dispute")["minutes"] == 240
    assert desks.one(village.coordinator("Hub"), "dispute")["why_not"] == "speaks-for-itself"
    item = desks.one("Northfield", "dispute")
    desks.act("Northfield", item, settlement_id="s1", amount=hours(3), reason="It was three")
    assert desks.of("Northfield", "dispute") == []
    settlement = desks.one("Ashfield", "settlement")
    assert (settlement["minutes"], settlement["action"]["data"]) == (180, {"settlement_id": "s1"})
    assert desks.of("Northfield", "settlement") == []
    desks.act("Ashfield", settlement)
    assert desks.of("Ashfield", "settlement") == []


def test_a_change_that_one_side_proposes_waits_for_the_other(desks: Desks) -> None:
    support_id = desks.agreed("Northfield", "Ashfield", 6, 60)
    desks.village.post(
        "Ashfield", "support.variation_proposed", support_id, variation_id="v1", amount=hours(9), reason="More classes"
    )
    item = desks.one("Northfield", "variation")
    assert (item["minutes"], item["counterpart_id"]) == (540, desks.village.ids["Ashfield"])
    assert desks.of("Ashfield", "variation") == []
    desks.act("Northfield", item)
    assert desks.of("Northfield", "variation") == []


def test_what_was_promised_is_told_of_two_weeks_before_its_last_day(desks: Desks) -> None:
    support_id = desks.agreed("Northfield", "Ashfield", 6, 60)
    desks.gave("Northfield", support_id, 2)
    desks.pass_days(45)
    assert desks.of("Northfield", "promise") == []
    desks.pass_days(1)
    item = desks.one("Northfield", "promise")
    assert (item["minutes"], item["due"], item["overdue"]) == (240, desks.day(14), False)
    assert desks.of("Ashfield", "promise") == []
    desks.act("Northfield", item, delivery_id="d2", amount=hours(4), delivered_on=desks.day())
    assert desks.of("Northfield", "promise") == []


def test_an_offer_or_a_request_to_one_alone_waits_for_it(desks: Desks) -> None:
    ids, to_ashfield = desks.village.ids, {"to": "organisation", "organisation_id": desks.village.ids["Ashfield"]}
    desks.village.post(
        "Northfield", "support.offered", giver_id=ids["Northfield"], category="maths", summary="Planning",
        amount=hours(2), open_to=to_ashfield, available_from=desks.day(), available_until=desks.day(20),
    )  # fmt: skip
    desks.village.post(
        "Oakwood", "support.requested", receiver_id=ids["Oakwood"], category="send", need="Help with a plan",
        amount=hours(3), open_to=to_ashfield, needed_by=desks.day(30),
    )  # fmt: skip
    offer, request = desks.one("Ashfield", "offer"), desks.one("Ashfield", "request")
    assert (offer["due"], request["due"]) == (desks.day(20), desks.day(30))
    days = {"starts_on": desks.day(), "ends_on": desks.day(10), "basis": "exchange"}
    desks.act("Ashfield", offer, amount=hours(2), **days)
    desks.act("Ashfield", request, amount=hours(3), **days)
    assert desks.of("Ashfield", "offer") + desks.of("Ashfield", "request") == []


def test_interest_waits_for_the_maker_until_it_is_taken_or_the_offer_runs_out(desks: Desks) -> None:
    ids = desks.village.ids
    offered = desks.village.post(
        "Northfield", "support.offered", giver_id=ids["Northfield"], category="maths", summary="Planning",
        amount=hours(8), open_to={"to": "pool"}, available_from=desks.day(), available_until=desks.day(20),
        basis="gift",
    )  # fmt: skip
    for name, interest in (("Ashfield", "i1"), ("Oakwood", "i2")):
        desks.village.post(
            name, "support.interest_shown", offered.stream_id, interest_id=interest, organisation_id=ids[name],
            amount=hours(3),
        )  # fmt: skip
    first, second = desks.of("Northfield", "interest")
    assert {first["counterpart_id"], second["counterpart_id"]} == {ids["Ashfield"], ids["Oakwood"]}
    assert desks.of("Ashfield", "interest") == []
    desks.act("Northfield", first, amount=hours(3), starts_on=desks.day(), ends_on=desks.day(9))
    assert [one["counterpart_id"] for one in desks.of("Northfield", "interest")] == [second["counterpart_id"]]
    desks.pass_days(21)
    assert desks.of("Northfield", "interest") == []
