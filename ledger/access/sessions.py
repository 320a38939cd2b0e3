"""Sessions: 256 random bits in a cookie, kept as their SHA-256; half an hour idle, twelve hours at most."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from psycopg.rows import dict_row

from ledger.access.accounts import COLUMNS, Account
from ledger.clock import Clock
from ledger.errors import Kind, Refusal
from ledger.eventstore.pool import RolePool

IDLE: Final = timedelta(minutes=30)
MOST: Final = timedelta(hours=12)
FRESH: Final = timedelta(minutes=10)
HALFWAY: Final = timedelta(minutes=10)
"""How long the second factor is waited for."""
SEEN_EVERY: Final = timedelta(minutes=1)
MOST_OF_ONE: Final = 20
DEVICE_CHARACTERS: Final = 120

Stage = Literal["second", "open"]


class SignInAgain(Refusal):
    """What is asked for is done only within ten minutes of signing in."""

    code: ClassVar[str] = "sign-in-again"
    kind: ClassVar[Kind] = "unauthorised"
    title: ClassVar[str] = "Sign in again for this"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in, or half so (`second`). `proved_at` is when they last showed who they are."""

    id: str
    account: Account
    stage: Stage
    device: str
    made_at: datetime
    seen_at: datetime
    proved_at: datetime | None

    def over_at(self) -> datetime:
        """When it ends if nobody uses it."""
        if self.stage == "second":
            return self.made_at + HALFWAY
        return min(self.seen_at + IDLE, self.made_at + MOST)


def new_token() -> str:
    """256 random bits, as they stand in a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(self, pool: RolePool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock

    def begin(self, account: Account, stage: Stage, device: str, proved_at: datetime | None) -> str:
        """A new session's token; the oldest of more than twenty ends, and so does everybody's that is over."""
        token, now = new_token(), self._clock.now()
        with self._pool.connection() as connection:
            connection.execute(
                "DELETE FROM pledger.session WHERE made_at <= %s OR seen_at <= %s", (now - MOST, now - IDLE)
            )
            connection.execute(
                "INSERT INTO pledger.session (id, token_hash, account, stage, device, made_at, seen_at, proved_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    str(uuid.uuid4()), token_hash(token), account.id, stage, device[:DEVICE_CHARACTERS], now, now,
                    proved_at,
                ),
            )  # fmt: skip
            connection.execute(
                "DELETE FROM pledger.session WHERE id IN (SELECT id FROM pledger.session WHERE account = %s"
                " ORDER BY made_at DESC, id OFFSET %s)",
                (account.id, MOST_OF_ONE),
            )
        return token

    def find(self, token: str, *, seen: bool = True) -> Session | None:
        """The session of a cookie, None when there is none or it is over. That it was `seen` is noted each minute."""
        found = self._select("WHERE s.token_hash = %s AND a.ended_at IS NULL", token_hash(token))
        now = self._clock.now()
        if not found or found[0].over_at() <= now:
            return None
        if seen and now - found[0].seen_at >= SEEN_EVERY and found[0].stage == "open":
            self._change("UPDATE pledger.session SET seen_at = %s WHERE id = %s", now, found[0].id)
        return found[0]

    def require_fresh(self, session: Session) -> None:
        """Passes within ten minutes of signing in. Raises SignInAgain."""
        if session.proved_at is None or self._clock.now() - session.proved_at >= FRESH:
            raise SignInAgain

    def of_account(self, account_id: str) -> list[Session]:
        """Where somebody is signed in, the newest first."""
        found = self._select("WHERE a.id = %s AND s.stage = 'open' ORDER BY s.made_at DESC, s.id", account_id)
        return [one for one in found if one.over_at() > self._clock.now()]

    def end(self, token: str) -> None:
        self._change("DELETE FROM pledger.session WHERE token_hash = %s", token_hash(token))

    def end_all(self, account_id: str) -> None:
        """Signs somebody out everywhere."""
        self._change("DELETE FROM pledger.session WHERE account = %s", account_id)

    def _change(self, query: str, *given: Any) -> None:
        with self._pool.connection() as connection:
            connection.execute(query.encode(), given)

    def _select(self, where: str, *given: Any) -> list[Session]:
        query = (
            f"SELECT {COLUMNS}, s.id::text AS session, s.stage, s.device, s.made_at AS begun_at, s.seen_at, s.proved_at"
            f" FROM pledger.session s JOIN pledger.account a ON a.id = s.account {where}"
        )
        with self._pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
            return [session_of(row) for row in cursor.execute(query.encode(), given).fetchall()]


def session_of(row: dict[str, Any]) -> Session:
    own = {name: row.pop(name) for name in ("stage", "device", "seen_at", "proved_at")}
    return Session(id=row.pop("session"), made_at=row.pop("begun_at"), account=Account(**row), **own)
