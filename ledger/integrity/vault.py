"""The vault: one key per person and per fact with free text, wrapped by an epoch key that lies outside the database.

Text is AES-256-GCM with 12 random bytes of nonce; keys are wrapped by AES key wrap (RFC 3394). Without its key a text
is gone: that is what erasing means.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from ledger.domain.values import Sealed
from ledger.errors import Refusal
from ledger.eventstore.append import VaultKey
from ledger.eventstore.pool import RolePool

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
FIRST_EPOCH: Final = "1"


class KeysUnreadable(Refusal):
    """A key file is missing, of the wrong length or readable by others. Fields: `file`."""

    code = "keys-unreadable"
    kind = "busy"
    title = "The keys of this ledger cannot be read"


def seal(key: bytes, key_id: str, event_id: str, pointer: str, text: str) -> Sealed:
    """The sealed form of a text that stands at `pointer` in the record of `event_id`."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), associated(event_id, pointer))
    return Sealed(key_id, base64.b64encode(nonce).decode(), base64.b64encode(sealed).decode())


def unseal(key: bytes, event_id: str, pointer: str, sealed: Sealed) -> str | None:
    """The text, or None when this key does not open it at this place."""
    nonce, text = base64.b64decode(sealed.nonce), base64.b64decode(sealed.text)
    try:
        return AESGCM(key).decrypt(nonce, text, associated(event_id, pointer)).decode()
    except InvalidTag:
        return None


def associated(event_id: str, pointer: str) -> bytes:
    return f"{event_id}\n{pointer}".encode()


def make_keys(folder: Path) -> None:
    """Makes the key files a ledger needs (0600, in a 0700 folder); those that are there already stay untouched."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (f"vault-epoch-{FIRST_EPOCH}.key", "content.key", "checkpoint.key"):
        write_key(folder / name, secrets.token_bytes(KEY_BYTES))


def write_key(file: Path, content: bytes) -> None:
    """Writes a new key file at once or not at all; an existing one wins."""
    if file.exists():
        return
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def read_key(file: Path) -> bytes:
    """The 32 bytes of a key file. Raises KeysUnreadable."""
    try:
        mode, content = file.stat().st_mode, file.read_bytes()
    except OSError as error:
        detail = f"{file} cannot be read ({type(error).__name__}); bring the key folder back from its backup"
        raise KeysUnreadable(detail, file=str(file)) from None
    if mode & 0o077:
        raise KeysUnreadable(f"{file} must be readable by its owner only (chmod 600)", file=str(file))
    if len(content) != KEY_BYTES:
        raise KeysUnreadable(f"{file} does not hold {KEY_BYTES} bytes", file=str(file))
    return content


class Vault:
    """Makes, wraps and finds text keys. Reads as the role `pledger_vault`; new keys are written with their facts."""

    def __init__(self, pool: RolePool, epochs: Mapping[str, bytes], content_key: bytes) -> None:
        self._pool = pool
        self._epochs = epochs
        self._newest = max(epochs, key=int)
        self.content_key = content_key

    def new_key(self, key_id: str) -> tuple[bytes, VaultKey]:
        """A fresh key, and the wrapped row to be written in the transaction of its fact."""
        key = secrets.token_bytes(KEY_BYTES)
        return key, VaultKey(key_id, self._newest, aes_key_wrap(self._epochs[self._newest], key))

    def find(self, key_ids: Iterable[str]) -> dict[str, bytes]:
        """The keys that still exist, by id."""
        wanted = list(set(key_ids))
        if not wanted:
            return {}
        with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            rows = cursor.execute(
                "SELECT key_id::text, epoch, wrapped FROM vault.key WHERE key_id = ANY (%b::uuid[])", (wanted,)
            ).fetchall()
        found = ((key_id, self._unwrap(epoch, wrapped)) for key_id, epoch, wrapped in rows)
        return {key_id: key for key_id, key in found if key is not None}

    def _unwrap(self, epoch: str, wrapped: bytes) -> bytes | None:
        epoch_key = self._epochs.get(epoch)
        try:
            return None if epoch_key is None else aes_key_unwrap(epoch_key, wrapped)
        except InvalidUnwrap:
            return None

    def close(self) -> None:
        self._pool.close()


def open_vault(dsn: str, keys_dir: Path, connections: int = 4) -> Vault:
    """The vault of a ledger. Raises KeysUnreadable when its key files are not in order."""
    files = sorted(keys_dir.glob("vault-epoch-*.key"))
    epochs = {file.stem.removeprefix("vault-epoch-"): read_key(file) for file in files}
    if not epochs:
        raise KeysUnreadable(
            f"{keys_dir} holds no vault key; bring the key folder back from its backup", file=str(keys_dir)
        )
    content_key = read_key(keys_dir / "content.key")
    return Vault(RolePool(dsn, "pledger_vault", connections), epochs, content_key)
