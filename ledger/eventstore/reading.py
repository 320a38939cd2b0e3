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

    def touching(self, positions: Sequence[int], keys: Iterable[str]) -> set[int]:
        """Which of the positions hold a fact that touches one of the keys."""
        rows = self.rows(
            "SELECT DISTINCT position FROM pledger.fact_key"
            " WHERE key = ANY (%b::text[]) AND position = ANY (%b::bigint[])",
            list(keys),
            list(positions),
        )
        return {position for (position,) in rows}

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


def _stored(row: tuple[Any, ...]) -> Stored:
    position, stream_id, version, type_, record, leaf_hash, recorded_at = row
    return Stored(position, stream_id, version, type_, record, leaf_hash, recorded_at.astimezone(UTC))
