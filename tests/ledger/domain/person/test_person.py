"""A person has a role in an organisation; the name is theirs, and goes when they ask."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.domain.person.rules import PersonErased
from ledger.domain.person.state import ErasedPerson, InRole, RoleOver
from ledger.domain.refusals import (
    AlreadySaid,
    AlreadyThere,
    ClaimUnsound,
    DayOutOfRange,
    NotThere,
    RoleForbidden,
    SpeaksForItself,
    WrongStream,
    WrongVoice,
)
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused

REQUEST = {"person_id": ref("ada"), "request": "The school asked on her behalf"}


def introduction(school: str = "northfield", **more: Any) -> dict[str, Any]:
    return {
        "person_id": ref("ada"),
        "organisation_id": ref(school),
        "role": "specialist",
        "name": "Ada Lovelace",
        "email": "ada@northfield.example",
    } | more


def ada() -> Scenario:
    story = Scenario().schools("northfield", trust="harbour").schools("oakwood")
    return story.given(member("northfield"), "person.introduced", "ada", **introduction())


def role_ended(story: Scenario, on: str) -> Scenario:
    return story.given(member("northfield"), "person.role_ended", "ada", person_id=ref("ada"), on=on)


def test_an_organisation_introduces_its_own_people() -> None:
    state = ada().states["person", ref("ada")]
    assert isinstance(state, InRole)
    assert (state.organisation_id, state.role, state.ended_on) == (ref("northfield"), "specialist", None)


def test_nobody_introduces_the_people_of_another() -> None:
    story = Scenario().schools("northfield", "oakwood")
    with refused(WrongVoice, voice=ref("oakwood")):
        story.when(member("oakwood"), "person.introduced", "ada", **introduction("northfield"))


def test_a_trust_introduces_people_for_its_school_and_no_other() -> None:
    story = Scenario().schools("northfield", trust="harbour").schools("oakwood")
    hub = coordinator("harbour")
    fact = story.when(hub, "person.introduced", "ada", for_="northfield", **introduction())
    assert fact.recorded_for == ref("northfield")
    with refused(NotThere, id=ref("oakwood")):
        story.when(hub, "person.introduced", "bea", for_="oakwood", **introduction("oakwood", person_id=ref("bea")))


def test_an_admin_introduces_nobody() -> None:
    with refused(RoleForbidden, role="admin"):
        Scenario().schools("northfield").when(ADMIN, "person.introduced", "ada", **introduction())


def test_the_stream_is_the_persons_own() -> None:
    with refused(WrongStream, id=ref("ada")):
        Scenario().schools("northfield").when(member("northfield"), "person.introduced", "bea", **introduction())


def test_a_person_is_introduced_once() -> None:
    story = ada()
    for school in ("northfield", "oakwood"):
        with refused(AlreadyThere, id=ref("ada")):
            story.when(member(school), "person.introduced", "ada", **introduction(school))


def test_a_person_whose_role_ended_is_introduced_elsewhere() -> None:
    story = role_ended(ada(), "2026-10-01")
    with refused(AlreadyThere):
        story.at("2026-09-30").when(member("oakwood"), "person.introduced", "ada", **introduction("oakwood"))
    story.at("2026-10-01").when(member("oakwood"), "person.introduced", "ada", **introduction("oakwood", role="head"))
    state = story.states["person", ref("ada")]
    assert (state.organisation_id, state.role, state.ended_on) == (ref("oakwood"), "head", None)


@pytest.mark.parametrize("change", [{"role": "head"}, {"name": "Ada King"}, {"email": "ada@king.example"}])
def test_details_are_corrected(change: dict[str, str]) -> None:
    story = ada()
    story.when(member("northfield"), "person.details_corrected", "ada", person_id=ref("ada"), **change)
    assert story.states["person", ref("ada")].role == change.get("role", "specialist")


@pytest.mark.parametrize("change", [{}, {"role": "specialist"}])
def test_a_correction_corrects_something(change: dict[str, str]) -> None:
    with refused(ClaimUnsound):
        ada().when(member("northfield"), "person.details_corrected", "ada", person_id=ref("ada"), **change)


def test_only_the_persons_organisation_corrects() -> None:
    with refused(WrongVoice, voice=ref("oakwood")):
        ada().when(member("oakwood"), "person.details_corrected", "ada", person_id=ref("ada"), role="head")


@pytest.mark.parametrize("event", ["details_corrected", "role_ended", "erased"])
def test_there_must_be_a_person(event: str) -> None:
    story = Scenario().schools("northfield")
    who = ADMIN if event == "erased" else member("northfield")
    said = {
        "details_corrected": {"role": "head"},
        "role_ended": {"on": "2026-09-01"},
        "erased": {"request": "Asked for"},
    }
    with refused(NotThere, id=ref("ada")):
        story.when(who, f"person.{event}", "ada", person_id=ref("ada"), **said[event])


@pytest.mark.parametrize("on", ["2026-09-01", "2027-08-31"])
def test_a_role_ends_on_or_after_the_day_of_introduction(on: str) -> None:
    state = role_ended(ada(), on).states["person", ref("ada")]
    assert isinstance(state, RoleOver)
    assert state.ended_on == date.fromisoformat(on)


def test_the_end_of_a_role_is_planned_within_ten_years() -> None:
    with refused(DayOutOfRange):
        role_ended(ada(), "2037-09-01")


def test_a_role_does_not_end_before_it_began() -> None:
    with refused(DayOutOfRange, day=date(2026, 8, 31)):
        role_ended(ada(), "2026-08-31")


def test_the_day_of_introduction_is_that_of_the_ledgers_zone() -> None:
    story = Scenario().schools("northfield")
    said = introduction(occurred_at="2026-08-31T23:30:00+00:00")  # half past midnight in London
    story.given(member("northfield"), "person.introduced", "ada", **said)
    with refused(DayOutOfRange):
        role_ended(story, "2026-08-31")
    role_ended(story, "2026-09-01")


def test_a_role_ends_once() -> None:
    story = role_ended(ada(), "2026-09-30")
    with refused(AlreadySaid, id=ref("ada")):
        role_ended(story, "2026-10-01")


def test_an_admin_erases_a_person_for_good() -> None:
    story = ada().given(ADMIN, "person.erased", "ada", **REQUEST)
    state = story.states["person", ref("ada")]
    assert isinstance(state, ErasedPerson)
    assert state.organisation_id == ref("northfield")
    with refused(PersonErased, person_id=ref("ada")):
        story.when(member("northfield"), "person.details_corrected", "ada", person_id=ref("ada"), name="Ada")
    with refused(PersonErased, person_id=ref("ada")):
        story.when(member("northfield"), "person.introduced", "ada", **introduction())
    with refused(AlreadySaid, id=ref("ada")):
        story.when(ADMIN, "person.erased", "ada", **REQUEST)


def test_the_role_of_an_erased_person_still_ends() -> None:
    story = ada().given(ADMIN, "person.erased", "ada", **REQUEST)
    state = role_ended(story, "2026-12-31").states["person", ref("ada")]
    assert isinstance(state, ErasedPerson)
    assert state.ended_on == date(2026, 12, 31)


def test_no_organisation_erases() -> None:
    with refused(RoleForbidden, role="member"):
        ada().when(member("northfield"), "person.erased", "ada", **REQUEST)
    with refused(RoleForbidden, role="coordinator"):
        ada().when(coordinator("harbour"), "person.erased", "ada", **REQUEST)


def test_a_trust_cannot_say_for_its_school_what_only_the_school_says() -> None:
    with refused(SpeaksForItself, recorded_for=ref("northfield")):
        ada().when(coordinator("harbour"), "organisation.details_changed", "northfield", for_="northfield", pupils=1)
