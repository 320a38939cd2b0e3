"""The inbox as a whole: its order, its pages and filters, points and changes, and who reads which."""

from __future__ import annotations

from typing import Any

from ledger.domain.fact import Speaker
from projections.daily.clock import Clock
from projections.inbox.answering import Wanted
from projections.views import Asked, open_read_models
from tests.projections.inbox.desks import Desks
from tests.story import person, said


def tick(desks: Desks) -> None:
    """The clock does every day up to today."""
    ledger = desks.village.ledger
    desks.of("Northfield")
    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        Clock(ledger.dsn, ledger.zone, ledger.today, models).run_once()


def auditor(trust: str | None = None) -> Speaker:
    return Speaker(principal=person("auditor").principal, role="auditor", trust=trust, whole_ledger=trust is None)


def test_what_is_late_comes_first_then_what_is_due_first_then_what_waits_longest(desks: Desks) -> None:
    village, ids = desks.village, desks.village.ids
    village.delivered("Northfield", "Ashfield", 1)
    desks.pass_days(20)
    village.delivered("Northfield", "Ashfield", 2)
    soon = desks.agreed("Ashfield", "Northfield", 3, 5)
    village.post(
        "Northfield", "partnership.opening_position_proposed", desks.partnership_id, proposal_id="p1",
        giver_id=ids["Northfield"], receiver_id=ids["Ashfield"], minutes=60, since=desks.day(-99), evidence="The diary",
    )  # fmt: skip
    answer = desks.whole(village.members["Ashfield"])
    assert [(one["kind"], one["minutes"]) for one in answer["items"]] == [
        ("delivery", 60), ("promise", 180), ("delivery", 120), ("opening_position", 60),
    ]  # fmt: skip
    assert answer["items"][1]["action"]["subject"] == soon
    assert answer["counts"] == {"delivery": 2, "promise": 1, "opening_position": 1}


def test_pages_hold_everything_once(desks: Desks) -> None:
    for _ in range(5):
        desks.village.delivered("Northfield", "Ashfield")
    reader, seen, after = desks.village.members["Ashfield"], list[str](), ""
    for more in (True, True, False):
        page = desks.whole(reader, Wanted(after=after, limit=2))
        assert page["has_more"] is more
        seen += [one["action"]["subject"] for one in page["items"]]
        after = page["next"]
    assert len(set(seen)) == len(seen) == 5
    last = desks.whole(reader, Wanted(after=after))
    assert (last["items"], last["next"]) == ([], after)


def test_filters(desks: Desks) -> None:
    village = desks.village
    village.delivered("Northfield", "Ashfield")
    village.delivered("Northfield", "Ashfield", partnership_id=desks.partnership_id)
    village.delivered("Northfield", "Oakwood")
    client = person("client", village.ids["Ashfield"], village.ids["Oakwood"])
    assert len(desks.whole(client)["items"]) == 3
    by_school = desks.whole(client, Wanted(organisation_id=village.ids["Oakwood"]))["items"]
    assert [one["action"]["recordedfor"] for one in by_school] == [village.ids["Oakwood"]]
    assert len(desks.whole(client, Wanted(partnership_id=desks.partnership_id))["items"]) == 1
    assert desks.whole(client, Wanted(kind="promise"))["items"] == []


def test_an_inbox_as_it_was_known(desks: Desks) -> None:
    village = desks.village
    given = village.delivered("Northfield", "Ashfield")
    confirmed = village.post("Ashfield", "support.delivery_confirmed", given.stream_id, delivery_id="d1")
    reader = village.members["Ashfield"]
    before = desks.whole(reader, asked=Asked(known_at=confirmed.position - 1))
    assert [one["kind"] for one in before["items"]] == ["delivery"]
    assert desks.whole(reader)["items"] == []
    assert desks.whole(reader, asked=Asked(known_at=given.position - 1))["items"] == []


def test_points_near_or_open_are_each_partners_own_and_the_coordinators(desks: Desks) -> None:
    village, ids = desks.village, desks.village.ids

    def due(reader: str | Speaker) -> list[dict[str, Any]]:
        return [one for one in desks.of(reader, "withdrawal_point") if one["point_kind"] == "review_due"]

    desks.pass_days(109)
    assert due("Northfield") == []
    desks.pass_days(30)
    assert [one["state"] for one in due("Northfield")] == ["upcoming"]
    desks.pass_days(1)
    [item] = due("Northfield")
    assert (item["state"], item["organisation_id"], item["overdue"]) == ("open", ids["Northfield"], False)
    assert item["action"]["data"]["point_id"] == item["point_id"]
    seen = due(village.coordinator("Hub"))
    assert {one["organisation_id"] for one in seen} == {ids["Northfield"], ids["Ashfield"], ids["Oakwood"]}
    assert {one["may_act"] for one in seen} == {False}
    desks.act("Northfield", item, reason="A good moment")
    assert due("Northfield") == []


def test_changes_are_told_for_thirty_days(desks: Desks) -> None:
    tick(desks)
    for giver, receiver in (("Northfield", "Ashfield"), ("Ashfield", "Northfield"), ("Oakwood", "Ashfield")):
        support_id = desks.agreed(giver, receiver, 2, 1)
        desks.gave(giver, support_id, 2)
        desks.village.post(receiver, "support.delivery_confirmed", support_id, delivery_id="d1")
        desks.village.post(giver, "support.completed", support_id)
    desks.pass_days(1)
    tick(desks)
    changes = desks.of("Northfield", "change")
    assert [(one["change"], one["from"]) for one in changes] == [("health_band", "unknown")]
    assert changes[0]["to"] in {"from_50", "from_92"}
    assert changes[0]["event_ids"]
    looked = desks.of(auditor())
    assert {one["kind"] for one in looked} == {"change"}
    assert {one["change"] for one in looked} == {"health_band", "point"}
    desks.pass_days(30)
    assert [one["change"] for one in desks.of("Northfield", "change") if one["since"] != desks.day()] == []


def test_an_auditor_of_a_trust_reads_the_changes_of_its_own_partnerships(desks: Desks) -> None:
    village = desks.village
    trust, other = village.school("Trust", "trust"), village.school("Other Trust", "trust")
    village.post("Oakwood", "organisation.joined_trust", village.ids["Oakwood"], trust_id=trust, on=desks.day())
    tick(desks)
    desks.pass_days(1)
    tick(desks)
    assert {one["partnership_id"] for one in desks.of(auditor(trust))} == {desks.partnership_id}
    assert desks.of(auditor(other)) == []


def test_a_school_that_left_reads_no_more_of_the_partnership_but_what_still_waits_for_it(desks: Desks) -> None:
    village = desks.village
    village.delivered("Northfield", "Oakwood", partnership_id=desks.partnership_id)
    village.ledger.post(
        village.coordinator("Hub"),
        said(
            "partnership.partner_left", desks.partnership_id, organisation_id=village.ids["Oakwood"], on=desks.day(),
            removed=True, reason="It closed its doors",
        ),
    )  # fmt: skip
    desks.pass_days(40)
    assert {one["kind"] for one in desks.of("Oakwood")} == {"delivery"}
