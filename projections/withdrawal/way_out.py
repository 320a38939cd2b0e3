"""What leaving takes, for one partner and one day: dates, what is open, what stands, who depends on it, what to note.

Nothing here decides anything. What stands between two may be returned, passed on, forgiven, carried, or left open; each
is shown with those who must agree. Pure: projections.md, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal, NamedTuple

from ledger.domain.partnership.members import Span
from projections.evidence.gathering import Evidence
from projections.evidence.partnerships import Notice, Residual
from projections.evidence.supports import Support
from projections.health.outcomes import speaking_for
from projections.reciprocity.flow import Ways, ways
from projections.shares import share
from projections.withdrawal.accounts import Account, Accounts
from projections.withdrawal.answered import leaver, speaks_for
from projections.withdrawal.still_open import Side, StillOpen, side_of, still_open

Choice = Literal["returned", "passed_on", "forgiven", "carried", "left_open"]
CHOICES: Final[tuple[Choice, ...]] = ("returned", "passed_on", "forgiven", "carried", "left_open")

NEEDS: Final[dict[Choice, str]] = {"returned": "support", "passed_on": "third", "carried": "other_partnership"}
"""What must be named beside: support from debtor to creditor outside any partnership; a third organisation that agrees
as well; another partnership in which both are or were."""


class Leaving(NamedTuple):
    """`earliest_on` is None for who is no partner. `notice` is the one that stands, and then says the day."""

    notice_days: int
    allow_immediate: bool
    earliest_on: date | None
    notice: Notice | None
    span: Span | None


class Waiting(NamedTuple):
    """A disposal that was proposed and waits for the yes of `awaits`."""

    residual: Residual
    awaits: tuple[str, ...]


class WithOne(NamedTuple):
    """What stands with one other: above 0 where that one got more. `waiting` are disposals not yet agreed by all."""

    other_id: str
    minutes: int
    event_ids: tuple[str, ...]
    waiting: tuple[Waiting, ...]

    def must_agree(self, own_id: str, choice: Choice) -> tuple[str, ...]:
        """Debtor and creditor, in this order; nobody where it is left open."""
        sides = (self.other_id, own_id) if self.minutes > 0 else (own_id, self.other_id)
        return () if choice == "left_open" else sides


class Depends(NamedTuple):
    """What one other got from the partner, and its part of all that one got in the partnership."""

    other_id: str
    minutes: int
    part: Fraction | None


class Unrecorded(NamedTuple):
    """A support in which something was confirmed, and of which its receiver has recorded no outcome."""

    support_id: str
    side: Side
    other_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    organisation_id: str
    on: date
    leaving: Leaving
    open: StillOpen
    standing: tuple[WithOne, ...]
    ways: Ways
    ways_without: Ways
    depends: tuple[Depends, ...]
    lessons: tuple[Unrecorded, ...]
    with_outcome: int


def way_out(evidence: Evidence, accounts: Accounts, organisation_id: str, day: date, on: date) -> WayOut:
    """The way out as of `day` for a partner, present or former, that gives notice on `on`. Raises TooMuch."""
    given = given_by(accounts, day)
    without = {pair: minutes for pair, minutes in given.items() if organisation_id not in pair}
    told = [one for one in evidence.supports.values() if organisation_id in one.sides() and has_counted(one, day)]
    missing = [one for one in told if not receiver_recorded(evidence, one, day)]
    return WayOut(
        organisation_id=organisation_id,
        on=on,
        leaving=leaving(evidence, organisation_id, day, on),
        open=still_open(evidence, organisation_id, day),
        standing=tuple(with_each(evidence, accounts.of(organisation_id), organisation_id, day)),
        ways=ways(given),
        ways_without=ways(without),
        depends=tuple(dependents(given, organisation_id)),
        lessons=tuple(Unrecorded(one.support_id, *side_of(one, organisation_id)) for one in missing),
        with_outcome=len(told) - len(missing),
    )


def leaving(evidence: Evidence, organisation_id: str, day: date, on: date) -> Leaving:
    partnership = evidence.partnership
    terms = partnership.terms_on(on)
    standing = [
        one for one in partnership.notices if one.stands_on(day) and leaver(evidence, one) == organisation_id
    ]  # fmt: skip
    spans = [span for span in partnership.spans.get(organisation_id, ()) if span.since <= day]
    span = spans[-1] if spans else None
    if span is None or not span.covers(day):
        return Leaving(terms.notice_days, terms.allow_immediate, None, None, span)
    notice = standing[-1] if standing and standing[-1].given_on >= span.since else None
    earliest = on + timedelta(days=0 if terms.allow_immediate else terms.notice_days)
    return Leaving(
        terms.notice_days, terms.allow_immediate, earliest if notice is None else notice.leaves_on, notice, span
    )


def given_by(accounts: Accounts, day: date) -> dict[tuple[str, str], int]:
    """Confirmed exchange minutes in the partnership since it began, by giver and receiver; none of 0."""
    found: dict[tuple[str, str], int] = {}
    for organisation_id, account in sorted(accounts.inside.items()):
        for move in account.holding(day.toordinal()):
            if move.turnover > 0 and move.standing > 0:
                pair = (organisation_id, move.other_id)
                found[pair] = found.get(pair, 0) + move.turnover
    return found


def with_each(evidence: Evidence, account: Account, organisation_id: str, day: date) -> Iterator[WithOne]:
    """Every partner of the day, and whoever else something stands with, by id."""
    others = {*evidence.partnership.partners_on(day), *(move.other_id for move in account.moves)} - {organisation_id}
    for other_id in sorted(others):
        moves = account.with_other(other_id).holding(day.toordinal())
        minutes = sum(move.standing for move in moves)
        waiting = tuple(waiting_between(evidence, {organisation_id, other_id}, day))
        if minutes or waiting or other_id in evidence.partnership.partners_on(day):
            ids = tuple(dict.fromkeys(event_id for move in moves for event_id in move.event_ids))
            yield WithOne(other_id, minutes, ids, waiting)


def waiting_between(evidence: Evidence, sides: set[str], day: date) -> Iterator[Waiting]:
    for residual in evidence.partnership.residuals.values():
        words = residual.words_by(day)
        if words and {residual.debtor_id, residual.creditor_id} == sides and not residual.in_force_on(day):
            missing = list(residual.touched)
            for word in words:
                spoken_for = (word.voice, *speaks_for(evidence, word.voice))
                missing.remove(next((one for one in spoken_for if one in missing), missing[0]))
            yield Waiting(residual, tuple(missing))


def dependents(given: dict[tuple[str, str], int], organisation_id: str) -> list[Depends]:
    """Whoever got something from the partner, those first for whom it was the greatest part of what they got."""
    found = []
    for (giver_id, other_id), minutes in given.items():
        if giver_id == organisation_id:
            got = sum(each for (_, receiver), each in given.items() if receiver == other_id)
            found.append(Depends(other_id, minutes, share(minutes, got)))
    return sorted(found, key=lambda one: (-(one.part or 0), one.other_id))


def has_counted(support: Support, day: date) -> bool:
    return any(one.counted_minutes(day) for one in support.given_by(day))


def receiver_recorded(evidence: Evidence, support: Support, day: date) -> bool:
    """Whether the receiver, or who goes on in its place, said what came of it."""
    voices = set(speaking_for(support.receiver_id, evidence))
    return any(one.on <= day and one.voice in voices for one in support.outcomes)
