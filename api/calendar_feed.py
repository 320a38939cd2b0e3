"""A reader's days ahead as a calendar (RFC 5545): whole days and names; no people, no texts, no reasons."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from projections.diary.answering import Diary
from projections.diary.entries import Entry, Kind

PRODUCT: Final = "-//Partnership Ledger//Calendar feed 1//EN"
REFRESH: Final = timedelta(hours=6)
DAY: Final = timedelta(days=1)

TITLES: Final[Mapping[Kind, str]] = {
    "review": "Review of the partnership due",
    "peer_review": "Peer review planned",
    "notice_by": "Last day to give notice",
    "point_opens": "A point at which a partner may leave opens",
    "offer_ends": "Offer runs out",
    "request_ends": "Request runs out",
}


def calendar(diary: Diary, name: str, zone: str, origin: str, today: date) -> bytes:
    """The calendar's text. Its days are the ledger's, in `zone`; its bytes change with its entries and the day."""
    from icalendar import Calendar

    made = Calendar()
    made.add("version", "2.0")
    made.add("prodid", PRODUCT)
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", zone)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT6H")
    if diary.left_out:
        made.add("x-wr-caldesc", f"{diary.left_out} further partnerships are in your scope and not in this calendar.")
    for entry in diary.entries:
        made.add_component(event_of(entry, diary.names, origin, today))
    return bytes(made.to_ical())


def event_of(entry: Entry, names: Mapping[str, str], origin: str, today: date) -> Any:
    """One whole day, which keeps nobody from anything else."""
    from icalendar import Event

    made = Event()
    made.add("uid", uid_of(entry, origin))
    made.add("dtstamp", datetime.combine(today, time(), UTC))
    made.add("dtstart", entry.on)
    made.add("dtend", entry.on + DAY)
    made.add("summary", title_of(entry, names))
    made.add("categories", [entry.kind])
    made.add("transp", "TRANSPARENT")
    return made


def title_of(entry: Entry, names: Mapping[str, str]) -> str:
    """What it is, and whose: the organisation, then the partnership, as far as the reader knows their names."""
    ids = (entry.organisation_id, entry.partnership_id)
    whose = ", ".join(names[one] for one in ids if one is not None and one in names)
    return f"{TITLES[entry.kind]}: {whose}" if whose else TITLES[entry.kind]


def uid_of(entry: Entry, origin: str) -> str:
    """The same for the same thing whenever and by whomever it is read; no id can be read out of it."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{origin}\n{entry.kind}\n{entry.key}"))
