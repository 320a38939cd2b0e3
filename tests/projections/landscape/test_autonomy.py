"""Autonomy: what an organisation says of itself and what others say of it, told apart."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from projections.frameworks.queries import Framework
from projections.landscape.autonomy import Autonomy, autonomy_on
from tests.projections.evidence_of import dated
from tests.scenario import Scenario, member, ref

OWN, TRUST = ref("northfield"), ref("anchor")
PARTS = [{"component_id": f"c{n}", "statement": "Something", "stance": "expected"} for n in range(1, 5)]
EIGHT = Framework(
    id=ref("eight"), version=1, position=9, owner_id=TRUST, name="Ours", published_on=date(2026, 9, 1),
    components=tuple(PARTS),
)  # fmt: skip


def story() -> Scenario:
    """Northfield's trust published a framework of four components."""
    started = Scenario().schools("northfield", "oakwood", trust="anchor")
    return started.given(
        member("anchor"), "framework.published", "eight", owner_id=TRUST, name="Ours", components=PARTS
    )


def assess(told: Scenario, by: str, component: str, status: str, on: str = "2026-09-01") -> Scenario:
    said = {"framework_id": ref("eight"), "component_id": component, "status": status, "evidence": "Seen"}
    return told.given(member(by), "organisation.assessed", "northfield", **said, assessed_on=on, assessed_by=ref(by))


def depart(told: Scenario, component: str, review_on: str) -> Scenario:
    said = {"framework_id": ref("eight"), "component_id": component, "reason": "Otherwise", "review_on": review_on}
    return told.given(member("northfield"), "organisation.departed", "northfield", **said)


def on(told: Scenario, day: str = "2026-12-31", framework: Framework = EIGHT) -> Autonomy:
    return autonomy_on([framework], [OWN], dated(told), date.fromisoformat(day))


def test_never_assessed_is_unknown_and_not_nothing() -> None:
    found = on(story())
    assert (found.by_itself.f, found.by_others.f) == (None, None)
    assert (len(found.by_itself.said), found.by_itself.components) == (0, 4)


def test_the_mean_of_what_was_spoken_of() -> None:
    told = assess(assess(assess(story(), "northfield", "c1", "in_place"), "northfield", "c2", "in_part"), "northfield",
                  "c3", "not_yet")  # fmt: skip
    found = on(told).by_itself
    assert (found.f, len(found.said), found.components) == (Fraction(1, 2), 3, 4)
    assert (found.count("in_place"), found.count("in_part"), found.count("not_yet")) == (1, 1, 1)


def test_others_are_told_apart_and_each_counts_once_for_a_component() -> None:
    told = assess(story(), "northfield", "c1", "in_place")
    assess(assess(told, "anchor", "c1", "not_yet"), "oakwood", "c1", "in_part")
    found = on(told)
    assert (found.by_itself.f, found.by_others.f) == (Fraction(1), Fraction(1, 4))


def test_the_latest_day_counts_whatever_was_recorded_last() -> None:
    told = assess(story().at("2026-10-01"), "northfield", "c1", "in_place", "2026-09-30")
    assess(told, "northfield", "c1", "not_yet", "2026-09-10")
    assert on(told).by_itself.f == 1
    assert on(told, "2026-09-15").by_itself.f == 0
    assert on(told, "2026-09-09").by_itself.f is None


def test_a_reasoned_departure_counts_1_until_it_is_to_be_looked_at_again() -> None:
    told = depart(assess(story(), "northfield", "c1", "not_yet"), "c1", "2026-11-30")
    assert (on(told, "2026-11-30").by_itself.f, on(told, "2026-11-30").by_itself.count("departed")) == (Fraction(1), 1)
    assert (on(told, "2026-12-01").by_itself.f, on(told, "2026-12-01").by_itself.count("departed")) == (Fraction(0), 0)
    assert on(told, "2026-11-30").by_others.f is None


def test_what_the_framework_does_not_ask_for_any_more_is_left_out() -> None:
    told = assess(assess(story(), "northfield", "c1", "in_place"), "northfield", "c4", "not_yet")
    assert on(told).by_itself.f == Fraction(1, 2)
    shorter = Framework(
        id=EIGHT.id, version=2, position=20, owner_id=TRUST, name="Ours", published_on=date(2026, 10, 1),
        components=tuple(PARTS[:3]),
    )  # fmt: skip
    assert (on(told, framework=shorter).by_itself.f, on(told, framework=shorter).by_itself.components) == (
        Fraction(1),
        3,
    )
