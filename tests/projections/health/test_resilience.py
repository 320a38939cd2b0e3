"""Resilience: 1 less the larger excess over an even share, of the partner and of the person who gave most."""

from __future__ import annotations

from fractions import Fraction

from projections.health.dimension import Dimension
from tests.projections.giving import Story
from tests.projections.health.stories import HUB, dimension, harbour
from tests.scenario import member, ref


def resilience(story: Story, day: str = "2026-12-31") -> Dimension:
    return dimension(story, "resilience", day)


def given(story: Story, giver: str, minutes: int, *people: str) -> None:
    receiver = "ashfield" if giver != "ashfield" else "northfield"
    named = {"people": [ref(one) for one in people]} if people else {}
    story.exchanged(giver, receiver, minutes, "2026-10-01", f"s{len(story.facts)}", "harbour", **named)


def start() -> Story:
    """Ann, Ben and Dan give for Northfield, Cat for Ashfield."""
    story = harbour().at("2026-10-01")
    schools = {"ann": "northfield", "ben": "northfield", "dan": "northfield", "cat": "ashfield"}
    for person, school in schools.items():
        said = {"person_id": ref(person), "organisation_id": ref(school), "role": "teacher", "name": person.title()}
        story.given(member(school), "person.introduced", person, **said)
    return story


def test_all_from_one_of_three_is_nothing_and_a_third_from_each_is_whole() -> None:
    story = start()
    given(story, "northfield", 30)
    assert resilience(story).f == 0
    given(story, "ashfield", 30)
    given(story, "brookside", 30)
    assert resilience(story).f == 1


def test_half_from_one_of_three_is_three_quarters() -> None:
    """(1/2 − 1/3) / (1 − 1/3) = 1/4."""
    story = start()
    given(story, "northfield", 60)
    given(story, "ashfield", 30)
    given(story, "brookside", 30)
    assert resilience(story).f == Fraction(3, 4)
    assert resilience(story).counted["people"] == 0


def test_two_people_share_the_time_of_a_delivery_evenly() -> None:
    """Ann 75, Ben 15, Cat 30 of 120: an excess of 7/16; that of Northfield with 90 of 120 is larger, 5/8."""
    story = start()
    given(story, "northfield", 60, "ann")
    given(story, "northfield", 30, "ann", "ben")
    given(story, "ashfield", 30, "cat")
    assert resilience(story).counted["largest_person_share"] == Fraction(75, 120)
    assert resilience(story).counted["largest_partner_share"] == Fraction(90, 120)
    assert resilience(story).f == 1 - Fraction(5, 8)


def test_the_person_weighs_where_it_stands_out_more_than_its_school() -> None:
    """Cat gave 60 of 90, as Ashfield did: 2/3 is an excess of 1/2 among three schools, and of 5/9 among four people."""
    story = start()
    given(story, "northfield", 10, "ann")
    given(story, "northfield", 10, "ben")
    given(story, "northfield", 10, "dan")
    given(story, "ashfield", 60, "cat")
    assert resilience(story).f == 1 - Fraction(5, 9)


def test_where_one_person_alone_is_named_all_that_rests_on_them_is_excess() -> None:
    story = start()
    given(story, "northfield", 30, "ann")
    given(story, "ashfield", 30)
    given(story, "brookside", 30)
    assert resilience(story).f == Fraction(2, 3)
    assert resilience(story).counted["named_minutes"] == 30


def test_a_partner_that_gave_nothing_is_one_of_them() -> None:
    """Northfield gave half, Ashfield half; with Brookside they are three: (1/2 − 1/3) / (2/3) = 1/4."""
    story = start()
    given(story, "northfield", 30)
    given(story, "ashfield", 30)
    assert resilience(story).f == Fraction(3, 4)


def test_who_left_and_gave_in_the_window_is_still_counted() -> None:
    story = start()
    given(story, "brookside", 30)
    given(story, "northfield", 30)
    removal = {"organisation_id": ref("brookside"), "on": "2026-12-01", "removed": True, "reason": "It asked"}
    story.at("2026-12-01").given(HUB, "partnership.partner_left", "harbour", **removal)
    assert resilience(story).counted["partners"] == 3


def test_in_grace_and_without_anything_confirmed_it_cannot_be_told() -> None:
    story = start()
    assert resilience(story, "2026-11-30").why == "nothing confirmed in the last 365 days"
    given(story, "northfield", 30)
    assert resilience(story, "2026-11-29").why == "too early to say"
    assert resilience(story, "2026-11-30").f == 0
