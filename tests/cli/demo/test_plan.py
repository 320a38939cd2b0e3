"""The programme on paper: the same for the same seed and day, and admissible on whatever day it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cli.demo.names import AUTHORITIES, CLUSTERS
from cli.demo.run import plan_programme
from cli.demo.school_year import easter, school_year
from ledger.eventstore.stored_names import STORED
from tests.cli.demo.paper import Paper

NEVER_IN_A_DEMONSTRATION = {"log.key_introduced", "log.restored", "person.erased", "text.redacted"}


def test_the_programme_is_thirteen_clusters_of_four_to_seven_schools_under_four_authorities() -> None:
    sizes = [len(plan.schools) for plan in CLUSTERS]
    assert (len(sizes), sum(sizes), min(sizes), max(sizes)) == (13, 67, 4, 7)
    assert len({key for plan in CLUSTERS for key, _ in plan.schools}) == 67
    assert {plan.authority for plan in CLUSTERS} == {one.code for one in AUTHORITIES}
    assert len(AUTHORITIES) == 4


def test_one_seed_and_day_make_one_diary_and_another_seed_another() -> None:
    day = date(2026, 3, 11)
    assert plan_programme(3, day).stage.diary.entries() == plan_programme(3, day).stage.diary.entries()
    assert plan_programme(3, day).stage.diary.entries() != plan_programme(4, day).stage.diary.entries()


def test_nothing_happens_on_or_after_the_last_day() -> None:
    day = date(2026, 3, 11)
    entries = plan_programme(3, day).stage.diary.entries()
    assert max(entry.at.date() for entry in entries) < day
    assert min(entry.at.date() for entry in entries) == date(2026, 3, 9) - timedelta(weeks=77)


@pytest.mark.parametrize(
    ("seed", "today"),
    [
        (1, date(2026, 11, 24)),
        (2, date(2026, 8, 19)),  # in the summer holidays
        (3, date(2027, 1, 1)),
        (4, date(2028, 2, 29)),
        (5, date(2027, 4, 5)),
        (6, date(2029, 9, 3)),
    ],
)
def test_every_rule_admits_the_programme_whenever_it_ends(seed: int, today: date) -> None:
    paper = Paper()
    paper.tell(plan_programme(seed, today))
    assert {fact.type for fact in paper.facts} == set(STORED) - NEVER_IN_A_DEMONSTRATION
    assert 4000 < len(paper.facts) < 8000


def test_terms_fall_around_christmas_and_easter() -> None:
    assert [easter(year) for year in (2024, 2026, 2038)] == [date(2024, 3, 31), date(2026, 4, 5), date(2038, 4, 25)]
    year = school_year(2025, 0)
    assert year.terms == (
        ("Autumn", date(2025, 9, 3), date(2025, 12, 19)),
        ("Spring", date(2026, 1, 6), date(2026, 4, 2)),
        ("Summer", date(2026, 4, 20), date(2026, 7, 21)),
    )
    assert not year.is_school_day(date(2025, 10, 28))
    assert year.is_school_day(date(2025, 11, 3))
    assert not year.is_school_day(date(2025, 11, 8))
