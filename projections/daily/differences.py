"""What differs between two looks at a partnership: its band, and the state of each point of its partners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from projections.daily.rows import Noticed
from projections.health.measures import RULE_VERSION as HEALTH
from projections.withdrawal.points import RULE_VERSION as WITHDRAWAL
from projections.withdrawal.points import Point

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Look:
    """A partnership as it was seen on a day, by what was known then: its band, and its points in the order of ids."""

    band: str = "unknown"
    points: Sequence[Point] = field(default=())

    def by_key(self) -> dict[Key, Point]:
        """The points by what they are about: a notice changes the id of one, and what it is about never."""
        return {(one.kind, one.organisation_id, one.key): one for one in self.points}


NOTHING = Look()
OVER = frozenset({None, "passed"})
"""Late facts may make or unmake points of the past that nobody could take any more: they are no news."""


def differences(
    partnership_id: str, day: date, known_at: int, before: Look, after: Look, events: Sequence[str]
) -> list[Noticed]:
    """One row for the band where it changed, and one for each point whose state did. `events` came between the two."""
    found = [*band_changed(before, after, events), *points_changed(before.by_key(), after.by_key())]
    return [
        Noticed(partnership_id, day, part, known_at, *rest)  # type: ignore[arg-type]  # the rest of its members
        for part, rest in enumerate(found)
    ]


def band_changed(before: Look, after: Look, events: Sequence[str]) -> Iterator[tuple[object, ...]]:
    if before.band != after.band:
        yield "health_band", None, before.band, after.band, None, None, None, HEALTH, list(events)


def points_changed(before: Mapping[Key, Point], after: Mapping[Key, Point]) -> Iterator[tuple[object, ...]]:
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key), after.get(key)
        states = None if was is None else was.state, None if now is None else now.state
        told = now or was
        if told is not None and states[0] != states[1] and not OVER.issuperset(states):
            yield (
                "point", told.organisation_id, *states, told.point_id, told.kind, told.says, WITHDRAWAL,
                list(told.event_ids),
            )  # fmt: skip
