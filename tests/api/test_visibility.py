"""Every kind of fact before every kind of reader: what each is given is written down, type by type."""

from __future__ import annotations

from typing import Any, Final, LiteralString

import pytest

from api.facts import Printer
from ledger.clock import SetClock
from ledger.domain.fact import AnyFact
from ledger.eventstore.reading import LogReader
from ledger.eventstore.searching import FactQuery
from ledger.eventstore.stored_names import STORED
from ledger.service import Ledger
from tests.api.visible_beside import ELSEWHERE, IN_PARTNERSHIP
from tests.api.visible_support import IN_CONFIDENCE, OPENLY
from tests.ledger.readers import READERS, members, told
from tests.scenario import ref

VISIBLE: Final = OPENLY | IN_CONFIDENCE | IN_PARTNERSHIP | ELSEWHERE
LETTERS: Final = dict(zip(READERS, "grpfictaAsm", strict=True))
OTHERS: Final = ("partner", "former partner", "coordinator", "partner's trust", "its auditor", "auditor of all")


@pytest.fixture
def story(ledger: Ledger, clock: SetClock) -> dict[str, AnyFact]:
    return told(ledger, clock)


def given(ledger: Ledger, fact: AnyFact) -> dict[str, str]:
    """What each group of readers is given of a fact, as the tables write it."""
    printer, groups = Printer(ledger), dict[str, str]()
    for who, reader in READERS.items():
        for event in printer.printed([fact], reader, ""):
            own = ["@"] if "clientid" in event else []
            what = " ".join([*own, *sorted(set(members(event["data"])))])
            groups[what] = groups.get(what, "") + LETTERS[who]
    return {letters: what for what, letters in groups.items()}


def test_each_reader_is_given_of_each_kind_of_fact_what_the_table_says(
    ledger: Ledger, story: dict[str, AnyFact]
) -> None:
    assert {label: given(ledger, fact) for label, fact in story.items()} == VISIBLE


def test_the_tables_know_every_kind_of_fact() -> None:
    assert {label.split(" ")[0] for label in VISIBLE} == set(STORED)


def test_what_is_printed_is_what_the_list_and_the_stream_hold(ledger: Ledger, story: dict[str, AnyFact]) -> None:
    """A page finds what one by one is found, but for the directory, which has lists of its own."""
    every = [fact for fact in ledger.facts(FactQuery(limit=1000)).facts if fact.position > 10]
    for reader in READERS.values():
        page = ledger.page(FactQuery(limit=1000, after=10), reader)
        alone = [one.fact for one in ledger.views(every, reader) if one.view.how != "public"]
        assert [fact.position for fact in page.facts] == [fact.position for fact in alone]
    assert len(story) == len(VISIBLE)


def test_others_read_no_word_of_what_is_confidential(ledger: Ledger, story: dict[str, AnyFact]) -> None:
    """Neither its category nor what its sides called the delivery, its day, its price or its people."""
    every = ledger.facts(FactQuery(limit=1000, partnership=ref("harbour"))).facts
    printer = Printer(ledger)
    for who in OTHERS:
        events = [one for one in printer.printed(every, READERS[who], "") if one["subject"] == ref("quiet")]
        assert {one["data"]["category"] for one in events if "category" in one["data"]} == {"other"}
        kept = [one for one in events if one["type"] != "support.delivery_attested"]  # the hub's own word
        for word in ("safeguarding", "quiet-", "inset", "county", ref("ada")):
            assert word not in str(kept)
        numbers = [one["data"]["delivery_id"] for one in events if one["type"] == "support.delivered"]
        assert numbers == ["d1", "d2", "d3", "d4"]
    assert "support.outcome_recorded in confidence" in story


def test_a_page_is_no_shorter_for_what_its_reader_does_not_see(ledger: Ledger, story: dict[str, AnyFact]) -> None:
    fern, found, after = READERS["partner"], list[int](), 0
    whole = [fact.position for fact in ledger.page(FactQuery(limit=1000), fern).facts]
    while True:
        page = ledger.page(FactQuery(limit=5, after=after), fern)
        found += [fact.position for fact in page.facts]
        assert len(page.facts) == 5 or not page.has_more
        after = page.last_position
        if not page.has_more:
            break
    assert found == whole
    assert page.last_position == page.head
    assert story["support.delivered"].position in found


def test_a_page_of_many_facts_asks_no_more_than_a_page_of_few(
    ledger: Ledger, story: dict[str, AnyFact], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ask = list[str](), LogReader.rows

    def counted(log: LogReader, query: LiteralString, *parameters: Any) -> list[tuple[Any, ...]]:
        asked.append(query)
        return ask(log, query, *parameters)

    monkeypatch.setattr(LogReader, "rows", counted)
    printer, fern, counts = Printer(ledger), READERS["partner"], dict[int, int]()
    for limit in (40, 1000):
        asked.clear()
        printed = printer.printed(ledger.page(FactQuery(limit=limit), fern).facts, fern, "")
        counts[len(printed)] = len(asked)
    (few, questions), (many, as_many) = counts.items()
    assert few == 40 < many <= len(story) * 2
    assert as_many <= questions


ASKED: Final[list[tuple[dict[str, Any], bool]]] = [
    ({"types": ("support.requested",)}, True),
    ({"organisation": ref("oakwood")}, True),
    ({"voice": ref("oakwood")}, True),
    ({"partnership": ref("harbour")}, True),
    ({"stream": ref("quiet")}, False),
]


@pytest.mark.parametrize(("filters", "some"), ASKED)
def test_no_filter_finds_what_is_not_seen(
    ledger: Ledger, story: dict[str, AnyFact], filters: dict[str, Any], *, some: bool
) -> None:
    """A stranger finds nothing by any of them; a partner only what it finds without."""
    assert ledger.page(FactQuery(limit=1000, **filters), READERS["stranger"]).facts == []
    fern = READERS["partner"]
    whole = {fact.position for fact in ledger.page(FactQuery(limit=1000), fern).facts}
    found = {fact.position for fact in ledger.page(FactQuery(limit=1000, **filters), fern).facts}
    assert found <= whole
    assert (story["support.requested"].position in found) == (some and "stream" not in filters)
