"""Frameworks and calendars as they were on a day: the version recorded last of those that were out by then."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any, Final, TypeVar

import orjson
import psycopg

from ledger.domain.values import UUID_FORM
from projections.asking import Asking
from projections.directory.queries import names
from projections.question import Header

Connection = psycopg.Connection[Any]
RULE_VERSION: Final = "frameworks/1"
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """One version, whole. `components` are {component_id, statement, stance}, in the order of publishing."""

    id: str
    version: int
    position: int
    owner_id: str
    name: str
    published_on: date
    components: tuple[Mapping[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        members = {name: getattr(self, name) for name in self.__slots__}
        return members | {"published_on": self.published_on.isoformat(), "components": list(self.components)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The terms of an academic year, as last set: {name, starts_on, ends_on} each."""

    id: str
    version: int
    position: int
    for_: str
    academic_year: str
    set_on: date
    terms: tuple[Mapping[str, str], ...]
    closed_days: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        members = {name.rstrip("_"): getattr(self, name) for name in self.__slots__}
        more = {"set_on": self.set_on.isoformat(), "terms": list(self.terms), "closed_days": list(self.closed_days)}
        return members | more


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list as of a day, as known at a position."""

    header: Header
    items: Sequence[Framework] | Sequence[Year]
    next: str
    has_more: bool
    names: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        items = [one.to_json() for one in self.items]
        return self.header.to_json(self.names, items=items, next=self.next, has_more=self.has_more)


def frameworks(asking: Asking, owner_id: str | None = None, *, after: str | None = None, limit: int = 100) -> Listing:
    """The frameworks that are out, each in its version of the day, by name and id; `after` is the `next` of a page."""
    found = frameworks_of(asking, None if owner_id is None else [owner_id])
    page = _page([(f"{one.name} {one.id}", one) for one in found], after, limit)
    scope = {"frameworks": "all"} if owner_id is None else {"owner": owner_id}
    return _listing(asking, page, after, limit, {one.owner_id for _, one in page}, scope)


def frameworks_of(asking: Asking, owners: Collection[str] | None) -> list[Framework]:
    """Every framework of these owners (None: of everybody) in its version of the day, by name and id."""
    rows = asking.connection.execute(
        "SELECT * FROM (SELECT DISTINCT ON (framework_id) framework_id, version, known_from, owner_id, name,"
        " published_on, components FROM frameworks_version"
        " WHERE known_from <= %(known_at)s AND published_on <= %(as_of)s"
        " ORDER BY framework_id, known_from DESC) f"
        " WHERE %(owners)s::uuid[] IS NULL OR owner_id = ANY (%(owners)s::uuid[]) ORDER BY name, framework_id",
        asking.question.parameters | {"owners": None if owners is None else sorted(owners)},
    )
    return [
        Framework(
            id=one, version=version, position=position, owner_id=owner, name=name, published_on=on,
            components=tuple(orjson.loads(components)),
        )
        for one, version, position, owner, name, on, components in rows
    ]  # fmt: skip


def calendars(asking: Asking, for_: str | None = None, *, after: str | None = None, limit: int = 100) -> Listing:
    """The terms of each academic year that were set, by (for whom, academic year); `after` is the `next` of a page."""
    found = years_of(asking, None if for_ is None else [for_])
    page = _page([(f"{one.for_} {one.academic_year}", one) for one in found], after, limit)
    ids = {one.for_ for _, one in page if UUID_FORM.fullmatch(one.for_)}
    return _listing(asking, page, after, limit, ids, {"calendars": "all"} if for_ is None else {"for": for_})


def _page(found: Iterable[tuple[str, T]], after: str | None, limit: int) -> list[tuple[str, T]]:
    """At most one more than `limit` of what follows a place, in the order of places."""
    return [pair for pair in sorted(found, key=itemgetter(0)) if after is None or pair[0] > after][: limit + 1]


def _listing(
    asking: Asking,
    page: Sequence[tuple[str, Any]],
    after: str | None,
    limit: int,
    ids: set[str],
    scope: Mapping[str, str],
) -> Listing:
    shown = page[:limit]
    return Listing(
        header=asking.header(RULE_VERSION, **scope),
        items=[one for _, one in shown],
        next=shown[-1][0] if shown else after or "",
        has_more=len(page) > limit,
        names=names(asking.connection, ids, asking.question),
    )


def years_of(asking: Asking, whom: Collection[str] | None) -> list[Year]:
    """The terms as last set of each academic year, for these (None: for everybody)."""
    rows = asking.connection.execute(
        "SELECT DISTINCT ON (for_whom, academic_year) calendar_id, version, known_from, for_whom, academic_year,"
        " set_on, terms, closed_days FROM frameworks_calendar"
        " WHERE known_from <= %(known_at)s AND set_on <= %(as_of)s"
        " AND (%(whom)s::text[] IS NULL OR for_whom = ANY (%(whom)s::text[]))"
        " ORDER BY for_whom, academic_year, known_from DESC",
        asking.question.parameters | {"whom": None if whom is None else sorted(whom)},
    )
    return [
        Year(
            id=one, version=version, position=position, for_=for_, academic_year=year, set_on=on,
            terms=tuple(orjson.loads(terms)), closed_days=tuple(orjson.loads(closed)),
        )
        for one, version, position, for_, year, on, terms, closed in rows
    ]  # fmt: skip


def framework_names(connection: Connection, ids: Iterable[str], known_at: int) -> dict[str, str]:
    """The names of frameworks as known at a position."""
    rows = connection.execute(
        "SELECT DISTINCT ON (framework_id) framework_id, name FROM frameworks_version"
        " WHERE framework_id = ANY (%s::uuid[]) AND known_from <= %s ORDER BY framework_id, known_from DESC",
        (sorted(ids), known_at),
    )
    return dict(rows.fetchall())
