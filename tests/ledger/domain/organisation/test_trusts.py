"""An organisation is part of one trust at a time, and only it (or an admin) says so."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.organisation.standing import AlreadyInATrust, NotATrust, NotInThisTrust
from ledger.domain.refusals import (
    DayOutOfRange,
    OrganisationEnded,
    RoleForbidden,
    UnknownOrganisation,
    WrongVoice,
)
from tests.scenario import ADMIN, AUDITOR, Scenario, coordinator, member, ref, refused


def a_school_and_two_trusts() -> Scenario:
    story = Scenario().schools("northfield")
    for trust in ("harbour", "tide"):
        story.given(ADMIN, "organisation.registered", trust, name=trust.title(), kind="trust", identifiers=[])
    return story


def joined(story: Scenario, trust: str, on: str) -> Scenario:
    return story.given(member("northfield"), "organisation.joined_trust", "northfield", trust_id=ref(trust), on=on)


def left(story: Scenario, trust: str, on: str) -> Scenario:
    return story.given(member("northfield"), "organisation.left_trust", "northfield", trust_id=ref(trust), on=on)


def trust_on(story: Scenario, day: str) -> str | None:
    found: str | None = story.states["organisation", ref("northfield")].trust_on(date.fromisoformat(day))
    return found


def test_a_school_is_in_its_trust_from_the_day_of_joining_up_to_the_day_before_leaving() -> None:
    story = left(joined(a_school_and_two_trusts(), "harbour", "2021-09-01"), "harbour", "2026-04-01")
    days = ["2021-08-31", "2021-09-01", "2026-03-31", "2026-04-01"]
    assert [trust_on(story, day) for day in days] == [None, ref("harbour"), ref("harbour"), None]


def test_a_school_goes_from_one_trust_to_the_next_on_one_day() -> None:
    story = left(joined(a_school_and_two_trusts(), "harbour", "2021-09-01"), "harbour", "2026-04-01")
    joined(story, "tide", "2026-04-01")
    assert (trust_on(story, "2026-03-31"), trust_on(story, "2026-04-01")) == (ref("harbour"), ref("tide"))


@pytest.mark.parametrize("on", ["2020-09-01", "2021-09-01", "2027-01-01"])
def test_a_school_joins_no_second_trust_before_it_has_left_the_first(on: str) -> None:
    story = joined(a_school_and_two_trusts(), "harbour", "2021-09-01")
    with refused(AlreadyInATrust, trust_id=ref("harbour"), until=None):
        joined(story, "tide", on)


def test_spans_that_lie_in_the_future_do_not_overlap_either() -> None:
    story = left(joined(a_school_and_two_trusts(), "harbour", "2021-09-01"), "harbour", "2027-01-01")
    with refused(AlreadyInATrust, trust_id=ref("harbour"), until=date(2027, 1, 1)):
        joined(story, "tide", "2026-12-31")
    joined(story, "tide", "2027-01-01")


def test_a_school_that_will_join_one_trust_joins_no_other_before_it() -> None:
    story = joined(a_school_and_two_trusts(), "tide", "2027-01-01")
    for on in ("2026-10-01", "2027-06-01"):
        with refused(AlreadyInATrust, trust_id=ref("tide"), since=date(2027, 1, 1)):
            joined(story, "harbour", on)


def test_a_school_comes_back_to_a_trust_it_had_left() -> None:
    story = left(joined(a_school_and_two_trusts(), "harbour", "2021-09-01"), "harbour", "2024-09-01")
    joined(story, "harbour", "2026-09-01")
    assert [trust_on(story, day) for day in ("2025-01-01", "2026-09-01")] == [None, ref("harbour")]


def test_a_school_leaves_only_the_trust_it_is_in_and_once() -> None:
    story = joined(a_school_and_two_trusts(), "harbour", "2021-09-01")
    with refused(NotInThisTrust, trust_id=ref("tide")):
        left(story, "tide", "2026-04-01")
    left(story, "harbour", "2026-04-01")
    with refused(NotInThisTrust, trust_id=ref("harbour")):
        left(story, "harbour", "2026-04-01")


@pytest.mark.parametrize("on", ["2021-08-31", "2021-09-01"])
def test_a_school_leaves_after_it_has_joined(on: str) -> None:
    story = joined(a_school_and_two_trusts(), "harbour", "2021-09-01")
    with refused(NotInThisTrust):
        left(story, "harbour", on)


def test_only_a_trust_is_joined() -> None:
    story = a_school_and_two_trusts().schools("oakwood")
    with refused(NotATrust, organisation_id=ref("oakwood"), is_kind="school"):
        joined(story, "oakwood", "2026-09-01")


@pytest.mark.parametrize("trust", ["harbour", "tide"])
def test_a_trust_joins_neither_itself_nor_another(trust: str) -> None:
    story = a_school_and_two_trusts()
    with refused(NotATrust, organisation_id=ref("harbour"), is_kind="trust"):
        story.when(ADMIN, "organisation.joined_trust", "harbour", trust_id=ref(trust), on="2026-09-01")


def test_a_closed_trust_is_not_joined() -> None:
    story = a_school_and_two_trusts()
    story.given(ADMIN, "organisation.closed", "harbour", on="2026-08-31", reason="Merged")
    with refused(OrganisationEnded, organisation_id=ref("harbour")):
        joined(story, "harbour", "2026-09-01")


def test_an_unknown_trust_is_not_joined() -> None:
    with refused(UnknownOrganisation, ids=(ref("nowhere"),)):
        joined(a_school_and_two_trusts(), "nowhere", "2026-09-01")


def test_a_trust_never_joins_a_school_to_itself() -> None:
    story = a_school_and_two_trusts()
    said = {"trust_id": ref("harbour"), "on": "2026-09-01"}
    for who in (member("harbour"), coordinator("harbour")):
        with refused(WrongVoice, voice=ref("harbour")):
            story.when(who, "organisation.joined_trust", "northfield", **said)


def test_an_auditor_of_the_trust_joins_nobody() -> None:
    story = a_school_and_two_trusts()
    with refused(RoleForbidden, role="auditor"):
        story.when(AUDITOR, "organisation.joined_trust", "northfield", trust_id=ref("harbour"), on="2026-09-01")


def test_an_admin_says_it_from_a_public_register() -> None:
    story = a_school_and_two_trusts()
    story.given(ADMIN, "organisation.joined_trust", "northfield", trust_id=ref("harbour"), on="2021-09-01")
    story.given(ADMIN, "organisation.left_trust", "northfield", trust_id=ref("harbour"), on="2026-08-31")
    assert trust_on(story, "2026-08-30") == ref("harbour")


def test_a_plan_lies_within_ten_years() -> None:
    with refused(DayOutOfRange):
        joined(a_school_and_two_trusts(), "harbour", "2037-09-01")
    with refused(DayOutOfRange):
        left(joined(a_school_and_two_trusts(), "harbour", "2021-09-01"), "harbour", "2037-09-01")
