"""API keys: 256 random bits behind a prefix that says what kind of ledger they open, kept only as their SHA-256."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime
from typing import Any, Final

from psycopg import Connection

PREFIX: Final = "pl_"
"""How every API key begins, and no access token."""
PREFIXES: Final = {"live": "pl_live_", "test": "pl_test_", "demo": "pl_demo_"}
FORM: Final = re.compile(r"pl_(live|test|demo)_[A-Za-z0-9_-]{43}")
MOST_FORMER: Final = 4
"""Keys of one credential that were replaced and still go on, at most; the one replaced first makes room."""


def new_key(prefix: str) -> str:
    """A key that nobody has."""
    return prefix + secrets.token_urlsafe(32)


def is_key(text: str, prefix: str) -> bool:
    """Whether this may be a key of this kind of ledger."""
    return text.startswith(prefix) and FORM.fullmatch(text) is not None


def hash_of(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def replace_key(
    connection: Connection[Any], credential_id: str, key_hash: bytes, now: datetime, until: datetime
) -> None:
    """Puts a key in the place of another, which goes on `until` then; ends those whose time is over or are too many.

    With no time left for the one that is replaced, those before it end as well, and all access tokens.
    """
    connection.execute("SELECT FROM pledger.api_key WHERE id = %s FOR UPDATE", (credential_id,))
    connection.execute(
        "INSERT INTO pledger.former_key (key_hash, credential, replaced_at, ends_at)"
        " SELECT key_hash, id, %s, %s FROM pledger.api_key WHERE id = %s",
        (now, until, credential_id),
    )
    connection.execute(
        "DELETE FROM pledger.former_key WHERE credential = %(id)s AND (ends_at <= %(now)s OR %(until)s <= %(now)s"
        " OR key_hash NOT IN (SELECT key_hash FROM pledger.former_key WHERE credential = %(id)s"
        " ORDER BY replaced_at DESC LIMIT %(most)s))",
        {"id": credential_id, "now": now, "until": until, "most": MOST_FORMER},
    )
    connection.execute(
        "UPDATE pledger.api_key SET key_hash = %s, rotated_at = %s, tokens_since = coalesce(%s, tokens_since)"
        " WHERE id = %s",
        (key_hash, now, None if until > now else now, credential_id),
    )
