"""Entries: one row per delivery and state, known and in force from when until when."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from projections.reciprocity.fold import reciprocity_view
from projections.reciprocity.rows import ENTRIES, Entry
from projections.tables import END, FOREVER, CannotApply
from tests.projections.giving import Story, village
from tests.projections.memory import Memory
from tests.scenario import member, ref

VIEW = reciprocity_view(ZoneInfo("Europe/London"))


def entries(story: Story, page: int = 1_000) -> list[Entry]:
    return Memory(VIEW).fold(story.facts, page).all(ENTRIES)


def test_a_confirmation_ends_the_claim_where_it_becomes_known() -> None:
    story = village()
    delivery = story.gave("northfield", "ashfield", 120, "2026-09-18", "s1", "harbour")
    yes = story.confirmed("ashfield", "s1")
    claimed, confirmed = entries(story)
    assert (claimed.status, claimed.known_from, claimed.known_until) == ("claimed", delivery.position, yes.position)
    assert (confirmed.status, confirmed.known_from, confirmed.known_until) == ("confirmed", yes.position, END)
    assert (confirmed.effective_from, confirmed.effective_until) == (date(2026, 9, 18), FOREVER)
    assert (confirmed.giver_id, confirmed.receiver_id) == (ref("northfield"), ref("ashfield"))
    assert (confirmed.minutes, confirmed.independence) == (120, "independent")
    assert confirmed.events == [delivery.event_id, yes.event_id]
    assert (confirmed.position, confirmed.status_position) == (delivery.position, yes.position)


def test_a_reversal_leaves_what_was_before_its_day() -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1")
    back = story.reversed("northfield", "s1", "2026-09-25")
    stands, ends = entries(story)[-2:]
    assert (stands.status, stands.effective_from, stands.effective_until) == (
        "confirmed",
        date(2026, 9, 18),
        date(2026, 9, 25),
    )
    assert (ends.status, ends.was, ends.effective_from, ends.effective_until) == (
        "reversed",
        "confirmed",
        date(2026, 9, 25),
        FOREVER,
    )
    assert (stands.position, ends.position) == (back.position - 2, back.position)


def test_settled_minutes_count_and_what_was_said_is_kept() -> None:
    story = village()
    story.gave("northfield", "ashfield", 120, "2026-09-18", "s1")
    story.disputed("ashfield", "s1")
    story.settled("northfield", "ashfield", 60, "s1")
    assert [(row.status, row.minutes, row.said_minutes) for row in entries(story)] == [
        ("claimed", 120, 120),
        ("disputed", 120, 120),
        ("settled", 60, 120),
    ]
    assert len(entries(story)[-1].events) == 4


def test_a_confirmation_that_is_withdrawn_leaves_the_claim() -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1")
    story.given(
        member("ashfield"), "support.confirmation_withdrawn", "s1", delivery_id="d1", reason="Another school was meant"
    )
    assert [(row.status, row.independence) for row in entries(story)] == [
        ("claimed", None),
        ("confirmed", "independent"),
        ("claimed", None),
    ]


def test_an_agreed_basis_holds_for_deliveries_recorded_after_it() -> None:
    story = village()
    agree(story)
    deliver(story, "d1")
    story.given(
        member("northfield"),
        "support.variation_proposed",
        "s1",
        variation_id="v1",
        basis="paid",
        paid_by="Harbour Trust",
        reason="The trust pays from now on",
    )
    deliver(story, "d2")
    story.given(member("ashfield"), "support.variation_agreed", "s1", variation_id="v1")
    deliver(story, "d3")
    assert [(row.delivery_id, row.basis) for row in entries(story)] == [
        ("d1", "exchange"),
        ("d2", "exchange"),
        ("d3", "paid"),
    ]


def test_what_both_sides_agree_about_the_past_is_brought_forward() -> None:
    story = village()
    story.given(
        member("northfield"),
        "partnership.opening_position_proposed",
        "harbour",
        proposal_id="p1",
        giver_id=ref("northfield"),
        receiver_id=ref("ashfield"),
        minutes=300,
        since="2025-09-01",
        evidence="Minutes of the last year",
    )
    assert entries(story) == []
    story.at("2026-10-03").given(member("ashfield"), "partnership.opening_position_agreed", "harbour", proposal_id="p1")
    [row] = entries(story)
    assert (row.kind, row.giver_id, row.minutes) == ("brought_forward", ref("northfield"), 300)
    assert (row.effective_from, row.partnership_id) == (date(2026, 10, 3), ref("harbour"))


@pytest.mark.parametrize("page", [1, 2, 3, 5])
def test_the_pages_do_not_show(page: int) -> None:
    story = village()
    agree(story)
    deliver(story, "d1")
    story.confirmed("ashfield", "s1")
    story.gave("brookside", "northfield", 90, "2026-09-20", "s2")
    story.disputed("northfield", "s2")
    story.settled("brookside", "northfield", 45, "s2")
    story.reversed("brookside", "s2", "2026-09-20")
    assert entries(story, page) == entries(story)


def test_what_cannot_be_is_not_passed_over() -> None:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1")
    without_delivery = [fact for fact in story.facts if fact.type != "support.delivered"]
    with pytest.raises(CannotApply):
        Memory(VIEW).fold(without_delivery)


def agree(story: Story) -> None:
    """Northfield offers, Ashfield takes it up."""
    amount = {"quantity": "10", "unit": "hour"}
    story.given(
        member("northfield"),
        "support.offered",
        "s1",
        giver_id=ref("northfield"),
        category="maths",
        summary="A specialist for ten hours",
        amount=amount,
        open_to={"to": "organisation", "organisation_id": ref("ashfield")},
        available_from="2026-09-01",
    )
    story.given(
        member("ashfield"),
        "support.agreed",
        "s1",
        giver_id=ref("northfield"),
        receiver_id=ref("ashfield"),
        category="maths",
        amount=amount,
        starts_on="2026-09-01",
        ends_on="2026-12-01",
        basis="exchange",
    )


def deliver(story: Story, delivery_id: str) -> None:
    story.given(
        member("northfield"),
        "support.delivered",
        "s1",
        delivery_id=delivery_id,
        amount={"quantity": "2", "unit": "hour"},
        delivered_on="2026-09-18",
    )
