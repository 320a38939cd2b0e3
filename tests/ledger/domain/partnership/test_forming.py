"""A partnership is formed by its coordinator; its own schools are in at once, others are asked."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from ledger.domain.partnership.aims import OpenAim
from ledger.domain.partnership.state import Running
from ledger.domain.refusals import (
    AlreadyThere,
    ClaimUnsound,
    DayOutOfRange,
    NotThere,
    OrganisationEnded,
    RoleForbidden,
    UnknownOrganisation,
    WrongVoice,
)
from ledger.errors import ClaimMalformed, Refusal
from tests.scenario import ADMIN, Scenario, coordinator, formed, member, ref, refused

TODAY = date(2026, 9, 1)


def schools() -> Scenario:
    """Harbour is a trust with Ash and Elm; Oak stands alone."""
    return Scenario().schools("ash", "elm", trust="harbour").schools("oak")


def cluster(story: Scenario) -> Running:
    state = story.states["partnership", ref("cluster")]
    assert isinstance(state, Running)
    return state


def aim(aim_id: str) -> dict[str, str]:
    return {"aim_id": aim_id, "statement": "Raise attainment", "due_on": "2027-07-01"}


def partner(name: str, role: str = "partner") -> dict[str, str]:
    return {"organisation_id": ref(name), "role": role}


def pointers(refusal: Refusal) -> list[str]:
    return [error.pointer for error in refusal.errors]


def form(story: Scenario, **more: Any) -> Scenario:
    return story.given(
        coordinator("harbour"), "partnership.formed", "cluster", **formed("harbour", "ash", "oak") | more
    )


def test_schools_of_the_own_trust_are_in_at_once_and_others_are_invited() -> None:
    state = cluster(form(schools()))
    assert state.active_partners(TODAY) == {ref("ash")}
    assert not state.active_on(ref("oak"), TODAY)
    assert (state.names(ref("oak")), state.names(ref("elm"))) == (True, False)


def test_the_fact_says_who_was_in_at_once() -> None:
    fact = form(schools()).facts[-1]
    assert [one.at_once for one in fact.data.partners] == [True, None]


def test_the_coordinator_itself_is_in_at_once() -> None:
    state = cluster(form(schools(), partners=[partner("harbour", "lead"), partner("oak")]))
    assert state.members.active(TODAY, "lead") == {ref("harbour")}


def test_a_membership_begins_with_the_partnership() -> None:
    state = cluster(form(schools(), starts_on="2026-10-01"))
    assert not state.active_on(ref("ash"), date(2026, 9, 30))
    assert state.active_on(ref("ash"), date(2026, 10, 1))


def test_several_may_lead_together() -> None:
    state = cluster(form(schools(), partners=[partner("ash", "lead"), partner("elm", "lead")]))
    assert state.members.active(TODAY, "lead") == {ref("ash"), ref("elm")}


def test_the_terms_in_the_fact_are_complete() -> None:
    story = form(schools(), terms={"notice_days": 60, "tariff": {"day": 400}})
    terms = story.facts[-1].data.terms
    assert (terms.notice_days, terms.review_every_days, terms.allow_immediate) == (60, 90, False)
    assert (terms.tariff.day, terms.tariff.hour) == (400, 60)
    assert cluster(story).terms_on(TODAY).tolerance_ratio == Fraction(1, 3)


def test_the_state_keeps_aims() -> None:
    state = cluster(form(schools()))
    assert state.aims["maths"] == OpenAim(
        statement="Raise attainment", success_measure="+5 points", due_on=date(2027, 7, 1)
    )
    assert (state.coordinator_id, state.closed_on) == (ref("harbour"), None)


def test_a_partnership_is_formed_once() -> None:
    story = form(schools())
    with refused(AlreadyThere, id=ref("cluster")):
        form(story)


def test_the_coordinator_named_is_the_one_that_speaks() -> None:
    with refused(WrongVoice, voice=ref("harbour")):
        form(schools(), coordinator_id=ref("ash"))


def test_a_school_forms_no_partnership() -> None:
    with refused(RoleForbidden, role="member"):
        schools().when(
            member("ash"),
            "partnership.formed",
            "cluster",
            **formed("ash", "ash", "oak") | {"coordinator_id": ref("ash")},
        )


def test_an_administrator_forms_no_partnership() -> None:
    with refused(RoleForbidden, role="admin"):
        schools().when(ADMIN, "partnership.formed", "cluster", **formed("harbour", "ash", "oak"))


def test_every_partner_is_registered() -> None:
    with refused(UnknownOrganisation, ids=(ref("nowhere"),)):
        form(schools(), partners=[partner("ash"), partner("nowhere")])


def test_a_partner_that_ended_before_the_start_is_refused() -> None:
    story = schools().given(ADMIN, "organisation.closed", "oak", on="2026-08-31", reason="Merged")
    with refused(OrganisationEnded, organisation_id=ref("oak")):
        form(story)


def test_a_blank_purpose_is_refused() -> None:
    with refused(ClaimMalformed):
        form(schools(), purpose="   ")


def test_nobody_says_who_is_in_at_once() -> None:
    with refused(ClaimMalformed):
        form(schools(), partners=[partner("ash"), {**partner("oak"), "at_once": True}])


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"partners": [partner("ash"), partner("ash")]}, "/data/partners/1/organisation_id"),
        ({"aims": [aim("maths"), aim("maths")]}, "/data/aims/1/aim_id"),
        ({"ends_on": "2026-09-01"}, "/data/ends_on"),
        ({"terms": {"tolerance_ratio": "3/2"}}, "/data/terms/tolerance_ratio"),
        ({"terms": {"break_dates": ["2027-01-01", "2027-01-01"]}}, "/data/terms/break_dates/1"),
        ({"terms": {"intended": {"kind": "one_way", "from": ref("elm")}}}, "/data/terms/intended/from"),
        (
            {"terms": {"intended": {"kind": "one_way", "from": ref("ash"), "until": "2026-08-31"}}},
            "/data/terms/intended/until",
        ),
    ],
)
def test_what_contradicts_itself_is_refused(more: dict[str, Any], pointer: str) -> None:
    with pytest.raises(ClaimUnsound) as caught:
        form(schools(), **more)
    assert pointers(caught.value) == [pointer]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"starts_on": "2036-10-01"}, "/data/starts_on"),
        ({"ends_on": "2036-10-01"}, "/data/ends_on"),
        ({"aims": [aim("maths") | {"due_on": "2036-10-01"}]}, "/data/aims/0/due_on"),
    ],
)
def test_plans_reach_ten_years(more: dict[str, Any], pointer: str) -> None:
    with pytest.raises(DayOutOfRange) as caught:
        form(schools(), **more)
    assert pointers(caught.value) == [pointer]


def test_sound_terms_and_an_end_are_taken() -> None:
    intended = {"kind": "one_way", "from": ref("ash"), "until": "2026-09-01", "because": "Ash has the specialists"}
    state = cluster(form(schools(), ends_on="2027-08-31", terms={"intended": intended, "tolerance_ratio": "1"}))
    assert (state.ends_on, state.terms_on(TODAY).intended.from_) == (date(2027, 8, 31), ref("ash"))


def test_nothing_is_said_of_a_partnership_that_is_not_there() -> None:
    with refused(NotThere, stream_kind="partnership", id=ref("cluster")):
        schools().when(
            member("ash"), "partnership.partner_accepted", "cluster", organisation_id=ref("ash"), on="2026-09-01"
        )
