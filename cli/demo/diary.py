"""The diary of the demonstration: who says what on which day, before any of it is posted."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final
from zoneinfo import ZoneInfo

from ledger.domain.fact import Speaker
from ledger.posted import Posted

ZONE: Final = ZoneInfo("Europe/London")
OFFICE_OPENS: Final = time(8, 0)
OFFICE_MINUTES: Final = 540


@dataclass(frozen=True, slots=True)
class EventIdOf:
    """Stands in the data for the event id that the ledger gave to an entry of the diary."""

    entry: str


@dataclass(frozen=True, slots=True)
class LastPosition:
    """Stands in the data for the position of the last fact before its sitting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event to post: at which moment the clock stands, and who speaks."""

    at: datetime
    speaker: Speaker
    posted: Posted


class Diary:
    """Collects entries in any order and gives them back week by week. What lies after `last` has not happened yet."""

    def __init__(self, seed: int, last: date) -> None:
        self.source = f"urn:pledger:demo:{seed}"
        self.last = last
        self._seed = seed
        self._entries: list[Entry] = []
        self._said: Counter[tuple[str, str]] = Counter()

    def id(self, kind: str, name: str | int) -> str:
        """The id of a thing: the same for the same seed."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.source}:{kind}:{name}"))

    def note(
        self,
        day: date,
        who: Speaker,
        type_name: str,
        subject: str | None,
        /,
        *,
        for_: str | None = None,
        **data: Any,
    ) -> str:
        """Puts an event into the diary and answers the entry's name.

        Names that Python keeps to itself lose their trailing underscore, members that are None are left out, days
        become text. `for_` names the organisation a coordinator or a machine records for.
        """
        self._said[type_name, subject or ""] += 1
        name = f"{type_name}/{subject or ''}/{self._said[type_name, subject or '']}"
        if day > self.last:
            return name
        posted = Posted(
            type=type_name,
            subject=subject,
            data={key.rstrip("_"): plain(value) for key, value in data.items() if value is not None},
            source=self.source,
            id=name,
            recordedfor=for_,
        )
        self._entries.append(Entry(at=desk_time(day, who), speaker=who, posted=posted))
        return name

    def entries(self) -> list[Entry]:
        """All that has happened, in the order in which it was recorded."""
        return sorted(self._entries, key=lambda one: (one.at, one.speaker.principal))

    def sittings(self) -> Iterator[tuple[datetime, Speaker, list[Posted]]]:
        """The entries, together where one principal records several at one sitting."""
        for (at, speaker), entries in groupby(self.entries(), key=lambda one: (one.at, one.speaker)):
            yield at, speaker, [one.posted for one in entries]


def plain(value: Any) -> Any:
    """A value as JSON carries it."""
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {key: plain(part) for key, part in value.items() if part is not None}
        case list() | tuple() | frozenset():
            parts = sorted(value) if isinstance(value, frozenset) else value
            return [plain(part) for part in parts]
    return value


def desk_time(day: date, who: Speaker) -> datetime:
    """When somebody sits down with the ledger on a day: always at the same time of day for one principal."""
    minute = int(who.principal.replace("-", ""), 16) % OFFICE_MINUTES
    return datetime.combine(day, OFFICE_OPENS, ZONE) + timedelta(minutes=minute)
