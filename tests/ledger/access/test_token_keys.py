"""The keys that sign tokens lie beside the others, replace each other, and verify no longer than they should."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from ledger.access.token_keys import MOST_KEYS, OVERLAP_SECONDS, REREAD_SECONDS, TokenKeys, rotate
from ledger.integrity.vault import KeysUnreadable

NOW = 1_790_000_000.0


class Machine:
    """A machine's time, by which files are dated in this test."""

    def __init__(self, folder: Path) -> None:
        self.now, self.folder = NOW, folder
        folder.mkdir(mode=0o700)

    def rotate(self, *, at_once: bool = False) -> str:
        made = rotate(self.folder, self.now, at_once=at_once)
        newest = max(self.folder.glob("token-*.key"), key=lambda file: int(file.stem.removeprefix("token-")))
        os.utime(newest, (self.now, self.now))
        return made

    def keys(self) -> TokenKeys:
        """As a process sees them that starts now."""
        return TokenKeys(self.folder, lambda: self.now)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "keys")


def kids(keys: TokenKeys) -> list[str]:
    return [key["kid"] for key in keys.public()]


def test_the_first_key_is_made_when_it_is_needed_and_is_its_owners_alone(machine: Machine) -> None:
    keys = machine.keys()
    kid = keys.signing().kid
    [file] = machine.folder.iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode), file.stat().st_size) == ("token-1.key", 0o600, 32)
    assert machine.keys().signing().kid == kid


def test_only_public_halves_are_shown(machine: Machine) -> None:
    machine.rotate()
    [shown] = machine.keys().public()
    assert set(shown) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert (shown["kty"], shown["crv"], shown["alg"], shown["use"]) == ("EC", "P-256", "ES256", "sig")


def test_a_replaced_key_verifies_for_an_hour_and_signs_no_more(machine: Machine) -> None:
    old = machine.rotate()
    machine.now += 1000
    new = machine.rotate()
    assert machine.keys().signing().kid == new
    assert kids(machine.keys()) == [old, new]
    machine.now += OVERLAP_SECONDS - 1
    assert machine.keys().find(old) is not None
    machine.now += 1
    assert machine.keys().find(old) is None
    assert kids(machine.keys()) == [new]


def test_the_file_of_a_key_goes_when_its_time_is_over(machine: Machine) -> None:
    machine.rotate()
    machine.now += 10
    machine.rotate()
    machine.now += OVERLAP_SECONDS
    machine.rotate()
    assert sorted(file.name for file in machine.folder.iterdir()) == ["token-2.key", "token-3.key"]


def test_a_stolen_key_ends_at_once(machine: Machine) -> None:
    stolen = [machine.rotate(), machine.rotate()]
    new = machine.rotate(at_once=True)
    assert kids(machine.keys()) == [new]
    assert [machine.keys().find(kid) for kid in stolen] == [None, None]
    assert [file.name for file in machine.folder.iterdir()] == ["token-3.key"]


def test_a_process_sees_after_a_second_what_another_did(machine: Machine) -> None:
    running = machine.keys()
    first = running.signing().kid
    second = machine.rotate(at_once=True)
    assert running.signing().kid == first
    time.sleep(REREAD_SECONDS)
    assert running.signing().kid == second
    assert running.find(first) is None


def test_no_more_keys_are_held_than_a_few(machine: Machine) -> None:
    made = [machine.rotate() for _ in range(MOST_KEYS + 3)]
    assert kids(machine.keys()) == made[-MOST_KEYS:]


@pytest.mark.parametrize("kid", [None, "", "unknown", 1, ["token-1"], {}])
def test_what_names_no_key_finds_none(machine: Machine, kid: object) -> None:
    machine.rotate()
    assert machine.keys().find(kid) is None


@pytest.mark.parametrize("harm", ["readable", "short"])
def test_a_key_file_that_is_not_in_order_is_not_used(machine: Machine, harm: str) -> None:
    machine.rotate()
    [file] = machine.folder.iterdir()
    if harm == "readable":
        file.chmod(0o644)
    else:
        file.write_bytes(b"short")
    with pytest.raises(KeysUnreadable):
        machine.keys().signing()
