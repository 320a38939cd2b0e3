"""Rows of a directory table within one page: looked up once, ended and opened as the facts say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Generic

from projections.tables import Changes, Loader, R, Table


class Shelf(Generic[R]):
    """The live rows of one table by the id they are looked up with, in the order in which they became known."""

    def __init__(self, table: Table[R], column: str, ids: Collection[str], loader: Loader, changes: Changes) -> None:
        self._sheet = changes.sheet(table)
        self._column = column
        self._live: dict[str, list[R]] = {}
        for row in sorted(loader.rows(table, column, ids), key=_known_from):
            self._place(row)

    def live(self, id_: str) -> Iterator[R]:
        """The rows of an id that nothing has ended yet."""
        return iter(tuple(self._live.get(id_, ())))

    def open(self, row: R) -> None:
        """A row that is known from now on."""
        self._place(row)
        self._sheet.add(row)

    def end(self, row: R, position: int) -> None:
        """From this position on the row is no longer known."""
        self._live[getattr(row, self._column)].remove(row)
        self._sheet.change(row._replace(known_until=position))  # type: ignore[attr-defined]  # rows are NamedTuples

    def put(self, before: R, position: int, **changes: Any) -> None:
        """The same row with other content, known from this position on."""
        self.end(before, position)
        self.open(before._replace(known_from=position, **changes))  # type: ignore[attr-defined]  # as above

    def _place(self, row: R) -> None:
        self._live.setdefault(getattr(row, self._column), []).append(row)


def _known_from(row: Any) -> int:
    return int(row.known_from)
