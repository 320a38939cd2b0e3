"""`one_sided`: support goes mostly one way for one partner, over a window of days, and nothing agreed would change it.

B = standing ÷ max(turnover, |standing|) of the partner with all others together since the partnership began. Days of
standing are those of the entries; all arithmetic is in whole minutes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property, partial
from typing import Final, Literal, NamedTuple

from ledger.domain.terms import Terms
from projections.evidence.supports import Agreed, Support
from projections.withdrawal.accounts import Account, Accounts
from projections.withdrawal.dated import InForce
from projections.withdrawal.points import Point, Standing, Way
from projections.withdrawal.seat import DAY, Seat
from projections.withdrawal.spells import Spell, spells
from projections.wording import amount
from projections.wording import day as spoken

AHEAD: Final = timedelta(days=56)
"""Agreed support whose last day lies at most so far ahead is looked at."""

Side = Literal[-1, 0, 1]
SIDES: Final[tuple[Side, ...]] = (1, -1)
MADE_UP: Final = "Support outside this partnership makes up for it."


def side_of(standing: tuple[int, int], terms: Terms) -> Side:
    """1 outside the tolerance as a giver, −1 as a receiver, 0 inside: |B| > ratio and |standing| > minutes."""
    net, turnover = standing
    open_minutes = abs(net)
    if open_minutes <= terms.tolerance_minutes:
        return 0
    ratio, whole = terms.tolerance_ratio, max(turnover, open_minutes)
    if open_minutes * ratio.denominator <= whole * ratio.numerator:
        return 0
    return 1 if net > 0 else -1


class Run(NamedTuple):
    """A stretch outside on one side; `since` is where it began, `spell` the days on which it had lasted long enough."""

    side: Side
    since: int
    spell: Spell


class Due(NamedTuple):
    """An agreed support, with the first and the last day on which any of it may be due within 56 days, however it was
    varied."""

    first: int
    last: int
    support: Support


def one_sided(seat: Seat, accounts: Accounts, stretches: list[InForce]) -> Iterator[Point | None]:
    """The stretches on which the partner was outside for long enough and nothing agreed would bring it inside."""
    account = accounts.of(seat.organisation_id)
    if not account.moves:
        return
    measured = Measured(seat, account, stretches)
    for run in measured.runs():
        for spell in spells(partial(measured.stays, side=run.side), measured.days(run.spell), *run.spell):
            yield told(seat, measured, accounts, run, spell)


def told(seat: Seat, measured: Measured, accounts: Accounts, run: Run, spell: Spell) -> Point | None:
    """The point of a spell. It opens on the first day on which nothing elsewhere makes up for it, and then stays open.

    Until then it is upcoming, and the sentence says no more than why. Its key is the first day of the spell either way,
    so that its id is the same before and after; a spell that was made up for to its end is no point afterwards.
    """
    goes_on = spell.last == seat.day.toordinal() and seat.until is None
    overall = accounts.overall(seat.organisation_id)
    changes = (*overall.days(), *(one.since.toordinal() for one in measured.stretches))
    not_made_up = next(spells(lambda day: not measured.is_made_up(overall, day), changes, *spell), None)
    if not_made_up is None and not goes_on:
        return None
    now = measured.account.on(spell.last)
    way: Way = "gives" if run.side > 0 else "gets"
    ids = tuple(move.event_ids[0] for move in measured.account.holding(run.since) if move.first == run.since)
    more: dict[str, object] = {"way": way, "inside": now, "event_ids": ids, "says": sentence(seat, run, now, way)}
    if not_made_up is None:
        more |= {"elsewhere": overall.on(spell.last), "says": MADE_UP, "event_ids": ()}
    first, last = map(date.fromordinal, spell)
    opens_on = first if not_made_up is None else date.fromordinal(not_made_up.first)
    return seat.point("one_sided", first.isoformat(), opens_on, None if goes_on else last, **more)


def sentence(seat: Seat, run: Run, now: Standing, way: Way) -> str:
    verb = "has given {} more than it got" if way == "gives" else "has got {} more than it gave"
    since = spoken(date.fromordinal(run.since))
    return f"{{{seat.organisation_id}}} {verb.format(amount(abs(now.standing)))}: mostly one way since {since}."


class Measured:
    """One partner's standing day by day against the terms of each day. Days are ordinals."""

    def __init__(self, seat: Seat, account: Account, stretches: list[InForce]) -> None:
        self.seat, self.account, self.stretches = seat, account, stretches
        self.begun = [one.since.toordinal() for one in stretches]
        self.calendar = seat.evidence.calendar_of(seat.organisation_id)

    @cached_property
    def due(self) -> list[Due]:
        """What the partner agreed to give or get."""
        supports, own = self.seat.evidence.supports.values(), self.seat.organisation_id
        return [due_of(one, one.agreed) for one in supports if one.agreed is not None and own in one.sides()]

    def terms(self, day: int) -> Terms:
        return self.stretches[max(bisect_right(self.begun, day) - 1, 0)].terms

    def sides(self) -> list[tuple[Side, Spell]]:
        """On which side it was, stretch by stretch, inside among them; from the first change of anything on."""
        levels, terms_from = self.account.levels(), dict(zip(self.begun, self.stretches, strict=True))
        last, standing, stretch = self.seat.last.toordinal(), (0, 0), self.stretches[0]
        begun: list[tuple[Side, int]] = []
        for day in sorted({*levels, *self.begun}):
            if day > last:
                break
            standing, stretch = levels.get(day, standing), terms_from.get(day, stretch)
            side = side_of(standing, stretch.terms)
            if not begun or begun[-1][0] != side:
                begun.append((side, day))
        ends = [*(day - 1 for _, day in begun[1:]), last]
        return [(side, Spell(day, end)) for (side, day), end in zip(begun, ends, strict=False)]

    def runs(self) -> Iterator[Run]:
        """Outside on the same side on a day that counts and on each of the `tolerance_window_days` before it that
        count, `grace_days` after joining at the earliest; and from then on for as long as it is outside."""
        stretches = self.sides()
        for side in SIDES:
            for outside in (spell for each, spell in stretches if each == side):
                yield from (Run(side, outside.first, one) for one in self.long_enough(outside))

    def long_enough(self, outside: Spell) -> Iterator[Spell]:
        """The days of a stretch by which it has lasted as long as the terms of each day ask."""
        found: list[Spell] = []
        for index, (since, terms, _) in enumerate(self.stretches):
            following = self.stretches[index + 1 : index + 2]
            until = min([outside.last, *(one.since.toordinal() - 1 for one in following)])
            begin = since.toordinal() if index else 0
            first = max(
                self.nth_counted(outside.first, terms.tolerance_window_days + 1),
                self.calendar.add(self.seat.since, terms.grace_days).toordinal(),
            )
            if found and found[-1].last == begin - 1 and first <= begin <= until:
                found[-1] = Spell(found[-1].first, until)
                continue
            first = max(first, self.nth_counted(begin, 1)) if index else first
            if first <= until:
                found.append(Spell(first, until))
        yield from found

    def nth_counted(self, day: int, n: int) -> int:
        """The n-th day that counts, from a day on."""
        return self.calendar.add(date.fromordinal(day - 1), n).toordinal()

    def days(self, spell: Spell) -> list[int]:
        """The days within a stretch on which what is agreed, or meant, may say something else than the day before."""
        found = [*self.account.days(), *(one.since.toordinal() for one in self.stretches)]
        found += [one.terms.intended.until.toordinal() + 1 for one in self.stretches if one.terms.intended.until]
        for due in self.due:
            if due.first <= spell.last and spell.first <= due.last + 1:
                found += days_of_change(due.support)
        for one in (span for spans in self.seat.evidence.partnership.spans.values() for span in spans):
            found += [on.toordinal() for on in (one.since, one.until) if on is not None]
        return [day for day in found if spell.first < day <= spell.last]

    def stays(self, day: int, side: int) -> bool:
        """Whether nothing takes the edge off it: neither the direction that is meant, nor support agreed and due."""
        return not self.is_intended(day, side) and not self.comes_inside(day)

    def is_intended(self, day: int, side: int) -> bool:
        intended = self.terms(day).intended
        if intended.kind != "one_way" or (intended.until is not None and intended.until.toordinal() < day):
            return False
        gives = self.seat.evidence.canonical(intended.from_ or "") == self.seat.organisation_id
        return side > 0 if gives else side < 0

    def comes_inside(self, day: int) -> bool:
        """Whether all agreed support that is due within 56 days, once given, would bring it inside."""
        standing, turnover = now = self.account.on(day)
        on = date.fromordinal(day)
        partners = self.seat.evidence.partnership.partners_on(on)
        for support in [due.support for due in self.due if due.first <= day <= due.last]:
            if support.giver_id in partners and support.receiver_id in partners:
                minutes = still_due(support, on)
                standing += minutes if support.giver_id == self.seat.organisation_id else -minutes
                turnover += minutes
        return turnover != now.turnover and side_of((standing, turnover), self.terms(day)) == 0

    def is_made_up(self, overall: Account, day: int) -> bool:
        """Whether what stands over all its support in the ledger is inside this partnership's tolerance."""
        return side_of(overall.on(day), self.terms(day)) == 0


def still_due(support: Support, day: date) -> int:
    """The minutes of an agreed exchange that are due within 56 days of a day and do not count yet."""
    terms = support.terms_on(day) if support.ended_by(day) is None else None
    if terms is None or terms.basis != "exchange" or not day <= terms.ends_on <= day + AHEAD:
        return 0
    return max(0, terms.minutes - sum([one.minutes for one in support.counted_by(day)]))


def due_of(support: Support, agreed: Agreed) -> Due:
    ends = [agreed.ends_on, *(one.ends_on for one in support.variations if one.ends_on is not None)]
    return Due(min(ends).toordinal() - AHEAD.days, max(ends).toordinal(), support)


def days_of_change(support: Support) -> Iterator[int]:
    """The days on which the minutes still due of a support may change."""
    agreed = support.agreed
    if agreed is not None:
        days = [agreed.on, *(one.on for one in support.variations)]
        ends = [agreed.ends_on, *(one.ends_on for one in support.variations if one.ends_on is not None)]
        days += [on for end in ends for on in (end - AHEAD, end + DAY)]
        days += [on for one in support.counted for on in (one.on, one.until) if on is not None]
        days += [] if support.ending is None else [support.ending.on]
        yield from (on.toordinal() for on in days)
