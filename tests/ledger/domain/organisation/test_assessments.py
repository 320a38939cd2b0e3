"""How far a framework is in place, in an organisation's own word and in others'; and where it departs from it."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.organisation.assessments import ComponentRequired, FrameworkDoesNotApply
from ledger.domain.refusals import DayOutOfRange, NotThere, RoleForbidden, UnknownReference, WrongVoice
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused

EIGHT = [
    {"component_id": "safeguarding", "statement": "One policy for all", "stance": "required"},
    {"component_id": "curriculum", "statement": "A shared curriculum in mathematics", "stance": "expected"},
    {"component_id": "uniform", "statement": "A uniform of the school's own", "stance": "free"},
]


def a_trust_with_its_framework() -> Scenario:
    story = Scenario().schools("northfield", trust="harbour").schools("oakwood")
    return published(story, "harbour")


def published(story: Scenario, owner: str) -> Scenario:
    said = {"owner_id": ref(owner), "name": "What we insist on", "components": EIGHT}
    return story.given(member(owner), "framework.published", "eight", **said)


def assessed(
    story: Scenario, by: str, school: str = "northfield", component: str = "curriculum", **more: Any
) -> Scenario:
    said = {
        "framework_id": ref("eight"),
        "component_id": component,
        "status": "in_part",
        "evidence": "Seen in three classrooms",
        "assessed_on": "2026-08-30",
        "assessed_by": ref(by),
    }
    return story.given(member(by), "organisation.assessed", school, **said | more)


def departed(story: Scenario, component: str, review_on: str = "2027-09-01") -> Scenario:
    said = {
        "framework_id": ref("eight"),
        "component_id": component,
        "reason": "Our pupils arrive with another scheme",
        "review_on": review_on,
    }
    return story.given(member("northfield"), "organisation.departed", "northfield", **said)


def test_assessments_by_itself_and_by_others_are_kept_apart() -> None:
    story = assessed(a_trust_with_its_framework(), "northfield", status="in_place")
    assessed(assessed(story, "harbour", status="not_yet"), "oakwood")
    state = story.states["organisation", ref("northfield")]
    of = (ref("eight"), "curriculum")
    assert {key: said.status for key, said in state.by_itself.items()} == {of: "in_place"}
    assert {key: said.status for key, said in state.by_others.items()} == {
        (*of, ref("harbour")): "not_yet",
        (*of, ref("oakwood")): "in_part",
    }


def test_the_assessment_of_the_latest_day_stands_whatever_the_order_of_recording() -> None:
    story = assessed(a_trust_with_its_framework(), "northfield", status="in_place", assessed_on="2026-08-30")
    assessed(story, "northfield", status="not_yet", assessed_on="2025-08-30")
    state = story.states["organisation", ref("northfield")]
    assert state.by_itself[ref("eight"), "curriculum"].status == "in_place"
    assessed(story, "northfield", status="in_part", assessed_on="2026-08-30")
    state = story.states["organisation", ref("northfield")]
    assert state.by_itself[ref("eight"), "curriculum"].status == "in_part"


def test_nobody_assesses_in_anothers_name() -> None:
    story = a_trust_with_its_framework()
    with refused(WrongVoice, voice=ref("oakwood")):
        assessed_by_harbour = {"assessed_by": ref("harbour")}
        assessed(story, "oakwood", **assessed_by_harbour)


def test_a_framework_of_its_own_applies() -> None:
    story = published(Scenario().schools("northfield"), "northfield")
    assessed(story, "northfield")


def test_the_framework_of_a_stranger_does_not_apply() -> None:
    story = a_trust_with_its_framework()
    with refused(FrameworkDoesNotApply, owner_id=ref("harbour")):
        assessed(story, "oakwood", school="oakwood")


def test_the_framework_of_a_trust_applies_while_the_school_is_in_it() -> None:
    story = a_trust_with_its_framework()
    story.given(ADMIN, "organisation.left_trust", "northfield", trust_id=ref("harbour"), on="2026-04-01")
    assessed(story, "northfield", assessed_on="2026-03-31")
    with refused(FrameworkDoesNotApply):
        assessed(story, "northfield", assessed_on="2026-04-01")


def test_the_framework_of_a_coordinator_applies_to_active_partners() -> None:
    story = Scenario().at("2026-08-01").schools("northfield", "oakwood", "ashfield")
    story.partnership("cluster", "hub", "northfield", "oakwood", starts_on="2026-08-01")
    published(story, "hub").at("2026-09-01")
    assessed(story, "northfield")
    with refused(FrameworkDoesNotApply, owner_id=ref("hub")):
        assessed(story, "ashfield", school="ashfield")
    with refused(FrameworkDoesNotApply, owner_id=ref("hub")):
        assessed(story, "northfield", assessed_on="2026-07-31")


def test_the_framework_of_a_fellow_partner_does_not_apply() -> None:
    story = Scenario().at("2026-08-01").schools("northfield", "oakwood")
    story.partnership("cluster", "hub", "northfield", "oakwood", starts_on="2026-08-01")
    published(story, "oakwood").at("2026-09-01")
    with refused(FrameworkDoesNotApply, owner_id=ref("oakwood")):
        assessed(story, "northfield")


def test_the_framework_and_its_component_are_known() -> None:
    story = a_trust_with_its_framework()
    with refused(NotThere, stream_kind="framework", id=ref("nine")):
        assessed(story, "northfield", framework_id=ref("nine"))
    with refused(UnknownReference, id="homework"):
        assessed(story, "northfield", component="homework")


def test_nobody_assesses_the_future() -> None:
    with refused(DayOutOfRange):
        assessed(a_trust_with_its_framework(), "northfield", assessed_on="2026-09-02")


@pytest.mark.parametrize("component", ["curriculum", "uniform"])
def test_a_school_departs_from_what_is_expected_or_free_and_says_why(component: str) -> None:
    story = departed(a_trust_with_its_framework(), component)
    assert (ref("eight"), component) in story.states["organisation", ref("northfield")].departures


def test_nobody_departs_from_what_is_required() -> None:
    with refused(ComponentRequired, component_id="safeguarding"):
        departed(a_trust_with_its_framework(), "safeguarding")


def test_a_departure_names_a_known_component() -> None:
    with refused(UnknownReference, id="homework"):
        departed(a_trust_with_its_framework(), "homework")


@pytest.mark.parametrize("review_on", ["2026-08-31", "2026-09-01", "2038-01-01"])
def test_a_departure_is_looked_at_again_after_today(review_on: str) -> None:
    with refused(DayOutOfRange):
        departed(a_trust_with_its_framework(), "uniform", review_on)


def test_a_departure_may_be_looked_at_tomorrow() -> None:
    departed(a_trust_with_its_framework(), "uniform", "2026-09-02")


def test_a_trust_does_not_depart_for_its_school() -> None:
    story = a_trust_with_its_framework()
    said = {"framework_id": ref("eight"), "component_id": "uniform", "reason": "x", "review_on": "2027-09-01"}
    with refused(WrongVoice, voice=ref("harbour")):
        story.when(coordinator("harbour"), "organisation.departed", "northfield", **said)
    with refused(RoleForbidden, role="admin"):
        story.when(ADMIN, "organisation.departed", "northfield", **said)
