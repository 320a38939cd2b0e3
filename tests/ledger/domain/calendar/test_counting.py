"""Days outside the terms do not count; in a year without terms every day does; the nearest calendar applies."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.domain.calendar.counting import EVERY_DAY, TermCalendar, nearest
from ledger.domain.calendar.state import SchoolYear, TermDates
from tests.ledger.domain.calendar.stories import AUTUMN, SPRING, SUMMER, set_by, terms
from tests.scenario import ADMIN, Scenario, ref

EVE_OF_TERM, FIRST_DAY = date(2026, 9, 1), date(2026, 9, 2)
LAST_OF_AUTUMN, FIRST_OF_SPRING = date(2026, 12, 18), date(2027, 1, 4)


def northfield_of_authority_201() -> Scenario:
    school = {"name": "Northfield", "kind": "school", "identifiers": [], "local_authority": "201"}
    return Scenario().given(ADMIN, "organisation.registered", "northfield", **school)


def calendar_of(story: Scenario, organisation: str = "northfield") -> TermCalendar:
    return story.context().calendar_of(ref(organisation))


def a_year() -> TermCalendar:
    story = set_by(ADMIN, terms(AUTUMN, SPRING, SUMMER, closed_days=["2026-10-26"]), northfield_of_authority_201())
    return calendar_of(story)


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        (EVE_OF_TERM, False),
        (FIRST_DAY, True),
        (date(2026, 9, 5), True),  # a Saturday inside a term
        (date(2026, 10, 26), False),
        (LAST_OF_AUTUMN, True),
        (date(2026, 12, 25), False),
        (FIRST_OF_SPRING, True),
        (date(2027, 7, 21), False),
        (date(2027, 9, 1), True),  # in a year without terms
        (date(2026, 8, 15), True),
    ],
)
def test_a_day_counts_inside_a_term(day: date, counts: bool) -> None:
    assert a_year().counts(day) is counts


@pytest.mark.parametrize(
    ("after", "until", "days"),
    [
        (FIRST_DAY, FIRST_DAY, 0),
        (EVE_OF_TERM, FIRST_DAY, 1),
        (FIRST_DAY, date(2026, 9, 16), 14),
        (date(2026, 10, 23), date(2026, 10, 30), 6),
        (LAST_OF_AUTUMN, date(2027, 1, 3), 0),
        (LAST_OF_AUTUMN, FIRST_OF_SPRING, 1),
        (date(2026, 8, 29), FIRST_DAY, 3),
        (date(2027, 7, 20), date(2027, 9, 2), 2),
        (date(2025, 8, 31), date(2027, 8, 31), 365 + 107 + 81 + 100),
        (FIRST_OF_SPRING, FIRST_DAY, 0),
    ],
)
def test_days_are_counted_after_one_day_up_to_another(after: date, until: date, days: int) -> None:
    assert a_year().days_between(after, until) == days


@pytest.mark.parametrize(
    ("day", "n", "then"),
    [
        (FIRST_DAY, 0, FIRST_DAY),
        (FIRST_DAY, 14, date(2026, 9, 16)),
        (date(2026, 12, 14), 14, date(2027, 1, 13)),
        (date(2027, 7, 19), 1, date(2027, 7, 20)),
        (date(2027, 7, 20), 1, date(2027, 9, 1)),
        (date(2027, 8, 15), -3, date(2027, 8, 15)),
        (date(2026, 8, 31), 1, FIRST_DAY),
        (date(2026, 12, 25), 1, FIRST_OF_SPRING),
    ],
)
def test_so_many_counted_days_later(day: date, n: int, then: date) -> None:
    assert a_year().add(day, n) == then


def test_without_any_calendar_every_day_counts() -> None:
    calendar = calendar_of(northfield_of_authority_201())
    assert calendar is EVERY_DAY
    assert calendar.days_between(date(2024, 2, 28), date(2024, 3, 1)) == 2
    assert calendar.add(date(2024, 2, 28), 2) == date(2024, 3, 1)


def test_the_nearest_calendar_applies_year_by_year() -> None:
    story = set_by(ADMIN, terms(SUMMER), northfield_of_authority_201())
    assert not calendar_of(story).counts(FIRST_DAY)
    set_by(ADMIN, terms(AUTUMN, for_="201"), story)
    assert [calendar_of(story).counts(day) for day in (FIRST_DAY, date(2027, 5, 1))] == [True, False]
    set_by(ADMIN, terms(SPRING, for_=ref("northfield")), story)
    assert [calendar_of(story).counts(day) for day in (FIRST_DAY, FIRST_OF_SPRING)] == [False, True]
    next_year = {"name": "Autumn", "starts_on": "2027-09-06", "ends_on": "2027-12-17"}
    set_by(ADMIN, terms(next_year, academic_year="2027/28"), story)
    assert [calendar_of(story).counts(day) for day in (date(2027, 9, 5), date(2027, 9, 6))] == [False, True]


def test_an_unknown_organisation_has_the_ledgers_calendar() -> None:
    story = set_by(ADMIN, terms(SPRING), Scenario())
    assert not calendar_of(story, "nowhere").counts(FIRST_DAY)


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> TermCalendar:
    """Some years with any days at all that count, at least one each."""
    years = {}
    for year in draw(st.sets(st.integers(2021, 2028), max_size=4)):
        first = date(year, 9, 1).toordinal()
        days = draw(st.sets(st.integers(first, first + 364), min_size=1, max_size=40))
        years[year] = SchoolYear(terms=(), days=tuple(sorted(days)))
    return nearest([TermDates(for_="ledger", years=years)])


@given(calendars(), DAYS, st.integers(0, 900))
def test_counting_agrees_with_looking_at_every_day(calendar: TermCalendar, after: date, length: int) -> None:
    until = after + timedelta(days=length)
    one_by_one = sum(calendar.counts(after + timedelta(days=n)) for n in range(1, length + 1))
    assert calendar.days_between(after, until) == one_by_one


@given(calendars(), DAYS, st.integers(1, 900))
def test_the_nth_counted_day_is_n_counted_days_away(calendar: TermCalendar, day: date, n: int) -> None:
    then = calendar.add(day, n)
    assert calendar.counts(then)
    assert calendar.days_between(day, then) == n
