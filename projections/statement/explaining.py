"""How the closing balance of an account comes about."""

from __future__ import annotations

from projections.answers import StatementAnswer
from projections.reciprocity.measures import RULE_VERSION
from projections.wording import amount, several
from projections.working import Step, Working


def workings_of(answer: StatementAnswer) -> list[Working]:
    """Of the closing balance: what stood before, what the lines of the whole window moved, and the sum."""
    totals, moved = answer.totals, answer.totals.moved
    shown = tuple(event_id for line in answer.lines if line.written.counts for event_id in line.events)
    steps = (
        Step(says="What stood before the first line.", comes_to=amount(totals.opening)),
        Step(
            says=f"Given in the lines that count, less reversals ({several(len(answer.lines), 'line')} on this page).",
            comes_to=amount(moved.gave),
            event_ids=shown,
        ),
        Step(says="Got in the lines that count, less reversals.", comes_to=amount(moved.got)),
        Step(says="What stood before, and given less got.", comes_to=amount(totals.closing)),
    )
    title = "what stands at the end of the account"
    return [Working(figure="closing_minutes", about=title, rule_version=RULE_VERSION, steps=steps)]
