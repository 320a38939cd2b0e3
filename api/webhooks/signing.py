"""Standard Webhooks 1.0: what is sent is signed with a secret that its receiver knows, and that is kept sealed here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.integrity.vault import KEY_BYTES, NONCE_BYTES, read_key

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
PURPOSE: Final = b"pledger webhook secrets 1"


class SecretUnreadable(Exception):
    """A webhook's secret was sealed under a key that is no longer there; another one has to be made."""


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """The secret as its receiver is given it."""
    return PREFIX + base64.b64encode(secret).decode()


def signed(message_id: str, at: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """The three headers of a message; one signature for each secret that holds. `at` is in seconds since 1970."""
    content = f"{message_id}.{at}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode() for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


class Strongbox:
    """Seals the secrets for the database: AES-256-GCM under a key derived (HKDF-SHA-256) from `content.key`, each
    bound to its webhook."""

    def __init__(self, keys_dir: Path) -> None:
        """Raises KeysUnreadable."""
        derive = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE)
        self._cipher = AESGCM(derive.derive(read_key(keys_dir / "content.key")))

    def seal(self, webhook_id: str, secret: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, webhook_id.encode())

    def open(self, webhook_id: str, sealed: bytes) -> bytes:
        """Raises SecretUnreadable."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], webhook_id.encode())
        except (InvalidTag, ValueError):
            raise SecretUnreadable from None
