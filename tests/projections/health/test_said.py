"""What partners say: as a range once three have answered, their own to themselves, all of it to who coordinates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.health.said import instrument, what_partners_say
from projections.reader import PartnershipReader
from tests.projections.evidence_of import evidence
from tests.projections.giving import Story
from tests.projections.health.stories import harbour, ratings, reviewed
from tests.scenario import member, ref

COORDINATOR = PartnershipReader(organisations=frozenset({ref("hub")}), is_coordinator=True)
ASHFIELD = PartnershipReader(organisations=frozenset({ref("ashfield")}), is_partner=True)


def said(story: Story, reader: PartnershipReader, day: str = "2026-12-31") -> dict[str, Any]:
    return what_partners_say(evidence(story, "harbour").partnership, date.fromisoformat(day), reader)


@pytest.fixture
def story() -> Story:
    """On 1 October Ashfield and Brookside answer, on 5 October Northfield."""
    story = harbour().at("2026-10-01")
    reviewed(story, "ashfield", ratings=ratings(5, 4, 3, 2, 1))
    reviewed(story, "brookside", ratings=ratings(2, 4, 4, 2, 3), decision="adjust")
    reviewed(story.at("2026-10-05"), "northfield", ratings=ratings(4, 1, 3, 2, 3))
    return story


def shown_ratings(found: dict[str, Any]) -> dict[str, list[int]]:
    return {one["organisation_id"]: list(one["ratings"].values()) for one in found["answers"] if "ratings" in one}


def test_before_anybody_answered_there_is_nothing(story: Story) -> None:
    found = said(story, COORDINATOR, "2026-09-30")
    assert (found["answered"], found["ratings"], found["answers"]) == (0, {}, [])
    assert found["why"] == "no review has been held yet"


def test_two_answers_are_shown_to_the_coordinator_and_each_to_itself(story: Story) -> None:
    day = "2026-10-04"
    assert said(story, COORDINATOR, day)["ratings"]["purpose"] == {
        "count": 2, "lowest": 2, "highest": 5, "dimension": "purpose",
    }  # fmt: skip
    assert shown_ratings(said(story, COORDINATOR, day)) == {
        ref("ashfield"): [5, 4, 3, 2, 1],
        ref("brookside"): [2, 4, 4, 2, 3],
    }
    found = said(story, ASHFIELD, day)
    assert (found["ratings"], found["why"]) == ({}, "fewer than three have answered")
    assert shown_ratings(found) == {ref("ashfield"): [5, 4, 3, 2, 1]}


def test_once_three_have_answered_everybody_sees_the_range(story: Story) -> None:
    found = said(story, ASHFIELD)
    assert found["held_on"] == "2026-10-01"
    assert {name: (one["lowest"], one["highest"]) for name, one in found["ratings"].items()} == {
        "purpose": (2, 5),
        "trust": (1, 4),
        "reciprocity": (3, 4),
        "challenge": (2, 2),
        "impact": (1, 3),
    }
    assert found["ratings"]["impact"]["dimension"] == "outcomes"
    assert "dimension" not in found["ratings"]["trust"]
    assert shown_ratings(found) == {ref("ashfield"): [5, 4, 3, 2, 1]}
    assert [one["decision"] for one in found["answers"]] == ["continue", "adjust", "continue"]


def test_a_school_registered_twice_reads_its_own_under_either(story: Story) -> None:
    twice = PartnershipReader(organisations=frozenset({ref("ashfield again")}), is_partner=True)
    assert shown_ratings(said(story, twice)) == {}
    read_as = {ref("ashfield again"): ref("ashfield")}
    same = twice.read_as(lambda one: read_as.get(one, one))
    assert shown_ratings(said(story, same)) == {ref("ashfield"): [5, 4, 3, 2, 1]}


def test_a_withdrawn_answer_is_none(story: Story) -> None:
    mine = next(fact for fact in story.facts if fact.type == "partnership.reviewed" and fact.voice == ref("brookside"))
    taking_back = {"event_id": mine.event_id, "reason": "A mistake"}
    story.given(member("brookside"), "partnership.entry_withdrawn", "harbour", **taking_back)
    assert said(story, COORDINATOR)["answered"] == 2
    assert said(story, ASHFIELD)["ratings"] == {}


def test_the_latest_review_is_the_one_that_speaks(story: Story) -> None:
    reviewed(story.at("2026-12-01"), "northfield", ratings=ratings(1, 1, 1, 1, 1))
    found = said(story, COORDINATOR)
    assert (found["held_on"], found["answered"]) == ("2026-12-01", 1)
    assert said(story, COORDINATOR, "2026-11-30")["held_on"] == "2026-10-01"


def test_the_instrument_is_read_under_the_same_rule() -> None:
    story = harbour().at("2026-10-01")
    tool = {"instrument": "vichealth-35"}
    reviewed(story, "ashfield", items=[3] * 35, **tool)
    reviewed(story, "brookside", items=[1] * 35, **tool)
    partnership, day = evidence(story, "harbour").partnership, date(2026, 10, 1)
    found = instrument(partnership, day, COORDINATOR)
    assert [(one["total"], one["level"]) for one in found["answers"]] == [(105, 3), (35, 1)]
    assert (found["lowest"]["total"], found["highest"]["total_1_to_5"]) == (35, 140)
    own = instrument(partnership, day, ASHFIELD)
    assert [one["total"] for one in own["answers"]] == [105]
    assert "lowest" not in own
    reviewed(story, "northfield", items=[2] * 35, **tool)
    everybody = instrument(evidence(story, "harbour").partnership, day, ASHFIELD)
    assert (everybody["lowest"]["band"], everybody["highest"]["band"]) == ("below_50", "from_92")
    assert len(everybody["answers"]) == 1
    assert instrument(partnership, date(2026, 9, 30), COORDINATOR)["answered"] == 0
