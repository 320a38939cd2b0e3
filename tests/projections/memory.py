"""Views folded in memory: the tables as dictionaries, looked up and changed as the database would."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from ledger.domain.fact import AnyFact
from projections.tables import END, R, Table
from projections.view import View


class Memory:
    """The tables of one view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._rows: dict[str, dict[Any, Any]] = {table.name: {} for table in view.tables}

    def rows(self, table: Table[R], column: str, values: Collection[str]) -> list[R]:
        """See `projections.tables.Loader`."""
        return [
            row
            for row in self.all(table)
            if getattr(row, column) in values and (table.live is None or getattr(row, table.live) == END)
        ]

    def all(self, table: Table[R]) -> list[R]:
        """Every row in the order of the keys."""
        return [row for _, row in sorted(self._rows[table.name].items())]

    def fold(self, facts: Sequence[AnyFact], page: int = 1_000) -> Memory:
        """Folds the facts that the view reads, page by page."""
        mine = [fact for fact in facts if fact.type in self.view.types]
        for start in range(0, len(mine), page):
            for sheet in self.view.fold(mine[start : start + page], self):
                rows, changing = self._rows[sheet.table.name], sheet.table.changing
                rows |= sheet.added
                for key, row in sheet.changed.items():
                    rows[key] = rows[key]._replace(**{name: getattr(row, name) for name in changing})
        return self
