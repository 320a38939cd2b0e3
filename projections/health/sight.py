"""Who reads how much of a partnership's health: the figures are everybody's who may look into it, the words not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Self

from ledger.domain.fact import Speaker
from ledger.service import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A reader of one partnership. `organisations` are those it speaks for, whose own ratings it reads.

    `sees_all`: each partner's ratings; the coordinator, and an auditor in whose scope the partnership is.
    `is_inside`: the codes as well; the partners of today and whoever sees all, not who is only invited.
    """

    organisations: frozenset[str]
    sees_all: bool
    is_inside: bool

    @classmethod
    def of(cls, ledger: Ledger, reader: Speaker, partnership_id: str) -> Self:
        """Raises RoleForbidden for an admin, who reads no facts."""
        sight, key = ledger.sight(reader), f"partnership:{partnership_id}"
        sees_all = reader.role == "auditor" or key in sight.text_keys
        return cls(
            organisations=reader.organisations,
            sees_all=sees_all,
            is_inside=sees_all or sight.sees(frozenset({key})),
        )

    def read_as(self, canonical: Callable[[str], str]) -> Self:
        """The same reader with its organisations under the ids they are read as."""
        return replace(self, organisations=frozenset(map(canonical, self.organisations)))

    def reads_answer_of(self, organisation_id: str) -> bool:
        return self.sees_all or organisation_id in self.organisations
