"""Leaf and node hashes against the published test vectors of the Certificate Transparency trees (RFC 6962)."""

from __future__ import annotations

from ledger.integrity.tree import leaf_hash, node_hash


def test_the_leaf_hash_of_nothing() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_the_root_of_the_first_two_leaves() -> None:
    root = node_hash(leaf_hash(b""), leaf_hash(b"\x00"))

    assert root.hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
