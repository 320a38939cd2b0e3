"""Whatever happened, in whatever order: opening + lines = closing, and the whole account is the standing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from ledger.errors import Refusal
from projections.views import Asked, ReadModels
from tests.projections.books import folded, reading
from tests.projections.giving import Story, village
from tests.scenario import member, ref

SCHOOLS = ("northfield", "ashfield", "brookside")
FIRST = date(2026, 9, 1)


def tell(seed: int) -> Story:
    """Hundreds of claims by the two sides of thirty supports over two months; those that are refused leave nothing."""
    dice, story = Random(seed), village()
    made: list[tuple[str, str, str]] = []
    for number in range(400):
        story.at((FIRST + timedelta(days=30 + number // 10)).isoformat())
        if len(made) < 30 and dice.random() < 0.2:
            giver, receiver = dice.sample(SCHOOLS, 2)
            day = (story.now.date() - timedelta(days=dice.randrange(30))).isoformat()
            basis = dice.choice([None, None, "gift"])
            more = {} if basis is None else {"basis": basis}
            within = dice.choice([None, "harbour"])
            story.gave(giver, receiver, dice.randrange(10, 300), day, f"s{number}", within, **more)
            made.append((f"s{number}", giver, receiver))
        elif made:
            attempt(story, dice, *dice.choice(made))
    return story


def attempt(story: Story, dice: Random, support: str, giver: str, receiver: str) -> None:
    day = (story.now.date() - timedelta(days=dice.randrange(20))).isoformat()
    why: dict[str, Any] = {"delivery_id": "d1", "reason": "Because it is so"}
    claims: list[Callable[[], object]] = [
        lambda: story.confirmed(receiver, support),
        lambda: story.disputed(receiver, support),
        lambda: story.settled(giver, receiver, dice.randrange(10), support),
        lambda: story.when(member(receiver), "support.confirmation_withdrawn", support, **why),
        lambda: story.reversed(giver, support, day),
    ]
    try:
        dice.choices(claims, weights=[4, 3, 4, 1, 1])[0]()
    except Refusal:
        return


def require_sound(models: ReadModels, school: str, asked: Asked) -> None:
    """Every line moves the balance by its two columns, from the opening to the closing."""
    answer = models.statement(ref(school), asked=asked, limit=1_000)
    balance = answer.totals.opening
    for line in answer.lines:
        balance += line.written.effect.change
        assert line.balance == balance
    assert balance == answer.totals.closing
    if asked.from_ is None and asked.to is None:
        assert answer.totals.closing == models.balance(ref(school), asked).balance.standing


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_accounts_add_up_on_every_day_and_at_every_position(database_url: str, seed: int) -> None:
    story = tell(seed)
    said = {fact.type for fact in story.facts}
    assert {"support.delivery_reversed", "support.dispute_settled", "support.confirmation_withdrawn"} <= said
    folded(database_url, story.facts, page=37)
    dice, head = Random(seed), len(story.facts)
    with reading(database_url) as models:
        for _ in range(40):
            as_of = FIRST + timedelta(days=dice.randrange(90))
            known_at = dice.randrange(1, head + 1)
            start = FIRST + timedelta(days=dice.randrange(60))
            for school in SCHOOLS:
                require_sound(models, school, Asked(as_of=as_of, known_at=known_at))
                window = Asked(as_of=as_of, known_at=known_at, from_=start, to=start + timedelta(days=14))
                require_sound(models, school, window)
