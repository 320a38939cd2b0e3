"""Who reads how much of a review. The report is the reviewed organisation's own; the others see what it opens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, Self

from ledger.domain.fact import AnyFact, Speaker
from ledger.domain.review.facts import Scheduled
from ledger.service import Ledger
from projections.asking import Asking
from projections.directory.queries import Aliases
from projections.reviews import queries
from projections.reviews.records import PeerReview

Part = Literal["full", "all", "summary", "strengths", "outline"]
"""What a reader may have of a review.

`full`: whoever takes part, its trust, the coordinator of the partnership it names, the auditor in scope. `all`,
`summary` (judgements, no texts), `strengths`: as the reviewed organisation opened it. `outline`: that it took place,
who reviewed whom and when: the partners of the partnership it names, and the coordinator of one it counts for.
"""

REPORT: Final[frozenset[Part]] = frozenset({"full", "all"})
JUDGEMENTS: Final[frozenset[Part]] = REPORT | {"summary"}

CountsFor = Callable[[PeerReview, str], bool]


@dataclass(frozen=True, slots=True)
class ReviewsReader:
    """A reader's reach today: organisations (None: everybody's), partnerships it may look into, those it runs."""

    ledger: Ledger
    speaker: Speaker
    organisations: frozenset[str] | None
    partnerships: frozenset[str]
    run: frozenset[str]

    @classmethod
    def of(cls, ledger: Ledger, speaker: Speaker) -> Self:
        """Raises RoleForbidden for an admin, who reads no facts."""
        sight = ledger.sight(speaker)
        organisations = None if sight.keys is None else _ids(sight.keys, "organisation")
        return cls(
            ledger,
            speaker,
            organisations,
            frozenset() if sight.keys is None else _ids(sight.keys, "partnership"),
            _ids(sight.text_keys, "partnership"),
        )

    def candidates(self, asking: Asking, read_as: Aliases) -> list[str]:
        """The reviews of which the reader might see something, by id."""
        connection, known_at = asking.connection, asking.question.known_at
        if self.organisations is None:
            return queries.every_review(connection, known_at)
        own = self._registrations(self.organisations, read_as)
        partners = asking.connection.execute(
            "SELECT DISTINCT organisation_id FROM directory_membership WHERE partnership_id = ANY (%s::uuid[])",
            (sorted(self.run),),
        )
        taking_part = own | self._registrations({row[0] for row in partners}, read_as)
        found = {
            *queries.reviews_of(connection, taking_part, known_at),
            *queries.reviews_opened_to(connection, own, known_at),
            *queries.reviews_in(connection, self.partnerships, known_at),
        }
        return sorted(found)

    def parts(self, review: PeerReview, read_as: Aliases, counts_for: CountsFor) -> frozenset[Part]:
        """What the reader may have of a review; nothing where it does not even learn of it."""
        if self.organisations is None:
            return frozenset({"full"})
        own = {read_as.canonical(one) for one in self.organisations}
        if not own.isdisjoint(review.parties) or review.partnership_id in self.run:
            return frozenset({"full"})
        opened: set[Part] = {each.parts for each in review.shared if not own.isdisjoint(each.with_ids)}
        if opened:
            return frozenset(opened)
        counted = review.partnership_id is None and any(counts_for(review, one) for one in self.run)
        return frozenset({"outline"}) if counted or review.partnership_id in self.partnerships else frozenset()

    def opened(self, facts: Sequence[AnyFact], parts: Collection[Part]) -> list[AnyFact]:
        """The facts of one review with the texts that the reader may read in clear.

        What was opened to a reader it reads as the reviewed organisation does, whose report it is.
        """
        speaker = self.speaker
        if "full" not in parts:
            owner = next(fact.data.reviewed_id for fact in facts if isinstance(fact.data, Scheduled))
            speaker = replace(speaker, role="member", organisations=frozenset({owner}))
        return self.ledger.opened(facts, speaker)

    def may_follow(self, first: AnyFact, sides: Collection[str], read_as: Aliases, *, confidential: bool) -> bool:
        """Whether the reader may see what came of a support: it sees the support, and is one of its sides where that
        is confidential (the finding it arose from would tell what it was about)."""
        if not self.ledger.may_see_facts(self.speaker, [first]):
            return False
        own = {read_as.canonical(one) for one in self.organisations or ()}
        return not confidential or (self.speaker.role != "auditor" and not own.isdisjoint(sides))

    def looks_into(self, partnership_id: str) -> bool:
        """Whether the reader is a partner or the coordinator of a partnership."""
        return self.speaker.role != "auditor" and partnership_id in self.partnerships

    def _registrations(self, organisations: Collection[str], read_as: Aliases) -> set[str]:
        return {one for each in organisations for one in read_as.registrations(each)}


def _ids(keys: Collection[str], kind: str) -> frozenset[str]:
    """The ids in the keys of one kind, such as `organisation:<id>`."""
    return frozenset(key.partition(":")[2] for key in keys if key.startswith(f"{kind}:"))
