"""`one_sided`: which way, from which day, and what keeps it from opening."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ledger.domain.terms import DEFAULTS
from projections.withdrawal.one_sided import MADE_UP, side_of
from projections.withdrawal.points import Standing
from tests.projections.giving import Story
from tests.projections.withdrawal.leaving import harbour, of, on, only, point_id, points, terms_of_school
from tests.scenario import coordinator, member, ref


def gave(story: Story, giver: str, receiver: str, minutes: int, day: str, **more: Any) -> None:
    story.at(day).exchanged(giver, receiver, minutes, day, f"{giver} to {receiver} on {day}", "harbour", **more)


def one_way(**more: Any) -> Story:
    """Northfield gives Ashfield fifteen hours in the autumn."""
    story = harbour(**more)
    gave(story, "northfield", "ashfield", 900, "2026-10-12")
    return story


@pytest.mark.parametrize(
    ("standing", "turnover", "side"),
    [
        (900, 900, 1), (-900, 900, -1), (600, 600, 0), (601, 601, 1), (900, 2700, 0), (901, 2700, 1),
        (900, 0, 1), (0, 9000, 0),
    ],
)  # fmt: skip
def test_outside_is_beyond_the_ratio_and_beyond_the_minutes(standing: int, turnover: int, side: int) -> None:
    assert DEFAULTS.tolerance_ratio == Fraction(1, 3)
    assert side_of(Standing(standing, turnover), DEFAULTS) == side


def test_it_opens_sixty_days_after_it_went_outside_and_says_which_way() -> None:
    story = one_way()
    assert of(points(story, "2026-12-10"), "northfield", "one_sided") == []
    found = points(story, "2026-12-11")
    giver, receiver = only(found, "northfield", "one_sided"), only(found, "ashfield", "one_sided")
    assert (giver.opens_on, giver.state, giver.way) == (on("2026-12-11"), "open", "gives")
    assert (receiver.opens_on, receiver.state, receiver.way) == (on("2026-12-11"), "open", "gets")
    assert giver.point_id == point_id("one_sided", "northfield", "2026-12-11")
    assert (giver.closes_on, giver.notice_by, giver.earliest_leaving_on) == (None, None, on("2027-01-10"))
    assert giver.inside == (900, 900)
    assert of(found, "brookside", "one_sided") == []


def test_it_does_not_open_before_the_days_of_grace_are_over() -> None:
    story = harbour()
    gave(story, "northfield", "ashfield", 900, "2026-09-02")
    assert only(points(story, "2026-11-30"), "northfield", "one_sided").opens_on == on("2026-11-30")
    assert of(points(story, "2026-11-29"), "northfield", "one_sided") == []


def test_going_inside_for_a_day_begins_the_window_anew() -> None:
    story = one_way()
    gave(story, "ashfield", "northfield", 600, "2026-11-20")
    gave(story, "northfield", "ashfield", 1200, "2026-11-21")
    assert only(points(story, "2027-02-01"), "northfield", "one_sided").opens_on == on("2027-01-20")


def test_what_came_back_closes_it_on_the_day_before() -> None:
    story = one_way()
    gave(story, "ashfield", "northfield", 600, "2026-12-20")
    point = only(points(story, "2026-12-20"), "northfield", "one_sided")
    assert (point.state, point.closes_on) == ("passed", on("2026-12-19"))
    assert point.opens_on == on("2026-12-11")


def test_a_ring_inside_the_partnership_is_even_for_everybody() -> None:
    story = one_way()
    gave(story, "ashfield", "brookside", 900, "2026-10-13")
    gave(story, "brookside", "northfield", 900, "2026-10-14")
    assert [one for one in points(story, "2027-01-31") if one.kind == "one_sided"] == []


def test_unanswered_support_does_not_count() -> None:
    story = harbour().at("2026-10-12")
    story.gave("northfield", "ashfield", 900, "2026-10-12", "s1", "harbour")
    assert [one for one in points(story, "2027-01-31") if one.kind == "one_sided"] == []


def test_a_reversal_takes_it_out_from_the_day_it_takes_effect() -> None:
    story = one_way()
    story.at("2026-12-20").reversed("northfield", "northfield to ashfield on 2026-10-12", "2026-12-16")
    assert only(points(story, "2026-12-15"), "northfield", "one_sided").state == "open"
    assert only(points(story, "2026-12-20"), "northfield", "one_sided").closes_on == on("2026-12-15")


def test_holidays_do_not_count_in_the_window() -> None:
    story = harbour()
    terms_of_school(story, "northfield")
    gave(story, "northfield", "ashfield", 900, "2026-11-02")
    found = points(story, "2027-02-01")
    # 47 days up to 18 December, 13 from 5 January: the day after has sixty before it
    assert only(found, "northfield", "one_sided").opens_on == on("2027-01-18")
    assert only(found, "ashfield", "one_sided").opens_on == on("2027-01-01")


def test_holidays_do_not_count_in_the_days_of_grace() -> None:
    story = harbour(terms={"grace_days": 120})
    terms_of_school(story, "northfield")
    gave(story, "northfield", "ashfield", 900, "2026-09-02")
    found = points(story, "2027-02-01")
    # 108 days after 1 September by 18 December, 12 from 5 January
    assert only(found, "northfield", "one_sided").opens_on == on("2027-01-16")
    assert only(found, "ashfield", "one_sided").opens_on == on("2026-12-30")


def agreed(story: Story, giver: str, receiver: str, minutes: int, ends_on: str, starts_on: str = "2026-12-01") -> None:
    """Asked and agreed on the first of December."""
    story.at("2026-12-01").given(
        member(receiver), "support.requested", f"asked of {giver}", receiver_id=ref(receiver), category="maths",
        partnership_id=ref("harbour"), need="Help", amount={"quantity": str(minutes), "unit": "minute"},
        open_to={"to": "organisation", "organisation_id": ref(giver)},
    )  # fmt: skip
    story.given(
        member(giver), "support.agreed", f"asked of {giver}", giver_id=ref(giver), receiver_id=ref(receiver),
        partnership_id=ref("harbour"), category="maths", amount={"quantity": str(minutes), "unit": "minute"},
        starts_on=starts_on, ends_on=ends_on, basis="exchange",
    )  # fmt: skip


def test_agreed_support_due_within_56_days_that_would_bring_it_inside_holds_it_back() -> None:
    story = one_way()
    agreed(story, "ashfield", "northfield", 600, "2027-01-31")
    assert of(points(story, "2027-01-31"), "northfield", "one_sided") == []
    point = only(points(story, "2027-02-01"), "northfield", "one_sided")  # its day has passed and nothing came
    assert (point.opens_on, point.state) == (on("2027-02-01"), "open")


def test_agreed_support_further_ahead_holds_nothing_back_until_it_comes_near() -> None:
    story = one_way()
    agreed(story, "ashfield", "northfield", 600, "2027-03-31")
    assert only(points(story, "2026-12-11"), "northfield", "one_sided").state == "open"
    near = only(points(story, "2027-02-03"), "northfield", "one_sided")
    assert (near.opens_on, near.closes_on) == (on("2026-12-11"), on("2027-02-02"))


def test_agreed_support_that_is_too_little_holds_nothing_back() -> None:
    story = one_way()
    agreed(story, "ashfield", "northfield", 120, "2027-01-31")
    assert only(points(story, "2026-12-11"), "northfield", "one_sided").state == "open"


def test_cancelled_support_holds_nothing_back() -> None:
    story = one_way()
    agreed(story, "ashfield", "northfield", 600, "2027-01-31")
    story.at("2026-12-20").given(member("ashfield"), "support.cancelled", "asked of ashfield", reason="No time")
    assert only(points(story, "2026-12-21"), "northfield", "one_sided").opens_on == on("2026-12-20")


def test_nobody_is_one_sided_in_the_direction_that_was_meant() -> None:
    intended = {"kind": "one_way", "from": ref("northfield"), "until": "2027-01-31"}
    story = one_way(terms={"intended": intended})
    assert [one for one in points(story, "2027-01-31") if one.kind == "one_sided"] == []
    assert only(points(story, "2027-02-01"), "northfield", "one_sided").opens_on == on("2027-02-01")


def test_against_the_direction_that_was_meant_it_opens() -> None:
    story = one_way(terms={"intended": {"kind": "one_way", "from": ref("ashfield")}})
    assert only(points(story, "2026-12-11"), "northfield", "one_sided").way == "gives"


def test_a_disposal_moves_what_stands() -> None:
    story = one_way().at("2026-12-20")
    said = {"debtor_id": ref("ashfield"), "creditor_id": ref("northfield"), "minutes": 600, "disposal": "forgiven"}
    story.given(
        member("ashfield"), "partnership.residual_proposed", "harbour", proposal_id="n1", reason="With thanks", **said
    )
    assert only(points(story, "2026-12-20"), "northfield", "one_sided").state == "open"
    story.at("2026-12-22").given(member("northfield"), "partnership.residual_agreed", "harbour", proposal_id="n1")
    assert only(points(story, "2026-12-22"), "northfield", "one_sided").closes_on == on("2026-12-21")


def test_looser_terms_close_it_and_tighter_ones_open_it() -> None:
    story = one_way().at("2026-12-15")
    story.given(
        coordinator("hub"), "partnership.terms_revised", "harbour", terms={"tolerance_minutes": 1200},
        effective_on="2027-01-15", reason="We are a large cluster",
    )  # fmt: skip
    point = only(points(story, "2027-01-15"), "northfield", "one_sided")
    assert (point.opens_on, point.closes_on) == (on("2026-12-11"), on("2027-01-14"))


def elsewhere(story: Story, minutes: int, day: str) -> None:
    """Ashfield gives Northfield something outside any partnership."""
    story.at(day).exchanged("ashfield", "northfield", minutes, day, f"outside on {day}")


def test_it_stays_upcoming_while_support_elsewhere_makes_up_for_it() -> None:
    story = one_way()
    elsewhere(story, 900, "2026-11-01")
    point = only(points(story, "2026-12-15"), "northfield", "one_sided")
    assert (point.state, point.opens_on, point.says, point.event_ids) == ("upcoming", on("2026-12-11"), MADE_UP, ())
    assert point.elsewhere == (0, 1800)
    assert point.point_id == point_id("one_sided", "northfield", "2026-12-11")


def test_it_opens_under_the_same_id_when_that_no_longer_makes_up_for_it() -> None:
    story = one_way()
    elsewhere(story, 600, "2026-11-01")
    gave(story, "northfield", "ashfield", 900, "2027-01-10")
    upcoming, opened = (only(points(story, day), "northfield", "one_sided") for day in ("2027-01-09", "2027-01-10"))
    assert (upcoming.state, opened.state) == ("upcoming", "open")
    assert upcoming.point_id == opened.point_id
    assert opened.opens_on == on("2027-01-10")


def test_once_open_it_stays_open_though_support_elsewhere_makes_up_for_it_later() -> None:
    story = one_way()
    elsewhere(story, 900, "2027-01-05")
    gave(story, "ashfield", "northfield", 600, "2027-01-20")
    told = [only(points(story, day), "northfield", "one_sided") for day in ("2027-01-04", "2027-01-05", "2027-01-20")]
    assert [one.state for one in told] == ["open", "open", "passed"]
    assert {one.opens_on for one in told} == {on("2026-12-11")}
    assert told[-1].closes_on == on("2027-01-19")


def test_what_was_made_up_for_to_the_end_is_no_point_afterwards() -> None:
    story = one_way()
    elsewhere(story, 600, "2026-11-01")
    gave(story, "ashfield", "northfield", 600, "2026-12-20")
    assert of(points(story, "2026-12-19"), "northfield", "one_sided") != []
    assert of(points(story, "2026-12-20"), "northfield", "one_sided") == []
