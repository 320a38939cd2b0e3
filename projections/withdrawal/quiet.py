"""`quiet`: nothing was confirmed for three times as long as is usual, or a partner missed two meetings in a row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import pairwise

from projections.evidence.gathering import Evidence
from projections.evidence.partnerships import Meeting
from projections.health.dimension import Dimension
from projections.health.look import WINDOW_DAYS, Look
from projections.health.tempo import tempo
from projections.withdrawal.dated import InForce
from projections.withdrawal.points import Point
from projections.withdrawal.seat import Seat
from projections.withdrawal.spells import Spell, spells
from projections.wording import day as spoken

MISSED_IN_A_ROW = 2
NEVER = date.max.toordinal()


class Silence:
    """The days on which the tempo of a partnership was 0, up to `day`; the tempo itself is that of its health.

    Between two days on which a delivery begins or ceases to count, comes to be older than a year, or the terms or the
    coordinator change, the limit stays and the silence only grows: so each such stretch is asked about at its ends.
    """

    def __init__(self, evidence: Evidence, day: date, stretches: list[InForce]) -> None:
        self.evidence, self.day, self.stretches = evidence, day, stretches
        self.spans = sorted(counted_spans(evidence, day))
        self.begun = [first for first, _ in self.spans]
        self.least = 3 * min(one.terms.quiet_after_days for one in stretches)

    def spells(self) -> list[Spell]:
        found: list[Spell] = []
        for first, last in self.stretches_of_days():
            if self.may_be_quiet(last) and self.is_quiet(last):
                begun = first_true(self.is_quiet, first, last)
                if found and found[-1].last == begun - 1:
                    found[-1] = Spell(found[-1].first, last)
                else:
                    found.append(Spell(begun, last))
        return found

    def stretches_of_days(self) -> Iterator[tuple[int, int]]:
        partnership = self.evidence.partnership
        on = [
            partnership.starts_on,
            *(one.since for one in self.stretches),
            *(on for on, _ in partnership.coordinators),
        ]
        changes = {*(one.toordinal() for one in on), *self.begun, *(until for _, until in self.spans)}
        changes.update([counted_on + WINDOW_DAYS for counted_on in self.begun])
        first, last = partnership.starts_on.toordinal(), self.day.toordinal()
        days = sorted([day for day in changes if first <= day <= last])
        yield from ((first, until - 1) for first, until in pairwise([*days, last + 1]))

    def may_be_quiet(self, day: int) -> bool:
        """Whether so many days have passed that the tempo can be 0 at all: it spares most questions."""
        index = bisect_right(self.begun, day) - 1
        while index >= 0 and self.spans[index][1] <= day:
            index -= 1
        since = self.evidence.partnership.starts_on.toordinal() if index < 0 else self.begun[index]
        if day - since < self.least:
            return False
        on = date.fromordinal(day)
        limit = self.evidence.partnership.terms_on(on).quiet_after_days
        return self.evidence.calendar_on(on).days_between(date.fromordinal(since), on) >= 3 * limit

    def is_quiet(self, day: int) -> bool:
        return self.tempo_on(day).f == 0

    def tempo_on(self, day: int) -> Dimension:
        return tempo(Look(self.evidence, date.fromordinal(day)))


def counted_spans(evidence: Evidence, day: date) -> set[tuple[int, int]]:
    """From which day until the one before which the deliveries count, of every basis, that were given by a day."""
    return {
        (one.on.toordinal(), NEVER if one.until is None else one.until.toordinal())
        for support in evidence.supports.values() for one in support.counted if one.on <= day
    }  # fmt: skip


def first_true(true: Callable[[int], bool], first: int, last: int) -> int:
    """The first day of a stretch on which something is true that stays true; it is on the last."""
    while first < last:
        middle = (first + last) // 2
        if true(middle):
            last = middle
        else:
            first = middle + 1
    return last


def missed(meetings: list[Meeting], organisation_id: str) -> Iterator[tuple[int, int | None, tuple[str, ...]]]:
    """The stretches from the second meeting missed in a row to the day before the next one attended (None: none yet),
    with the meetings. One at which a partner is named neither present nor absent is passed over."""
    row: list[Meeting] = []
    for one in sorted(meetings, key=lambda meeting: meeting.on):
        if organisation_id in one.absent:
            row.append(one)
        elif organisation_id in one.present:
            yield from stretch(row, one.on.toordinal() - 1)
            row = []
    yield from stretch(row, None)


def stretch(row: list[Meeting], last: int | None) -> Iterator[tuple[int, int | None, tuple[str, ...]]]:
    if len(row) >= MISSED_IN_A_ROW:
        yield row[MISSED_IN_A_ROW - 1].on.toordinal(), last, tuple(one.event_id for one in row)


def quiet(seat: Seat, silence: Silence, silent: list[Spell]) -> Iterator[Point | None]:
    """The stretches on which the partnership is quiet, or the partner stayed away; one where both overlap."""
    meetings = [one for one in seat.evidence.partnership.meetings if seat.since <= one.on <= seat.last]
    first, last = seat.since.toordinal(), seat.last.toordinal()
    away = [
        (Spell(begun, last if end is None else end), ids) for begun, end, ids in missed(meetings, seat.organisation_id)
    ]
    every = [*silent, *(one for one, _ in away)]

    @cache
    def holds(day: int) -> bool:
        return any(one.first <= day <= one.last for one in every)

    changes = [day for one in every for day in (one.first, one.last + 1)]
    for spell in spells(holds, changes, first, last):
        stayed_away = next((ids for one, ids in away if one.first <= spell.first <= one.last), None)
        if stayed_away is not None:
            says = f"{{{seat.organisation_id}}} was missed at two meetings in a row."
            yield seat.of_state("quiet", spell, says=says, event_ids=stayed_away)
        else:
            yield silent_point(seat, silence, spell)


def silent_point(seat: Seat, silence: Silence, spell: Spell) -> Point | None:
    found = silence.tempo_on(spell.first)
    last_on = found.counted["last_on"]
    says = (
        "Nothing has been given and confirmed in this partnership yet, and it should have been by now."
        if last_on is None
        else f"Nothing has been given and confirmed since {spoken(last_on)}, three times as long as is usual here."
    )
    return seat.of_state("quiet", spell, says=says, event_ids=found.event_ids)
