"""The programme in a real ledger: complete, believable, deterministic, and taken up again after an interruption."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from cli.demo.run import make_programme
from ledger.domain.fact import AnyFact
from ledger.domain.values import NIL
from ledger.eventstore.embedded import Embedded
from ledger.eventstore.stored_names import STORED
from ledger.service import Ledger
from projections.runner import Runner
from projections.views import all_views, open_read_models
from tests.cli.demo.conftest import SEED, TODAY, Made, everything, opened
from tests.cli.demo.test_plan import NEVER_IN_A_DEMONSTRATION


def test_every_kind_of_event_is_there(made: Made) -> None:
    assert {fact.type for fact in made.facts} == set(STORED) - NEVER_IN_A_DEMONSTRATION


def test_sixty_seven_schools_stand_in_the_directory_today(made: Made) -> None:
    registered = {fact.stream.id: fact.data for fact in made.of("organisation.registered")}
    kinds = Counter(data.kind for data in registered.values())
    assert kinds["local_authority"] == 4
    assert kinds["trust"] == 5
    ended = {fact.stream.id for fact in made.of("organisation.closed") + made.of("organisation.duplicate_declared")}
    assert len([one for one, data in registered.items() if data.kind == "school" and one not in ended]) == 67


def test_partnerships_have_four_to_seven_partners_and_a_coordinator_each(made: Made) -> None:
    formed = [fact.data for fact in made.of("partnership.formed")]
    assert len(formed) == 13
    assert {len(data.partners) for data in formed} == {4, 5, 6, 7}
    assert len({data.coordinator_id for data in formed}) == 4


def test_most_of_what_was_given_is_confirmed_and_some_is_not(made: Made) -> None:
    delivered, confirmed = len(made.of("support.delivered")), len(made.of("support.delivery_confirmed"))
    assert delivered > 900
    assert 0.85 < confirmed / delivered < 0.99


def test_every_basis_of_support_occurs(made: Made) -> None:
    assert {fact.data.basis for fact in made.of("support.agreed")} == {"exchange", "gift", "paid", "funded"}


def test_recorded_moments_follow_the_history(made: Made) -> None:
    days = [fact.recorded_at.date() for fact in made.facts if fact.actor != NIL]
    assert days == sorted(days)
    assert days[-1] < TODAY
    assert (days[-1] - days[0]).days > 77 * 7 - 4


class Enough(Exception):
    """Somebody pulls the plug."""


def test_an_interrupted_history_is_taken_up_again_and_comes_to_the_same_facts(
    made: Made, postgres: Embedded, template: str, tmp_path: Path
) -> None:
    def stop_at_a_third(done: int, of: int) -> None:
        if done > of // 3:
            raise Enough

    with opened(postgres, template, "demo_again", tmp_path / "home") as (ledger, clock):
        with pytest.raises(Enough):
            make_programme(ledger, clock, seed=SEED, today=TODAY, progress=stop_at_a_third)
        assert 1000 < ledger.head() < len(made.facts)
        make_programme(ledger, clock, seed=SEED, today=TODAY, progress=None)
        again = everything(ledger)
    assert comparable(again) == comparable(made.facts)


def comparable(facts: list[AnyFact]) -> list[tuple[Any, ...]]:
    """The facts but for the ids the ledger chose and the seals; what the ledger itself said is another's story."""
    return [
        (one.type, one.stream.id, one.version, one.actor, one.voice, one.recorded_for, one.occurred_at,
         one.recorded_at, one.client_event_id, without_seals(one.data))
        for one in facts
        if one.actor != NIL
    ]  # fmt: skip


def without_seals(data: Any) -> Any:
    if is_dataclass(data) and not isinstance(data, type):
        members = asdict(data)
        return {name: without_seals(value) for name, value in members.items() if name != "event_id"}
    if isinstance(data, dict):
        return "sealed" if "nonce" in data else {name: without_seals(value) for name, value in data.items()}
    return tuple(without_seals(part) for part in data) if isinstance(data, tuple) else data


def test_what_some_gave_others_got(made: Made) -> None:
    ledger: Ledger = made.ledger
    Runner(ledger.store, ledger.dsn, all_views(ledger.zone)).run_once()
    models = open_read_models(ledger.dsn, ledger.zone, ledger.today)
    try:
        schools = [one.id for one in made.programme.stage.organisations.values()]
        balances = [models.balance(one).to_json() for one in schools]
    finally:
        models.close()
    assert sum(one["given_minutes"] for one in balances) > 100_000
    assert sum(one["net_minutes"] for one in balances) == 0
