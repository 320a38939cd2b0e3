"""Partners review their partnership together: a scheduled review, one just held, or the next that is due."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    DayOutOfRange,
    NotAPartner,
    RoleForbidden,
    SpeaksForItself,
    UnknownReference,
    WrongVoice,
)
from ledger.errors import ClaimMalformed
from tests.scenario import Scenario, coordinator, member, ref, refused

RATINGS = {"purpose": 4, "trust": 5, "reciprocity": 2, "challenge": 3, "impact": 4}


def running(**terms: Any) -> Scenario:
    """Begun on 1 September 2026, with a review every 90 days: the first is due on 30 November."""
    return Scenario().schools("ash", "oak", "elm").partnership("cluster", "hub", "ash", "oak", terms=terms)


def schedule(story: Scenario, review_id: str, due_on: str) -> Scenario:
    return story.given(
        coordinator("hub"), "partnership.review_scheduled", "cluster", review_id=review_id, due_on=due_on
    )


def review(story: Scenario, name: str, **more: Any) -> Scenario:
    return story.given(member(name), "partnership.reviewed", "cluster", **{"decision": "continue"} | more)


def withdraw(story: Scenario, who: Any, event_id: str) -> Scenario:
    return story.given(who, "partnership.entry_withdrawn", "cluster", event_id=event_id, reason="By mistake")


def answers(story: Scenario) -> dict[str, list[str]]:
    """Who has answered which review."""
    names = {ref(name): name for name in ("ash", "oak", "elm")}
    reviews = story.states["partnership", ref("cluster")].reviews
    return {review_id: [names[one] for one in found.answers] for review_id, found in reviews.items()}


def test_a_partner_answers_the_scheduled_review_it_names() -> None:
    story = schedule(schedule(running(), "autumn", "2026-11-20"), "spring", "2027-03-20")
    story = review(story.at("2026-11-20"), "ash", review_id="spring", ratings=RATINGS, decision="adjust")
    held = story.states["partnership", ref("cluster")].reviews["spring"]
    answer = held.answers[ref("ash")]
    assert (answer.decision, answer.ratings.trust) == ("adjust", 5)
    assert held.held_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert answers(story) == {"autumn": [], "spring": ["ash"]}


def test_the_instrument_and_its_items_go_together() -> None:
    review(running(), "ash", instrument="vichealth-35", items=[3] * 35)
    for half in ({"instrument": "vichealth-35"}, {"items": [3] * 35}):
        with refused(ClaimMalformed):
            review(running(), "ash", **half)


def test_each_partner_answers_a_review_once() -> None:
    story = review(review(schedule(running(), "autumn", "2026-11-20"), "ash", review_id="autumn"), "oak")
    with refused(AlreadySaid, id="autumn"):
        review(story, "oak", review_id="autumn")


def test_a_review_that_nobody_scheduled_is_not_named() -> None:
    with refused(UnknownReference, id="winter"):
        review(running(), "ash", review_id="winter")


def test_without_a_name_the_earliest_scheduled_review_is_held() -> None:
    story = schedule(schedule(running(), "spring", "2027-03-20"), "autumn", "2026-11-20")
    story = review(story.at("2026-11-18"), "ash")
    assert story.facts[-1].data.review_id == "autumn"


def test_without_any_schedule_the_one_that_is_due_is_held_and_bears_its_day() -> None:
    story = review(running().at("2026-11-28"), "ash")
    state = story.states["partnership", ref("cluster")]
    assert story.facts[-1].data.review_id == "2026-11-30"
    assert state.reviews["2026-11-30"].due_on == date(2026, 11, 30)


def test_the_next_is_due_so_many_days_after_the_last_was_held() -> None:
    story = review(running().at("2026-11-28"), "ash")
    assert review(story.at("2027-02-20"), "oak").facts[-1].data.review_id == "2027-02-26"


def test_a_partner_joins_what_was_held_in_the_28_days_before() -> None:
    story = schedule(review(running().at("2026-11-02"), "ash"), "spring", "2027-03-20")
    assert answers(review(story.at("2026-11-30"), "oak")) == {"2026-11-30": ["ash", "oak"], "spring": []}


def test_after_28_days_a_partner_holds_the_next_one() -> None:
    story = schedule(review(running().at("2026-11-02"), "ash"), "spring", "2027-03-20")
    assert answers(review(story.at("2026-12-01"), "oak")) == {"2026-11-30": ["ash"], "spring": ["oak"]}


def test_of_two_held_lately_the_later_is_joined_first() -> None:
    story = schedule(schedule(running(), "first", "2026-11-02"), "second", "2026-11-10")
    story = review(story.at("2026-11-02"), "ash", review_id="first")
    story = review(story.at("2026-11-10"), "ash", review_id="second").at("2026-11-12")
    story = review(review(story, "oak"), "oak")
    assert [fact.data.review_id for fact in story.facts[-2:]] == ["second", "first"]


def test_who_has_answered_holds_the_next_one() -> None:
    story = review(review(running().at("2026-11-02"), "ash"), "ash")
    assert answers(story) == {"2026-11-30": ["ash"], "2027-01-31": ["ash"]}


def test_the_next_one_never_bears_the_day_of_another() -> None:
    story = review(review(running().at("2026-11-02"), "ash"), "ash").at("2026-12-10")
    assert review(story, "oak").facts[-1].data.review_id == "2027-05-01"


def test_a_review_dated_back_joins_no_later_one() -> None:
    story = review(running().at("2026-11-20"), "ash")
    review(story, "oak", occurred_at="2026-11-19T09:00:00+00:00")
    assert answers(story) == {"2026-11-30": ["ash"], "2027-02-18": ["oak"]}


def test_only_a_partner_of_today_reviews() -> None:
    with refused(NotAPartner, organisation_id=ref("elm"), partnership_id=ref("cluster")):
        review(running(), "elm")


def test_nobody_reviews_for_a_partner() -> None:
    with refused(SpeaksForItself, recorded_for=ref("ash")):
        running().when(coordinator("hub"), "partnership.reviewed", "cluster", for_="ash", decision="continue")


def test_a_review_is_scheduled_once_from_today_on() -> None:
    story = schedule(running(), "autumn", "2026-09-01")
    with refused(AlreadySaid, id="autumn"):
        schedule(story, "autumn", "2026-11-20")
    with refused(ClaimUnsound):
        schedule(story, "late", "2026-08-31")
    with refused(DayOutOfRange, day=date(2037, 1, 1)):
        schedule(story, "far", "2037-01-01")


def test_a_partner_schedules_no_review() -> None:
    with refused(RoleForbidden, role="member"):
        running().when(member("ash"), "partnership.review_scheduled", "cluster", review_id="x", due_on="2026-11-20")


def test_a_withdrawn_schedule_is_neither_named_nor_held() -> None:
    story = schedule(running(), "autumn", "2026-11-20")
    story = withdraw(story, coordinator("hub"), story.facts[-1].event_id)
    with refused(UnknownReference, id="autumn"):
        review(story, "ash", review_id="autumn")
    with refused(AlreadySaid, id="autumn"):
        schedule(story, "autumn", "2026-12-20")
    assert review(story, "ash").facts[-1].data.review_id == "2026-11-30"


def test_a_withdrawn_review_is_said_again() -> None:
    story = review(schedule(running(), "autumn", "2026-11-20"), "ash", review_id="autumn")
    first = story.facts[-1].event_id
    story = review(withdraw(story, member("ash"), first), "ash", review_id="autumn", decision="withdraw")
    assert story.states["partnership", ref("cluster")].reviews["autumn"].answers[ref("ash")].decision == "withdraw"


def test_when_the_only_answer_is_withdrawn_the_review_is_not_held() -> None:
    story = review(schedule(running(), "autumn", "2026-11-20"), "ash")
    story = withdraw(story, member("ash"), story.facts[-1].event_id)
    assert story.states["partnership", ref("cluster")].reviews["autumn"].held_at is None


def test_only_what_can_be_withdrawn_is_and_once() -> None:
    story = review(running(), "ash")
    said = story.facts[-1].event_id
    with refused(UnknownReference, id=story.facts[0].event_id):
        withdraw(story, member("ash"), story.facts[0].event_id)
    with refused(WrongVoice, voice=ref("oak")):
        withdraw(story, member("oak"), said)
    with refused(AlreadySaid, id=said):
        withdraw(withdraw(story, member("ash"), said), member("ash"), said)


def test_an_entry_counts_on_the_day_it_names_or_was_said_on() -> None:
    story = review(running().at("2026-09-29T23:30:00"), "ash")
    story.given(
        coordinator("hub"), "partnership.meeting_held", "cluster", on="2026-09-02", present=[ref("ash")], absent=[]
    )
    entries = list(story.states["partnership", ref("cluster")].entries.values())
    assert [one.business_date(ZoneInfo("Europe/London")) for one in entries] == [date(2026, 9, 30), date(2026, 9, 2)]
