"""Keeps a question from tables that do not know what it asks about, while it may read all others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql

from projections.waiting import NotYetVisible

Connection = psycopg.Connection[Any]
_WORD: Final = re.compile(r"\w+")


class Guarded(psycopg.Cursor[Any]):
    """Refuses a statement that names one of the tables it was told of. A statement cannot read a table unnamed."""

    def __init__(self, missing: Mapping[str, NotYetVisible], connection: Connection, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self._missing = missing

    def execute(self, query: Any, *args: Any, **kwargs: Any) -> Guarded:  # the signature is psycopg's
        """Raises NotYetVisible."""
        text = query.as_string(self.connection) if isinstance(query, sql.Composable) else query
        words = _WORD.findall(text.decode() if isinstance(text, bytes) else text)
        for word in words:
            if word in self._missing:
                raise self._missing[word]
        super().execute(query, *args, **kwargs)
        return self


@contextmanager
def guarded(connection: Connection, missing: Mapping[str, NotYetVisible]) -> Iterator[None]:
    """Nothing is read from the tables in `missing` meanwhile: whoever tries raises what stands by their name."""
    if not missing:
        yield
        return
    usual = connection.cursor_factory

    def made(on: Connection, **kwargs: Any) -> Guarded:
        return Guarded(missing, on, **kwargs)

    connection.cursor_factory = made  # type: ignore[assignment]  # whatever makes cursors will do
    try:
        yield
    finally:
        connection.cursor_factory = usual
