"""Points of states: aims met, disputes that wait, somebody left, a school that changed, a partner that stayed away."""

from __future__ import annotations

from typing import Any

from tests.projections.giving import Story
from tests.projections.withdrawal.leaving import (
    harbour,
    left,
    noticed,
    of,
    on,
    only,
    point_id,
    points,
    reviewed,
)
from tests.scenario import ADMIN, coordinator, member, ref


def met(story: Story, day: str, aim_id: str = "maths") -> None:
    said = {"aim_id": aim_id, "evidence": "The results are in", "on": day}
    story.at(day).given(coordinator("hub"), "partnership.aim_met", "harbour", **said)


def test_aims_met_are_a_good_ending_until_a_new_one_is_agreed() -> None:
    story = harbour()
    assert of(points(story, "2026-12-31"), "northfield", "purpose_met") == []
    met(story, "2027-01-10")
    point = only(points(story, "2027-01-20"), "brookside", "purpose_met")
    assert (point.opens_on, point.closes_on, point.state) == (on("2027-01-10"), None, "open")
    assert point.point_id == point_id("purpose_met", "brookside", "2027-01-10")
    new = {"aim_id": "reading", "statement": "Read more", "due_on": "2027-12-01", "on": "2027-02-01"}
    story.at("2027-02-01").given(coordinator("hub"), "partnership.aim_added", "harbour", **new)
    assert only(points(story, "2027-02-01"), "brookside", "purpose_met").closes_on == on("2027-01-31")


def test_an_aim_that_was_dropped_does_not_stand_in_the_way() -> None:
    story = harbour().at("2026-10-01")
    new = {"aim_id": "reading", "statement": "Read more", "due_on": "2027-12-01", "on": "2026-10-01"}
    story.given(coordinator("hub"), "partnership.aim_added", "harbour", **new)
    met(story, "2027-01-10")
    assert of(points(story, "2027-01-11"), "northfield", "purpose_met") == []
    dropped = {"aim_id": "reading", "evidence": "Nobody had time", "on": "2027-01-12"}
    story.at("2027-01-12").given(coordinator("hub"), "partnership.aim_dropped", "harbour", **dropped)
    assert only(points(story, "2027-01-12"), "northfield", "purpose_met").opens_on == on("2027-01-12")


def disputed(story: Story, support: str, recorded: str, giver: str = "northfield", receiver: str = "ashfield") -> None:
    """A delivery of September, queried on a later day."""
    story.at("2026-09-20").gave(giver, receiver, 120, "2026-09-18", support, "harbour")
    story.at(recorded).given(
        member(receiver), "support.delivery_disputed", support, delivery_id="d1", reason="One hour, not two"
    )


def test_a_dispute_opens_a_point_for_its_two_parties_on_the_31st_day() -> None:
    story = harbour()
    disputed(story, "s1", "2026-10-01")
    assert [one for one in points(story, "2026-10-31") if one.kind == "disputes_open"] == []
    found = [one for one in points(story, "2026-11-01") if one.kind == "disputes_open"]
    assert {one.organisation_id for one in found} == {ref("northfield"), ref("ashfield")}
    point = only(points(story, "2026-11-01"), "ashfield", "disputes_open")
    assert (point.opens_on, point.key, point.state) == (on("2026-11-01"), "d1", "open")


def test_it_closes_on_the_day_before_it_is_settled_confirmed_or_taken_back() -> None:
    settled, confirmed, reversed_ = harbour(), harbour(), harbour()
    for story in (settled, confirmed, reversed_):
        disputed(story, "s1", "2026-10-01")
        story.at("2026-12-05")
    settled.settled("northfield", "ashfield", 60, "s1")
    confirmed.confirmed("ashfield", "s1")
    reversed_.reversed("northfield", "s1", "2026-09-18")
    for story in (settled, confirmed, reversed_):
        point = only(points(story, "2026-12-31"), "northfield", "disputes_open")
        assert (point.state, point.opens_on, point.closes_on) == ("passed", on("2026-11-01"), on("2026-12-04"))


def test_a_dispute_settled_in_time_is_no_point() -> None:
    story = harbour()
    disputed(story, "s1", "2026-10-01")
    story.at("2026-11-01").settled("northfield", "ashfield", 60, "s1")
    assert [one for one in points(story, "2026-12-31") if one.kind == "disputes_open"] == []


def test_deliveries_of_two_supports_with_the_same_id_have_points_of_their_own() -> None:
    story = harbour()
    disputed(story, "s1", "2026-10-01")
    disputed(story, "s2", "2026-10-05", receiver="brookside")
    found = of(points(story, "2026-12-01"), "northfield", "disputes_open")
    assert [one.key for one in found] == ["d1", "d1:2"]


def introduced(story: Story, person: str, organisation: str) -> None:
    story.given(
        member(organisation), "person.introduced", person, person_id=ref(person), organisation_id=ref(organisation),
        role="specialist", name="A. Name",
    )  # fmt: skip


def gone(story: Story, person: str, organisation: str, day: str) -> None:
    story.at(day).given(member(organisation), "person.role_ended", person, person_id=ref(person), on=day)


def came(story: Story, minutes: int, day: str, *people: str) -> None:
    named: dict[str, Any] = {"people": [ref(one) for one in people]} if people else {}
    story.at(day).exchanged("northfield", "ashfield", minutes, day, f"visit of {day}", "harbour", **named)


def test_a_person_who_gave_most_leaving_opens_a_point_until_the_next_review() -> None:
    story = harbour()
    for person in ("ann", "ben"):
        introduced(story, person, "northfield")
    came(story, 300, "2026-09-20", "ann")
    came(story, 120, "2026-10-04", "ann", "ben")
    came(story, 900, "2026-10-06")
    gone(story, "ben", "northfield", "2026-11-01")
    gone(story, "ann", "northfield", "2026-11-02")
    reviewed(story, "2026-11-25")
    [point] = [one for one in points(story, "2026-11-25") if one.kind == "key_person_left"]
    assert (point.organisation_id, point.key) == (ref("northfield"), ref("ann"))
    assert (point.opens_on, point.closes_on) == (on("2026-11-02"), on("2026-11-24"))


def test_exactly_half_is_not_more_than_half() -> None:
    story = harbour()
    for person in ("ann", "ben"):
        introduced(story, person, "northfield")
    came(story, 300, "2026-09-20", "ann", "ben")
    gone(story, "ann", "northfield", "2026-11-02")
    assert [one for one in points(story, "2026-12-01") if one.kind == "key_person_left"] == []


def test_a_school_that_changes_trust_has_a_point_until_the_next_review() -> None:
    story = harbour().at("2026-10-05")
    story.given(ADMIN, "organisation.registered", "anchor", name="Anchor", kind="trust", identifiers=[])
    joined = {"trust_id": ref("anchor"), "on": "2026-10-05"}
    story.given(ADMIN, "organisation.joined_trust", "ashfield", **joined)
    point = only(points(story, "2026-11-01"), "ashfield", "structural")
    assert (point.key, point.state, point.opens_on) == ("2026-10-05", "open", on("2026-10-05"))
    assert of(points(story, "2026-11-01"), "northfield", "structural") == []
    reviewed(story, "2026-11-25")
    assert only(points(story, "2026-11-25"), "ashfield", "structural").closes_on == on("2026-11-24")


def test_a_trust_joined_long_before_is_no_news() -> None:
    story = Story()
    story.schools("northfield", "ashfield", "brookside", trust="anchor", since="2020-09-01")
    story.partnership("harbour", "hub", "northfield", "ashfield", "brookside")
    assert [one for one in points(story, "2026-12-01") if one.kind == "structural"] == []


def met_up(story: Story, day: str, *absent: str) -> None:
    everybody = ("northfield", "ashfield", "brookside")
    present = [ref(one) for one in everybody if one not in absent]
    story.at(day).given(
        coordinator("hub"), "partnership.meeting_held", "harbour", on=day, present=present,
        absent=[ref(one) for one in absent],
    )  # fmt: skip


def test_two_meetings_missed_in_a_row_are_quiet_until_the_next_one_attended() -> None:
    story = harbour()
    met_up(story, "2026-09-15", "ashfield", "brookside")
    met_up(story, "2026-10-15", "ashfield")
    met_up(story, "2026-11-12", "ashfield")
    point = only(points(story, "2026-11-20"), "ashfield", "quiet")
    assert (point.opens_on, point.state, len(point.event_ids)) == (on("2026-10-15"), "open", 3)
    assert of(points(story, "2026-11-20"), "brookside", "quiet") == []
    met_up(story, "2026-12-01")
    assert only(points(story, "2026-12-01"), "ashfield", "quiet").closes_on == on("2026-11-30")


def test_no_confirmed_support_for_three_times_the_usual_is_quiet_for_everybody() -> None:
    story = harbour()
    story.at("2026-09-10").exchanged("northfield", "ashfield", 60, "2026-09-10", "s1", "harbour")
    assert of(points(story, "2027-01-22"), "brookside", "quiet") == []
    found = points(story, "2027-01-23")  # 135 days later
    for one in ("northfield", "ashfield", "brookside"):
        assert only(found, one, "quiet").opens_on == on("2027-01-23")
    story.at("2027-02-10").exchanged("northfield", "ashfield", 60, "2027-02-08", "s2", "harbour")
    assert only(points(story, "2027-02-10"), "brookside", "quiet").closes_on == on("2027-02-07")


def test_what_counts_for_nothing_breaks_no_silence() -> None:
    story = harbour().at("2026-09-10")
    story.exchanged("northfield", "ashfield", 60, "2026-09-10", "s1", "harbour")
    story.at("2027-02-01").exchanged("northfield", "ashfield", 60, "2027-02-01", "s2", "harbour")
    story.at("2027-02-03").given(
        member("ashfield"), "support.confirmation_withdrawn", "s2", delivery_id="d1", reason="Another school"
    )
    point = only(points(story, "2027-03-01"), "ashfield", "quiet")
    assert (point.opens_on, point.closes_on, point.state) == (on("2027-01-23"), None, "open")


def test_where_nothing_ever_came_it_is_quiet_after_three_times_the_limit() -> None:
    found = points(harbour(), "2027-03-01")
    assert only(found, "northfield", "quiet").opens_on == on("2027-01-14")


def test_a_partner_that_leaves_takes_its_points_with_it() -> None:
    story = harbour()
    met(story, "2026-10-01")
    noticed(story, "ashfield", "2026-10-10", "2026-11-09")
    left(story, "ashfield", "2026-11-09")
    found = points(story, "2026-12-01")
    assert only(found, "ashfield", "purpose_met").closes_on == on("2026-11-08")
    assert only(found, "northfield", "purpose_met").closes_on is None
