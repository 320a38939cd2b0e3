"""The letters that wait to be sent: one row for each, so that none is sent twice, whoever sends and however it ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from psycopg.rows import class_row

from ledger.access.accounts import COLUMNS, Account
from ledger.access.letters import PUT
from ledger.eventstore.pool import RolePool
from projections.messages.at_once import Kind, Notice

KEPT: Final = timedelta(days=90)
"""How long a letter that is settled is remembered: far longer than anything that could ask for it again."""
AT_A_TIME: Final = 50

SETTLED: Final = "UPDATE pledger.letter SET state = %s, reply = %s, settled_at = %s, carried = NULL WHERE key = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A letter that is to be sent: what it is about, and never what it says."""

    key: str
    kind: Kind
    principal: str
    event_id: str | None
    carried: bytes | None
    attempts: int
    made_at: datetime


class Outbox:
    """The rows of letters, and how far the log was looked at. `pool` acts as `pledger_access`."""

    def __init__(self, pool: RolePool) -> None:
        self._pool = pool

    def begin(self, head: int) -> int:
        """The position up to which the log was looked at; from `head` on where it never was: of what was recorded
        before letters were sent, nobody is told."""
        with self._pool.connection() as connection:
            connection.execute(
                "INSERT INTO pledger.letter_progress (position) VALUES (%s) ON CONFLICT DO NOTHING", (head,)
            )
            row = connection.execute("SELECT position FROM pledger.letter_progress").fetchone()
        return int(row[0]) if row is not None else head

    def follow(self, position: int, notices: Iterable[Notice], now: datetime) -> None:
        """Puts down who is told of what was recorded up to a position, and that it was looked at: both or neither."""
        rows = [(one.key, one.kind, one.principal, one.event_id, None, now, now) for one in notices]
        with self._pool.connection() as connection:
            with connection.cursor() as cursor:
                cursor.executemany(PUT, rows)
            connection.execute("UPDATE pledger.letter_progress SET position = %s WHERE position < %s", (position,) * 2)

    def put_weekly(self, principals: Iterable[str], monday: date, now: datetime) -> int:
        """Puts the weekly letters of a Monday down; answers how many were not there before."""
        rows = [(f"weekly:{monday}:{one}", "weekly", one, None, None, now, now) for one in principals]
        with self._pool.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(PUT, rows)
            return max(cursor.rowcount, 0)

    def recover(self, now: datetime) -> None:
        """What a sender that is gone had in its hands: nobody knows whether it left. A weekly letter is let go, and
        what is told at once goes again: better twice than never."""
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE pledger.letter SET state = 'unknown', settled_at = %s, carried = NULL"
                " WHERE state = 'sending' AND kind = 'weekly'",
                (now,),
            )
            connection.execute("UPDATE pledger.letter SET state = 'waiting' WHERE state = 'sending'")

    def due(self, now: datetime) -> list[Row]:
        """The letters to send now, what waits longest first."""
        query = (
            "SELECT key, kind, principal::text, event_id::text, carried, attempts, made_at FROM pledger.letter"
            " WHERE state = 'waiting' AND next_try_at <= %s ORDER BY next_try_at, key LIMIT %s"
        )
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Row)) as cursor:
            found: list[Row] = cursor.execute(query, (now, AT_A_TIME)).fetchall()
        return found

    def claim(self, key: str) -> bool:
        """Takes a letter in hand, durably, before it leaves; False when somebody else has."""
        with self._pool.connection() as connection:
            taken = connection.execute(
                "UPDATE pledger.letter SET state = 'sending', attempts = attempts + 1"
                " WHERE key = %s AND state = 'waiting'",
                (key,),
            )
        return taken.rowcount == 1

    def settle(self, key: str, state: str, now: datetime, reply: int | None = None) -> None:
        """A letter's end; what it carried is gone with it."""
        with self._pool.connection() as connection:
            connection.execute(SETTLED, (state, reply, now, key))

    def try_again(self, key: str, at: datetime, reply: int | None) -> None:
        with self._pool.connection() as connection:
            connection.execute(
                "UPDATE pledger.letter SET state = 'waiting', next_try_at = %s, reply = %s WHERE key = %s",
                (at, reply, key),
            )

    def people(self) -> list[Account]:
        """Everybody with an account who can be written to, oldest first."""
        return self._accounts("r.address IS NOT NULL")

    def weekly_people(self) -> list[Account]:
        """Those of them who want a letter every week."""
        return self._accounts("r.address IS NOT NULL AND r.weekly")

    def account(self, principal: str) -> Account | None:
        """The account of a principal that is in force; None when there is none."""
        found = self._accounts("a.principal::text = %s", principal)
        return found[0] if found else None

    def _accounts(self, where: str, *given: str) -> list[Account]:
        query = (
            f"SELECT {COLUMNS} FROM pledger.account a LEFT JOIN pledger.letter_reader r ON r.principal = a.principal"
            f" WHERE a.ended_at IS NULL AND {where} ORDER BY a.made_at, a.id"
        )
        with self._pool.connection() as connection, connection.cursor(row_factory=class_row(Account)) as cursor:
            found: list[Account] = cursor.execute(query.encode(), given).fetchall()
        return found

    def tidy(self, now: datetime) -> None:
        """Forgets letters that were settled long ago, addresses that were never shown to be somebody's, and everything
        of people whose accounts have ended and who are invited to none."""
        with self._pool.connection() as connection:
            connection.execute("DELETE FROM pledger.letter WHERE settled_at < %s", (now - KEPT,))
            connection.execute(
                "UPDATE pledger.letter_reader SET asked_address = NULL, asked_hash = NULL, asked_until = NULL"
                " WHERE asked_until < %s",
                (now,),
            )
            connection.execute(
                "DELETE FROM pledger.known_device d USING pledger.account a"
                " WHERE a.id = d.account AND a.ended_at IS NOT NULL"
            )
            connection.execute(
                "DELETE FROM pledger.letter_reader r WHERE NOT EXISTS (SELECT FROM pledger.account a"
                " WHERE a.principal = r.principal AND a.ended_at IS NULL) AND NOT EXISTS (SELECT FROM"
                " pledger.invitation i WHERE i.principal = r.principal AND i.used_at IS NULL AND i.ended_at IS NULL"
                " AND i.expires_at > %s)",
                (now,),
            )
