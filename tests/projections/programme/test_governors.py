"""One side for governors: the term's giving and getting, what came of it, what is next, what the board is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.programme.governors import governors
from projections.views import Asked, ReadModels
from tests.projections.giving import Story, village
from tests.projections.keyed import known
from tests.scenario import ADMIN, coordinator, member, ref

NORTHFIELD, ASHFIELD, BROOKSIDE = ref("northfield"), ref("ashfield"), ref("brookside")
NOVEMBER = Asked(as_of=date(2026, 11, 2))


def told() -> Story:
    """Two terms are set. Northfield gave Ashfield in the first half of autumn, and got from Brookside; some of that
    nobody has answered, some of it before the term."""
    story = village()
    terms = [
        {"name": "Autumn", "starts_on": "2026-09-07", "ends_on": "2026-12-18"},
        {"name": "Spring", "starts_on": "2027-01-04", "ends_on": "2027-03-26"},
    ]
    set_ = {"for": "ledger", "academic_year": "2026/27", "terms": terms}
    story.given(ADMIN, "calendar.terms_set", "urn:pledger:calendar:ledger", **set_)
    story.exchanged("northfield", "ashfield", 120, "2026-09-10", "s1", "harbour")
    story.exchanged("brookside", "northfield", 60, "2026-09-20", "s2", "harbour", category="send")
    story.gave("brookside", "northfield", 30, "2026-09-21", "s3", "harbour")
    story.exchanged("northfield", "ashfield", 600, "2026-09-03", "before", "harbour")
    said = {"impact": 2, "evidence": "Seen", "assessed_on": "2026-10-01"}
    story.given(member("ashfield"), "support.outcome_recorded", "s1", **said)
    story.given(member("ashfield"), "partnership.reviewed", "harbour", decision="continue")
    plan = {"reviewed_id": NORTHFIELD, "reviewers": [{"organisation_id": ASHFIELD}], "lead_id": ASHFIELD}
    story.given(member("northfield"), "review.scheduled", "peers", **plan, on="2026-11-20")
    return story


def read(models: ReadModels, asked: Asked = NOVEMBER, *, itself: bool = True, **more: Any) -> dict[str, Any]:
    return models.answer(governors, asked, NORTHFIELD, itself=itself, **more).to_json()


@pytest.fixture
def side(database_url: str) -> dict[str, Any]:
    with known(database_url, told()) as models:
        return read(models, explain=True)


def test_what_we_gave_and_got_this_term(side: dict[str, Any]) -> None:
    assert (side["from"], side["to"]) == ("2026-09-07", "2026-12-18")
    lines = [(one["side"], one["partner_id"], one["category"]) for one in side["support"]]
    assert lines == [("gave", ASHFIELD, "maths"), ("got", BROOKSIDE, "maths"), ("got", BROOKSIDE, "send")]
    minutes = [(one["confirmed_minutes"], one["unconfirmed_minutes"]) for one in side["support"]]
    assert minutes == [(120, 0), (0, 30), (60, 0)]
    assert len(side["said"]) == 3


def test_outcomes_reviews_and_what_the_board_is_asked(side: dict[str, Any]) -> None:
    outcomes = {(one["side"], one["partner_id"]): one.get("impact") for one in side["outcomes"]}
    assert outcomes == {("gave", ASHFIELD): 2, ("got", BROOKSIDE): None}
    assert [(one["kind"], one["on"]) for one in side["reviews"]] == [("partnership", "2026-10-01")]
    assert len(side["ask"]) == 3  # an answer, an outcome, and a point at which it may leave


def test_next_dates_lie_ahead_in_order(side: dict[str, Any]) -> None:
    days = [one["on"] for one in side["next_dates"]]
    assert "2026-11-20" in days
    assert "2026-12-30" in days  # 90 days after the review
    assert days == sorted(days)
    assert all("2026-11-02" <= one <= "2027-03-02" for one in days)


def test_it_explains_itself(side: dict[str, Any]) -> None:
    working = {one["figure"]: one["steps"] for one in side["working"]}
    assert working["gave"][-1]["comes_to"] == "2 h"
    assert working["got"][-1]["comes_to"] == "1 h"
    assert len(working["gave"][0]["event_ids"]) == 2


def test_outside_the_terms_the_academic_year_counts(database_url: str) -> None:
    with known(database_url, told()) as models:
        holidays = read(models, Asked(as_of=date(2026, 12, 24)))
        chosen = read(models, Asked(as_of=NOVEMBER.as_of, from_=date(2026, 9, 1), to=date(2026, 9, 5)))
    assert (holidays["from"], holidays["support"][0]["confirmed_minutes"]) == ("2026-09-01", 720)
    assert chosen["support"] == [
        {
            "side": "gave", "partner_id": ASHFIELD, "category": "maths", "basis": "exchange",
            "confirmed_minutes": 600, "unconfirmed_minutes": 0,
        }
    ]  # fmt: skip


def test_a_dispute_is_a_point_for_the_two_and_not_for_an_auditor(database_url: str) -> None:
    story = told()
    story.given(member("northfield"), "support.delivery_disputed", "s3", delivery_id="d1", reason="It was shorter")
    story.given(coordinator("hub"), "partnership.review_scheduled", "harbour", review_id="r1", due_on="2027-06-01")
    with known(database_url, story) as models:
        december = Asked(as_of=date(2026, 12, 1))
        itself, auditor = (read(models, december, itself=one)["ask"] for one in (True, False))
    assert len(itself) == len(auditor) + 1
