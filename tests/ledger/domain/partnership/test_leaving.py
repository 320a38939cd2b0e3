"""A partner gives notice, waits until it has run, ends what is open, and leaves; or the coordinator removes it."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.domain.fact import Speaker
from ledger.domain.partnership.refusals import NoNotice, NoticeInEffect, NoticeRunning, NoticeTooShort, StillOpen
from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    DayOutOfRange,
    NotAPartner,
    SpeaksForItself,
    WrongVoice,
)
from ledger.errors import ClaimMalformed
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused


def running(**terms: Any) -> Scenario:
    return (
        Scenario().schools("ash", "oak", "elm", "fir").partnership("cluster", "hub", "ash", "oak", "elm", terms=terms)
    )


def notice(story: Scenario, name: str, leaves_on: str, **more: str) -> Scenario:
    said = {"reason": "A new direction", "leaves_on": leaves_on} | more
    return story.given(member(name), "partnership.notice_given", "cluster", **said)


def rescind(story: Scenario, name: str) -> Scenario:
    return story.given(member(name), "partnership.notice_rescinded", "cluster", reason="We stay")


def leave(story: Scenario, who: Speaker, name: str, on: str, **more: Any) -> Scenario:
    return story.given(who, "partnership.partner_left", "cluster", **{"organisation_id": ref(name), "on": on} | more)


def remove(story: Scenario, name: str, on: str, who: Speaker | None = None) -> Scenario:
    return leave(story, who or coordinator("hub"), name, on, removed=True, reason="Never came")


def offer(story: Scenario, giver: str, support: str, **more: Any) -> Scenario:
    return story.given(
        member(giver),
        "support.offered",
        support,
        **{
            "giver_id": ref(giver),
            "partnership_id": ref("cluster"),
            "category": "maths",
            "summary": "A day with a specialist",
            "amount": {"quantity": "1", "unit": "day"},
            "open_to": {"to": "organisation", "organisation_id": ref("oak")},
            "available_from": "2026-09-01",
        }
        | more,
    )


def agree(story: Scenario, support: str) -> Scenario:
    """Oak takes up what Ash offered it."""
    return story.given(
        member("oak"),
        "support.agreed",
        support,
        giver_id=ref("ash"),
        receiver_id=ref("oak"),
        partnership_id=ref("cluster"),
        category="maths",
        amount={"quantity": "1", "unit": "day"},
        starts_on="2026-09-01",
        ends_on="2026-12-01",
        basis="exchange",
    )


def test_notice_is_given_with_the_point_it_answers() -> None:
    story = notice(running(), "ash", "2026-10-01", point_id="one_sided:p:o:2026-08-20")
    given = story.states["partnership", ref("cluster")].notices[ref("ash")]
    assert (given.leaves_on, given.point_id) == (date(2026, 10, 1), "one_sided:p:o:2026-08-20")


def test_notice_runs_from_the_day_of_recording() -> None:
    with refused(NoticeTooShort, earliest=date(2026, 10, 1), notice_days=30):
        notice(running(), "ash", "2026-09-30", occurred_at="2026-08-20T09:00:00+00:00")


def test_where_the_terms_allow_it_a_partner_leaves_today() -> None:
    story = running(allow_immediate=True)
    with refused(NoticeTooShort, earliest=date(2026, 9, 1)):
        notice(story, "ash", "2026-08-31")
    story = leave(notice(story, "ash", "2026-09-01"), member("ash"), "ash", "2026-09-01")
    assert not story.states["partnership", ref("cluster")].active_on(ref("ash"), date(2026, 9, 1))


def test_a_notice_does_not_reach_beyond_ten_years() -> None:
    with refused(DayOutOfRange, day=date(2037, 1, 1)):
        notice(running(), "ash", "2037-01-01")


def test_one_notice_runs_at_a_time() -> None:
    story = notice(running(), "ash", "2026-10-01")
    with refused(AlreadySaid, id=story.facts[-1].event_id):
        notice(story, "ash", "2026-11-01")


def test_who_is_no_partner_gives_no_notice() -> None:
    with refused(NotAPartner, organisation_id=ref("fir"), partnership_id=ref("cluster")):
        notice(running(), "fir", "2026-10-01")


def test_a_notice_is_rescinded_before_it_takes_effect() -> None:
    story = rescind(notice(running(), "ash", "2026-10-01").at("2026-09-30"), "ash")
    assert story.states["partnership", ref("cluster")].notices == {}
    notice(story, "ash", "2026-10-30")


def test_a_notice_in_effect_is_not_rescinded() -> None:
    story = notice(running(), "ash", "2026-10-01").at("2026-10-01")
    with refused(NoticeInEffect, organisation_id=ref("ash"), leaves_on=date(2026, 10, 1)):
        rescind(story, "ash")


def test_nobody_rescinds_the_notice_of_another() -> None:
    with refused(NoNotice, organisation_id=ref("oak")):
        rescind(notice(running(), "ash", "2026-10-01"), "oak")


def test_a_partner_leaves_after_its_notice() -> None:
    story = leave(notice(running(), "ash", "2026-10-01").at("2026-10-05"), member("ash"), "ash", "2026-10-03")
    state = story.states["partnership", ref("cluster")]
    assert [state.active_on(ref("ash"), date(2026, 10, day)) for day in (2, 3)] == [True, False]
    assert (state.has_left(ref("ash")), state.has_left(ref("oak")), state.names(ref("ash"))) == (True, False, True)
    assert state.notices == {}


def test_nobody_leaves_without_notice_or_before_it_has_run() -> None:
    with refused(NoNotice, organisation_id=ref("ash")):
        leave(running(), member("ash"), "ash", "2026-09-01")
    story = notice(running(), "ash", "2026-10-01").at("2026-10-02")
    with refused(NoticeRunning, organisation_id=ref("ash"), leaves_on=date(2026, 10, 1)):
        leave(story, member("ash"), "ash", "2026-09-30")
    with refused(DayOutOfRange, day=date(2026, 10, 3)):
        leave(story, member("ash"), "ash", "2026-10-03")


def test_who_is_no_partner_does_not_leave() -> None:
    with refused(NotAPartner, organisation_id=ref("fir")):
        leave(running(), member("fir"), "fir", "2026-09-01")


def test_a_partner_leaves_by_its_own_word() -> None:
    story = notice(running(), "ash", "2026-10-01").at("2026-10-01")
    with refused(SpeaksForItself, recorded_for=ref("ash")):
        leave(story, coordinator("hub"), "ash", "2026-10-01")
    with refused(WrongVoice, voice=ref("oak")):
        leave(story, member("oak"), "ash", "2026-10-01")


def test_a_leaver_first_ends_what_it_agreed_on_either_side() -> None:
    for leaver in ("ash", "oak"):
        story = agree(offer(running(), "ash", "day"), "day")
        story = notice(story, leaver, "2026-10-01").at("2026-10-01")
        with refused(StillOpen, supports=[ref("day")]):
            leave(story, member(leaver), leaver, "2026-10-01")
        story.given(member(leaver), "support.cancelled", "day", reason="We leave")
        leave(story, member(leaver), leaver, "2026-10-01")


def test_a_leaver_first_withdraws_what_it_offered() -> None:
    story = notice(offer(running(), "ash", "day"), "ash", "2026-10-01").at("2026-10-01")
    with refused(StillOpen, supports=[ref("day")]):
        leave(story, member("ash"), "ash", "2026-10-01")
    story.given(member("ash"), "support.offer_withdrawn", "day", reason="We leave")
    leave(story, member("ash"), "ash", "2026-10-01")


def test_an_offer_that_has_run_out_keeps_nobody_in() -> None:
    story = notice(offer(running(), "ash", "day", available_until="2026-09-30"), "ash", "2026-10-01").at("2026-10-01")
    leave(story, member("ash"), "ash", "2026-10-01")


def test_what_others_have_open_keeps_nobody_in() -> None:
    story = agree(offer(running(), "ash", "day"), "day")
    leave(notice(story, "elm", "2026-10-01").at("2026-10-01"), member("elm"), "elm", "2026-10-01")


def test_leaving_leans_on_the_partnership() -> None:
    story = notice(running(), "ash", "2026-10-01").at("2026-10-01")
    story.leaned.clear()
    leave(story, member("ash"), "ash", "2026-10-01")
    assert f"partnership:{ref('cluster')}" in story.leaned


def test_the_coordinator_removes_a_partner_whatever_is_open() -> None:
    story = remove(agree(offer(running(), "ash", "day"), "day").at("2026-09-10"), "ash", "2026-09-10")
    state = story.states["partnership", ref("cluster")]
    assert state.has_left(ref("ash"))
    assert state.members.spans[ref("ash")][-1].removed


def test_a_removal_gives_its_reason() -> None:
    with refused(ClaimMalformed):
        leave(running(), coordinator("hub"), "ash", "2026-09-01", removed=True)


def test_nobody_removes_itself() -> None:
    with refused(ClaimUnsound):
        remove(running(), "ash", "2026-09-01", member("ash"))


def test_only_partners_are_removed_and_not_before_they_joined() -> None:
    with refused(NotAPartner, organisation_id=ref("fir")):
        remove(running(), "fir", "2026-09-01")
    with refused(ClaimUnsound):
        remove(running(), "ash", "2026-08-31")


def test_removing_the_invited_takes_the_invitation_back() -> None:
    story = running().given(
        coordinator("hub"), "partnership.partner_invited", "cluster", organisation_id=ref("fir"), on="2026-09-01"
    )
    state = remove(story, "fir", "2026-09-01").states["partnership", ref("cluster")]
    assert (state.names(ref("fir")), state.has_left(ref("fir"))) == (False, False)


def test_who_joined_ahead_is_removed_before_it_began() -> None:
    story = Scenario().schools("ash", "oak", trust="harbour")
    story.partnership("cluster", "harbour", "ash", "oak", accepted=False, starts_on="2026-10-01")
    state = remove(story, "ash", "2026-09-01", coordinator("harbour")).states["partnership", ref("cluster")]
    assert not state.active_on(ref("ash"), date(2026, 10, 1))


def test_the_successor_of_a_closed_school_gives_notice_and_leaves_for_it() -> None:
    story = running().given(ADMIN, "organisation.succeeded", "ash", successor_id=ref("fir"), on="2026-09-01")
    story = notice(story, "fir", "2026-10-01").at("2026-10-01")
    with refused(AlreadySaid):
        notice(story, "ash", "2026-12-01")
    state = leave(story, member("fir"), "ash", "2026-10-01").states["partnership", ref("cluster")]
    assert (state.has_left(ref("ash")), state.notices) == (True, {})
