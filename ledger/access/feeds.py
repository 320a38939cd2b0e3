"""Calendar feeds: who reads one has its address and nothing else, so that the address is a key of 256 random bits.

Only its SHA-256 is kept. A feed belongs to the key or account it was made with: it shows what that may see at the
moment, and ends with it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, NamedTuple

from psycopg.rows import class_row, dict_row

from ledger.clock import Clock
from ledger.domain.fact import Speaker
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool

FORM: Final = re.compile(r"[A-Za-z0-9_-]{43}")
NOTED_EVERY: Final = timedelta(hours=1)


class NoSuchFeed(Refusal):
    """No feed under this id or address, or none of this reader's, or it has ended: told apart in nothing."""

    code = "not-found"
    kind: ClassVar[Kind] = "absent"
    title = "There is no such calendar feed"


class TooManyFeeds(Refusal):
    """A principal has as many feeds as it may have. Fields: `most`."""

    code = "too-many-feeds"
    title = "End a calendar feed before you make another"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFeed:
    """A feed as it is listed: never its address. `read_at` is when it was last fetched, to the hour."""

    id: str
    name: str
    made_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWith:
    """What a feed is made with, by id: a `credential` (an API key's), or an `account`."""

    credential: str | None = None
    account: str | None = None


class Subscriber(NamedTuple):
    """Who reads by an address: the feed's maker as it is at this moment; and what the feed is called."""

    speaker: Speaker
    name: str


# What stands behind a feed, in force at a moment; a feed with nothing behind it has ended.
_BEHIND: Final = """
    SELECT k.principal::text, k.role, k.organisations::text[], k.trust::text, k.whole_ledger, k.person_id::text,
        k.scopes
    FROM pledger.api_key k
    WHERE k.id = f.credential AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %(now)s)
    UNION ALL
    SELECT a.principal::text, a.role, a.organisations::text[], a.trust::text, a.whole_ledger, a.person_id::text, '{}'
    FROM pledger.account a WHERE a.id = f.account AND a.ended_at IS NULL
"""
_LIVE: Final = f"FROM pledger.calendar_feed f WHERE f.principal = %(principal)s AND EXISTS ({_BEHIND})"


class CalendarFeeds:
    """Makes, lists, ends and recognises calendar feeds. Safe for many threads."""

    def __init__(self, pool: RolePool, clock: Clock, most: int) -> None:
        """`most` feeds belong to one principal."""
        self._pool, self._clock, self._most = pool, clock, most

    def make(self, by: Speaker, made_with: MadeWith, name: str) -> tuple[CalendarFeed, str]:
        """A feed and the secret part of its address, told this once. Raises TooManyFeeds."""
        secret, now = secrets.token_urlsafe(32), self._clock.now()
        feed = CalendarFeed(id=str(uuid.uuid4()), name=name, made_at=now, read_at=None)
        row = (feed.id, hash_of(secret), by.principal, made_with.credential, made_with.account, name, now)
        with self._pool.connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"feeds {by.principal}",))
            count = connection.execute(f"SELECT count(*) {_LIVE}", self._of(by)).fetchone()
            if count is not None and count[0] >= self._most:
                raise TooManyFeeds(f"there are {self._most} already", most=self._most)
            connection.execute(
                "INSERT INTO pledger.calendar_feed (id, address_hash, principal, credential, account, name, made_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                row,
            )
        return feed, secret

    def list(self, by: Speaker) -> list[CalendarFeed]:
        """A reader's own feeds, oldest first; those whose key or account has ended are gone."""
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(CalendarFeed)) as cursor:
            query = f"SELECT f.id::text, f.name, f.made_at, f.read_at {_LIVE} ORDER BY f.made_at, f.id"
            found: list[CalendarFeed] = cursor.execute(query, self._of(by)).fetchall()
        return found

    def end(self, by: Speaker, feed_id: str) -> None:
        """Ends one of a reader's own feeds at once. Raises NoSuchFeed."""
        with self._pool.connection() as connection:
            ended = connection.execute(
                "DELETE FROM pledger.calendar_feed WHERE id::text = %s AND principal::text = %s",
                (feed_id, by.principal),
            ).rowcount
        if not ended:
            raise NoSuchFeed(id=feed_id)

    def subscriber(self, secret: str) -> Subscriber:
        """Who reads by this address. Raises NoSuchFeed."""
        if not FORM.fullmatch(secret):
            raise NoSuchFeed
        now = self._clock.now()
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(
                f"SELECT f.id AS feed, f.name, f.read_at, b.* FROM pledger.calendar_feed f, LATERAL ({_BEHIND}) b"
                " WHERE f.address_hash = %(hash)s",
                {"hash": hash_of(secret), "now": now},
            ).fetchone()
            if found is None:
                raise NoSuchFeed
            feed_id, name, read_at = (found.pop(one) for one in ("feed", "name", "read_at"))
            if read_at is None or now - read_at >= NOTED_EVERY:
                cursor.execute("UPDATE pledger.calendar_feed SET read_at = %s WHERE id = %s", (now, feed_id))
        organisations, scopes = frozenset(found.pop("organisations")), frozenset(found.pop("scopes"))
        return Subscriber(Speaker(organisations=organisations, scopes=scopes, **found), name)

    def _of(self, by: Speaker) -> dict[str, Any]:
        return {"principal": by.principal, "now": self._clock.now()}


def hash_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
