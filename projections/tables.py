"""The tables of the read models as folds see them: rows that are looked up, added and changed, a page at a time.

A fold is pure: it asks a loader for the rows that its facts touch and answers with changes; nothing is written in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, Final, Generic, Protocol, TypeVar

END: Final = 2**63 - 1
"""The position until which something is known that nothing has ended yet."""

FOREVER: Final = date(9999, 12, 31)
"""The day until which something holds that nothing has ended yet."""

R = TypeVar("R", bound=tuple[Any, ...])
Key = tuple[Any, ...]


class CannotApply(Exception):
    """A fact does not fit what was folded before it, which admission should have made impossible."""


@dataclass(frozen=True, slots=True)
class Table(Generic[R]):
    """`row` is a NamedTuple whose fields are the columns; later facts may change the columns `changing`, no others.

    Where `live` names a column, only rows that hold END there are ever looked up by a fold.
    """

    name: str
    row: type[R]
    key: tuple[str, ...]
    changing: tuple[str, ...] = ()
    live: str | None = None
    key_of: Callable[[R], Key] = field(init=False, repr=False, compare=False)
    """The values of the key's columns."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key_of", self.values_of(self.key))

    @property
    def columns(self) -> tuple[str, ...]:
        return self.row._fields  # type: ignore[attr-defined,no-any-return]  # every row is a NamedTuple

    @property
    def lists(self) -> tuple[int, ...]:
        """The places of the columns that hold lists, of ids always."""
        kinds = self.row.__annotations__
        return tuple(place for place, name in enumerate(self.columns) if "list" in str(kinds[name]))

    def values_of(self, names: Sequence[str]) -> Callable[[R], tuple[Any, ...]]:
        """What takes the values of these columns out of a row. It is called for every row, twice and more."""
        places = [self.columns.index(name) for name in names]
        if len(places) > 1:
            return itemgetter(*places)
        return lambda row: (row[places[0]],)


class Loader(Protocol):
    """Gives the rows that stand in a table before the page."""

    def rows(self, table: Table[R], column: str, values: Collection[str]) -> list[R]:
        """The (live) rows whose column, an id, is one of the values, in the order of their keys."""


@dataclass(slots=True)
class Sheet(Generic[R]):
    """The rows of one table that a page adds or changes."""

    table: Table[R]
    added: dict[Key, R] = field(default_factory=dict)
    changed: dict[Key, R] = field(default_factory=dict)

    def add(self, row: R) -> None:
        """A row that no earlier page knows."""
        self.added[self.table.key_of(row)] = row

    def change(self, row: R) -> None:
        """The new content of a row of this page or an earlier one."""
        key = self.table.key_of(row)
        if key in self.added:
            self.added[key] = row
        else:
            self.changed[key] = row


@dataclass(slots=True)
class Changes:
    """What a page does to the tables of one view."""

    sheets: dict[str, Sheet[Any]] = field(default_factory=dict)

    def sheet(self, table: Table[R]) -> Sheet[R]:
        """The changes to one table."""
        return self.sheets.setdefault(table.name, Sheet(table))

    def __iter__(self) -> Iterator[Sheet[Any]]:
        return iter(self.sheets.values())


def in_key_order(rows: Iterable[tuple[Key, R]]) -> list[R]:
    """The rows sorted by their keys, so that every run writes them in the same order."""
    return [row for _, row in sorted(rows, key=itemgetter(0))]
