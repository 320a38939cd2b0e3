"""A page is the same whichever way its facts are found: along the log, or by the keys they touch."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from ledger.domain.fact import LEDGER
from ledger.eventstore import searching
from ledger.eventstore.searching import FactQuery, search
from ledger.service import Ledger
from tests.story import Village


@pytest.fixture
def village(ledger: Ledger) -> Village:
    """Six schools that gave each other thirty hours, in an order that chance decided once."""
    made, chance = Village(ledger), Random(7)
    names = ["Ash", "Birch", "Cedar", "Elm", "Fir", "Oak"]
    for name in names:
        made.school(name)
    for _ in range(30):
        giver, receiver = chance.sample(names, 2)
        made.delivered(giver, receiver)
    return made


def pages(village: Village, query: FactQuery) -> list[int]:
    """The positions on all pages of a query, read one after the other."""
    page = search(village.ledger.store, query)
    found = [fact.position for fact in page.facts]
    while page.has_more:
        page = search(village.ledger.store, replace(query, after=page.last_position))
        assert len(page.facts) <= query.limit
        found += [fact.position for fact in page.facts]
    assert page.last_position == page.head
    return found


def touching(village: Village, *keys: str) -> set[int]:
    rows = village.ledger.store.rows("SELECT position FROM pledger.fact_key WHERE key = ANY (%b::text[])", list(keys))
    return {position for (position,) in rows}


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_pages_by_one_key_or_several(village: Village, limit: int) -> None:
    ash, birch = (f"organisation:{village.ids[one]}" for one in ("Ash", "Birch"))

    assert pages(village, FactQuery(visible=(ash,), limit=limit)) == sorted(touching(village, ash))
    assert pages(village, FactQuery(visible=(ash, birch), limit=limit)) == sorted(touching(village, ash, birch))
    both = touching(village, ash) & touching(village, birch)
    assert pages(village, FactQuery(visible=(ash,), organisation=village.ids["Birch"], limit=limit)) == sorted(both)


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_pages_of_what_is_rare_among_what_is_seen(village: Village, limit: int) -> None:
    ash = f"organisation:{village.ids['Ash']}"
    of_ash = touching(village, ash)
    registered = pages(village, FactQuery(visible=(ash,), types=("organisation.registered",), limit=limit))
    said = pages(village, FactQuery(visible=(ash,), voice=village.ids["Ash"], limit=limit))

    assert len(registered) == 1
    assert set(said) < of_ash
    assert said == [one for one in sorted(of_ash) if voice(village, one) == village.ids["Ash"]]


def voice(village: Village, position: int) -> str | None:
    [fact] = search(village.ledger.store, FactQuery(after=position - 1, limit=1)).facts
    return fact.voice


def test_pages_by_more_keys_than_are_searched_one_by_one(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "FEW_KEYS", 2)
    monkeypatch.setattr(searching, "FIRST_LOOK", 1)
    keys = tuple(f"organisation:{village.ids[one]}" for one in ("Ash", "Birch", "Cedar"))

    assert pages(village, FactQuery(visible=keys, limit=2)) == sorted(touching(village, *keys))


def test_a_page_ends_where_it_is_told_to(village: Village) -> None:
    ash = f"organisation:{village.ids['Ash']}"
    until = sorted(touching(village, ash))[2]
    page = search(village.ledger.store, FactQuery(visible=(ash,), until=until))

    assert [fact.position for fact in page.facts] == sorted(touching(village, ash))[:3]
    assert (page.last_position, page.has_more) == (until, False)


def test_what_a_speaker_finds_is_what_its_connection_shows(village: Village) -> None:
    ledger = village.ledger
    ash, birch = (f"organisation:{village.ids[one]}" for one in ("Ash", "Birch"))
    of_the_directory = ledger.facts(FactQuery(stream=village.ids["Birch"]), village.members["Ash"]).facts
    of_birch = ledger.facts(FactQuery(organisation=village.ids["Birch"]), village.members["Ash"]).facts
    everything = ledger.facts(FactQuery(limit=1_000), LEDGER).facts

    assert [fact.type for fact in of_the_directory] == ["organisation.registered"]
    assert {fact.position for fact in of_birch} == touching(village, ash) & touching(village, birch)
    assert len(everything) == ledger.head()
