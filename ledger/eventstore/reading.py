"""Questions to the log. Each is one statement, so that what it gives is one moment's truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, LiteralString

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool, PoolTimeout

from ledger.eventstore.append import Stored, StoreUnavailable

Pool = ConnectionPool[Connection[Any]]

_FACT: Final = "l.position, l.stream_id::text, l.version, l.type, l.record, l.leaf_hash, l.recorded_at"

ALL: Final = "*"
_SAY: Final = "SELECT set_config('pledger.keys', coalesce(%s, (%s::text[])::text), true)"

NOTHING_READ: Final[Mapping[str, int]] = MappingProxyType({})


class LogReader:
    """Reads the log through a pool of connections that cannot write."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def head(self) -> tuple[int, datetime | None]:
        """The last position and its moment; (0, None) while the log is empty."""
        [(position, recorded_at)] = self.rows("SELECT position, recorded_at FROM pledger.head")
        return position, None if recorded_at is None else recorded_at.astimezone(UTC)

    def read_stream(self, stream_id: str, after_version: int = 0) -> tuple[list[Stored], int]:
        """The stream's facts after a version, in order, and the head's position at the same moment."""
        rows = self.rows(
            f"SELECT h.position, {_FACT} FROM pledger.head h"
            " LEFT JOIN pledger.log l ON l.stream_id = %b::uuid AND l.version > %b ORDER BY l.version",
            stream_id,
            after_version,
        )
        return [_stored(row[1:]) for row in rows if row[1] is not None], rows[0][0]

    def read_streams(
        self, stream_ids: Iterable[str], after: Mapping[str, int] = NOTHING_READ
    ) -> tuple[dict[str, list[Stored]], int]:
        """The facts of several streams, each in order (none for an unknown one), and the head's position.

        `after` names versions of streams up to which the facts are known already and left out.
        """
        found: dict[str, list[Stored]] = {stream_id: [] for stream_id in stream_ids}
        rows = self.rows(
            f"SELECT h.position, {_FACT} FROM pledger.head h"
            " LEFT JOIN (unnest(%b::uuid[], %b::bigint[]) AS n (id, version)"
            " JOIN pledger.log l ON l.stream_id = n.id AND l.version > n.version) ON true ORDER BY l.position",
            list(found),
            [after.get(stream_id, 0) for stream_id in found],
        )
        for row in rows:
            if row[1] is not None:
                found[row[2]].append(_stored(row[1:]))
        return found, rows[0][0]

    def records(self, positions: Sequence[int]) -> dict[int, bytes]:
        """By position, the exact bytes of facts."""
        return dict(
            self.rows("SELECT position, record FROM pledger.log WHERE position = ANY (%b::bigint[])", positions)
        )

    def typed(self, stream_ids: Iterable[str], types: Sequence[str]) -> dict[str, list[Stored]]:
        """The facts of several streams that are of some types, each stream's in order."""
        found: dict[str, list[Stored]] = {stream_id: [] for stream_id in stream_ids}
        where: LiteralString = "WHERE l.stream_id = ANY (%b::uuid[]) AND l.type = ANY (%b::text[]) ORDER BY l.position"
        for stored in self._facts(where, list(found), list(types)):
            found[stored.stream_id].append(stored)
        return found

    def touched(self, positions: Sequence[int], keys: Iterable[str]) -> dict[int, frozenset[str]]:
        """By position, those of the keys that the fact touches; none where it touches none of them."""
        rows = self.rows(
            "SELECT position, array_agg(key) FROM pledger.fact_key"
            " WHERE key = ANY (%b::text[]) AND position = ANY (%b::bigint[]) GROUP BY position",
            list(keys),
            list(positions),
        )
        return {position: frozenset(touched) for position, touched in rows}

    def read_positions(self, after: int, limit: int) -> list[Stored]:
        """At most `limit` facts that follow the position `after`, in order."""
        return self._facts("WHERE l.position > %b ORDER BY l.position LIMIT %b", after, limit)

    def read_position(self, position: int) -> Stored | None:
        """The fact at a position."""
        return next(iter(self._facts("WHERE l.position = %b", position)), None)

    def read_event(self, event_id: str) -> Stored | None:
        """The fact with an event id."""
        return next(iter(self._facts("WHERE l.event_id = %b::uuid", event_id)), None)

    def find_keys(self, idempotency_keys: Sequence[bytes]) -> dict[bytes, tuple[int, bytes]]:
        """Position and content MAC of each idempotency key the log holds."""
        rows = self.rows(
            "SELECT idempotency_key, position, content_mac FROM pledger.log WHERE idempotency_key = ANY (%b::bytea[])",
            list(idempotency_keys),
        )
        return {key: (position, mac) for key, position, mac in rows}

    def streams_with_key(self, *keys: str) -> list[tuple[str, str]]:
        """Kind and id of each stream that holds a fact with one of the keys, in the order of their first such fact."""
        return self.rows(
            "SELECT l.stream_kind, l.stream_id::text FROM pledger.fact_key k"
            " JOIN pledger.log l ON l.position = k.position WHERE k.key = ANY (%b::text[])"
            " GROUP BY l.stream_kind, l.stream_id ORDER BY min(k.position)",
            list(keys),
        )

    def concerned(self, ids: Iterable[str]) -> dict[str, set[str]]:
        """By the id of a fact or of a stream: the keys of the organisations and partnerships that it touches."""
        found: dict[str, set[str]] = {one: set() for one in ids}
        rows = self.rows(
            "SELECT DISTINCT n.id::text, k.key FROM unnest(%b::uuid[]) AS n (id)"
            " JOIN pledger.log l ON l.event_id = n.id OR l.stream_id = n.id"
            " JOIN pledger.fact_key k USING (position)"
            " WHERE k.key LIKE 'organisation:%%' OR k.key LIKE 'partnership:%%'",
            list(found),
        )
        for one, key in rows:
            found[one].add(key)
        return found

    def _facts(self, where: LiteralString, *parameters: Any) -> list[Stored]:
        return [_stored(row) for row in self.rows(f"SELECT {_FACT} FROM pledger.log l {where}", *parameters)]

    def rows(self, query: LiteralString, *parameters: Any) -> list[tuple[Any, ...]]:
        """The rows of one statement. Raises StoreUnavailable."""
        try:
            return self._ask(query, parameters)
        except PoolTimeout as error:
            raise StoreUnavailable(f"the log cannot be read: {error}") from error
        except psycopg.OperationalError:
            # A server that restarted leaves connections in the pool that do not know it yet: asking again is harmless.
            self._pool.check()
        try:
            return self._ask(query, parameters)
        except psycopg.OperationalError as error:
            raise StoreUnavailable(f"the log cannot be read: {error}") from error

    def _ask(self, query: LiteralString, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection, connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            return cursor.execute(query, parameters, prepare=True).fetchall()


class SightReader(LogReader):
    """Reads as `pledger_reader` what touches one of some fact keys, and what is everybody's: the database sees to it.

    `keys` None is everything. Each question is a transaction that first says whose reading it is, in one round trip.
    """

    def __init__(self, pool: Pool, keys: Iterable[str] | None) -> None:
        super().__init__(pool)
        self._keys = None if keys is None else sorted(keys)

    def _ask(self, query: LiteralString, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._pool.connection() as connection, connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            with connection.pipeline():
                connection.execute("BEGIN READ ONLY")
                connection.execute(_SAY, (ALL if self._keys is None else None, self._keys), prepare=True)
                cursor.execute(query, parameters, prepare=True)
                connection.execute("COMMIT")
            return cursor.fetchall()


def _stored(row: tuple[Any, ...]) -> Stored:
    position, stream_id, version, type_, record, leaf_hash, recorded_at = row
    return Stored(position, stream_id, version, type_, record, leaf_hash, recorded_at.astimezone(UTC))
