"""Passwords: long enough, not one of those that are tried first, and kept as Argon2id alone."""

from __future__ import annotations

import hashlib
import os
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from ledger.errors import Busy, Kind, Refusal

LEAST: Final = 12
MOST: Final = 128
LOOKED_AT: Final = 40
"""Characters that are judged; where they are hard to guess, what follows makes the whole no easier."""
LEAST_GUESSES: Final = 10**10
AT_ONCE: Final = 2
WAIT_SECONDS: Final = 10.0
SHA1_HEX: Final = 40


class PasswordRefused(Refusal):
    """A password is too short, too long, or among those that are tried first. Fields: `why`, one of
    `too-short`, `too-long`, `leaked`, `easy-to-guess`."""

    code: ClassVar[str] = "password-refused"
    kind: ClassVar[Kind] = "claim"
    title: ClassVar[str] = "Choose another password"


class TooManySigningIn(Busy):
    """More sign-ins at once than the machine is to work on."""

    code: ClassVar[str] = "too-many-signing-in"
    title: ClassVar[str] = "Too many people are signing in at this moment"


class Passwords:
    """Judges, hashes and compares. At most two at once: each takes 19 MiB and some hundredths of a second.

    `leaked` is a file of SHA-1 hashes in hexadecimal, one a line, sorted, as lists of leaked passwords are published;
    what follows a hash on its line is not read.
    """

    def __init__(self, leaked: Path | None = None) -> None:
        # The second recommendation of OWASP for Argon2id: 19 MiB, two passes, one lane.
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._leaked = leaked
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._judging = threading.Lock()

    def hash(self, password: str, known: Iterable[str] = ()) -> str:
        """The hash of a sound password. `known` are words that lie near, such as the login. Raises PasswordRefused."""
        self.require_sound(password, known)
        with self._turn():
            return self._hasher.hash(normal(password))

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Whether it is the password; without a hash it takes as long, and is not."""
        chosen = normal(password)
        with self._turn():
            try:
                self._hasher.verify(password_hash or self._nobody, chosen[:MOST])
            except (VerifyMismatchError, InvalidHashError):
                return False
        return password_hash is not None and len(chosen) <= MOST

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=WAIT_SECONDS):
            raise TooManySigningIn
        try:
            yield
        finally:
            self._turns.release()

    def require_sound(self, password: str, known: Iterable[str] = ()) -> None:
        """Passes for a password of 12 to 128 characters that nobody tries early. Raises PasswordRefused."""
        chosen = normal(password)
        if len(chosen) < LEAST:
            raise PasswordRefused(f"A password has at least {LEAST} characters.", why="too-short")
        if len(chosen) > MOST:
            raise PasswordRefused(f"A password has at most {MOST} characters.", why="too-long")
        if self._leaked is not None and is_listed(self._leaked, chosen):
            raise PasswordRefused("This password is on a list of leaked passwords.", why="leaked")
        if self._guesses(chosen[:LOOKED_AT], known) < LEAST_GUESSES:
            told = "This password is among those that are tried first. Several words that do not belong together are"
            raise PasswordRefused(f"{told} hard to guess.", why="easy-to-guess")

    def _guesses(self, password: str, known: Iterable[str]) -> float:
        """About how many tries somebody needs who has the lists of leaked passwords, words and names."""
        from zxcvbn import zxcvbn  # thirty megabytes of lists, for the moments in which somebody chooses a password

        with self._judging:  # the library keeps the words given in a list of its own
            return float(zxcvbn(password, [*known, "pledger", "partnership", "ledger"])["guesses"])


def normal(password: str) -> str:
    """The same password, whichever keyboard composed its letters."""
    return unicodedata.normalize("NFC", password)


def is_listed(file: Path, password: str) -> bool:
    """Whether a sorted file of SHA-1 hashes has this password's, found by halving."""
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, os.SEEK_END)
        while low < high:
            middle = (low + high) // 2
            if b"" < hash_after(lines, middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return hash_after(lines, low) == wanted


def hash_after(lines: BinaryIO, place: int) -> bytes:
    """The hash on the first line that begins at a place of the file or after it; nothing at its end."""
    lines.seek(max(0, place - 1))
    if place:
        lines.readline()
    return lines.readline()[:SHA1_HEX].upper()
