"""What a view is: the facts it reads, the tables it keeps, and the pure fold from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
    tables, all unqualified. A new `version`, or another schema, has the view rebuilt from nothing.
    """

    name: str
    version: int
    types: frozenset[str]
    schema: str
    tables: tuple[Table[Any], ...]
    fold: Fold

    @property
    def stamp(self) -> str:
        """The version as the bookmark keeps it: the rules' number, and a digest of the schema."""
        return f"{self.version}-{sha256(self.schema.encode()).hexdigest()[:16]}"
