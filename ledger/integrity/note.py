"""Keys of signed notes (C2SP): Ed25519, each with the name it signs under."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519: Final = b"\x01"


def key_id(name: str, public: bytes) -> bytes:
    """The first 4 bytes of SHA-256(name, 0x0A, 0x01, public key)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The vkey by which others check notes of this key: `name+id+base64(0x01, public key)`."""
    return f"{name}+{key_id(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def public_of(seed: bytes) -> bytes:
    """The 32 public bytes of a private seed of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
