"""What a view is: the facts it reads, the tables it keeps, and the pure fold from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ledger.domain.fact import AnyFact
from projections.tables import Changes, Loader, Table

Fold = Callable[[Sequence[AnyFact], Loader], Changes]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A read model that the runner keeps.

    `types` are the stored names of the facts it reads; others are never decoded for it. `fold(facts, loader)` is pure
    and gives the same rows however the facts are cut into pages; it raises on what cannot be. `schema` makes the
    tables of `tables` with the indexes that the fold needs, all unqualified, and nothing else; `indexes` makes those
    that only readers need: a rebuild makes them last. A new `version`, or another schema, has the view rebuilt.
    """

    name: str
    version: int
    types: frozenset[str]
    schema: str
    tables: tuple[Table[Any], ...]
    fold: Fold
    indexes: str = ""
    stamp: str = field(init=False)
    """The version as the bookmark keeps it: the rules' number, and a digest of the schema."""

    def __post_init__(self) -> None:
        digest = sha256((self.schema + self.indexes).encode()).hexdigest()[:16]
        object.__setattr__(self, "stamp", f"{self.version}-{digest}")

    @property
    def table_names(self) -> tuple[str, ...]:
        return tuple(table.name for table in self.tables)
