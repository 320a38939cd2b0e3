"""Meetings are recorded by the coordinator or a lead partner: who was there, and who was not."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.fact import Speaker
from ledger.domain.refusals import AlreadySaid, ClaimUnsound, DayOutOfRange, NotAPartner, WrongVoice
from tests.scenario import Scenario, coordinator, member, ref, refused

PARTNERS = [
    {"organisation_id": ref("ash"), "role": "lead"},
    {"organisation_id": ref("oak"), "role": "partner"},
    {"organisation_id": ref("elm"), "role": "supporting"},
]


def running() -> Scenario:
    story = Scenario().schools("ash", "oak", "elm", "fir")
    return story.partnership("cluster", "hub", "ash", "oak", "elm", partners=PARTNERS)


def meet(story: Scenario, who: Speaker, present: list[str], absent: list[str], on: str = "2026-09-01") -> Scenario:
    said = {"on": on, "present": [ref(one) for one in present], "absent": [ref(one) for one in absent]}
    return story.given(who, "partnership.meeting_held", "cluster", **said)


def test_the_coordinator_and_a_lead_record_meetings() -> None:
    story = meet(meet(running(), coordinator("hub"), ["ash", "oak"], ["elm"]), member("ash"), ["ash"], [])
    assert len(story.states["partnership", ref("cluster")].entries) == 2


def test_other_partners_do_not() -> None:
    with refused(WrongVoice, voice=ref("oak")):
        meet(running(), member("oak"), ["ash", "oak"], ["elm"])


def test_a_meeting_lies_in_the_past() -> None:
    with refused(DayOutOfRange, day=date(2026, 9, 2)):
        meet(running(), member("ash"), ["ash"], ["oak"], on="2026-09-02")


@pytest.mark.parametrize(("present", "absent"), [(["ash", "fir"], []), (["ash"], ["fir"])])
def test_only_partners_of_that_day_are_named(present: list[str], absent: list[str]) -> None:
    with refused(NotAPartner, organisation_id=ref("fir")):
        meet(running(), member("ash"), present, absent)


def test_nobody_was_a_partner_before_it_began() -> None:
    with refused(NotAPartner, organisation_id=ref("ash")):
        meet(running(), member("ash"), ["ash"], ["oak"], on="2026-08-31")


@pytest.mark.parametrize(
    ("present", "absent", "pointer"),
    [
        (["ash", "ash"], [], "/data/present/1"),
        (["ash"], ["oak", "oak"], "/data/absent/1"),
        (["ash", "oak"], ["elm", "oak"], "/data/absent/1"),
    ],
)
def test_each_partner_is_named_once(present: list[str], absent: list[str], pointer: str) -> None:
    with pytest.raises(ClaimUnsound) as caught:
        meet(running(), member("ash"), present, absent)
    assert [error.pointer for error in caught.value.errors] == [pointer]


def test_a_meeting_is_withdrawn_once_by_who_recorded_it() -> None:
    story = meet(running(), member("ash"), ["ash"], ["oak"])
    said = {"event_id": story.facts[-1].event_id, "reason": "Another day"}
    with refused(WrongVoice, voice=ref("hub")):
        story.when(coordinator("hub"), "partnership.entry_withdrawn", "cluster", **said)
    story.given(member("ash"), "partnership.entry_withdrawn", "cluster", **said)
    with refused(AlreadySaid, id=said["event_id"]):
        story.when(member("ash"), "partnership.entry_withdrawn", "cluster", **said)
