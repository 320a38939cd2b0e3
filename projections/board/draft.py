"""The unfinished page of the board's fold: rows looked up before it, and what it does to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact
from ledger.domain.support import facts as said
from projections.board.pieces import pieces
from projections.board.rows import OCCASIONS, OUTCOMES, POSTINGS, SIDES, STEPS, Occasion, Outcome, Posting, Sides, Step
from projections.tables import CannotApply, Changes, Loader


class Draft:
    """What is known of each offer and request that the page's facts touch, and of each support's two sides."""

    def __init__(self, facts: Sequence[AnyFact], loader: Loader, zone: ZoneInfo) -> None:
        self.zone = zone
        self.changes = Changes()
        self._postings = self.changes.sheet(POSTINGS)
        self._new_steps = self.changes.sheet(STEPS)
        self._sides = self.changes.sheet(SIDES)
        self._outcomes = self.changes.sheet(OUTCOMES)
        self._occasions = self.changes.sheet(OCCASIONS)
        streams = sorted({fact.stream.id for fact in facts if fact.version > 1})
        said_in = loader.rows(STEPS, "agreement_id", streams)
        self._answers = {step.agreement_id: step.support_id for step in said_in}
        postings = sorted({*self._answers.values(), *answered(facts)})
        self._steps: dict[str, list[Step]] = defaultdict(list)
        for step in sorted(loader.rows(STEPS, "support_id", postings)):
            self._steps[step.support_id].append(step)
        self._live: dict[str, list[Posting]] = defaultdict(list)
        for row in loader.rows(POSTINGS, "support_id", postings):
            self._live[row.support_id].append(row)
        self._two = {row.support_id: row for row in loader.rows(SIDES, "support_id", streams)}
        self._said = {row.outcome_id: row for row in loader.rows(OUTCOMES, "support_id", taken_back_in(facts))}

    def post(self, row: Posting, step: Step) -> None:
        """An offer or request that is new."""
        self._answers[step.agreement_id] = step.support_id
        self._steps[row.support_id] = [step]
        self._new_steps.add(step)
        self._open(row)

    def is_posting(self, stream_id: str) -> bool:
        return self._answers.get(stream_id) == stream_id

    def answers(self, stream_id: str) -> str | None:
        """The offer or request that an agreement answers, None for one that answers nothing."""
        return self._answers.get(stream_id)

    def changes_amount(self, stream_id: str, variation_id: str) -> bool:
        """Whether a variation proposed in an agreement says another amount."""
        steps = self._steps.get(self._answers.get(stream_id, ""), ())
        return any(step[2:4] + step[5:6] == (stream_id, "proposed", variation_id) for step in steps)

    def step(self, step: Step) -> None:
        """Something more that was said; what stands otherwise by it is another row from here on. Raises CannotApply."""
        steps = self._steps.get(step.support_id)
        if not steps:
            raise CannotApply(f"{step.support_id} is no offer and no request")
        self._answers[step.agreement_id] = step.support_id
        steps.append(step)
        self._new_steps.add(step)
        if step.kind != "proposed":
            self._stand(step)

    def _stand(self, step: Step) -> None:
        """Ends the rows that no longer hold, and opens those that hold now."""
        before = self._live[step.support_id]
        now = [
            before[0]._replace(
                known_from=step.position,
                effective_from=piece.since,
                effective_until=piece.until,
                state=piece.state,
                minutes_left=piece.minutes_left,
                events=piece.events,
            )
            for piece in pieces(self._steps[step.support_id])
        ]
        kept = [row for row in before if any(row._replace(known_from=new.known_from) == new for new in now)]
        standing = [row._replace(known_from=step.position) for row in kept]
        for row in before:
            if row not in kept:
                self._postings.change(row._replace(known_until=step.position))
        self._live[step.support_id] = kept
        for row in now:
            if row not in standing:
                self._open(row)

    def _open(self, row: Posting) -> None:
        self._live[row.support_id].append(row)
        self._postings.add(row)

    def pair(self, row: Sides) -> None:
        """The two sides of a support, known from its first agreement or delivery on."""
        self._two[row.support_id] = row
        self._sides.add(row)

    def sides(self, support_id: str) -> Sides:
        """Raises CannotApply."""
        found = self._two.get(support_id)
        if found is None:
            raise CannotApply(f"support {support_id} has no two sides yet")
        return found

    def keep_confidential(self, support_id: str) -> None:
        row = self.sides(support_id)._replace(confidential=True)
        self._two[support_id] = row
        self._sides.change(row)

    def outcome(self, row: Outcome) -> None:
        self._said[row.outcome_id] = row
        self._outcomes.add(row)

    def take_back(self, outcome_id: str, position: int) -> None:
        """An outcome is known no longer; what was taken back may have been a missed visit."""
        row = self._said.pop(outcome_id, None)
        if row is not None:
            self._outcomes.change(row._replace(known_until=position))

    def occasion(self, row: Occasion) -> None:
        self._occasions.add(row)


def answered(facts: Iterable[AnyFact]) -> set[str]:
    """The offers and requests that agreements of the page answer."""
    return {
        fact.data.answers.support_id
        for fact in facts
        if isinstance(fact.data, said.Agreed) and fact.data.answers is not None
    }


def taken_back_in(facts: Iterable[AnyFact]) -> list[str]:
    """The streams in which an entry is taken back."""
    return sorted({fact.stream.id for fact in facts if isinstance(fact.data, said.EntryWithdrawn)})
