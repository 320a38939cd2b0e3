"""A password is long enough, and not among those that are tried first."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ledger.access.passwords import PasswordRefused, Passwords
from tests.scenario import refused

LONGEST = hashlib.sha512(b"128 letters and digits").hexdigest()


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "too-short"),
        ("eleven char", "too-short"),
        ("x7" * 65, "too-long"),
        ("Password1234!", "easy-to-guess"),
        ("qwertyuiop123", "easy-to-guess"),
        ("iloveyouforever", "easy-to-guess"),
        ("aaaaaaaaaaaaaaaaaaaa", "easy-to-guess"),
        ("charlotte1987", "easy-to-guess"),
        ("northfield-school", "easy-to-guess"),
    ],
)
def test_what_is_tried_first_is_refused(password: str, why: str) -> None:
    with refused(PasswordRefused, why=why):
        Passwords().hash(password, ("northfield-school",))


@pytest.mark.parametrize("password", ["seven green kettles sing", "aB3kd93kLqpz", "ключ от старого дома", LONGEST])
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    passwords = Passwords()
    kept = passwords.hash(password)
    assert passwords.matches(kept, password)
    assert not passwords.matches(kept, password + "x")
    assert not passwords.matches(None, password)


def test_a_letter_is_the_same_however_it_was_typed() -> None:
    passwords = Passwords()
    kept = passwords.hash("café kettles sing low")
    assert passwords.matches(kept, "café kettles sing low")


def test_a_list_of_leaked_passwords_is_looked_through(tmp_path: Path) -> None:
    leaked = [f"leaked kettles number {number}" for number in range(500)]
    hashes = sorted(hashlib.sha1(one.encode()).hexdigest().upper() for one in leaked)
    file = tmp_path / "leaked.txt"
    file.write_text("".join(f"{one}:{index}\n" for index, one in enumerate(hashes)))
    passwords = Passwords(file)
    for password in leaked:
        with refused(PasswordRefused, why="leaked"):
            passwords.require_sound(password)
    for number in range(500, 700):
        passwords.require_sound(f"leaked kettles number {number}")
