"""The log's own stream: opened once, periods closed and reopened by auditors, texts redacted by an admin."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.fact import LEDGER, Speaker
from ledger.domain.log.rules import OutOfScope, PeriodAlreadyClosed, PeriodNotClosed
from ledger.domain.log.state import LOG_STREAM_ID
from ledger.domain.refusals import (
    AlreadySaid,
    AlreadyThere,
    ClaimUnsound,
    DayOutOfRange,
    NotThere,
    RoleForbidden,
    WrongStream,
)
from ledger.errors import ClaimMalformed
from tests.scenario import ADMIN, AUDITOR, Scenario, member, ref, refused

LOG = "urn:pledger:log"
OPENED = {"origin": "ledger.example/2026", "vkey": "ledger.example/2026+abc+key", "zone": "Europe/London"}
HARBOUR_AUDITOR = Speaker(principal=ref("harbour's auditor"), role="auditor", trust=ref("harbour"))
HARBOUR = f"trust:{ref('harbour')}"


def opened() -> Scenario:
    return Scenario().given(LEDGER, "log.opened", LOG, **OPENED).schools("northfield", trust="harbour")


def closed(story: Scenario, until: str, scope: str = "ledger", who: Speaker = AUDITOR, position: int = 3) -> Scenario:
    return story.given(who, "log.period_closed", LOG, scope=scope, until=until, figures_position=position)


def reopened(story: Scenario, until: str, scope: str = "ledger", who: Speaker = AUDITOR) -> Scenario:
    return story.given(who, "log.period_reopened", LOG, scope=scope, until=until, reason="A late import")


def test_the_log_is_opened_first_and_once() -> None:
    story = opened()
    assert story.states["log", LOG_STREAM_ID].zone == "Europe/London"
    with refused(AlreadyThere, id=LOG_STREAM_ID):
        story.when(LEDGER, "log.opened", LOG, **OPENED)


def test_nothing_is_said_in_a_log_that_was_not_opened() -> None:
    with refused(NotThere, stream_kind="log"):
        closed(Scenario(), "2026-08-31")


def test_there_is_one_log() -> None:
    with refused(WrongStream, id=LOG_STREAM_ID):
        Scenario().when(LEDGER, "log.opened", "another log", **OPENED)


@pytest.mark.parametrize("who", [ADMIN, AUDITOR, member("northfield")])
def test_only_the_ledger_opens_its_log(who: Speaker) -> None:
    with refused(RoleForbidden, role=who.role):
        Scenario().when(who, "log.opened", LOG, **OPENED)


def test_a_new_key_and_a_new_origin_are_new() -> None:
    story = opened()
    with refused(AlreadySaid):
        story.when(LEDGER, "log.key_introduced", LOG, vkey=OPENED["vkey"])
    story.when(LEDGER, "log.key_introduced", LOG, vkey="ledger.example/2026+def+new")
    lost: dict[str, Any] = {"size": 7, "lost_from": 8, "lost_to": 9}
    with refused(AlreadySaid):
        story.when(LEDGER, "log.restored", LOG, origin=OPENED["origin"], **lost)
    story.when(LEDGER, "log.restored", LOG, origin="ledger.example/2026-2", **lost)
    state = story.states["log", LOG_STREAM_ID]
    assert (state.vkey, state.origin) == ("ledger.example/2026+def+new", "ledger.example/2026-2")


def test_an_auditor_closes_a_period_up_to_today() -> None:
    story = closed(opened(), "2026-09-01")
    assert story.states["log", LOG_STREAM_ID].closed_until("ledger").isoformat() == "2026-09-01"
    with refused(DayOutOfRange):
        closed(opened(), "2026-09-02")


@pytest.mark.parametrize("until", ["2026-06-30", "2026-07-31"])
def test_the_next_period_ends_later(until: str) -> None:
    story = closed(opened(), "2026-07-31")
    with refused(PeriodAlreadyClosed, scope="ledger"):
        closed(story, until)
    closed(story, "2026-08-01")


def test_each_scope_has_its_own_periods() -> None:
    story = closed(opened(), "2026-07-31")
    closed(story, "2026-06-30", HARBOUR, HARBOUR_AUDITOR)
    state = story.states["log", LOG_STREAM_ID]
    assert [str(state.closed_until(scope)) for scope in ("ledger", HARBOUR)] == ["2026-07-31", "2026-06-30"]


@pytest.mark.parametrize("scope", ["ledger", f"trust:{ref('tide')}"])
def test_the_auditor_of_a_trust_closes_no_other_scope(scope: str) -> None:
    story = opened()
    with refused(OutOfScope, scope=scope):
        closed(story, "2026-07-31", scope, HARBOUR_AUDITOR)
    closed(story, "2026-07-31")
    with refused(OutOfScope, scope="ledger"):
        reopened(story, "2026-07-31", "ledger", HARBOUR_AUDITOR)


def test_the_auditor_of_the_ledger_closes_for_any_known_trust() -> None:
    closed(opened(), "2026-07-31", HARBOUR)
    with refused(NotThere, id=ref("tide")):
        closed(opened(), "2026-07-31", f"trust:{ref('tide')}")


@pytest.mark.parametrize("scope", ["trust", "trust:harbour", "ledger:1", ref("harbour")])
def test_a_scope_is_the_ledger_or_a_trust(scope: str) -> None:
    with refused(ClaimMalformed):
        closed(opened(), "2026-07-31", scope)


def test_the_figures_stand_at_a_position() -> None:
    with refused(ClaimUnsound):
        closed(opened(), "2026-07-31", position=0)
    closed(opened(), "2026-07-31", position=1)


@pytest.mark.parametrize("who", [ADMIN, member("northfield"), LEDGER])
def test_only_auditors_close_periods(who: Speaker) -> None:
    with refused(RoleForbidden, role=who.role):
        closed(opened(), "2026-07-31", who=who)


def test_only_a_closed_period_is_reopened() -> None:
    story = closed(closed(opened(), "2026-06-30"), "2026-07-31")
    for until, scope in (("2026-07-30", "ledger"), ("2026-07-31", HARBOUR)):
        with refused(PeriodNotClosed, scope=scope):
            reopened(story, until, scope)
    reopened(story, "2026-07-31")
    assert str(story.states["log", LOG_STREAM_ID].closed_until("ledger")) == "2026-06-30"
    with refused(PeriodNotClosed):
        reopened(story, "2026-07-31")
    closed(story, "2026-07-31")


def test_an_admin_redacts_the_text_of_a_fact_once() -> None:
    story = opened()
    said = {"event_id": ref("event 1"), "reason": "pupil_named"}
    story.given(ADMIN, "text.redacted", LOG, **said)
    with refused(AlreadySaid, id=ref("event 1")):
        story.when(ADMIN, "text.redacted", LOG, **said)


@pytest.mark.parametrize("who", [AUDITOR, member("northfield")])
def test_nobody_else_redacts(who: Speaker) -> None:
    with refused(RoleForbidden, role=who.role):
        opened().when(who, "text.redacted", LOG, event_id=ref("event 1"), reason="error")


def test_a_redaction_has_one_of_four_reasons() -> None:
    said: dict[str, Any] = {"event_id": ref("event 1"), "reason": "embarrassing"}
    with refused(ClaimMalformed):
        opened().when(ADMIN, "text.redacted", LOG, **said)
