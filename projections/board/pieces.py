"""What is left of an offer or request as a function of the business date: pure, from the steps behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from projections.board.rows import PostingState, Step
from projections.tables import FOREVER


class Piece(NamedTuple):
    """From `since` up to the day before `until` it stands like this; `events` are the facts that make it so."""

    since: date
    until: date
    state: PostingState
    minutes_left: int
    events: list[str]


class Taking(NamedTuple):
    """What one agreement takes of an offer or request on a day, and by which facts."""

    minutes: int
    events: list[int]


def pieces(steps: Sequence[Step]) -> list[Piece]:
    """How an offer or request stands over time, by all its steps in order of position; the first one posted it."""
    posted = steps[0]
    days = sorted({max(step.day, posted.day) for step in steps if step.kind != "proposed"})
    found: list[Piece] = []
    for day in days:
        state, left, events = standing(steps, day)
        if found and found[-1][2:] == (state, left, events):
            continue
        if found:
            found[-1] = found[-1]._replace(until=day)
        found.append(Piece(day, FOREVER, state, left, events))
    return found


def standing(steps: Sequence[Step], day: date) -> tuple[PostingState, int, list[str]]:
    """The state on a day, the minutes left, and the facts behind both."""
    own = [step for step in steps if step.agreement_id == step.support_id and (step is steps[0] or step.day <= day)]
    left, events = steps[0].minutes or 0, [step.position for step in own]
    for taking in takings(steps, day):
        left -= taking.minutes
        events += taking.events
    left -= sum(step.minutes or 0 for step in own if step.kind == "taken")
    by_position = {step.position: step.event_id for step in steps}
    return state_of(own, left), left, [by_position[position] for position in sorted(events)]


def state_of(own: Sequence[Step], left: int) -> PostingState:
    """What ended it first, by its own facts, else whether anything is left."""
    for step in own:
        if step.kind in ("withdrawn", "taken"):
            return "withdrawn" if step.kind == "withdrawn" else "taken"
    return "open" if left > 0 else "used_up"


def takings(steps: Sequence[Step], day: date) -> Iterator[Taking]:
    """What each agreement in a stream of its own takes on a day."""
    by_agreement: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        if step.agreement_id != step.support_id:
            by_agreement[step.agreement_id].append(step)
    for own in by_agreement.values():
        proposed = {step.word: step.minutes for step in own if step.kind == "proposed"}
        taking = taken([step for step in own if step.day <= day and step.kind != "proposed"], proposed)
        if taking is not None:
            yield taking


def taken(steps: Sequence[Step], proposed: dict[str | None, int | None]) -> Taking | None:
    """What an agreement takes: its minutes as last varied; once cancelled, what was delivered and no more.

    None where it is not agreed yet.
    """
    agreed: int | None = None
    cancelled = False
    delivered: dict[str | None, int] = {}
    for step in steps:
        match step.kind:
            case "agreed":
                agreed = step.minutes
            case "varied":
                varied = proposed.get(step.word)
                agreed = agreed if varied is None else varied
            case "delivered":
                delivered[step.word] = step.minutes or 0
            case "cancelled":
                cancelled = True
    for step in steps:
        if step.kind == "reversed":
            delivered.pop(step.word, None)
    if agreed is None or not any(step.kind == "agreed" for step in steps):
        return None
    if not cancelled:
        return Taking(agreed, [step.position for step in steps if step.kind in ("agreed", "varied")])
    return Taking(min(agreed, sum(delivered.values())), [step.position for step in steps])
