"""Frameworks and calendars, as the OpenAPI document tells of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, get_args

import marshmallow as ma

from api.schemas import words
from api.schemas.fields import Id, Told, wrong
from api.schemas.figures import Header
from api.schemas.queries import Dated, Paged
from api.schemas.words import days, integer, many, text, truth, uuid
from ledger.domain.calendar.facts import CalendarFor
from ledger.errors import FieldError

FORM: Final = get_args(CalendarFor)[1]
FOR: Final = "`ledger`, a three-digit local authority code, or an organisation's id"


class Whom(Told):
    """Whose calendar it is."""

    schema: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": f"^(?:{FORM.regex})$"}

    def read(self, value: Any, errors: list[FieldError]) -> str | None:
        if not isinstance(value, str) or not re.fullmatch(FORM.regex, value.lower()):
            wrong(errors, f"must be {FORM.meaning}")
            return None
        return value.lower()


class VersionsQuery(Dated, Paged):
    """Versions as of a day, as known at a position or moment."""


class FrameworksQuery(VersionsQuery):
    """Frameworks."""

    owner = Id("the organisation that published it")


class CalendarsQuery(VersionsQuery):
    """Term calendars."""

    for_ = Whom(FOR, data_key="for")


class Component(words.Told):
    """One component of a framework."""

    component_id = text("its id in the framework")
    statement = text("what it says")
    stance = text("required, expected or free")


class Framework(words.Told):
    """A framework in its version of the day."""

    id = uuid("its id")
    version = integer("how often it was published by then")
    position = integer("of the fact that published it")
    owner_id = uuid("who published it")
    name = text("its name")
    published_on = days("when")
    components = many(Component, "in the order of publishing")


class Term(words.Told):
    """One term."""

    name = text("its name")
    starts_on = days("its first day")
    ends_on = days("its last day")


class Calendar(words.Told):
    """The terms of one academic year, as last set."""

    id = uuid("of the calendar")
    version = integer("of the calendar")
    position = integer("of the fact that set it")
    for_ = ma.fields.String(required=True, data_key="for", metadata={"description": FOR})
    academic_year = text("such as 2026/27")
    set_on = days("when")
    terms = many(Term, "in order")
    closed_days = many(None, "days inside the terms that do not count")


class Versions(Header):
    """A page of versions."""

    next = text("the cursor for what follows")
    has_more = truth("whether there is more now")


class Frameworks(Versions):
    """Frameworks by name."""

    items = many(Framework, "on this page")


class Calendars(Versions):
    """Calendars by whom they are for, then by academic year."""

    items = many(Calendar, "on this page")
