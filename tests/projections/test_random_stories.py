"""Whatever was said by whomever: nets add up to nothing whenever and as of any day, and replay changes nothing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest

from ledger.clock import SetClock
from ledger.errors import Refusal
from ledger.service import Ledger
from projections.pace import Pace
from projections.places import NEXT, SCHEMA
from projections.runner import Runner
from projections.views import Asked, ReadModels, all_views, open_read_models
from tests.ledger.voices import SCHOOLS, Voices
from tests.projections.books import tables
from tests.projections.cutting import Cut, CutLog
from tests.story import Village, person, said

STREAMS = 40
CLAIMS = 7


@pytest.fixture(params=[1, 2, 3])
def told(request: pytest.FixtureRequest, ledger: Ledger, clock: SetClock) -> Village:
    """A partnership of three schools, two of them of one trust, and a random story of their support over weeks."""
    village = Village(ledger)
    trust = village.school("Harbour", "trust")
    ids = [village.school(name) for name in SCHOOLS]
    for name in SCHOOLS[:2]:
        village.post(name, "organisation.joined_trust", village.ids[name], trust_id=trust, on="2026-01-01")
    dice = random.Random(request.param)
    voices = Voices.of(village, dice, partnership=form(village, ids))
    for _ in range(STREAMS):
        voices.streams.append(begun(voices))
        for _ in range(CLAIMS):
            attempt(voices)
        clock.advance(timedelta(days=dice.randrange(10)))
    return village


def form(village: Village, ids: list[str]) -> str:
    aim = {"aim_id": "maths", "statement": "Raise attainment", "success_measure": "+5", "due_on": "2027-07-01"}
    formed = village.ledger.post(
        person("coordinator", village.ids["Harbour"]),
        said(
            "partnership.formed",
            name="Harbour Cluster",
            purpose="Better mathematics",
            aims=[aim],
            partners=[{"organisation_id": one, "role": "partner"} for one in ids],
            coordinator_id=village.ids["Harbour"],
            terms={},
            starts_on="2026-09-01",
        ),
    )
    village.ids["Cluster"] = formed.stream_id
    outside = SCHOOLS[2]
    accepted = {"organisation_id": village.ids[outside], "on": "2026-09-01"}
    village.post(outside, "partnership.partner_accepted", formed.stream_id, **accepted)
    return formed.stream_id


def begun(voices: Voices) -> str:
    """A support that was admitted: a delivery alone, or a request."""
    while True:
        posted = voices.dice.choice([voices.delivered_alone, voices.requested])()
        maker = posted.data.get("giver_id") or posted.data["receiver_id"]
        speaker = next(one for one in voices.speakers if one.organisations == {maker})
        return voices.village.ledger.post(speaker, posted).stream_id


def attempt(voices: Voices) -> None:
    try:
        voices.village.ledger.post(*voices.likely())
    except Refusal:
        return


def dropped(ledger: Ledger) -> None:
    with psycopg.connect(ledger.dsn) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA}, {NEXT} CASCADE")


def folded(ledger: Ledger, page: int, cut_after: int | None = None) -> dict[str, list[str]]:
    """The views from nothing in pages of a size; `cut_after` pages the worker dies, and another one goes on."""
    dropped(ledger)
    views, pace = all_views(ledger.zone), Pace(page_facts=page, rebuild_facts=page)
    while cut_after is not None:
        try:
            Runner(CutLog(ledger.store, cut_after), ledger.dsn, views, pace).run_once()
        except Cut:
            continue
        break
    Runner(ledger.store, ledger.dsn, views, pace).run_once()
    return tables(ledger.dsn, views)


def test_replay_gives_the_same_tables_in_pages_of_any_size_and_with_restarts_anywhere(told: Village) -> None:
    whole = folded(told.ledger, page=1_000)
    assert any(rows for rows in whole.values())
    for page, cut_after in ((1, None), (7, None), (50, None), (3, 2), (10, 3)):
        assert folded(told.ledger, page, cut_after) == whole


def nets(models: ReadModels, village: Village, asked: Asked) -> Iterator[int]:
    """The sum of nets over everybody, over the partnership, and over the trust."""
    yield sum(models.balance(one, asked).balance.net for one in map(village.ids.__getitem__, SCHOOLS))
    yield sum(one.net for one in models.partnership_balances(village.ids["Cluster"], asked).members.values())
    yield sum(one.net for one in models.trust_balances(village.ids["Harbour"], asked).members.values())


def test_nets_add_up_to_nothing_on_every_day_and_at_every_position(told: Village) -> None:
    ledger = told.ledger
    folded(ledger, page=1_000)
    with open_read_models(ledger.dsn, ledger.zone, ledger.today) as models:
        days = [date(2026, 9, 1) + timedelta(days=days) for days in range(0, 120, 10)]
        given = set()
        for known_at in range(1, ledger.head() + 1, 5):
            given.add(models.network(Asked(known_at=known_at)).balance.minutes.given)
            assert set(nets(models, told, Asked(known_at=known_at))) == {0}
        for as_of in days:
            assert set(nets(models, told, Asked(as_of=as_of))) == {0}
        assert len(given) > 3
