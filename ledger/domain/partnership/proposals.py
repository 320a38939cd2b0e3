"""What partners propose to each other about the past: opening positions, and what becomes of a residual."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ledger.domain.partnership.facts import OpeningPositionProposed, ResidualProposed


@dataclass(frozen=True, slots=True)
class Word:
    """Who said something: the organisation whose word it is, and the principal who recorded it."""

    voice: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Minutes given before the ledger began; they count as brought forward once the other side has agreed."""

    said: OpeningPositionProposed
    proposed: Word
    agreed: Word | None = None

    @property
    def in_force(self) -> bool:
        return self.agreed is not None

    @property
    def sides(self) -> frozenset[str]:
        return frozenset({self.said.giver_id, self.said.receiver_id})


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """A disposal of what is still open between debtor and creditor.

    It needs the other side's yes, and the third's where it is passed on; `agreed` holds each yes in order. A successor
    may speak for an organisation that has closed, so the voices need not be the organisations named.
    """

    said: ResidualProposed
    proposed: Word
    agreed: tuple[Word, ...] = ()

    @property
    def agreed_by(self) -> tuple[str, ...]:
        """The organisations that have agreed, in order."""
        return tuple(word.voice for word in self.agreed)

    @property
    def in_force(self) -> bool:
        """Whether every organisation it touches has spoken."""
        return len(self.agreed) == len(self.touched) - 1

    @property
    def third_id(self) -> str | None:
        """The organisation it is passed on to."""
        return self.said.to if self.said.disposal == "passed_on" else None

    @property
    def touched(self) -> tuple[str, ...]:
        """Debtor, creditor and the third where there is one."""
        sides = (self.said.debtor_id, self.said.creditor_id)
        return sides if self.third_id is None else (*sides, self.third_id)

    def agree(self, word: Word) -> Residual:
        return replace(self, agreed=(*self.agreed, word))
