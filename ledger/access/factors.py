"""Second factors: codes that change every 30 seconds (RFC 6238), each taken once, and ten recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from datetime import datetime
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP_SECONDS: Final = 30
AROUND: Final = (0, -1, 1)
"""The steps whose code is taken: this one, and one for a clock that is slow or fast."""
RECOVERY_CODES: Final = 10
_RECOVERY_BYTES: Final = 15
_NONCE_BYTES: Final = 12
_SIX_DIGITS: Final = re.compile(r"[0-9]{6}")


class SealingBox:
    """Seals what the program itself must read again, such as the secret of a second factor: AES-256-GCM, nonce first,
    under a key derived from one of the key files; bound to the place it belongs to."""

    def __init__(self, key: bytes) -> None:
        derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"pledger: factors and passages").derive(key)
        self._cipher = AESGCM(derived)

    def seal(self, content: bytes, place: str) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes | None:
        """The content, None where it was not sealed for this place with this key."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())
        except InvalidTag:
            return None


def new_secret() -> str:
    """A secret of 160 bits in base32, as authenticator apps take it."""
    return pyotp.random_base32(32)


def address_of(secret: str, login: str, origin: str) -> str:
    """The `otpauth:` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"Partnership Ledger {origin}")


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, None when it is none of now, 30 seconds ago and in 30 seconds."""
    digits = re.sub(r"[\s-]", "", code)
    if not _SIX_DIGITS.fullmatch(digits):
        return None
    codes, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_SECONDS
    found = [now + by for by in AROUND if hmac.compare_digest(codes.generate_otp(now + by), digits)]
    return found[0] if found else None


def new_recovery_codes() -> list[str]:
    """Ten codes of 120 bits, in six groups of four letters and digits."""
    texts = (base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode() for _ in range(RECOVERY_CODES))
    return ["-".join(text[at : at + 4] for at in range(0, 24, 4)) for text in texts]


def recovery_hash(account_id: str, code: str) -> bytes:
    """The SHA-256 by which a code is kept: it has 120 bits of its own, so that nobody guesses from the hash."""
    return hashlib.sha256(f"{account_id}:{re.sub(r'[^A-Z2-7]', '', code.upper())}".encode()).digest()
