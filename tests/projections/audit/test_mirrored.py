"""Mirrored support: the same amount both ways, confirmed within a day, three times, is a question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from projections.audit.mirrored import Confirmed, mirrored
from projections.audit.questions import in_sight, questions
from projections.reciprocity.queries import Scope
from projections.views import EVERYTHING, Asked
from tests.projections.giving import Story, village
from tests.projections.keyed import known
from tests.scenario import ref

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
HOURS = timedelta(hours=1)


def gave(giver: str, receiver: str, minutes: int, hours: float, wait: float = 1) -> Confirmed:
    """Recorded so many hours after noon, confirmed `wait` hours later."""
    recorded_at = NOON + hours * HOURS
    return Confirmed(giver, receiver, minutes, recorded_at, recorded_at + wait * HOURS, (f"{giver}{receiver}{hours}",))


def swapped(*days: int, minutes: int = 390, apart: float = 1, wait: float = 1) -> list[Confirmed]:
    """On each day a gives b as much as b gives a, recorded so many hours apart, confirmed `wait` hours later."""
    return [
        one
        for day in days
        for one in (gave("a", "b", minutes, 24 * day), gave("b", "a", minutes, 24 * day + apart, wait))
    ]


def test_three_times_within_a_day_is_a_question_and_twice_is_none() -> None:
    assert mirrored(swapped(0, 10)) == []
    [question] = mirrored(swapped(0, 10, 20))
    assert (question.one_id, question.other_id, len(question.couples)) == ("a", "b", 3)
    assert [couple.there.recorded_at for couple in question.couples] == [NOON, NOON + 240 * HOURS, NOON + 480 * HOURS]


def test_a_day_is_24_hours_from_recording_to_confirming() -> None:
    assert len(mirrored(swapped(0, 10, 20, wait=24))) == 1
    assert mirrored(swapped(0, 10, 20, wait=24.01)) == []


def test_what_comes_back_after_four_weeks_is_no_mirror() -> None:
    assert len(mirrored(swapped(0, 100, 200, apart=28 * 24))) == 1
    assert mirrored(swapped(0, 100, 200, apart=28 * 24 + 0.01)) == []


def test_other_amounts_and_the_same_way_are_no_mirror() -> None:
    assert mirrored([*swapped(0, 10), gave("a", "b", 390, 480), gave("b", "a", 195, 481)]) == []
    assert mirrored([*swapped(0, 10), gave("a", "b", 390, 480), gave("a", "b", 390, 481)]) == []
    assert mirrored([*swapped(0, 10), gave("a", "c", 390, 480), gave("c", "a", 390, 481)]) == []


def test_amounts_may_differ_from_one_time_to_the_next() -> None:
    [question] = mirrored([*swapped(0), *swapped(10, minutes=60), *swapped(20, minutes=195)])
    assert [couple.there.minutes for couple in question.couples] == [390, 60, 195]


def test_each_delivery_stands_in_one_couple() -> None:
    one_back = [gave("a", "b", 60, 0), gave("a", "b", 60, 1), gave("a", "b", 60, 2), gave("b", "a", 60, 3)]
    assert [len(each.couples) for each in mirrored(one_back, times=1)] == [1]


def swaps(story: Story, giver: str, receiver: str, times: int, partnership: str | None = None) -> Story:
    for number in range(times):
        for one, other in ((giver, receiver), (receiver, giver)):
            story.exchanged(one, other, 390, "2026-10-01", f"{one} {other} {number}", partnership)
    return story


def test_questions_of_what_is_in_sight_as_of_a_day_and_as_known(database_url: str) -> None:
    story = swaps(village(), "northfield", "ashfield", 3, "harbour")
    before = story.facts[-1].position - 1
    swaps(story, "northfield", "brookside", 2)
    story.at("2026-12-01").reversed("northfield", "northfield ashfield 0", "2026-11-01")
    own = in_sight([f"organisation:{ref('brookside')}"])
    inside = in_sight([f"partnership:{ref('harbour')}", f"organisation:{ref('brookside')}"])
    with known(database_url, story) as models:

        def pairs(asked: Asked, scope: Scope) -> list[set[str]]:
            found = models.answer(questions, asked, scope, {}).to_json()["items"]
            return [{*one["organisation_ids"]} for one in found]

        october = Asked(as_of=NOON.date())
        assert pairs(october, in_sight(None)) == [{ref("northfield"), ref("ashfield")}]
        assert pairs(october, inside) == [{ref("northfield"), ref("ashfield")}]
        assert pairs(october, own) == []
        assert pairs(EVERYTHING, in_sight(None)) == []
        assert pairs(Asked(as_of=NOON.date(), known_at=before), in_sight(None)) == []
        [question] = models.answer(questions, october, inside, {}).to_json()["items"]
    assert (question["kind"], question["times"]) == ("mirrored", 3)
    assert sorted(len(couple["event_ids"]) for couple in question["couples"]) == [4, 4, 5]  # the reversal is known
