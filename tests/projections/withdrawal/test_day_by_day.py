"""The stretches that are found by looking where something changes are those that looking at every single day finds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from projections.evidence.gathering import Evidence
from projections.health.look import Look
from projections.health.tempo import tempo
from projections.withdrawal.accounts import Accounts
from projections.withdrawal.dated import terms_in_force
from projections.withdrawal.one_sided import side_of, still_due
from projections.withdrawal.points import Standing
from projections.withdrawal.quiet import Silence
from projections.withdrawal.seat import seats_of
from projections.withdrawal.walking import points_on
from tests.projections.evidence_of import evidence
from tests.projections.withdrawal.leaving import accounts
from tests.projections.withdrawal.random_story import Told

ONE = timedelta(days=1)


@pytest.fixture(scope="module", params=range(20, 28))
def told(request: pytest.FixtureRequest) -> Told:
    return Told(request.param)


def every_day(told: Told) -> Iterator[date]:
    day = date(2026, 9, 1)
    while day <= told.day:
        yield day
        day += ONE


def side_on(known: Evidence, standing: Accounts, who: str, day: date) -> int:
    return side_of(standing.of(who).on(day.toordinal()), known.partnership.terms_on(day))


def is_one_sided(known: Evidence, standing: Accounts, who: str, since: date, day: date) -> bool:
    """The words of the page, one after the other; every day counts in these stories."""
    terms = known.partnership.terms_on(day)
    side = side_on(known, standing, who, day)
    window = [side_on(known, standing, who, day - n * ONE) for n in range(terms.tolerance_window_days + 1)]
    if side == 0 or set(window) != {side} or day < since + terms.grace_days * ONE:
        return False
    now, turnover = standing.of(who).on(day.toordinal())
    partners = known.partnership.partners_on(day)
    for support in known.supports.values():
        if who in support.sides() and set(support.sides()) <= set(partners):
            minutes = still_due(support, day)
            now, turnover = now + (minutes if support.giver_id == who else -minutes), turnover + minutes
    return side_of(Standing(now, turnover), terms) != 0


def test_one_sided(told: Told) -> None:
    known, standing = evidence(told.story, "harbour"), accounts(told.story)
    found = [one for one in points_on(known, standing, told.day) if one.kind == "one_sided"]
    seats = list(seats_of(known, told.day))
    for day in every_day(told):
        for seat in seats:
            if seat.since <= day <= seat.last:
                who = seat.organisation_id
                overall = side_of(standing.overall(who).on(day.toordinal()), known.partnership.terms_on(day))
                is_so = is_one_sided(known, standing, who, seat.since, day)
                listed = any(one.covers(day) for one in found if one.organisation_id == who)
                assert listed == is_so or (is_so and overall == 0)


def test_silence(told: Told) -> None:
    known = evidence(told.story, "harbour")
    found = Silence(known, told.day, terms_in_force(known.partnership, told.day)).spells()
    quiet = {day for one in found for day in range(one.first, one.last + 1)}
    assert quiet == {day.toordinal() for day in every_day(told) if tempo(Look(known, day)).f == 0}
