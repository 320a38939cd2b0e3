"""Leaf and node hashes of RFC 6962, section 2.1."""

from __future__ import annotations

from hashlib import sha256


def leaf_hash(record: bytes) -> bytes:
    """The 32-byte leaf hash of a stored record: SHA-256(0x00 ‖ record)."""
    return sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The 32-byte hash of the node above two 32-byte hashes: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()
