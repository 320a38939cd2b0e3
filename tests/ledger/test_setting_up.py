"""A ledger is made once, whatever interrupts it, and opens only when it was made."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ledger.clock import SetClock
from ledger.errors import Refusal
from ledger.eventstore.searching import FactQuery
from ledger.integrity.vault import KeysUnreadable
from ledger.service import ClockNotAllowed, open_ledger
from ledger.setting_up import ADMIN_FILE, AlreadySetUp, first_facts, name_it, set_up
from ledger.settings import Settings, load
from ledger.whereabouts import NotSetUp
from tests.scenario import refused


def test_the_first_admin_s_key_works_and_lies_in_the_home(settings: Settings) -> None:
    key = set_up(settings, kind="live")
    file = settings.home / ADMIN_FILE
    assert file.read_text("utf-8") == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with open_ledger(settings) as ledger:
        assert ledger.credentials.authenticate(key).role == "admin"
        assert key.startswith("pl_live_")


def test_a_ledger_is_made_once(settings: Settings) -> None:
    set_up(settings, kind="live")
    with refused(AlreadySetUp, origin="test.example"):
        set_up(settings, kind="live")


def test_nothing_opens_before(settings: Settings) -> None:
    with refused(NotSetUp):
        open_ledger(settings)


def test_a_set_up_that_was_interrupted_is_finished_by_the_next(settings: Settings, clock: SetClock) -> None:
    from ledger.integrity.vault import make_keys

    make_keys(settings.keys_dir)
    name_it(settings.database_url or "", settings, "test", clock)
    key = set_up(settings, kind="test", clock=clock)
    with open_ledger(settings, clock=clock) as ledger:
        assert [fact.type for fact in ledger.facts(FactQuery()).facts] == ["log.opened", "credential.issued"]
        assert ledger.credentials.authenticate(key).role == "admin"


def test_the_first_fact_is_recorded_once(settings: Settings, clock: SetClock) -> None:
    set_up(settings, kind="test", clock=clock)
    first_facts(settings, clock)
    with open_ledger(settings, clock=clock) as ledger:
        assert len(ledger.facts(FactQuery(types=("log.opened",))).facts) == 1


def test_a_live_ledger_takes_no_clock(settings: Settings, clock: SetClock) -> None:
    set_up(settings, kind="live")
    with refused(ClockNotAllowed, ledger_kind="live"):
        open_ledger(settings, clock=clock)


@pytest.mark.parametrize("name", ["content.key", "vault-epoch-1.key"])
def test_keys_that_others_may_read_are_refused(settings: Settings, name: str) -> None:
    set_up(settings, kind="live")
    (settings.keys_dir / name).chmod(0o644)
    with refused(KeysUnreadable, file=str(settings.keys_dir / name)):
        open_ledger(settings)


@pytest.mark.parametrize("name", ["content.key", "vault-epoch-1.key"])
def test_a_lost_key_is_named(settings: Settings, name: str) -> None:
    set_up(settings, kind="live")
    (settings.keys_dir / name).unlink()
    with pytest.raises(KeysUnreadable):
        open_ledger(settings)
    with refused(AlreadySetUp):
        set_up(settings, kind="live")
    assert not (settings.keys_dir / name).exists()


def test_an_embedded_ledger_is_set_up_and_found_again(tmp_path: Path) -> None:
    settings = load({"PLEDGER_HOME": str(tmp_path / "h"), "PLEDGER_ORIGIN": "test.example"})
    with pytest.raises(Refusal) as caught:
        open_ledger(settings)
    assert caught.value.code == "not-set-up"
    set_up(settings, kind="live")
    with open_ledger(settings) as first, open_ledger(settings) as second:
        assert first.head() == second.head() == 2
