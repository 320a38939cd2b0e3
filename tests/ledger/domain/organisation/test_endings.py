"""An organisation closes, is succeeded, or turns out to be a duplicate: histories are linked, never merged."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.refusals import (
    AlreadySaid,
    Circle,
    ClaimUnsound,
    DayOutOfRange,
    NotThere,
    OrganisationEnded,
    RoleForbidden,
    UnknownOrganisation,
    WrongVoice,
)
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused

CLOSING = {"on": "2026-08-31", "reason": "Too few pupils"}


def succeeded(story: Scenario, old: str, new: str, on: str = "2026-09-01") -> Scenario:
    return story.given(ADMIN, "organisation.succeeded", old, successor_id=ref(new), on=on)


def duplicate(story: Scenario, one: str, of: str) -> Scenario:
    said = {"duplicate_of": ref(of), "reason": "Registered twice"}
    return story.given(ADMIN, "organisation.duplicate_declared", one, **said)


def test_an_admin_closes_a_school_once() -> None:
    story = Scenario().schools("northfield").given(ADMIN, "organisation.closed", "northfield", **CLOSING)
    state = story.states["organisation", ref("northfield")]
    assert [state.ended_on(date(2026, 8, day)) for day in (30, 31)] == [False, True]
    with refused(AlreadySaid, id=ref("northfield")):
        story.when(ADMIN, "organisation.closed", "northfield", **CLOSING)


@pytest.mark.parametrize("event", ["closed", "succeeded", "duplicate_declared"])
def test_no_organisation_says_its_own_end(event: str) -> None:
    story = Scenario().schools("northfield", "oakwood")
    said = {
        "closed": CLOSING,
        "succeeded": {"successor_id": ref("oakwood"), "on": "2026-09-01"},
        "duplicate_declared": {"duplicate_of": ref("oakwood"), "reason": "Twice"},
    }
    for who in (member("northfield"), coordinator("northfield")):
        with refused(RoleForbidden, role=who.role):
            story.when(who, f"organisation.{event}", "northfield", **said[event])


def test_a_school_that_will_close_still_begins_things_until_then() -> None:
    story = Scenario().schools("northfield")
    story.given(ADMIN, "organisation.closed", "northfield", on="2026-12-31", reason="Merger")
    story.at("2026-12-30").when(member("northfield"), "organisation.details_changed", "northfield", pupils=12)
    with refused(OrganisationEnded, organisation_id=ref("northfield")):
        story.at("2026-12-31").when(member("northfield"), "organisation.details_changed", "northfield", pupils=11)


def test_an_academy_goes_on_from_the_school_it_was() -> None:
    story = succeeded(Scenario().schools("northfield", "academy"), "northfield", "academy")
    state = story.states["organisation", ref("northfield")]
    assert state.successor_id == ref("academy")
    assert [state.ended_on(day) for day in (date(2026, 8, 31), date(2026, 9, 1))] == [False, True]


def test_a_school_is_succeeded_once() -> None:
    story = succeeded(Scenario().schools("northfield", "academy", "oakwood"), "northfield", "academy")
    with refused(AlreadySaid, id=ref("academy")):
        succeeded(story, "northfield", "oakwood")


def test_successions_do_not_go_round() -> None:
    story = Scenario().schools("one", "two", "three")
    with refused(Circle):
        succeeded(story, "one", "one")
    succeeded(succeeded(story, "one", "two"), "two", "three")
    with refused(Circle, id=ref("one")):
        succeeded(story, "three", "one")


def test_a_successor_is_registered_first() -> None:
    with refused(UnknownOrganisation, ids=(ref("academy"),)):
        succeeded(Scenario().schools("northfield"), "northfield", "academy")


def test_the_closed_school_and_its_successors_still_settle_what_is_open() -> None:
    story = Scenario().schools("northfield", "academy", "trust academy", "oakwood")
    ada = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "head", "name": "Ada"}
    story.given(member("northfield"), "person.introduced", "ada", **ada)
    succeeded(succeeded(story, "northfield", "academy"), "academy", "trust academy")
    for voice, role in (("northfield", "governor"), ("academy", "trustee"), ("trust academy", "teacher")):
        story.when(member(voice), "person.details_corrected", "ada", person_id=ref("ada"), role=role)
    with refused(WrongVoice, voice=ref("oakwood")):
        story.when(member("oakwood"), "person.details_corrected", "ada", person_id=ref("ada"), role="head")


def test_a_successor_begins_nothing_new_in_the_name_of_the_old_school() -> None:
    story = succeeded(Scenario().schools("northfield", "academy"), "northfield", "academy")
    ada = {"person_id": ref("ada"), "organisation_id": ref("northfield"), "role": "head", "name": "Ada"}
    with refused(WrongVoice, voice=ref("academy")):
        story.when(member("academy"), "person.introduced", "ada", **ada)


def test_a_duplicate_is_linked_and_stays() -> None:
    story = duplicate(Scenario().schools("northfield", "north field"), "north field", "northfield")
    assert story.states["organisation", ref("north field")].duplicate_of == ref("northfield")
    with refused(AlreadySaid, id=ref("northfield")):
        duplicate(story, "north field", "northfield")


def test_duplicates_do_not_go_round() -> None:
    story = Scenario().schools("one", "two", "three")
    with refused(ClaimUnsound):
        duplicate(story, "one", "one")
    duplicate(duplicate(story, "one", "two"), "two", "three")
    with refused(Circle, id=ref("one")):
        duplicate(story, "three", "one")


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("closed", CLOSING),
        ("succeeded", {"successor_id": ref("northfield"), "on": "2026-09-01"}),
        ("duplicate_declared", {"duplicate_of": ref("northfield"), "reason": "Twice"}),
    ],
)
def test_what_ends_must_have_been_registered(event: str, said: dict[str, str]) -> None:
    story = Scenario().schools("northfield")
    with refused(NotThere, id=ref("nowhere")):
        story.when(ADMIN, f"organisation.{event}", "nowhere", **said)


@pytest.mark.parametrize("on", ["2037-09-01", "1799-12-31"])
def test_an_end_lies_within_ten_years(on: str) -> None:
    story = Scenario().schools("northfield", "academy")
    with refused(DayOutOfRange, day=date.fromisoformat(on)):
        story.when(ADMIN, "organisation.closed", "northfield", on=on, reason="Too few pupils")
    with refused(DayOutOfRange, day=date.fromisoformat(on)):
        succeeded(story, "northfield", "academy", on)
