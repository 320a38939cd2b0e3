"""An organisation enters the directory once, and no two organisations hold the same identifier."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.organisation.rules import IdentifierHeld
from ledger.domain.refusals import (
    AlreadyRecorded,
    AlreadyThere,
    ClaimUnsound,
    DayOutOfRange,
    NotThere,
    OrganisationEnded,
    RoleForbidden,
    WhoSpeaks,
    WrongVoice,
)
from ledger.errors import ClaimMalformed
from tests.scenario import ADMIN, AUDITOR, Scenario, client, coordinator, member, ref, refused

URN = {"scheme": "urn", "value": "136363"}
UKPRN = {"scheme": "ukprn", "value": "10032987"}
LAESTAB = {"scheme": "laestab", "value": "201/3614"}


def school(name: str, *identifiers: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"name": name, "kind": "school", "identifiers": list(identifiers)} | more


def northfield(*identifiers: dict[str, str]) -> Scenario:
    return Scenario().given(ADMIN, "organisation.registered", "northfield", **school("Northfield", *identifiers))


def test_an_admin_registers_a_school_from_a_public_register() -> None:
    story = northfield(URN, LAESTAB)
    state = story.states["organisation", ref("northfield")]
    assert (state.name, state.kind) == ("Northfield", "school")
    assert state.holds("urn", "136363")


def test_a_coordinator_registers_any_organisation() -> None:
    story = Scenario().schools("harbour")
    fact = story.when(coordinator("harbour"), "organisation.registered", "oakwood", **school("Oakwood"))
    assert fact.voice == ref("harbour")


def test_a_client_registers_an_organisation_its_credential_lists() -> None:
    fact = Scenario().when(client("oakwood"), "organisation.registered", "oakwood", **school("Oakwood"))
    assert fact.voice == ref("oakwood")


def test_a_client_registers_no_other_organisation() -> None:
    with refused(WrongVoice, voice=ref("oakwood")):
        Scenario().when(client("oakwood"), "organisation.registered", "northfield", **school("Northfield"))


def test_a_client_of_several_organisations_names_the_one_it_registers() -> None:
    machine = client("oakwood", "northfield")
    with refused(WhoSpeaks):
        Scenario().when(machine, "organisation.registered", "oakwood", **school("Oakwood"))
    fact = Scenario().when(machine, "organisation.registered", "oakwood", for_="oakwood", **school("Oakwood"))
    assert fact.voice == ref("oakwood")


@pytest.mark.parametrize("who", [member("oakwood"), AUDITOR])
def test_members_and_auditors_register_nothing(who: Any) -> None:
    with refused(RoleForbidden, role=who.role):
        Scenario().when(who, "organisation.registered", "oakwood", **school("Oakwood"))


def test_an_identifier_is_held_by_one_organisation() -> None:
    story = northfield(URN)
    with refused(IdentifierHeld, scheme="urn", value="136363", holder_id=ref("northfield")) as held:
        story.when(ADMIN, "organisation.registered", "oakwood", **school("Oakwood", UKPRN, URN))
    assert [error.pointer for error in held.value.errors] == ["/data/identifiers/1"]
    assert "identifier:urn:136363" in story.leaned


@pytest.mark.parametrize("written", ["201/3614", "2013614"])
def test_a_laestab_is_one_identifier_however_it_is_written(written: str) -> None:
    story = northfield({"scheme": "laestab", "value": "2013614"})
    assert story.facts[0].data.identifiers[0].value == "201/3614"
    assert "identifier:laestab:201/3614" in story.touched
    assert story.states["organisation", ref("northfield")].holds("laestab", written)
    with refused(IdentifierHeld, value="201/3614"):
        other = {"scheme": "laestab", "value": written}
        story.when(ADMIN, "organisation.registered", "oakwood", **school("Oakwood", other))


def test_the_same_registration_again_answers_with_the_first() -> None:
    story = northfield(URN, LAESTAB)
    again = school("Northfield", {"scheme": "laestab", "value": "2013614"}, URN)
    for stream in ("northfield", "another stream"):
        with pytest.raises(AlreadyRecorded) as known:
            story.when(ADMIN, "organisation.registered", stream, **again)
        assert known.value.event_id == story.facts[0].event_id


def test_a_registration_that_differs_in_one_field_is_no_repeat() -> None:
    story = northfield(URN)
    with refused(IdentifierHeld, holder_id=ref("northfield")):
        story.when(ADMIN, "organisation.registered", "oakwood", **school("Northfield", URN, pupils=210))
    with refused(AlreadyThere, id=ref("northfield")):
        story.when(ADMIN, "organisation.registered", "northfield", **school("Northfield", URN, pupils=210))


def test_without_an_identifier_nothing_tells_a_repeat_from_a_namesake() -> None:
    story = northfield()
    story.when(ADMIN, "organisation.registered", "namesake", **school("Northfield"))
    with refused(AlreadyThere):
        story.when(ADMIN, "organisation.registered", "northfield", **school("Northfield"))


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("urn", "13636"),
        ("urn", "\uff11\uff13\uff16\uff13\uff16\uff13"),  # digits, but not of ASCII
        ("ukprn", "20032987"),
        ("laestab", "20/13614"),
        ("trust_uid", "0123"),
        ("trust_ref", "TR123"),
        ("companies_house", "7654321"),
    ],
)
def test_an_identifier_has_the_form_of_its_scheme(scheme: str, value: str) -> None:
    with refused(ClaimMalformed) as malformed:
        northfield({"scheme": scheme, "value": value})
    assert [(e.pointer, e.code) for e in malformed.value.errors] == [
        ("/data/identifiers/0/value", "identifier-malformed")
    ]


def test_each_scheme_is_given_once() -> None:
    with refused(ClaimUnsound) as unsound:
        northfield(URN, {"scheme": "urn", "value": "136364"})
    assert [error.pointer for error in unsound.value.errors] == ["/data/identifiers/1/scheme"]


def test_a_school_may_be_older_than_the_ledger_counts_but_not_open_in_twenty_years() -> None:
    Scenario().when(ADMIN, "organisation.registered", "kings", **school("King's", opened_on="0597-01-01"))
    with refused(DayOutOfRange):
        Scenario().when(ADMIN, "organisation.registered", "new", **school("New", opened_on="2046-09-01"))


def test_an_organisation_puts_its_details_right() -> None:
    story = northfield(URN)
    story.when(member("northfield"), "organisation.details_changed", "northfield", name="Northfield Academy", pupils=0)
    state = story.states["organisation", ref("northfield")]
    assert (state.name, state.details.pupils, state.kind) == ("Northfield Academy", 0, "school")


def test_the_list_of_identifiers_is_replaced_whole() -> None:
    story = northfield(URN, UKPRN)
    story.when(ADMIN, "organisation.details_changed", "northfield", identifiers=[UKPRN, LAESTAB])
    state = story.states["organisation", ref("northfield")]
    assert (state.holds("urn", "136363"), state.holds("laestab", "201/3614")) == (False, True)
    story.when(ADMIN, "organisation.registered", "oakwood", **school("Oakwood", URN))


def test_a_change_takes_no_identifier_of_another() -> None:
    story = northfield(URN).given(ADMIN, "organisation.registered", "oakwood", **school("Oakwood", UKPRN))
    with refused(IdentifierHeld, holder_id=ref("northfield")):
        story.when(ADMIN, "organisation.details_changed", "oakwood", identifiers=[UKPRN, URN])
    story.given(ADMIN, "organisation.details_changed", "northfield", identifiers=[URN, LAESTAB])
    with refused(IdentifierHeld, scheme="laestab"):
        taken = {"scheme": "laestab", "value": "2013614"}
        story.when(ADMIN, "organisation.details_changed", "oakwood", identifiers=[UKPRN, taken])


def test_a_change_is_as_well_formed_as_a_registration() -> None:
    story = northfield(URN)
    with refused(ClaimUnsound):
        story.when(ADMIN, "organisation.details_changed", "northfield", identifiers=[URN, UKPRN, UKPRN])
    with refused(DayOutOfRange):
        story.when(ADMIN, "organisation.details_changed", "northfield", opened_on="2046-09-01")
    plain = {"scheme": "laestab", "value": "2013614"}
    fact = story.when(ADMIN, "organisation.details_changed", "northfield", identifiers=[URN, plain])
    assert fact.data.identifiers[1].value == "201/3614"


@pytest.mark.parametrize("change", [{}, {"reason": "A typing error"}, {"name": "Northfield"}, {"identifiers": [URN]}])
def test_a_change_changes_something(change: dict[str, Any]) -> None:
    with refused(ClaimUnsound):
        northfield(URN).when(ADMIN, "organisation.details_changed", "northfield", **change)


def test_nobody_changes_the_details_of_another() -> None:
    story = northfield().schools("oakwood")
    with refused(WrongVoice, voice=ref("oakwood")):
        story.when(member("oakwood"), "organisation.details_changed", "northfield", name="Southfield")


def test_there_must_be_an_organisation_to_change() -> None:
    with refused(NotThere, id=ref("nowhere")):
        Scenario().when(ADMIN, "organisation.details_changed", "nowhere", name="Nowhere")


def test_a_closed_school_keeps_its_urn_and_frees_its_laestab() -> None:
    story = northfield(URN, UKPRN, LAESTAB)
    story.given(ADMIN, "organisation.closed", "northfield", on="2026-08-31", reason="Conversion")
    new = school("Northfield Academy", {"scheme": "urn", "value": "150000"}, LAESTAB)
    story.given(ADMIN, "organisation.registered", "academy", **new)
    for kept in (URN, UKPRN):
        with refused(IdentifierHeld, holder_id=ref("northfield")):
            story.when(ADMIN, "organisation.registered", "oakwood", **school("Oakwood", kept))
    with refused(IdentifierHeld, holder_id=ref("academy")):
        story.when(ADMIN, "organisation.registered", "oakwood", **school("Oakwood", LAESTAB))


def test_a_closed_trust_keeps_its_uid_and_frees_what_companies_house_knows() -> None:
    uid, number = {"scheme": "trust_uid", "value": "2044"}, {"scheme": "companies_house", "value": "07654321"}
    reference = {"scheme": "trust_ref", "value": "TR00321"}
    trust = {"name": "Harbour", "kind": "trust", "identifiers": [uid, number, reference]}
    story = Scenario().given(ADMIN, "organisation.registered", "harbour", **trust)
    story.given(ADMIN, "organisation.closed", "harbour", on="2026-08-31", reason="Merged")
    with refused(IdentifierHeld, scheme="trust_uid"):
        story.when(ADMIN, "organisation.registered", "tide", name="Tide", kind="trust", identifiers=[uid])
    story.when(ADMIN, "organisation.registered", "tide", name="Tide", kind="trust", identifiers=[number, reference])


def test_the_details_of_a_closed_school_are_still_put_right_by_an_admin_alone() -> None:
    story = northfield(URN, LAESTAB)
    story.given(ADMIN, "organisation.closed", "northfield", on="2026-08-31", reason="Conversion")
    story.given(ADMIN, "organisation.registered", "academy", **school("Academy", LAESTAB))
    with refused(OrganisationEnded, organisation_id=ref("northfield")):
        story.when(member("northfield"), "organisation.details_changed", "northfield", name="Old Northfield")
    changed: dict[str, Any] = {"name": "Old Northfield", "identifiers": [URN, LAESTAB]}
    story.when(ADMIN, "organisation.details_changed", "northfield", **changed)
    assert story.states["organisation", ref("northfield")].name == "Old Northfield"
