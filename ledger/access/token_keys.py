"""The keys that sign access tokens: P-256, one file each (0600) beside the ledger's other keys; the newest signs.

A key that was replaced verifies for another hour, longer than any token lives; after that it counts for nothing.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from ledger.integrity.vault import KEY_BYTES, read_key, write_key

if TYPE_CHECKING:  # a tenth of a second to import, and most commands need no token
    from joserfc.jwk import ECKey

ALGORITHM: Final = "ES256"
OVERLAP_SECONDS: Final = 3600
REREAD_SECONDS: Final = 1.0
MOST_KEYS: Final = 8
NAME: Final = re.compile(r"token-([0-9]{1,6})\.key")


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file as it was found; `written_at` is the machine's time in seconds."""

    number: int
    path: Path
    written_at: float


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key, and the machine's time at which it stops verifying, None for the one that signs."""

    key: ECKey
    ends_at: float | None


class TokenKeys:
    """The keys of a folder, which is looked at again every second. Safe for many threads."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        """`now` is the machine's time, by which files are dated."""
        self._folder, self._now = folder, now
        self._lock = threading.Lock()
        self._files: Sequence[KeyFile] = ()
        self._keys: dict[str, TokenKey] = {}
        self._look_at = 0.0

    def signing(self) -> ECKey:
        """The newest key; the first is made when it is asked for. Raises KeysUnreadable."""
        if not self._held():
            rotate(self._folder, self._now())
            self._look_at = 0.0
        return next(reversed(self._held().values())).key

    def find(self, kid: object) -> ECKey | None:
        """The key with this id while it verifies. Raises KeysUnreadable."""
        found = self._held().get(kid) if isinstance(kid, str) else None
        return None if found is None or (found.ends_at and found.ends_at <= self._now()) else found.key

    def public(self) -> list[dict[str, Any]]:
        """The public halves of all that verify (RFC 7517), oldest first."""
        self.signing()
        verifying = (self.find(kid) for kid in self._held())
        return [{**key.as_dict(private=False), "use": "sig", "alg": ALGORITHM} for key in verifying if key is not None]

    def _held(self) -> dict[str, TokenKey]:
        if time.monotonic() < self._look_at:
            return self._keys
        with self._lock:
            files = files_in(self._folder)[-MOST_KEYS:]
            if files != self._files:
                self._keys, self._files = read(files), files
            self._look_at = time.monotonic() + REREAD_SECONDS
            return self._keys


def files_in(folder: Path) -> list[KeyFile]:
    """The key files, oldest first."""
    found = []
    for path in folder.glob("token-*.key"):
        number = NAME.fullmatch(path.name)
        try:
            if number is not None:
                found.append(KeyFile(int(number[1]), path, path.stat().st_mtime))
        except FileNotFoundError:  # somebody rotates at this moment
            continue
    return sorted(found, key=lambda file: file.number)


def read(files: Sequence[KeyFile]) -> dict[str, TokenKey]:
    """The keys by their ids, oldest first. Raises KeysUnreadable."""
    ends: list[float | None] = [ends_at(later) for later in files[1:]]
    keys = [key_of(read_key(file.path)) for file in files]
    return {str(key.kid): TokenKey(key, end) for key, end in zip(keys, [*ends, None], strict=bool(files))}


def ends_at(later: KeyFile) -> float:
    """When the key before this one stops verifying."""
    return later.written_at + OVERLAP_SECONDS


def key_of(scalar: bytes) -> ECKey:
    """The key of a private scalar; its id is its thumbprint (RFC 7638)."""
    from joserfc.jwk import ECKey

    key = ECKey.import_key(ec.derive_private_key(int.from_bytes(scalar), ec.SECP256R1()))
    key.ensure_kid()
    return key


def rotate(folder: Path, now: float, *, at_once: bool = False) -> str:
    """Makes the key that signs from now on, and answers its id. Those before verify for another hour, unless they are
    to end `at_once`; the file of a key goes when its time is over. Raises KeysUnreadable."""
    files = files_in(folder)
    path = folder / f"token-{files[-1].number + 1 if files else 1}.key"
    scalar = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    write_key(path, scalar.to_bytes(KEY_BYTES))
    for file, later in pairwise(files):
        if at_once or ends_at(later) <= now:
            file.path.unlink(missing_ok=True)
    if at_once and files:
        files[-1].path.unlink(missing_ok=True)
    return str(key_of(read_key(path)).kid)
