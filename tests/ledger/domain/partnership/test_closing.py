"""The coordinator closes a partnership; what is left can still be agreed, and nothing begins any more."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.partnership.refusals import AimsOpen
from ledger.domain.partnership.state import Ended, Running
from ledger.domain.refusals import ClaimUnsound, DayOutOfRange, NotNow, RoleForbidden
from tests.scenario import Scenario, coordinator, member, ref, refused


def running(starts_on: str = "2026-09-01") -> Scenario:
    story = Scenario().schools("ash", "oak", "elm").partnership("cluster", "hub", "ash", "oak", starts_on=starts_on)
    return story.at("2026-09-20")


def close(story: Scenario, reason: str = "by_agreement", on: str = "2026-09-15") -> Scenario:
    said = {"reason": reason, "on": on, "lessons": "Meet more often"}
    return story.given(coordinator("hub"), "partnership.closed", "cluster", **said)


def end_aim(story: Scenario, how: str) -> Scenario:
    said = {"aim_id": "maths", "evidence": "Results", "on": "2026-09-10"}
    return story.given(member("ash"), f"partnership.aim_{how}", "cluster", **said)


def test_closing_ends_every_membership_invitation_and_notice() -> None:
    story = running().given(
        coordinator("hub"), "partnership.partner_invited", "cluster", organisation_id=ref("elm"), on="2026-09-20"
    )
    story.given(member("ash"), "partnership.notice_given", "cluster", reason="Enough", leaves_on="2026-10-30")
    state = close(story).states["partnership", ref("cluster")]
    assert isinstance(state, Ended)
    assert (state.closed_on, state.closed_for) == (date(2026, 9, 15), "by_agreement")
    assert state.active_partners(date(2026, 9, 14)) == {ref("ash"), ref("oak")}
    assert state.active_partners(date(2026, 9, 15)) == frozenset()
    assert (state.has_left(ref("oak")), state.names(ref("elm")), state.notices) == (True, False, {})


def test_the_aims_stay_as_they_are() -> None:
    story = end_aim(running(), "met")
    before = story.states["partnership", ref("cluster")]
    assert isinstance(before, Running)
    assert close(story).states["partnership", ref("cluster")].aims == before.aims


def test_the_purpose_is_met_when_every_aim_is() -> None:
    close(end_aim(running(), "met"), "purpose_met")


def test_the_purpose_is_not_met_while_an_aim_is_open_or_none_was_met() -> None:
    with refused(AimsOpen, aims=["maths"]):
        close(running(), "purpose_met")
    with refused(AimsOpen, aims=[]):
        close(end_aim(running(), "dropped"), "purpose_met")


def test_it_closes_on_a_day_it_was_there() -> None:
    with refused(DayOutOfRange, day=date(2026, 9, 21)):
        close(running(), on="2026-09-21")
    with refused(ClaimUnsound):
        close(running(), on="2026-08-31")
    with refused(ClaimUnsound):
        close(running(starts_on="2026-09-20"), on="2026-09-19")


def test_what_never_began_is_closed() -> None:
    state = close(running(starts_on="2026-10-01")).states["partnership", ref("cluster")]
    assert state.active_partners(date(2026, 10, 1)) == frozenset()


def test_a_partner_closes_nothing() -> None:
    with refused(RoleForbidden, role="member"):
        running().when(
            member("ash"), "partnership.closed", "cluster", reason="not_working", on="2026-09-15", lessons="None"
        )


@pytest.mark.parametrize(
    ("who", "event", "said"),
    [
        (coordinator("hub"), "partner_invited", {"organisation_id": ref("elm"), "on": "2026-09-20"}),
        (coordinator("hub"), "closed", {"reason": "by_agreement", "on": "2026-09-20", "lessons": "x"}),
        (coordinator("hub"), "review_scheduled", {"review_id": "r", "due_on": "2026-12-01"}),
        (member("ash"), "reviewed", {"decision": "continue"}),
        (member("ash"), "notice_given", {"reason": "x", "leaves_on": "2026-12-01"}),
        (member("ash"), "partner_left", {"organisation_id": ref("ash"), "on": "2026-09-20"}),
        (member("ash"), "aim_dropped", {"aim_id": "maths", "evidence": "x", "on": "2026-09-20"}),
    ],
)
def test_nothing_begins_after_the_end(who: object, event: str, said: dict[str, str]) -> None:
    story = close(running())
    with refused(NotNow, state="Ended"):
        story.when(who, f"partnership.{event}", "cluster", **said)  # type: ignore[arg-type]  # parametrize loses the type


def test_an_entry_is_withdrawn_after_the_end() -> None:
    story = end_aim(running(), "met")
    met = story.facts[-1].event_id
    close(story).given(member("ash"), "partnership.entry_withdrawn", "cluster", event_id=met, reason="Wrong table")
