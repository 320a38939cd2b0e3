"""Aims are added, met or dropped by the coordinator or a partner, and a mistake is taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

from ledger.domain.fact import Speaker
from ledger.domain.partnership.aims import DroppedAim, MetAim, OpenAim
from ledger.domain.refusals import AlreadySaid, DayOutOfRange, NotAPartner, UnknownReference, WrongVoice
from tests.scenario import Scenario, coordinator, member, ref, refused

MATHS = OpenAim(statement="Raise attainment", success_measure="+5 points", due_on=date(2027, 7, 1))


def running() -> Scenario:
    story = Scenario().schools("ash", "oak", "elm").partnership("cluster", "hub", "ash", "oak", accepted=False)
    return story.given(
        member("ash"), "partnership.partner_accepted", "cluster", organisation_id=ref("ash"), on="2026-09-01"
    )


def add(story: Scenario, who: Speaker, aim_id: str = "reading", **more: str) -> Scenario:
    said = {"aim_id": aim_id, "statement": "All read at seven", "due_on": "2027-07-01", "on": "2026-09-01"} | more
    return story.given(who, "partnership.aim_added", "cluster", **said)


def end(story: Scenario, who: Speaker, how: str, aim_id: str = "maths", on: str = "2026-09-01") -> Scenario:
    said = {"aim_id": aim_id, "evidence": "Results of the summer", "on": on}
    return story.given(who, f"partnership.aim_{how}", "cluster", **said)


def aims(story: Scenario) -> dict[str, Any]:
    return dict(story.states["partnership", ref("cluster")].aims)


def test_the_coordinator_and_a_partner_add_aims() -> None:
    story = add(add(running(), coordinator("hub")), member("ash"), "writing")
    assert list(aims(story)) == ["maths", "reading", "writing"]
    assert aims(story)["reading"] == OpenAim(
        statement="All read at seven", success_measure=None, due_on=date(2027, 7, 1)
    )


def test_an_aim_is_added_once() -> None:
    with refused(AlreadySaid, id="maths"):
        add(running(), coordinator("hub"), "maths")


def test_who_has_not_accepted_adds_nothing() -> None:
    with refused(NotAPartner, organisation_id=ref("oak"), partnership_id=ref("cluster")):
        add(running(), member("oak"))


def test_other_coordinators_add_nothing() -> None:
    with refused(NotAPartner, organisation_id=ref("elm")):
        add(running(), coordinator("elm"))


def test_the_staff_of_the_coordinator_are_no_coordinator() -> None:
    with refused(NotAPartner, organisation_id=ref("hub")):
        add(running(), member("hub"))


def test_an_aim_is_not_added_in_the_future_nor_due_too_late() -> None:
    with refused(DayOutOfRange, day=date(2026, 9, 2)):
        add(running(), member("ash"), on="2026-09-02")
    with refused(DayOutOfRange, day=date(2037, 1, 1)):
        add(running(), member("ash"), due_on="2037-01-01")


def test_an_aim_is_met() -> None:
    story = end(running(), member("ash"), "met")
    assert aims(story)["maths"] == MetAim(aim=MATHS, on=date(2026, 9, 1), event_id=story.facts[-1].event_id)


def test_an_aim_is_dropped() -> None:
    story = end(running(), coordinator("hub"), "dropped")
    assert aims(story)["maths"] == DroppedAim(aim=MATHS, on=date(2026, 9, 1))


def test_an_aim_ends_once() -> None:
    for first in ("met", "dropped"):
        for second in ("met", "dropped"):
            with refused(AlreadySaid, id="maths"):
                end(end(running(), member("ash"), first), member("ash"), second)


def test_only_a_known_aim_ends_and_not_in_the_future() -> None:
    for how in ("met", "dropped"):
        with refused(UnknownReference, id="latin"):
            end(running(), member("ash"), how, "latin")
        with refused(DayOutOfRange, day=date(2026, 9, 2)):
            end(running(), member("ash"), how, on="2026-09-02")
        with refused(NotAPartner, organisation_id=ref("oak")):
            end(running(), member("oak"), how)


def test_withdrawing_that_an_aim_was_met_opens_it_again() -> None:
    story = add(running(), member("ash"))
    story = end(end(story, member("ash"), "met"), member("ash"), "met", "reading")
    met = story.facts[-2].event_id
    story.given(member("ash"), "partnership.entry_withdrawn", "cluster", event_id=met, reason="Wrong table")
    assert aims(story)["maths"] == MATHS
    assert isinstance(aims(story)["reading"], MetAim)


def test_only_who_said_it_withdraws_it() -> None:
    story = end(running(), member("ash"), "met")
    with refused(WrongVoice, voice=ref("hub")):
        story.when(
            coordinator("hub"),
            "partnership.entry_withdrawn",
            "cluster",
            event_id=story.facts[-1].event_id,
            reason="Not met",
        )
