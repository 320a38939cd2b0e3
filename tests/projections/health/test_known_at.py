"""As known at a position: what the first facts alone tell, read from a real log; the same once all is known."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from ledger.errors import Refusal
from projections.health.answering import health, health_history
from projections.health.measures import health_on
from projections.reader import PartnershipReader
from projections.views import Asked
from tests.projections.evidence_of import evidence
from tests.projections.giving import Story
from tests.projections.health.stories import HUB, agreed, delivered, harbour, missed, ratings, reviewed, varied
from tests.projections.health.test_challenge import SOUND, planned
from tests.projections.keyed import known
from tests.scenario import member, ref

SCHOOLS = ("northfield", "ashfield", "brookside")
STEPS = 120
VIEWER = PartnershipReader(organisations=frozenset(), is_coordinator=True)


def said_at_random(story: Story, dice: random.Random, supports: list[str]) -> None:
    """One thing that somebody might say, sensible or not. Raises Refusal."""
    giver, receiver = dice.sample(SCHOOLS, 2)
    new, on = f"s{len(story.facts)}", (story.now.date() - timedelta(days=dice.randrange(40))).isoformat()
    support, number = dice.choice(supports), dice.choice([30, 60, 390])
    rating = ratings(*(dice.randint(1, 5) for _ in range(5)))
    deeds: list[Any] = [
        lambda: story.gave(giver, receiver, number, on, new, "harbour"),
        lambda: story.exchanged(giver, receiver, number, on, new, "harbour", basis=dice.choice(["exchange", "gift"])),
        lambda: agreed(story, new, number, (story.now.date() + timedelta(days=dice.randrange(60))).isoformat()),
        lambda: delivered(story, support, number, f"d{len(story.facts)}"),
        lambda: story.confirmed("ashfield", support, dice.choice(["d1", f"d{len(story.facts) - 1}"])),
        lambda: missed(story, support, number, dice.choice(["illness", "giver_away"])),
        lambda: varied(story, support, amount={"quantity": "600", "unit": "minute"}),
        lambda: story.reversed(giver, support, story.now.date().isoformat()),
        lambda: story.given(member("ashfield"), "support.completed", support, reason="Done"),
        lambda: reviewed(story, giver, ratings=rating),
        lambda: planned(story, new, giver, receiver, on),
        lambda: story.given(member(giver), "review.completed", support, findings=[SOUND], on=on),
        lambda: story.given(HUB, "partnership.review_scheduled", "harbour", review_id=new, due_on=on),
    ]
    dice.choice(deeds)()
    supports.append(new)


@pytest.fixture(params=[1, 2])
def story(request: pytest.FixtureRequest) -> Story:
    """Some months of a partnership, as the dice have it."""
    dice, story, supports = random.Random(request.param), harbour(), ["s0"]
    for _ in range(STEPS):
        story.at((story.now.date() + timedelta(days=dice.randrange(4))).isoformat())
        try:
            said_at_random(story, dice, supports)
        except Refusal:
            continue
    return story


def test_as_known_at_a_position_it_is_what_the_first_facts_alone_tell(database_url: str, story: Story) -> None:
    first, last = next(fact for fact in story.facts if fact.type == "partnership.formed"), len(story.facts)
    assert first.position is not None
    bands = set()
    with known(database_url, story) as models:
        for known_at in range(first.position, last + 1, 11):
            for day in (date(2026, 9, 1) + timedelta(days=days) for days in range(20, 400, 90)):
                asked = Asked(as_of=day, known_at=known_at)
                answer = models.answer(health, asked, ref("harbour"), VIEWER)
                assert answer.health == health_on(evidence(story, "harbour", known_at), day)
                assert answer.to_json()["known_at"] == known_at
                bands.add(answer.health.band)
    assert len(bands) > 2


def test_the_history_of_a_year_ends_where_the_day_itself_stands(database_url: str, story: Story) -> None:
    day = story.now.date()
    with known(database_url, story) as models:
        found = models.answer(health_history, Asked(as_of=day), ref("harbour"))
        now = models.answer(health, Asked(as_of=day), ref("harbour"), VIEWER).health
    assert [one.on for one in found.changes] == sorted(one.on for one in found.changes)
    for name, dimension in now.dimensions.items():
        told = [one for one in found.changes if one.what == name]
        if name != "tempo" and told:
            assert told[-1].after == dimension.f
    told = [one for one in found.changes if one.what == "band"]
    assert told[-1].to_json()["to_band"] == now.band
