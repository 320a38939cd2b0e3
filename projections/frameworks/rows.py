"""The rows: one for each version of a framework, one for each time the terms of a year were set."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from projections.tables import Table


class FrameworkVersion(NamedTuple):
    """A framework as published at the position `known_from`; `components` is JSON, in the order of publishing."""

    framework_id: str
    known_from: int
    version: int
    owner_id: str
    name: str
    published_on: date
    components: str


class CalendarYear(NamedTuple):
    """The terms of one academic year for the ledger, a local authority or an organisation; `terms` is JSON."""

    calendar_id: str
    known_from: int
    version: int
    for_whom: str
    academic_year: str
    set_on: date
    terms: str
    closed_days: str


FRAMEWORKS: Final = Table("frameworks_version", FrameworkVersion, key=("framework_id", "known_from"))
CALENDARS: Final = Table("frameworks_calendar", CalendarYear, key=("calendar_id", "known_from"))
