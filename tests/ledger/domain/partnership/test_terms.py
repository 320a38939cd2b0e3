"""Purpose, terms and coordinator change in the open, and nobody is bound by new terms before it could have left."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.domain.partnership.refusals import TermsTooSoon
from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    DayOutOfRange,
    OrganisationEnded,
    RoleForbidden,
    WrongVoice,
)
from tests.scenario import ADMIN, Scenario, coordinator, member, ref, refused


def running(**terms: Any) -> Scenario:
    story = Scenario().schools("ash", "oak", "elm")
    story.given(ADMIN, "organisation.registered", "bay", name="Bay", kind="hub", identifiers=[])
    return story.partnership("cluster", "hub", "ash", "oak", terms=terms)


def revise(story: Scenario, effective_on: str, **terms: Any) -> Scenario:
    said = {"terms": terms, "effective_on": effective_on, "reason": "Agreed at the meeting"}
    return story.given(coordinator("hub"), "partnership.terms_revised", "cluster", **said)


def notice_days_on(story: Scenario, *days: date) -> list[int]:
    return [story.states["partnership", ref("cluster")].terms_on(day).notice_days for day in days]


def test_the_purpose_is_revised() -> None:
    story = running().given(
        coordinator("hub"),
        "partnership.purpose_revised",
        "cluster",
        purpose="Better reading",
        effective_on="2026-09-01",
        reason="Results",
    )
    assert story.states["partnership", ref("cluster")].purpose == "Better reading"


def test_the_purpose_is_revised_within_ten_years() -> None:
    with refused(DayOutOfRange, day=date(2037, 1, 1)):
        running().when(
            coordinator("hub"),
            "partnership.purpose_revised",
            "cluster",
            purpose="Better reading",
            effective_on="2037-01-01",
            reason="Results",
        )


def test_new_terms_hold_from_their_day_on() -> None:
    story = revise(running(), "2026-10-01", notice_days=60)
    assert notice_days_on(story, date(2026, 8, 1), date(2026, 9, 30), date(2026, 10, 1)) == [30, 30, 60]


def test_new_terms_leave_time_to_go_under_the_old() -> None:
    with refused(TermsTooSoon, earliest=date(2026, 10, 1), notice_days=30):
        revise(running(), "2026-09-30", notice_days=60)


def test_the_time_to_go_is_that_of_the_terms_in_force() -> None:
    story = revise(running(), "2026-10-01", notice_days=5).at("2026-10-02")
    with refused(TermsTooSoon, earliest=date(2026, 10, 7), notice_days=5):
        revise(story, "2026-10-06", review_every_days=60)


def test_what_is_left_out_is_taken_from_the_terms_in_force_on_that_day() -> None:
    story = revise(running(notice_days=20), "2026-12-01", review_every_days=60)
    story = revise(story, "2027-01-01", tariff={"day": 400})
    terms = story.facts[-1].data.terms
    assert (terms.notice_days, terms.review_every_days, terms.tariff.day, terms.tariff.hour) == (20, 60, 400, 60)


def test_of_two_revisions_in_force_the_one_recorded_last_holds() -> None:
    story = revise(revise(running(), "2026-12-01", notice_days=60), "2026-11-01", notice_days=45)
    assert notice_days_on(story, date(2026, 11, 1), date(2026, 12, 1)) == [45, 45]


def test_a_revision_changes_something_and_names_partners() -> None:
    with refused(ClaimUnsound):
        revise(running(), "2026-12-01")
    with refused(ClaimUnsound):
        revise(running(), "2026-12-01", intended={"kind": "one_way", "from": ref("elm")})


def test_a_revision_is_planned_within_ten_years() -> None:
    with refused(DayOutOfRange, day=date(2037, 1, 1)):
        revise(running(), "2037-01-01", notice_days=60)


def test_a_partner_revises_nothing() -> None:
    with refused(RoleForbidden, role="member"):
        running().when(
            member("ash"),
            "partnership.terms_revised",
            "cluster",
            terms={"notice_days": 1},
            effective_on="2026-12-01",
            reason="Quicker",
        )


def hand_over(story: Scenario, to: str, on: str = "2026-09-01", *, who: Any = None) -> Scenario:
    said = {"coordinator_id": ref(to), "on": on}
    return story.given(who or coordinator("hub"), "partnership.coordinator_changed", "cluster", **said)


def test_the_old_coordinator_hands_over() -> None:
    story = hand_over(running(), "bay")
    assert story.states["partnership", ref("cluster")].coordinator_id == ref("bay")
    with refused(WrongVoice, voice=ref("hub")):
        hand_over(story, "hub")


def test_nobody_takes_a_partnership_over() -> None:
    with refused(WrongVoice, voice=ref("bay")):
        hand_over(running(), "bay", who=coordinator("bay"))


def test_an_administrator_hands_over_only_when_the_coordinator_has_closed() -> None:
    with refused(WrongVoice, voice=None, needs={"coordinator": [ref("hub")]}):
        hand_over(running(), "bay", who=ADMIN)
    story = running().given(ADMIN, "organisation.closed", "hub", on="2026-09-01", reason="Funding ended")
    assert hand_over(story, "bay", who=ADMIN).states["partnership", ref("cluster")].coordinator_id == ref("bay")


def test_it_is_handed_to_another_that_is_there_and_not_in_the_future() -> None:
    with refused(AlreadySaid, id=ref("hub")):
        hand_over(running(), "hub")
    with refused(DayOutOfRange, day=date(2026, 9, 2)):
        hand_over(running(), "bay", on="2026-09-02")
    story = running().given(ADMIN, "organisation.closed", "bay", on="2026-09-01", reason="Funding ended")
    with refused(OrganisationEnded, organisation_id=ref("bay")):
        hand_over(story, "bay")
