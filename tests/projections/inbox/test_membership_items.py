"""What a partnership and its peer reviews need somebody for, from the real rules."""

from __future__ import annotations

from dataclasses import replace

from tests.projections.inbox.desks import Desks
from tests.story import said

FOUND = {"finding_id": "f1", "area": "Writing", "judgement": "sound"}


def test_an_invitation_waits_for_the_invited(desks: Desks) -> None:
    village = desks.village
    elm = village.school("Elmwood")
    village.ledger.post(
        village.coordinator("Hub"),
        said("partnership.partner_invited", desks.partnership_id, organisation_id=elm, on=desks.day()),
    )
    item = desks.one("Elmwood", "invitation")
    assert (item["partnership_id"], item["counterpart_id"]) == (desks.partnership_id, village.ids["Hub"])
    assert [one["kind"] for one in desks.of("Elmwood")] == ["invitation"]
    desks.act("Elmwood", item)
    assert desks.of("Elmwood", "invitation") == []


def test_what_was_given_before_waits_for_the_other_side(desks: Desks) -> None:
    ids = desks.village.ids
    desks.village.post(
        "Northfield", "partnership.opening_position_proposed", desks.partnership_id, proposal_id="p1",
        giver_id=ids["Northfield"], receiver_id=ids["Ashfield"], minutes=600, since="2026-01-05", evidence="The diary",
    )  # fmt: skip
    assert desks.of("Northfield", "opening_position") == []
    item = desks.one("Ashfield", "opening_position")
    assert (item["minutes"], item["action"]["data"]) == (600, {"proposal_id": "p1"})
    desks.act("Ashfield", item)
    assert desks.of("Ashfield", "opening_position") == []


def test_what_is_passed_on_waits_for_the_creditor_and_the_third(desks: Desks) -> None:
    village, ids = desks.village, desks.village.ids
    village.confirmed("Northfield", "Ashfield", 5, partnership_id=desks.partnership_id)
    village.post(
        "Ashfield", "partnership.residual_proposed", desks.partnership_id, proposal_id="p2", debtor_id=ids["Ashfield"],
        creditor_id=ids["Northfield"], minutes=300, disposal="passed_on", to=ids["Oakwood"], reason="We are leaving",
    )  # fmt: skip
    assert desks.of("Ashfield", "residual") == []
    desks.act("Northfield", desks.one("Northfield", "residual"))
    assert desks.of("Northfield", "residual") == []
    desks.act("Oakwood", desks.one("Oakwood", "residual"))
    assert desks.of("Oakwood", "residual") == []


def test_a_review_is_told_of_when_it_is_due_or_when_others_held_it(desks: Desks) -> None:
    village = desks.village
    desks.pass_days(185)
    assert desks.of("Northfield", "partnership_review") == []
    desks.pass_days(1)
    item = desks.one("Northfield", "partnership_review")
    assert (item["due"], item["overdue"], item["action"]["data"]) == (desks.day(14), False, {})
    desks.act("Northfield", item, decision="continue")
    assert desks.of("Northfield", "partnership_review") == []
    held = desks.one("Ashfield", "partnership_review")
    assert (held["since"], held["due"]) == (desks.day(), desks.day(28))
    desks.act("Ashfield", held, decision="adjust")
    assert desks.of("Ashfield", "partnership_review") == []
    desks.pass_days(29)
    assert desks.of("Oakwood", "partnership_review") == []
    village.ledger.post(
        village.coordinator("Hub"),
        said("partnership.review_scheduled", desks.partnership_id, review_id="spring", due_on=desks.day(10)),
    )
    assert desks.one("Oakwood", "partnership_review")["action"]["data"] == {"review_id": "spring"}


def test_notice_is_told_to_who_runs_it_and_its_day_to_who_gave_it(desks: Desks) -> None:
    village, coordinator = desks.village, desks.village.coordinator("Hub")
    given = village.post(
        "Oakwood", "partnership.notice_given", desks.partnership_id, reason="Too far", leaves_on=desks.day(30)
    )
    item = desks.one(coordinator, "notice")
    assert (item["counterpart_id"], item["due"], item["event_ids"]) == (
        village.ids["Oakwood"], desks.day(30), [given.event_id],
    )  # fmt: skip
    assert desks.of("Oakwood", "leaving") == []
    desks.pass_days(30)
    leaving = desks.one("Oakwood", "leaving")
    desks.act("Oakwood", leaving)
    assert desks.of("Oakwood", "leaving") + desks.of(coordinator, "notice") == []


def test_a_peer_review_waits_for_its_lead_then_the_reviewed_and_the_moderator(desks: Desks) -> None:
    village, ids = desks.village, desks.village.ids
    plan = village.post(
        "Northfield", "review.scheduled", reviewed_id=ids["Northfield"],
        reviewers=[{"organisation_id": ids["Ashfield"]}], lead_id=ids["Ashfield"], moderator_id=ids["Oakwood"],
        on=desks.day(20),
    )  # fmt: skip
    assert desks.of("Ashfield", "peer_review") == []
    desks.pass_days(6)
    item = desks.one("Ashfield", "peer_review")
    assert (item["due"], item["action"]["subject"]) == (desks.day(14), plan.stream_id)
    desks.act("Ashfield", item, findings=[FOUND], on=desks.day())
    answering = desks.one("Northfield", "peer_review_answer")
    lead = replace(village.members["Ashfield"], organisations=frozenset({ids["Northfield"]}))
    assert desks.one(lead, "peer_review_answer")["why_not"] == "needs-another-voice"
    moderating = desks.one("Oakwood", "peer_review_moderation")
    desks.act("Northfield", answering, response="Thank you", findings=[{"finding_id": "f1", "accepted": True}])
    desks.act("Oakwood", moderating, verdict="upheld", comment="As seen")
    assert desks.of("Northfield", "peer_review_answer") + desks.of("Oakwood", "peer_review_moderation") == []


def test_a_successor_finds_what_waited_for_its_predecessor(desks: Desks) -> None:
    village = desks.village
    village.delivered("Northfield", "Ashfield", partnership_id=desks.partnership_id)
    academy = village.school("Ashfield Academy")
    gone = {"on": desks.day(), "reason": "It became an academy"}
    village.ledger.post(village.admin, said("organisation.closed", village.ids["Ashfield"], **gone))
    village.ledger.post(
        village.admin,
        said("organisation.succeeded", village.ids["Ashfield"], successor_id=academy, on=desks.day()),
    )
    item = desks.one("Ashfield Academy", "delivery")
    assert item["organisation_id"] == academy
    desks.act("Ashfield Academy", item)
    assert desks.of("Ashfield Academy", "delivery") == []
