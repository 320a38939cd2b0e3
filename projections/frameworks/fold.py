"""From facts to versions of frameworks and calendars. Rows are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from ledger.domain import shape
from ledger.domain.calendar.facts import TermsSet
from ledger.domain.fact import AnyFact
from ledger.domain.framework.facts import Published
from projections.frameworks.rows import CALENDARS, FRAMEWORKS, CalendarYear, FrameworkVersion
from projections.tables import Changes, Loader
from projections.view import View

VERSION: Final = 1


def frameworks_view(zone: ZoneInfo) -> View:
    """The view of frameworks and calendars; `zone` is the ledger's, in which days are counted."""
    return View(
        name="frameworks",
        version=VERSION,
        types=frozenset({"framework.published", "calendar.terms_set"}),
        schema=files(__package__).joinpath("schema.sql").read_text("utf-8"),
        tables=(FRAMEWORKS, CALENDARS),
        fold=partial(fold, zone=zone),
    )


def fold(facts: Sequence[AnyFact], loader: Loader, *, zone: ZoneInfo) -> Changes:
    """One row for each fact."""
    changes = Changes()
    for fact in facts:
        said_on = fact.occurred_at.astimezone(zone).date()
        data: Any = fact.data
        if isinstance(data, Published):
            parts = _json(data.components)
            changes.sheet(FRAMEWORKS).add(
                FrameworkVersion(fact.stream.id, fact.position, fact.version, data.owner_id, data.name, said_on, parts)
            )
        elif isinstance(data, TermsSet):
            changes.sheet(CALENDARS).add(
                CalendarYear(
                    fact.stream.id, fact.position, fact.version, data.for_, data.academic_year, said_on,
                    _json(data.terms), orjson.dumps([day.isoformat() for day in data.closed_days or ()]).decode(),
                )
            )  # fmt: skip
    return changes


def _json(parts: Sequence[Any]) -> str:
    return orjson.dumps([shape.write(part) for part in parts], option=orjson.OPT_SORT_KEYS).decode()
