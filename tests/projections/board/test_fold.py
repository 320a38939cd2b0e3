"""What is left of an offer or request, over both times, whatever becomes of the agreements that take of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ledger.domain.fact import AnyFact
from projections.board.fold import board_view
from projections.board.rows import ALL, OCCASIONS, OUTCOMES, POSTINGS, SIDES, Posting
from projections.tables import END, FOREVER, CannotApply
from tests.projections.board.postings import POOL, Board, agreement, story, to
from tests.projections.memory import Memory
from tests.scenario import member, ref

VIEW = board_view(ZoneInfo("Europe/London"))


def kept(board: Board, page: int = 1_000) -> Memory:
    return Memory(VIEW).fold(board.facts, page)


def standing(board: Board, stream: str, day: str, known_at: int | None = None) -> tuple[str, int]:
    """The state and the minutes left of an offer or request on a day, as known at a position."""
    at, on = known_at or len(board.facts), date.fromisoformat(day)
    [row] = [
        row
        for row in kept(board).all(POSTINGS)
        if row.support_id == ref(stream)
        and row.known_from <= at < row.known_until
        and row.effective_from <= on < row.effective_until
    ]
    return row.state, row.minutes_left


def test_an_offer_stands_on_the_board_as_it_was_made() -> None:
    board = story()
    fact = board.offered("northfield", "o1", 600, available_until="2026-12-18", open_to=to("oakwood"), basis="gift")
    [row] = kept(board).all(POSTINGS)
    assert row == Posting(
        support_id=ref("o1"), known_from=fact.position, known_until=END, effective_from=date(2026, 9, 1),
        effective_until=FOREVER, kind="offer", state="open", minutes=600, minutes_left=600,
        maker_id=ref("northfield"), partnership_id=None, category="maths", open_to="organisation",
        addressed_id=ref("oakwood"), starts_on=date(2026, 9, 7), ends_on=date(2026, 12, 18), basis="gift",
        paid_by=None, pence_per_day=None, named=True, confidential=False, summary="A specialist in fractions",
        review_id=None, finding=None, position=fact.position, events=[fact.event_id],
    )  # fmt: skip


def test_a_request_keeps_no_word_of_its_need() -> None:
    board = story()
    board.requested("oakwood", "r1", needed_by="2026-10-30", confidential=True)
    [row] = kept(board).all(POSTINGS)
    assert (row.kind, row.starts_on, row.ends_on) == ("request", None, date(2026, 10, 30))
    assert (row.named, row.confidential, row.summary) == (False, True, None)


def test_what_agreements_take_is_not_left() -> None:
    board = story()
    board.offered("northfield", "o1", 600)
    first = board.took("northfield", "oakwood", "o1", 240, "a1")
    second = board.took("northfield", "ashfield", "o1", 360, "a2")
    assert standing(board, "o1", "2026-09-30", first.position) == ("open", 360)
    assert standing(board, "o1", "2026-09-30", second.position) == ("used_up", 0)
    last = kept(board).all(POSTINGS)[-1]
    assert last.events == [board.facts[3].event_id, first.event_id, second.event_id]


def test_a_variation_takes_more_or_less() -> None:
    board = story()
    board.offered("northfield", "o1", 600)
    board.took("northfield", "oakwood", "o1", 240, "a1")
    board.at("2026-09-20").varied("oakwood", "northfield", "a1", 100)
    assert standing(board, "o1", "2026-09-19") == ("open", 360)
    assert standing(board, "o1", "2026-09-20") == ("open", 500)


def test_what_was_cancelled_before_it_was_given_is_free_again() -> None:
    board = story()
    board.offered("northfield", "o1", 600)
    board.took("northfield", "oakwood", "o1", 600, "a1")
    board.at("2026-09-20").delivered("northfield", "a1", 200, "2026-09-18")
    board.at("2026-10-01").given(member("oakwood"), "support.cancelled", "a1", reason="No room")
    board.at("2026-10-05").reversed("northfield", "a1", "2026-10-03")
    days = ("2026-09-30", "2026-10-01", "2026-10-02", "2026-10-03")
    assert [standing(board, "o1", day) for day in days] == [
        ("used_up", 0),
        ("open", 400),
        ("open", 400),
        ("open", 600),
    ]
    assert standing(board, "o1", "2026-10-03", len(board.facts) - 1) == ("open", 400)


def test_a_completed_agreement_keeps_what_it_took() -> None:
    board = story()
    board.offered("northfield", "o1", 600)
    board.took("northfield", "oakwood", "o1", 240, "a1")
    board.at("2026-10-01").given(member("oakwood"), "support.completed", "a1")
    assert standing(board, "o1", "2026-10-01") == ("open", 360)


def test_what_its_one_addressee_takes_or_its_maker_withdraws_is_over() -> None:
    board = story()
    board.offered("northfield", "o1", 600, open_to=to("oakwood"))
    board.requested("oakwood", "r1")
    board.at("2026-09-05").given(member("oakwood"), "support.agreed", "o1", **agreement("northfield", "oakwood", 400))
    board.given(member("oakwood"), "support.request_withdrawn", "r1", reason="Found another way")
    board.at("2026-09-20").delivered("northfield", "o1", 60, "2026-09-18")
    assert standing(board, "o1", "2026-09-04") == ("open", 600)
    assert standing(board, "o1", "2026-09-05") == ("taken", 200)
    assert standing(board, "r1", "2026-09-04") == ("open", 240)
    assert standing(board, "r1", "2026-09-05") == ("withdrawn", 240)


def eventful() -> Board:
    """Everything that can become of offers and requests."""
    board = story()
    board.offered("northfield", "o1", 600)
    board.offered("northfield", "o2", 300, open_to=to("ashfield"))
    board.requested("oakwood", "r1", 240)
    board.took("northfield", "oakwood", "o1", 240, "a1")
    board.at("2026-09-12").varied("northfield", "oakwood", "a1", 180)
    board.given(member("ashfield"), "support.agreed", "o2", **agreement("northfield", "ashfield", 300))
    board.at("2026-09-20").delivered("northfield", "a1", 60, "2026-09-19")
    board.delivered("northfield", "a1", 30, "2026-09-18", "d2")
    board.given(member("oakwood"), "support.delivery_confirmed", "a1", delivery_id="d1")
    outcome: dict[str, Any] = {"impact": 2, "evidence": "Books", "assessed_on": "2026-09-20"}
    said = board.when(member("oakwood"), "support.outcome_recorded", "a1", **outcome)
    board.took("northfield", "ashfield", "o1", 100, "a2")
    board.at("2026-10-01").given(member("oakwood"), "support.cancelled", "a1", reason="No room")
    board.given(member("oakwood"), "support.entry_withdrawn", "a1", event_id=said.event_id, reason="Too early")
    board.reversed("northfield", "a1", "2026-09-25")
    board.gave("ashfield", "oakwood", 90, "2026-09-30", "s1", occasion_id="inset")
    board.given(member("oakwood"), "support.request_withdrawn", "r1", reason="Done")
    board.at("2026-10-02T08:00:00").given(
        member("northfield"), "support.offer_withdrawn", "o1", reason="Full", occurred_at="2026-09-28T12:00:00+00:00"
    )
    return board


@pytest.mark.parametrize("page", [1, 2, 3, 5, 7])
def test_the_rows_are_the_same_whatever_the_pages(page: int) -> None:
    board = eventful()
    whole, paged = kept(board), kept(board, page)
    assert [paged.all(table) for table in ALL] == [whole.all(table) for table in ALL]


def test_as_of_a_day_is_as_if_nothing_later_had_been_said() -> None:
    """Rows as known at the end, on each day, are those of a ledger without what is dated after that day."""
    board = eventful()
    for day in ("2026-09-12", "2026-09-18", "2026-09-19", "2026-09-25", "2026-09-27", "2026-09-28", "2026-10-01"):
        until = date.fromisoformat(day)
        earlier = Memory(VIEW).fold([fact for fact in board.facts if business_day(fact) <= until])
        for stream in ("o1", "o2", "r1"):
            [row] = [
                row
                for row in earlier.all(POSTINGS)
                if row.support_id == ref(stream) and row.known_until == END
                and row.effective_from <= until < row.effective_until
            ]  # fmt: skip
            assert (row.state, row.minutes_left) == standing(board, stream, day), (stream, day)


def business_day(fact: AnyFact) -> date:
    """The day of what this story says; an outcome and an answer are no matter here."""
    for name in ("delivered_on", "effective_on", "assessed_on"):
        if hasattr(fact.data, name):
            return getattr(fact.data, name)  # type: ignore[no-any-return]  # each is a day
    said_on = fact.occurred_at.date()
    return min(said_on, fact.data.starts_on) if fact.type == "support.agreed" else said_on


def test_sides_outcomes_and_occasions_are_kept_beside() -> None:
    memory = kept(eventful())
    assert [(row.giver_id, row.receiver_id) for row in memory.all(SIDES) if row.support_id == ref("s1")] == [
        (ref("ashfield"), ref("oakwood"))
    ]
    [outcome] = memory.all(OUTCOMES)
    assert (outcome.by_receiver, outcome.impact, outcome.known_until < END) == (True, 2, True)
    [occasion] = memory.all(OCCASIONS)
    assert (occasion.support_id, occasion.giver_id, occasion.occasion) == (ref("s1"), ref("ashfield"), "inset")


def test_confidence_asked_for_by_one_side_holds_at_once() -> None:
    board = story()
    board.offered("northfield", "o1", open_to=POOL)
    board.took("northfield", "oakwood", "o1", 60, "a1")
    asked: dict[str, Any] = {"variation_id": "v1", "confidential": True, "reason": "A hard year"}
    board.given(member("oakwood"), "support.variation_proposed", "a1", **asked)
    [row] = kept(board).all(SIDES)
    assert row.confidential is True


def test_what_answers_nothing_known_stops_the_view() -> None:
    board = story()
    board.offered("northfield", "o1")
    agreed = board.took("northfield", "oakwood", "o1", 60, "a1")
    with pytest.raises(CannotApply):
        VIEW.fold([agreed], Memory(VIEW))
