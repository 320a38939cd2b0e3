"""Either side notes missed visits and outcomes, and takes its own entries back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ledger.domain.fact import Speaker
from ledger.domain.refusals import (
    AlreadySaid,
    ClaimUnsound,
    DayOutOfRange,
    NotNow,
    UnknownReference,
    WrongVoice,
)
from ledger.domain.support.refusals import NothingConfirmed
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    HUB,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    agreed_in_cluster,
    confirmed,
    days,
    delivered,
    delivery,
    disputed,
    minutes,
    support,
)
from tests.scenario import ref, refused

MISSED, OUTCOME, WITHDRAWN = "support.visit_missed", "support.outcome_recorded", "support.entry_withdrawn"
VISIT: dict[str, Any] = {"on": "2026-09-01", "amount": days(1), "because": "illness"}
EVIDENT: dict[str, Any] = {"impact": 2, "evidence": "Books of year five", "assessed_on": "2026-09-01"}


@pytest.mark.parametrize("who", [NORTHFIELD, OAKWOOD])
def test_either_side_notes_a_missed_visit(who: Speaker) -> None:
    fact = agreed().when(who, MISSED, "maths", **VISIT)
    assert fact.data.amount.minutes == 390


def test_a_coordinator_notes_a_missed_visit_for_a_school() -> None:
    fact = agreed_in_cluster(tariff={"day": 300}).when(HUB, MISSED, "maths", for_="oakwood", **VISIT)
    assert (fact.voice, fact.data.amount.minutes) == (ref("oakwood"), 300)


def test_a_visit_is_not_missed_tomorrow() -> None:
    with refused(DayOutOfRange):
        agreed().when(OAKWOOD, MISSED, "maths", **VISIT | {"on": "2026-09-02"})


def test_no_visit_is_missed_after_the_end() -> None:
    with refused(NotNow, state="Cancelled"):
        agreed().given(OAKWOOD, "support.cancelled", "maths", reason="Over").when(OAKWOOD, MISSED, "maths", **VISIT)


@pytest.mark.parametrize("who", [NORTHFIELD, OAKWOOD])
def test_either_side_records_an_outcome(who: Speaker) -> None:
    story = confirmed()
    fact = story.when(who, OUTCOME, "maths", **EVIDENT)
    assert support(story).entry_days == {fact.event_id: date(2026, 9, 1)}


def test_nobody_outside_records_an_outcome() -> None:
    with refused(WrongVoice, voice=ref("ashfield")):
        confirmed().when(ASHFIELD, OUTCOME, "maths", **EVIDENT)


def test_an_outcome_needs_something_that_counts() -> None:
    with refused(NothingConfirmed):
        delivered().when(OAKWOOD, OUTCOME, "maths", **EVIDENT)
    said = {"delivery_id": "d1", "reason": "Wrong school", "effective_on": "2026-09-01"}
    with refused(NothingConfirmed):
        confirmed().given(NORTHFIELD, "support.delivery_reversed", "maths", **said).when(
            OAKWOOD, OUTCOME, "maths", **EVIDENT
        )


@pytest.mark.parametrize("settled", [0, 30])
def test_a_settled_delivery_counts_unless_with_nothing(settled: int) -> None:
    said = {"settlement_id": "s1", "delivery_id": "d1", "amount": minutes(settled), "reason": "Half an hour"}
    story = disputed().given(NORTHFIELD, "support.settlement_proposed", "maths", **said)
    story.given(OAKWOOD, "support.dispute_settled", "maths", settlement_id="s1")
    if settled:
        story.when(OAKWOOD, OUTCOME, "maths", **EVIDENT)
    else:
        with refused(NothingConfirmed):
            story.when(OAKWOOD, OUTCOME, "maths", **EVIDENT)


@pytest.mark.parametrize("day", ["2026-08-31", "2026-09-02"])
def test_an_outcome_is_assessed_between_the_first_delivery_and_today(day: str) -> None:
    with refused(DayOutOfRange, day=date.fromisoformat(day)):
        confirmed().when(OAKWOOD, OUTCOME, "maths", **EVIDENT | {"assessed_on": day})


def test_an_outcome_is_recorded_after_the_end() -> None:
    confirmed().given(OAKWOOD, "support.completed", "maths").when(OAKWOOD, OUTCOME, "maths", **EVIDENT)


def test_an_outcome_names_an_aim_of_the_partnership() -> None:
    story = confirmed(delivered(agreed_in_cluster()))
    story.when(OAKWOOD, OUTCOME, "maths", **EVIDENT, aim_id="maths")
    with refused(UnknownReference, id="chess"):
        story.when(OAKWOOD, OUTCOME, "maths", **EVIDENT, aim_id="chess")
    with refused(ClaimUnsound):
        confirmed().when(OAKWOOD, OUTCOME, "maths", **EVIDENT, aim_id="maths")


@pytest.mark.parametrize(("type_name", "data"), [(MISSED, VISIT), (OUTCOME, EVIDENT)])
def test_an_entry_is_withdrawn_once_by_who_recorded_it(type_name: str, data: dict[str, Any]) -> None:
    story = confirmed()
    event_id = story.when(OAKWOOD, type_name, "maths", **data).event_id
    with refused(WrongVoice, voice=ref("northfield")):
        story.when(NORTHFIELD, WITHDRAWN, "maths", event_id=event_id, reason="Not so")
    story.given(OAKWOOD, WITHDRAWN, "maths", event_id=event_id, reason="Wrong day")
    assert support(story).entries[event_id].withdrawn
    with refused(AlreadySaid, id=event_id):
        story.when(OAKWOOD, WITHDRAWN, "maths", event_id=event_id, reason="Again")


def test_only_an_entry_is_withdrawn() -> None:
    story = agreed()
    event_id = story.when(NORTHFIELD, "support.delivered", "maths", **delivery()).event_id
    with refused(UnknownReference, id=event_id):
        story.when(NORTHFIELD, WITHDRAWN, "maths", event_id=event_id, reason="A delivery is reversed")
