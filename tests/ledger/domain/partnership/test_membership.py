"""Organisations are invited by the coordinator and answer for themselves; memberships are dated spans."""

from __future__ import annotations

from datetime import date

from ledger.domain.partnership.refusals import NotInvited
from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    DayOutOfRange,
    OrganisationEnded,
    RoleForbidden,
    SpeaksForItself,
    WrongVoice,
)
from tests.scenario import ADMIN, Scenario, coordinator, formed, member, ref, refused


def asked() -> Scenario:
    """Hub has formed a partnership with Ash, which is in it, and Oak, which has not answered."""
    story = Scenario().schools("ash", "oak", "elm", "fir").partnership("cluster", "hub", "ash", "oak", accepted=False)
    return accept(story, "ash", "2026-09-01")


def accept(story: Scenario, name: str, on: str) -> Scenario:
    return story.given(member(name), "partnership.partner_accepted", "cluster", organisation_id=ref(name), on=on)


def decline(story: Scenario, name: str, on: str) -> Scenario:
    return story.given(member(name), "partnership.partner_declined", "cluster", organisation_id=ref(name), on=on)


def invite(story: Scenario, name: str, on: str, **more: str) -> Scenario:
    said = {"organisation_id": ref(name), "on": on} | more
    return story.given(coordinator("hub"), "partnership.partner_invited", "cluster", **said)


def remove(story: Scenario, name: str, on: str) -> Scenario:
    said = {"organisation_id": ref(name), "on": on, "removed": True, "reason": "Never came"}
    return story.given(coordinator("hub"), "partnership.partner_left", "cluster", **said)


def test_who_accepts_is_a_partner_from_that_day() -> None:
    story = accept(asked().at("2026-09-10"), "oak", "2026-09-08")
    state = story.states["partnership", ref("cluster")]
    assert [state.active_on(ref("oak"), date(2026, 9, day)) for day in (7, 8)] == [False, True]


def test_who_declines_is_named_no_longer() -> None:
    story = decline(asked(), "oak", "2026-09-01")
    assert not story.states["partnership", ref("cluster")].names(ref("oak"))


def test_only_the_invited_accepts() -> None:
    with refused(WrongVoice, voice=ref("ash")):
        asked().when(
            member("ash"), "partnership.partner_accepted", "cluster", organisation_id=ref("oak"), on="2026-09-01"
        )


def test_a_coordinator_accepts_for_nobody() -> None:
    with refused(SpeaksForItself, recorded_for=ref("oak")):
        asked().when(
            coordinator("hub"),
            "partnership.partner_accepted",
            "cluster",
            for_="oak",
            organisation_id=ref("oak"),
            on="2026-09-01",
        )


def test_who_was_not_invited_neither_accepts_nor_declines() -> None:
    with refused(NotInvited, organisation_id=ref("elm")):
        accept(asked(), "elm", "2026-09-01")
    with refused(NotInvited, organisation_id=ref("elm")):
        decline(asked(), "elm", "2026-09-01")


def test_a_partner_accepts_once() -> None:
    with refused(AlreadySaid, id=ref("ash")):
        accept(asked(), "ash", "2026-09-01")


def test_nobody_accepts_or_declines_in_the_future() -> None:
    with refused(DayOutOfRange, day=date(2026, 9, 2)):
        accept(asked(), "oak", "2026-09-02")
    with refused(DayOutOfRange, day=date(2026, 9, 2)):
        decline(asked(), "oak", "2026-09-02")


def test_nobody_accepts_before_the_invitation() -> None:
    story = invite(asked().at("2026-09-10"), "elm", "2026-09-05")
    with refused(ClaimUnsound):
        accept(story, "elm", "2026-09-04")
    with refused(ClaimUnsound):
        accept(invite(story, "fir", "2026-09-10"), "fir", "2026-09-09")


def test_who_accepts_early_is_a_partner_from_the_start() -> None:
    story = Scenario().schools("ash", "oak")
    story.partnership("cluster", "hub", "ash", "oak", accepted=False, starts_on="2026-10-01")
    state = accept(story, "oak", "2026-08-31").states["partnership", ref("cluster")]
    assert [state.active_on(ref("oak"), day) for day in (date(2026, 9, 30), date(2026, 10, 1))] == [False, True]


def test_the_coordinator_invites_with_a_role() -> None:
    story = accept(invite(asked(), "elm", "2026-09-01", role="lead"), "elm", "2026-09-01")
    assert story.states["partnership", ref("cluster")].members.active(date(2026, 9, 1), "lead") == {ref("elm")}


def test_without_a_role_it_is_a_partner() -> None:
    story = accept(invite(asked(), "elm", "2026-09-01"), "elm", "2026-09-01")
    span = story.states["partnership", ref("cluster")].members.unended(ref("elm"))
    assert (span.role, span.since) == ("partner", date(2026, 9, 1))


def test_a_partner_invites_nobody() -> None:
    with refused(RoleForbidden, role="member"):
        asked().when(
            member("ash"), "partnership.partner_invited", "cluster", organisation_id=ref("elm"), on="2026-09-01"
        )


def test_the_invited_and_partners_are_not_invited_again() -> None:
    with refused(AlreadySaid, id=ref("oak")):
        invite(asked(), "oak", "2026-09-01")
    with refused(AlreadySaid, id=ref("ash")):
        invite(asked(), "ash", "2026-09-01")


def test_an_invitation_is_not_dated_ahead() -> None:
    with refused(DayOutOfRange, day=date(2026, 9, 2)):
        invite(asked(), "elm", "2026-09-02")


def test_a_closed_school_is_not_invited() -> None:
    story = asked().given(ADMIN, "organisation.closed", "elm", on="2026-08-31", reason="Merged")
    with refused(OrganisationEnded, organisation_id=ref("elm")):
        invite(story, "elm", "2026-09-01")


def test_who_left_comes_back_in_a_second_span() -> None:
    story = remove(asked().at("2026-10-01"), "ash", "2026-10-01")
    story = accept(invite(story.at("2026-11-01"), "ash", "2026-11-01"), "ash", "2026-11-01")
    state = story.states["partnership", ref("cluster")]
    days = (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1))
    assert [state.active_on(ref("ash"), day) for day in days] == [True, False, False, True]
    assert not state.has_left(ref("ash"))


def test_who_left_is_not_invited_for_a_day_before_it_left() -> None:
    story = remove(asked().at("2026-10-01"), "ash", "2026-10-01")
    with refused(ClaimUnsound):
        invite(story, "ash", "2026-09-30")


def test_who_left_today_is_invited_again_today() -> None:
    story = remove(asked().at("2026-10-01"), "ash", "2026-10-01")
    story = accept(invite(story, "ash", "2026-10-01"), "ash", "2026-10-01")
    assert story.states["partnership", ref("cluster")].active_on(ref("ash"), date(2026, 10, 1))


def test_a_school_that_joins_the_trust_later_is_still_asked() -> None:
    story = Scenario().schools("ash", trust="harbour").schools("oak")
    story.given(coordinator("harbour"), "partnership.formed", "cluster", **formed("harbour", "ash", "oak"))
    story.given(member("oak"), "organisation.joined_trust", "oak", trust_id=ref("harbour"), on="2026-09-01")
    assert not story.states["partnership", ref("cluster")].active_on(ref("oak"), date(2026, 9, 1))
