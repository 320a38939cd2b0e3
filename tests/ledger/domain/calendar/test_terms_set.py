"""The terms of an academic year: inside it, in order, set by an admin or by an organisation for itself."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.calendar.state import calendar_stream_id
from ledger.domain.refusals import ClaimUnsound, RoleForbidden, UnknownOrganisation, WrongStream, WrongVoice
from ledger.errors import ClaimMalformed
from tests.ledger.domain.calendar.stories import AUTUMN, SPRING, SUMMER, set_by, terms
from tests.scenario import ADMIN, AUDITOR, Scenario, client, coordinator, member, ref, refused


def unsound(*given: dict[str, str], **more: Any) -> set[tuple[str, str]]:
    with refused(ClaimUnsound) as caught:
        set_by(ADMIN, terms(*given, **more))
    return {(error.pointer, error.code) for error in caught.value.errors}


@pytest.mark.parametrize("for_", ["ledger", "201"])
def test_an_admin_sets_the_terms_of_the_ledger_and_of_an_authority(for_: str) -> None:
    story = set_by(ADMIN, terms(AUTUMN, SPRING, SUMMER, for_=for_, closed_days=["2026-10-26"]))
    state = story.states["calendar", calendar_stream_id(for_)]
    assert (state.for_, len(state.years[2026].days)) == (for_, 108 - 1 + 81 + 100)


def test_an_admin_sets_the_terms_of_an_organisation() -> None:
    set_by(ADMIN, terms(AUTUMN, for_=ref("northfield")), Scenario().schools("northfield"))


def test_an_organisation_sets_its_own_terms() -> None:
    story = Scenario().schools("northfield")
    for who in (member("northfield"), client("northfield"), coordinator("northfield")):
        set_by(who, terms(AUTUMN, for_=ref("northfield")), story)


def test_the_terms_an_admin_sets_for_an_organisation_are_found_by_it() -> None:
    story = set_by(ADMIN, terms(AUTUMN, for_=ref("northfield")), Scenario().schools("northfield"))
    assert story.touched[f"organisation:{ref('northfield')}"][-1].type == "calendar.terms_set"


@pytest.mark.parametrize("for_", ["ledger", "201", ref("oakwood")])
def test_an_organisation_sets_no_other_terms(for_: str) -> None:
    story = Scenario().schools("northfield", "oakwood")
    with refused(WrongVoice, voice=ref("northfield")):
        set_by(member("northfield"), terms(AUTUMN, for_=for_), story)


def test_an_auditor_sets_no_terms() -> None:
    with refused(RoleForbidden, role="auditor"):
        set_by(AUDITOR, terms(AUTUMN))


def test_terms_are_for_a_registered_organisation() -> None:
    with refused(UnknownOrganisation, ids=(ref("nowhere"),)):
        set_by(ADMIN, terms(AUTUMN, for_=ref("nowhere")))


def test_the_stream_follows_from_whom_the_terms_are_for() -> None:
    with refused(WrongStream, id=calendar_stream_id("ledger")):
        Scenario().when(ADMIN, "calendar.terms_set", "urn:pledger:calendar:201", **terms(AUTUMN))


def test_later_terms_replace_those_of_the_same_year_only() -> None:
    story = set_by(ADMIN, terms(AUTUMN, SPRING))
    last_year = {"name": "Summer", "starts_on": "2026-04-13", "ends_on": "2026-07-21"}
    set_by(ADMIN, terms(last_year, academic_year="2025/26"), story)
    set_by(ADMIN, terms(SPRING), story)
    years = story.states["calendar", calendar_stream_id("ledger")].years
    assert {year: len(one.days) for year, one in years.items()} == {2025: 100, 2026: 81}


@pytest.mark.parametrize("academic_year", ["2026/28", "2026/26", "2026/25", "2099/01"])
def test_an_academic_year_goes_from_one_year_to_the_next(academic_year: str) -> None:
    assert unsound(AUTUMN, academic_year=academic_year) == {("/data/academic_year", "not-one-year")}


def test_the_last_academic_year_of_a_century_ends_with_00() -> None:
    autumn = {"name": "Autumn", "starts_on": "2099-09-02", "ends_on": "2099-12-18"}
    set_by(ADMIN, terms(autumn, academic_year="2099/00"))


def test_terms_reach_from_the_first_of_september_to_the_last_of_august() -> None:
    set_by(ADMIN, terms({"name": "All year", "starts_on": "2026-09-01", "ends_on": "2027-08-31"}))
    whole = {"name": "Too long", "starts_on": "2026-08-31", "ends_on": "2027-09-01"}
    assert unsound(whole) == {
        ("/data/terms/0/starts_on", "outside-the-year"),
        ("/data/terms/0/ends_on", "outside-the-year"),
    }


def test_terms_are_in_order_and_do_not_overlap() -> None:
    assert unsound(SPRING, AUTUMN) == {("/data/terms/1/starts_on", "out-of-order")}
    assert unsound(AUTUMN, SPRING | {"starts_on": "2026-12-18"}) == {("/data/terms/1/starts_on", "out-of-order")}
    set_by(ADMIN, terms(AUTUMN, SPRING | {"starts_on": "2026-12-19"}))


def test_a_term_ends_after_it_begins() -> None:
    assert unsound(AUTUMN | {"ends_on": "2026-09-01"}, SPRING) == {("/data/terms/0/ends_on", "before-its-start")}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = unsound(SPRING, AUTUMN | {"ends_on": "2027-09-10"}, closed_days=["2026-10-26", "2027-09-01"])
    assert found == {
        ("/data/terms/1/starts_on", "out-of-order"),
        ("/data/terms/1/ends_on", "outside-the-year"),
        ("/data/closed_days/1", "outside-the-year"),
    }


def test_one_day_at_least_stays_open() -> None:
    day = {"name": "A day", "starts_on": "2026-09-02", "ends_on": "2026-09-02"}
    assert unsound(day, closed_days=["2026-09-02"]) == {("/data/closed_days", "no-day-left")}


@pytest.mark.parametrize("for_", ["Ledger", "20", "2011", ref("northfield").upper()])
def test_terms_are_for_the_ledger_an_authority_or_an_organisation(for_: str) -> None:
    with refused(ClaimMalformed) as malformed:
        set_by(ADMIN, terms(AUTUMN, for_=for_))
    assert [error.pointer for error in malformed.value.errors] == ["/data/for"]
