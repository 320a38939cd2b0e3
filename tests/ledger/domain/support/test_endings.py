"""Either side ends what was agreed: done, or before it was done."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.domain.fact import Speaker
from ledger.domain.refusals import NotNow, WrongVoice
from ledger.domain.support.refusals import StillTimeToAnswer
from ledger.domain.support.shapes import Cancelled, Completed
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    alone,
    confirmed,
    delivered,
    delivery,
    disputed,
    schools,
    support,
)
from tests.scenario import ADMIN, ref, refused

COMPLETED, CANCELLED = "support.completed", "support.cancelled"


@pytest.mark.parametrize("who", [NORTHFIELD, OAKWOOD])
def test_either_side_completes(who: Speaker) -> None:
    story = confirmed().given(who, COMPLETED, "maths")
    state = support(story)
    assert isinstance(state, Completed)
    assert (state.is_agreed_and_open, state.taken_minutes, state.deliveries["d1"].counted_minutes) == (False, 780, 390)


@pytest.mark.parametrize("who", [NORTHFIELD, OAKWOOD])
def test_either_side_cancels_and_waits_for_nothing(who: Speaker) -> None:
    story = delivered().given(who, CANCELLED, "maths", reason="Staff changed")
    state = support(story)
    assert isinstance(state, Cancelled)
    assert (state.is_agreed_and_open, state.taken_minutes) == (False, 390)


@pytest.mark.parametrize("type_name", [COMPLETED, CANCELLED])
def test_nobody_outside_ends_it(type_name: str) -> None:
    with refused(WrongVoice, voice=ref("ashfield")):
        agreed().when(ASHFIELD, type_name, "maths", reason="Enough")


def test_completing_waits_for_each_delivery_to_be_answered() -> None:
    story = confirmed(delivered()).at("2026-09-10")
    story.given(NORTHFIELD, "support.delivered", "maths", **delivery(delivery_id="d2"))
    with refused(StillTimeToAnswer, delivery_ids=("d2",), until=date(2026, 10, 8)):
        story.when(NORTHFIELD, COMPLETED, "maths")


def test_completing_waits_for_twice_the_days_at_most() -> None:
    with refused(StillTimeToAnswer, until=date(2026, 9, 29)):
        delivered().at("2026-09-29").when(NORTHFIELD, COMPLETED, "maths")
    delivered().at("2026-09-30").when(NORTHFIELD, COMPLETED, "maths")


def test_a_dispute_does_not_stop_it() -> None:
    disputed().when(NORTHFIELD, COMPLETED, "maths", reason="We agree to differ")


def test_what_was_reversed_does_not_stop_it() -> None:
    said = {"delivery_id": "d1", "reason": "Wrong school", "effective_on": "2026-09-01"}
    delivered().given(NORTHFIELD, "support.delivery_reversed", "maths", **said).when(NORTHFIELD, COMPLETED, "maths")


@pytest.mark.parametrize("type_name", [COMPLETED, CANCELLED])
def test_it_ends_once(type_name: str) -> None:
    with refused(NotNow, state="Completed"):
        agreed().given(OAKWOOD, COMPLETED, "maths").when(OAKWOOD, type_name, "maths", reason="Again")


@pytest.mark.parametrize("type_name", [COMPLETED, CANCELLED])
def test_what_nobody_agreed_has_no_end(type_name: str) -> None:
    with refused(NotNow, state="Delivered"):
        schools().given(NORTHFIELD, "support.delivered", "maths", **alone()).when(
            NORTHFIELD, type_name, "maths", reason="Done"
        )


def test_a_successor_ends_what_its_predecessor_left_open() -> None:
    story = agreed().at("2026-09-03")
    story.given(ADMIN, "organisation.succeeded", "northfield", successor_id=ref("ashfield"), on="2026-09-02")
    story.given(ASHFIELD, CANCELLED, "maths", reason="Begun anew")
    assert isinstance(support(story), Cancelled)
