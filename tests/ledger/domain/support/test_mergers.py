"""When the two sides become one organisation, it cannot say what two must say."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.domain.refusals import OnlyTheReceiverConfirms, SpeaksForItself
from tests.ledger.domain.support.stories import (
    ASHFIELD,
    NORTHFIELD,
    OAKWOOD,
    agreed,
    days,
    delivered,
    disputed,
)
from tests.scenario import ADMIN, Scenario, member, ref, refused

ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("support.delivery_confirmed", {"delivery_id": "d1"}),
    ("support.delivery_disputed", {"delivery_id": "d1", "reason": "Nobody came"}),
]


def merged(story: Scenario, *names: str, into: str) -> Scenario:
    story.at("2026-09-03")
    for name in names:
        said = {"successor_id": ref(into), "on": "2026-09-02"}
        story.given(ADMIN, "organisation.succeeded", name, **said)
    return story


@pytest.mark.parametrize(("type_name", "data"), ANSWERS)
def test_the_giver_does_not_answer_for_the_school_it_took_over(type_name: str, data: dict[str, Any]) -> None:
    story = merged(delivered(), "oakwood", into="northfield")
    with refused(OnlyTheReceiverConfirms, voice=ref("northfield")):
        story.when(member("northfield", principal="a governor"), type_name, "maths", **data)


@pytest.mark.parametrize(("type_name", "data"), ANSWERS)
def test_who_goes_on_from_both_sides_does_not_answer(type_name: str, data: dict[str, Any]) -> None:
    with refused(OnlyTheReceiverConfirms, voice=ref("ashfield")):
        merged(delivered(), "northfield", "oakwood", into="ashfield").when(ASHFIELD, type_name, "maths", **data)


def test_who_goes_on_from_both_sides_does_not_settle_with_itself() -> None:
    said = {"settlement_id": "s1", "delivery_id": "d1", "amount": days(1), "reason": "Fair"}
    story = disputed().given(NORTHFIELD, "support.settlement_proposed", "maths", **said)
    with refused(SpeaksForItself):
        merged(story, "northfield", "oakwood", into="ashfield").when(
            ASHFIELD, "support.dispute_settled", "maths", settlement_id="s1"
        )


def test_who_goes_on_from_both_sides_does_not_vary_with_itself() -> None:
    said = {"variation_id": "v1", "amount": days(1), "reason": "Less"}
    story = agreed().given(OAKWOOD, "support.variation_proposed", "maths", **said)
    with refused(SpeaksForItself):
        merged(story, "northfield", "oakwood", into="ashfield").when(
            ASHFIELD, "support.variation_agreed", "maths", variation_id="v1"
        )
