"""The days on which something changed, each with what it came from and to, and its facts."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

from projections.health.history import Change, history
from projections.health.measures import health_on
from tests.projections.evidence_of import dated, evidence
from tests.projections.giving import Story
from tests.projections.health.stories import harbour
from tests.scenario import ref


def told(story: Story, first: str, last: str) -> list[Change]:
    facts: dict[date, tuple[str, ...]] = {}
    for one in dated(story):
        facts[one.on] = (*facts.get(one.on, ()), one.fact.event_id)
    return history(evidence(story, "harbour"), date.fromisoformat(first), date.fromisoformat(last), facts)


def test_a_steady_fall_is_told_when_it_begins_when_it_crosses_and_when_it_ends() -> None:
    """(135 − days)/90: below 92/140 on 16 November, below 50/140 on 13 December, 0 on 14 January."""
    found = [one for one in told(harbour(), "2026-10-01", "2027-03-31") if one.what == "tempo"]
    assert [(one.on.isoformat(), one.before, one.after) for one in found] == [
        ("2026-10-16", None, Fraction(1)),
        ("2026-10-17", Fraction(1), Fraction(89, 90)),
        ("2026-11-16", Fraction(60, 90), Fraction(59, 90)),
        ("2026-12-13", Fraction(33, 90), Fraction(32, 90)),
        ("2027-01-14", Fraction(1, 90), Fraction(0)),
    ]


def test_what_came_in_is_told_with_its_facts() -> None:
    story = harbour().at("2026-12-10")
    story.exchanged("northfield", "ashfield", 60, "2026-12-10", "s1", "harbour")
    story.exchanged("ashfield", "northfield", 60, "2026-12-10", "s2", "harbour")
    changes = {one.what: one for one in told(story, "2026-12-10", "2026-12-10")}
    reciprocity = changes["reciprocity"]
    assert (reciprocity.before, reciprocity.after) == (None, Fraction(1))
    given = {fact.event_id for fact in story.facts if fact.stream.id in (ref("s1"), ref("s2"))}
    assert set(reciprocity.event_ids) == given
    assert changes["band"].to_json()["from_band"] == "unknown"
    assert changes["band"].after == health_on(evidence(story, "harbour"), date(2026, 12, 10)).overall


def test_what_fell_out_of_the_365_days_is_told_with_its_facts() -> None:
    story = harbour().at("2026-12-10")
    story.exchanged("northfield", "ashfield", 60, "2026-12-10", "s1", "harbour")
    [change] = [one for one in told(story, "2027-12-10", "2027-12-10") if one.what == "reciprocity"]
    assert (change.before, change.after) == (Fraction(0), None)
    assert change.why == "nothing confirmed in the last 365 days"
    assert set(change.event_ids) >= {fact.event_id for fact in story.facts if fact.stream.id == ref("s1")}


def test_each_change_follows_from_the_one_before() -> None:
    story = harbour().at("2026-12-10")
    story.exchanged("northfield", "ashfield", 60, "2026-10-10", "s1", "harbour")
    story.exchanged("ashfield", "northfield", 90, "2026-11-10", "s2", "harbour")
    found = [one for one in told(story, "2026-09-01", "2027-06-30") if one.what == "resilience"]
    assert found[0].before is None
    assert all(before.after == after.before for before, after in pairwise(found))
    assert found[-1].after == health_on(evidence(story, "harbour"), date(2027, 6, 30)).dimensions["resilience"].f


def test_where_nothing_changed_nothing_is_told() -> None:
    assert told(harbour(), "2026-09-05", "2026-09-20") == []
