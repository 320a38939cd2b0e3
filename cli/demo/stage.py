"""The stage: every organisation of the demonstration with its people and voices, the calendar and the diary."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any, Final

from cli.demo.diary import Diary
from cli.demo.names import ClusterPlan
from cli.demo.school_year import is_school_day, monday_of, on_or_after
from ledger.domain.fact import Speaker

WEEKS: Final = 78


@dataclass(slots=True, kw_only=True)
class Organisation:
    """`voice` is its first principal, `second` another one (a chair of governors). `people` are ids by role."""

    key: str
    id: str
    name: str
    voice: Speaker
    second: Speaker | None = None
    authority: str | None = None
    shift_days: int = 0
    trust: str | None = None
    people: dict[str, str] = field(default_factory=dict)
    weekday: int = 0
    phase: str = "primary"

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(slots=True, kw_only=True)
class Cluster:
    """A partnership of the programme. `net` are planned minutes given less got; `until` is when a school stops."""

    plan: ClusterPlan
    id: str
    coordinator: Organisation
    schools: list[Organisation]
    since: date
    net: Counter[str] = field(default_factory=Counter)
    begins: dict[str, date] = field(default_factory=dict)
    until: dict[str, date] = field(default_factory=dict)
    closed_on: date | None = None
    handed_over: tuple[date, Organisation] | None = None

    def coordinator_on(self, day: date) -> Organisation:
        """Who coordinates on a day: one cluster changes hands on the way."""
        if self.handed_over is not None and day > self.handed_over[0]:
            return self.handed_over[1]
        return self.coordinator

    def active(self, day: date, *, for_days: int = 0) -> list[Organisation]:
        """The schools that take part on a day and for so many days after it."""
        end = day + timedelta(days=for_days)
        return [
            one
            for one in self.schools
            if self.begins.get(one.key, self.since) <= day and end < self.until.get(one.key, date.max)
        ]


class Stage:
    """Everything that the parts of the demonstration share. Draws are by section, so that one never moves another."""

    def __init__(self, seed: int, today: date) -> None:
        self.seed = seed
        self.today = today
        self.diary = Diary(seed, today - timedelta(days=1))
        self.first = monday_of(today) - timedelta(weeks=WEEKS - 1)
        self.organisations: dict[str, Organisation] = {}
        self.clusters: dict[str, Cluster] = {}
        self.frameworks: dict[str, str] = {}
        self.note = self.diary.note
        self._numbers = count(1)

    def rng(self, section: str) -> Random:
        return Random(f"{self.seed}:{section}")

    def id(self, kind: str, name: str | int) -> str:
        return self.diary.id(kind, name)

    def new_id(self, kind: str) -> str:
        """The id of one more thing of a kind."""
        return self.id(kind, next(self._numbers))

    def speaker(self, role: Any, key: str, **more: Any) -> Speaker:
        return Speaker(principal=self.id("principal", key), role=role, **more)

    def week(self, number: int) -> date:
        """The Monday of a week, counted from 0."""
        return self.first + timedelta(weeks=number)

    def back(self, days: int) -> date:
        """So many days before today."""
        return self.today - timedelta(days=days)

    def school_day(self, day: date, one: Organisation) -> date:
        """The first school day on or after a day."""
        while not is_school_day(day, one.shift_days):
            day += timedelta(days=1)
        return day

    def weekday(self, day: date) -> date:
        """The first day on or after a day that is neither a Saturday nor a Sunday."""
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

    def office(self, one: Organisation, after: date) -> date:
        """The next weekday of an organisation after a day, in holidays too."""
        return on_or_after(after + timedelta(days=1), one.weekday)

    def desk(self, one: Organisation, after: date) -> date:
        """The next day after a day on which an organisation looks into the ledger: its own weekday, in term."""
        day = after + timedelta(days=1)
        while not (day.weekday() == one.weekday and is_school_day(day, one.shift_days)):
            day += timedelta(days=1)
        return day

    def __getitem__(self, key: str) -> Organisation:
        return self.organisations[key]

    @property
    def admin(self) -> Speaker:
        return self.speaker("admin", "admin")

    @property
    def auditor(self) -> Speaker:
        return self.speaker("auditor", "auditor", whole_ledger=True)

    def machine(self, key: str, *organisations: str) -> Speaker:
        """A client: the management information system of one organisation or several."""
        ids = frozenset(self[one].id for one in organisations)
        scopes = frozenset({"events:write", "events:read", "reports:read"})
        return self.speaker("client", key, organisations=ids, scopes=scopes)
