"""Whatever was said: a point that lasts is the same whenever one asks, and a withdrawal leaves nothing unaccounted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from projections.withdrawal.walking import points_on
from projections.withdrawal.way_out import WayOut, way_out
from tests.projections.evidence_of import evidence
from tests.projections.withdrawal.leaving import accounts
from tests.projections.withdrawal.random_story import SCHOOLS, Told
from tests.scenario import ref

SEEDS = range(1, 13)


@pytest.fixture(scope="module", params=SEEDS)
def told(request: pytest.FixtureRequest) -> Told:
    return Told(request.param)


def days(told: Told, every: int) -> Iterator[date]:
    day = date(2026, 9, 20)
    while day <= told.day:
        yield day
        day += timedelta(days=every)


def test_a_point_that_lasts_has_the_same_id_and_first_day_whichever_day_one_asks(told: Told) -> None:
    known, standing = evidence(told.story, "harbour"), accounts(told.story)
    seen = {day: points_on(known, standing, day) for day in days(told, 17)}
    for day, found in seen.items():
        assert len({one.point_id for one in found}) == len(found)
        for later in (other for other in seen if other > day):
            before = {(one.point_id, one.opens_on) for one in found if one.elsewhere is None and one.covers(day)}
            after = {(one.point_id, one.opens_on) for one in seen[later]}
            renamed = {one.opens_on for one in seen[later] if one.kept_id is not None}
            assert {one for one in before - after if one[1] not in renamed} == set()


def test_a_state_seen_from_afterwards_was_seen_on_each_of_its_days(told: Told) -> None:
    """A dated point may open by its formula before the day it was announced: it is not asked about here."""
    known, standing = evidence(told.story, "harbour"), accounts(told.story)
    last = points_on(known, standing, told.day)
    for day in days(told, 29):
        opened = {
            (one.kind, one.organisation_id, one.opens_on) for one in last if one.covers(day) and one.notice_by is None
        }
        then = {(one.kind, one.organisation_id, one.opens_on) for one in points_on(known, standing, day)}
        assert opened <= then


def test_every_point_stands_between_its_days(told: Told) -> None:
    known, standing = evidence(told.story, "harbour"), accounts(told.story)
    for day in days(told, 41):
        for one in points_on(known, standing, day):
            assert one.closes_on is None or one.opens_on <= one.closes_on
            assert (one.state == "passed") == (one.earliest_leaving_on is None)
            if one.state == "open":
                assert one.covers(day)


def the_way_out(told: Told, who: str) -> WayOut:
    return way_out(evidence(told.story, "harbour"), accounts(told.story), ref(who), told.day, told.day)


@pytest.mark.parametrize("who", SCHOOLS)
def test_each_open_support_and_delivery_is_ended_or_listed_by_name(told: Told, who: str) -> None:
    found, own = the_way_out(told, who), ref(who)
    supports = {
        stream_id: state
        for (kind, stream_id), state in told.story.states.items()
        if kind == "support" and state.partnership_id == ref("harbour") and own in (state.giver_id, state.receiver_id)
    }
    agreed = {one for one, state in supports.items() if state.is_agreed_and_open}
    posted = {
        one for one, state in supports.items()
        if state.is_offer_or_request_open and state.maker_id == own and not state.has_run_out(told.day)
    }  # fmt: skip
    waiting = {
        (one, delivery_id): delivery.status
        for one, state in supports.items()
        for delivery_id, delivery in getattr(state, "deliveries", {}).items()
        if delivery.status in ("claimed", "attested", "disputed") and delivery.delivered_on <= told.day
    }
    assert {one.support_id for one in found.open.supports} == agreed
    assert {one.support_id for one in found.open.postings} == posted
    listed = {(one.support_id, one.delivery_id): one.state for one in found.open.deliveries}
    assert listed.keys() == waiting.keys()
    assert {key for key, state in listed.items() if state == "disputed"} == {
        key for key, status in waiting.items() if status == "disputed"
    }


@pytest.mark.parametrize("who", SCHOOLS)
def test_each_residual_is_listed_by_name_with_what_may_become_of_it(told: Told, who: str) -> None:
    found = the_way_out(told, who)
    assert sum(one.minutes for one in found.standing) == accounts(told.story).of(ref(who)).on(told.day.toordinal())[0]
    for one in found.standing:
        other = next(school for school in SCHOOLS if ref(school) == one.other_id)
        mirrored = {each.other_id: each.minutes for each in the_way_out(told, other).standing}
        assert mirrored.get(ref(who), 0) == -one.minutes
        assert set(one.must_agree(ref(who), "forgiven")) == {ref(who), one.other_id}


def test_the_stories_open_points_of_many_kinds() -> None:
    kinds = set()
    for seed in SEEDS:
        told = Told(seed)
        kinds |= {one.kind for one in points_on(evidence(told.story, "harbour"), accounts(told.story), told.day)}
    assert kinds >= {
        "review_due", "review_overdue", "break_date", "one_sided", "quiet", "disputes_open", "purpose_met",
    }  # fmt: skip
