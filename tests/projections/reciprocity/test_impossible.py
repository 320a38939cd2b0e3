"""What admission makes impossible is never passed over: the fold raises, and its view stops."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from ledger.domain.fact import AnyFact
from projections.reciprocity.fold import reciprocity_view
from projections.tables import CannotApply
from tests.projections.giving import Story, village
from tests.projections.memory import Memory
from tests.scenario import member, ref

VIEW = reciprocity_view(ZoneInfo("Europe/London"))


def without(story: Story, type_name: str) -> list[AnyFact]:
    return [fact for fact in story.facts if fact.type != type_name]


def changed(story: Story, type_name: str, **members: Any) -> list[AnyFact]:
    return [
        replace(fact, data=replace(fact.data, **members)) if fact.type == type_name else fact for fact in story.facts
    ]


def settled() -> Story:
    story = village()
    story.gave("northfield", "ashfield", 120, "2026-09-18", "s1")
    story.disputed("ashfield", "s1")
    story.settled("northfield", "ashfield", 60, "s1")
    return story


def disposed() -> Story:
    story = village()
    story.given(
        member("ashfield"),
        "partnership.residual_proposed",
        "harbour",
        proposal_id="r1",
        debtor_id=ref("ashfield"),
        creditor_id=ref("northfield"),
        minutes=200,
        disposal="passed_on",
        to=ref("brookside"),
        reason="Brookside takes it on",
    )
    for one in ("northfield", "brookside"):
        story.given(member(one), "partnership.residual_agreed", "harbour", proposal_id="r1")
    return story


def reversed_() -> Story:
    story = village()
    story.exchanged("northfield", "ashfield", 120, "2026-09-18", "s1")
    story.reversed("northfield", "s1", "2026-09-20")
    return story


IMPOSSIBLE: Final[dict[str, Callable[[], list[AnyFact]]]] = {
    "a settlement nobody proposed": lambda: without(settled(), "support.settlement_proposed"),
    "a yes to what nobody proposed": lambda: without(disposed(), "partnership.residual_proposed"),
    "one yes too many": lambda: [*disposed().facts, disposed().facts[-1]],
    "a disposal to nobody": lambda: changed(disposed(), "partnership.residual_proposed", to=None),
    "a delivery without its minutes": lambda: changed(
        settled(), "support.delivered", amount=replace(settled().facts[-4].data.amount, minutes=None)
    ),
    "a delivery without its agreement": lambda: changed(settled(), "support.delivered", giver_id=None),
    "a delivery to nobody": lambda: changed(settled(), "support.delivered", receiver_id=None),
    "a second reversal": lambda: [*reversed_().facts, reversed_().facts[-1]],
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
@pytest.mark.parametrize("page", [1, 1_000])
def test_it_raises(name: str, page: int) -> None:
    with pytest.raises(CannotApply):
        Memory(VIEW).fold(IMPOSSIBLE[name](), page)


def test_none_of_it_raises_as_it_was_admitted() -> None:
    for story in (settled(), disposed(), reversed_()):
        Memory(VIEW).fold(story.facts)
