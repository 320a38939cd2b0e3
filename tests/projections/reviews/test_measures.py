"""Rigour: held in time, something to develop, no swap, somebody from outside; and what is cosy."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from ledger.domain.calendar.counting import EVERY_DAY, TermCalendar
from projections.reviews.measures import (
    Rigour,
    challenge_of,
    counts_for,
    is_cosy,
    is_overdue,
    latest_held,
    mean_of,
    swaps_of,
)
from projections.reviews.records import PeerReview
from tests.projections.reviews.notes import STRENGTH, TO_DEVELOP, held, planned, record
from tests.scenario import Scenario, member, ref

TODAY = date(2026, 12, 31)
HALF_TERM = TermCalendar({2026: tuple(range(date(2026, 9, 1).toordinal(), date(2026, 9, 16).toordinal()))})


def schools() -> Scenario:
    return Scenario().schools("northfield", "oakwood", "ashfield", "elmwood")


def inside(review: PeerReview) -> bool:
    return False


def rigour(
    story: Scenario, name: str, *others: str, calendar: TermCalendar = EVERY_DAY, on: date = TODAY
) -> Rigour | None:
    reviews = [record(story, one) for one in (name, *others)]
    return challenge_of(reviews[0], reviews, inside, calendar=calendar, as_of=on)


def test_a_review_that_asked_much() -> None:
    story = planned(schools(), "northfield", "oakwood", on="2026-09-14", moderator_id=ref("ashfield"))
    story.at("2026-09-28").given(
        member("oakwood"), "review.completed", "northfield by oakwood", findings=[TO_DEVELOP], on="2026-09-28"
    )
    before = rigour(story, "northfield by oakwood")
    assert before == Rigour(held_in_time=True, has_to_develop=True, no_swap=True, from_outside=False)
    story.at("2026-10-02").given(
        member("ashfield"), "review.moderated", "northfield by oakwood", verdict="not_upheld", comment="Little evidence"
    )
    after = rigour(story, "northfield by oakwood")
    assert after == Rigour(held_in_time=True, has_to_develop=True, no_swap=True, from_outside=True)
    assert mean_of([before, after]) == Fraction(7, 8)
    assert rigour(story, "northfield by oakwood", on=date(2026, 10, 1)) == before


def test_fourteen_days_late_is_in_time_and_fifteen_are_not_unless_days_do_not_count() -> None:
    def late(on: str) -> Scenario:
        story = planned(schools(), "northfield", "oakwood", on="2026-09-14")
        return story.at(on).given(
            member("oakwood"), "review.completed", "northfield by oakwood", findings=[STRENGTH], on=on
        )

    in_time, too_late = (
        rigour(late("2026-09-28"), "northfield by oakwood"),
        rigour(late("2026-09-29"), "northfield by oakwood"),
    )
    assert in_time is not None
    assert too_late is not None
    assert (in_time.held_in_time, too_late.held_in_time) == (True, False)
    on_holiday = rigour(late("2026-09-29"), "northfield by oakwood", calendar=HALF_TERM)
    assert on_holiday is not None
    assert on_holiday.held_in_time


def test_a_review_that_was_never_held_counts_once_it_is_overdue() -> None:
    story = planned(schools(), "northfield", "oakwood", on="2026-09-14")
    review = record(story, "northfield by oakwood")
    assert rigour(story, "northfield by oakwood", on=date(2026, 9, 28)) is None
    assert rigour(story, "northfield by oakwood", on=date(2026, 9, 29)) == Rigour(False, False, True, False)
    assert not is_overdue(review, EVERY_DAY, date(2026, 9, 28))
    assert is_overdue(review, EVERY_DAY, date(2026, 9, 29))
    assert not is_overdue(review, HALF_TERM, date(2026, 12, 31))


def test_a_plan_that_was_taken_back_says_nothing() -> None:
    story = planned(schools(), "northfield", "oakwood", on="2026-09-14")
    event_id = story.facts[-1].event_id
    story.given(member("northfield"), "review.entry_withdrawn", "northfield by oakwood", event_id=event_id, reason="No")
    assert rigour(story, "northfield by oakwood") is None


def test_a_swap_is_told_within_a_year_either_side() -> None:
    story = held(schools(), "northfield", "oakwood", "2026-09-14")
    held(story, "oakwood", "northfield", "2027-09-14")
    there, back = record(story, "northfield by oakwood"), record(story, "oakwood by northfield")
    assert swaps_of(there, [there, back], date(2027, 9, 13)) == []
    assert swaps_of(there, [there, back], date(2027, 9, 14)) == [back]
    assert swaps_of(back, [there, back], date(2027, 9, 14)) == [there]
    later = held(held(schools(), "northfield", "oakwood", "2026-09-14"), "oakwood", "northfield", "2027-09-15")
    pair = [record(later, "northfield by oakwood"), record(later, "oakwood by northfield")]
    assert swaps_of(pair[0], pair, date(2027, 12, 31)) == []


def test_a_review_by_two_is_a_swap_when_one_of_them_was_reviewed() -> None:
    story = planned(schools(), "northfield", "oakwood", "ashfield", on="2026-09-14")
    held(story, "ashfield", "northfield", "2026-09-20")
    both, back = record(story, "northfield by oakwood"), record(story, "ashfield by northfield")
    assert swaps_of(both, [both, back], TODAY) == [back]
    other = record(held(schools(), "elmwood", "northfield", "2026-09-20"), "elmwood by northfield")
    assert swaps_of(both, [both, other], TODAY) == []


def test_two_swaps_that_found_nothing_are_cosy() -> None:
    soft = Rigour(held_in_time=True, has_to_develop=False, no_swap=False, from_outside=False)
    assert is_cosy([soft, soft])
    assert is_cosy([soft, soft._replace(held_in_time=False)])
    assert not is_cosy([soft])
    assert not is_cosy([])
    for one in ("has_to_develop", "no_swap", "from_outside"):
        assert not is_cosy([soft, soft._replace(**{one: True})])
        assert not is_cosy([soft._replace(**{one: True}), soft])


def test_the_latest_two_that_were_held() -> None:
    story = held(schools(), "northfield", "oakwood", "2026-09-14")
    held(story, "oakwood", "northfield", "2026-09-21")
    held(story, "ashfield", "oakwood", "2026-10-05")
    planned(story, "elmwood", "oakwood", on="2026-12-01")
    names = ("northfield by oakwood", "oakwood by northfield", "ashfield by oakwood", "elmwood by oakwood")
    reviews = [record(story, one) for one in names]
    assert latest_held(reviews, TODAY) == reviews[1:3]
    assert latest_held(reviews, date(2026, 9, 30)) == reviews[:2]
    assert latest_held(reviews, date(2026, 9, 20)) == reviews[:1]


def test_which_reviews_count_for_a_partnership() -> None:
    partners = {ref("northfield"), ref("oakwood")}

    def were_partners(organisations: Collection[str], day: date) -> bool:
        return day >= date(2026, 9, 14) and not partners.isdisjoint(organisations)

    story = held(schools(), "northfield", "oakwood", "2026-09-14")
    planned(story, "northfield", "elmwood", on="2026-09-20", name="by one from outside")
    planned(story, "northfield", "elmwood", "oakwood", on="2026-09-20", name="led from outside")
    names = ("northfield by oakwood", "by one from outside", "led from outside")
    assert [counts_for(record(story, one), "p", were_partners) for one in names] == [True, False, True]
    early = record(held(schools(), "northfield", "oakwood", "2026-09-13"), "northfield by oakwood")
    assert not counts_for(early, "p", were_partners)


def test_without_a_review_there_is_no_mean() -> None:
    assert mean_of([]) is None
