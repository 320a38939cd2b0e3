"""Statements: every line with both its dates, and the balance after it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from projections.views import Asked, ReadModels
from tests.projections.books import folded, reading
from tests.projections.giving import Story, village
from tests.scenario import AUDITOR, LEDGER, member, ref

NORTHFIELD, ASHFIELD, BROOKSIDE = ref("northfield"), ref("ashfield"), ref("brookside")


def read(database_url: str, story: Story) -> ReadModels:
    folded(database_url, story.facts)
    return reading(database_url)


def lines(answer: Any) -> list[tuple[str, str, int, int, int]]:
    """What each line is, on which day, both columns, the balance after it."""
    return [
        (line["what"], line["on"], line["gave_minutes"], line["got_minutes"], line["balance_minutes"])
        for line in answer.to_json()["items"]
    ]


def eventful() -> Story:
    """Two deliveries, a reversal, a settlement, a claim nobody answered, a gift, something brought forward."""
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-10", "s1")
    story.exchanged("ashfield", "northfield", 45, "2026-09-12", "s2", "harbour")
    story.reversed("northfield", "s1", "2026-09-20")
    story.gave("northfield", "brookside", 100, "2026-09-15", "s3")
    story.disputed("brookside", "s3")
    story.settled("northfield", "brookside", 60, "s3")
    story.gave("northfield", "ashfield", 30, "2026-09-16", "s4")
    story.exchanged("northfield", "ashfield", 15, "2026-09-17", "s5", basis="gift")
    story.given(
        member("northfield"),
        "partnership.opening_position_proposed",
        "harbour",
        proposal_id="p1",
        giver_id=BROOKSIDE,
        receiver_id=NORTHFIELD,
        minutes=300,
        since="2025-09-01",
        evidence="Minutes of the last year",
    )
    story.given(member("brookside"), "partnership.opening_position_agreed", "harbour", proposal_id="p1")
    return story


def test_every_entry_is_a_line_in_the_order_of_its_day(database_url: str) -> None:
    with read(database_url, eventful()) as models:
        answer = models.statement(NORTHFIELD)
        balance = models.balance(NORTHFIELD).balance
    assert lines(answer) == [
        ("delivery", "2026-09-10", 120, 0, 120),
        ("delivery", "2026-09-12", 0, 45, 75),
        ("delivery", "2026-09-15", 60, 0, 135),
        ("delivery", "2026-09-16", 0, 0, 135),
        ("delivery", "2026-09-17", 0, 0, 135),
        ("reversal", "2026-09-20", -120, 0, 15),
        ("brought_forward", "2026-10-01", 0, 300, -285),
    ]
    assert (answer.totals.opening, answer.totals.closing) == (0, -285)
    assert answer.totals.closing == balance.standing
    settled = answer.to_json()["items"][2]
    assert (settled["status"], settled["minutes"], settled["said_minutes"], settled["counts"]) == (
        "settled",
        60,
        100,
        True,
    )
    claimed, gift = answer.to_json()["items"][3:5]
    assert (claimed["status"], claimed["minutes"], claimed["counts"]) == ("claimed", 30, False)
    assert (gift["basis"], gift["minutes"], gift["counts"]) == ("gift", 15, False)


def test_a_delivery_reversed_from_its_own_day_has_both_lines(database_url: str) -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1")
    story.reversed("northfield", "s1", "2026-09-18")
    with read(database_url, story) as models:
        assert lines(models.statement(ASHFIELD)) == [
            ("delivery", "2026-09-18", 0, 120, -120),
            ("reversal", "2026-09-18", 0, -120, 0),
        ]
        assert models.balance(ASHFIELD).balance.turnover == 0


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_make_the_whole(database_url: str, limit: int) -> None:
    with read(database_url, eventful()) as models:
        whole, pages, after, more = models.statement(NORTHFIELD), [], "", True
        while more:
            answer = models.statement(NORTHFIELD, after=after, limit=limit)
            pages += lines(answer)
            after, more = answer.next, answer.has_more
            assert answer.totals == whole.totals
        assert pages == lines(whole)
        last = models.statement(NORTHFIELD, after=after)
        assert (last.lines, last.next, last.has_more) == ([], after, False)


def test_a_window_opens_with_what_was_before_it(database_url: str) -> None:
    with read(database_url, eventful()) as models:
        answer = models.statement(NORTHFIELD, asked=Asked(from_=date(2026, 9, 12), to=date(2026, 9, 15)))
    assert (answer.totals.opening, answer.totals.closing) == (120, 135)
    assert lines(answer) == [
        ("delivery", "2026-09-12", 0, 45, 75),
        ("delivery", "2026-09-15", 60, 0, 135),
    ]


def test_a_statement_of_an_earlier_day_or_position_is_the_one_of_then(database_url: str) -> None:
    story = eventful()
    position = next(fact.position for fact in story.facts if fact.type == "support.delivery_reversed")
    with read(database_url, story) as models:
        as_of = models.statement(NORTHFIELD, asked=Asked(as_of=date(2026, 9, 19)))
        known = models.statement(NORTHFIELD, asked=Asked(known_at=position - 1))
    assert as_of.totals.closing == 135
    assert lines(known) == [("delivery", "2026-09-10", 120, 0, 120), ("delivery", "2026-09-12", 0, 45, 75)]


def test_with_one_other_organisation_alone(database_url: str) -> None:
    with read(database_url, eventful()) as models:
        answer = models.statement(NORTHFIELD, other_id=BROOKSIDE)
        pair = models.pair(NORTHFIELD, BROOKSIDE).balance
    assert [line.counterpart_id for line in answer.lines] == [BROOKSIDE, BROOKSIDE]
    assert answer.totals.closing == pair.standing == -240


def test_both_columns_of_a_third_party_that_takes_a_debt_on(database_url: str) -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 300, "2026-09-18", "s1", "harbour")
    story.given(
        member("ashfield"),
        "partnership.residual_proposed",
        "harbour",
        proposal_id="r1",
        debtor_id=ASHFIELD,
        creditor_id=NORTHFIELD,
        minutes=200,
        disposal="passed_on",
        to=BROOKSIDE,
        reason="Brookside takes it on",
    )
    for one in ("northfield", "brookside"):
        story.given(member(one), "partnership.residual_agreed", "harbour", proposal_id="r1")
    with read(database_url, story) as models:
        assert lines(models.statement(NORTHFIELD))[1:] == [
            ("disposal", "2026-10-01", 0, 200, 100),
            ("disposal", "2026-10-01", 200, 0, 300),
        ]
        assert models.statement(BROOKSIDE).totals.closing == -200


def test_what_is_recorded_weeks_later_is_marked(database_url: str) -> None:
    story = village().at("2026-10-20")
    story.exchanged("northfield", "ashfield", 60, "2026-09-22", "s1")
    story.exchanged("northfield", "ashfield", 60, "2026-09-21", "s2")
    with read(database_url, story) as models:
        assert [line.is_late for line in models.statement(NORTHFIELD).lines] == [True, False]


def test_what_came_after_the_closing_is_marked(database_url: str) -> None:
    story = village()
    log = {"origin": "test.example", "vkey": "test.example+1234+key", "zone": "Europe/London"}
    story.given_log(LEDGER, "log.opened", **log)
    story.exchanged("northfield", "ashfield", 60, "2026-09-18", "s1")
    story.gave("northfield", "ashfield", 60, "2026-09-19", "s2")
    story.given_log(AUDITOR, "log.period_closed", scope="ledger", until="2026-09-30", figures_position=1)
    story.confirmed("ashfield", "s2")
    story.exchanged("northfield", "ashfield", 60, "2026-09-20", "s3")
    story.exchanged("northfield", "ashfield", 60, "2026-10-01", "s4")
    story.given_log(AUDITOR, "log.period_reopened", scope="ledger", until="2026-09-30", reason="One was missing")
    story.exchanged("northfield", "ashfield", 60, "2026-09-21", "s5")
    with read(database_url, story) as models:
        marks = {line.support_id: line.is_after_closing for line in models.statement(NORTHFIELD).lines}
    assert [marks[ref(one)] for one in ("s1", "s2", "s3", "s4", "s5")] == [False, True, True, False, False]
