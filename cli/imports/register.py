"""Two layouts of a public register of schools, read row by row into what the ledger would hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cli.imports.report import Remark
from cli.imports.table import ColumnsMissing, Row, Table
from ledger.domain.organisation.facts import IDENTIFIER_FORMS

GIAS: Final = (
    "URN", "LA (code)", "EstablishmentNumber", "EstablishmentName", "PhaseOfEducation (name)",
    "EstablishmentStatus (name)", "Trusts (code)", "Trusts (name)", "UKPRN", "NumberOfPupils", "GOR (name)",
    "OpenDate", "CloseDate",
)  # fmt: skip
BY_TRUST: Final = (
    "trust_name", "trust_uid", "trust_ref", "trust_ukprn", "companies_house", "urn", "school", "phase", "dateJoined",
)  # fmt: skip
NOTHING: Final = frozenset({"", "not applicable", "does not apply", "not recorded"})


@dataclass(slots=True)
class Entry:
    """What one row says: `school` and `trust` are data of `organisation.registered`, without what is unsound."""

    line: int
    urn: str
    school: dict[str, Any]
    trust: dict[str, Any] | None = None
    trust_uid: str | None = None
    joined_on: date | None = None
    closed_on: date | None = None
    warnings: list[Remark] = field(default_factory=list)

    def warn(self, column: str, reason: str) -> None:
        self.warnings.append(Remark(self.line, column, "warned", reason))


Read = Callable[[Row], "Entry | Remark"]


def reader_for(table: Table) -> Read:
    """The reader of the table's layout. Raises ColumnsMissing when it is neither."""
    if "URN" in table.header:
        table.require(GIAS)
        return read_gias
    if "urn" in table.header:
        table.require(BY_TRUST)
        return read_by_trust
    detail = f"{table.file.name} has neither the column URN nor urn: it is no register of schools this program knows"
    raise ColumnsMissing(detail, file=str(table.file), missing=("URN",), found=table.header)


def refusal(row: Row, urn: str, name: str, columns: tuple[str, str]) -> Remark | None:
    """Why a row cannot go in at all: it is broken, or without a well-formed URN or a name."""
    if row.broken is not None:
        return Remark(row.line, None, "refused", row.broken)
    if not re.fullmatch(IDENTIFIER_FORMS["urn"][0], urn, re.ASCII):
        return Remark(row.line, columns[0], "refused", f"{urn or 'nothing'} is no URN (six digits)")
    if not name or len(name) > 200:
        return Remark(row.line, columns[1], "refused", "there is no name of 1 to 200 characters")
    return None


def read_gias(row: Row) -> Entry | Remark:
    """A row of the register's own layout (`edubasealldata`)."""
    cell = row.cells.get
    urn, name = cell("URN", ""), cell("EstablishmentName", "")
    refused = refusal(row, urn, name, ("URN", "EstablishmentName"))
    if refused is not None:
        return refused
    entry = Entry(row.line, urn, {"name": name, "kind": "school", "identifiers": [{"scheme": "urn", "value": urn}]})
    add_identifier(entry, entry.school, "ukprn", cell("UKPRN", ""), "UKPRN")
    authority, number = cell("LA (code)", ""), cell("EstablishmentNumber", "")
    if re.fullmatch(r"[1-9]\d\d", authority):
        entry.school["local_authority"] = authority
        add_identifier(entry, entry.school, "laestab", f"{authority}/{number}" if number else "", "EstablishmentNumber")
    elif authority:
        entry.warn("LA (code)", f"{authority} is no local authority's code; left out, and the LAESTAB with it")
    add_text(entry, "phase", cell("PhaseOfEducation (name)", ""))
    add_text(entry, "region", cell("GOR (name)", ""))
    add_pupils(entry, cell("NumberOfPupils", ""))
    opened = day_of(entry, "OpenDate", cell("OpenDate", ""))
    if opened is not None:
        entry.school["opened_on"] = opened.isoformat()
    add_closing(entry, cell("EstablishmentStatus (name)", ""), day_of(entry, "CloseDate", cell("CloseDate", "")))
    add_trust(entry, cell("Trusts (name)", ""), cell("Trusts (code)", ""), "Trusts (code)")
    entry.joined_on = opened if entry.trust is not None else None
    return entry


def read_by_trust(row: Row) -> Entry | Remark:
    """A row of a list of trusts with their schools."""
    cell = row.cells.get
    urn, name = cell("urn", ""), cell("school", "")
    refused = refusal(row, urn, name, ("urn", "school"))
    if refused is not None:
        return refused
    entry = Entry(row.line, urn, {"name": name, "kind": "school", "identifiers": [{"scheme": "urn", "value": urn}]})
    add_text(entry, "phase", cell("phase", ""))
    add_trust(entry, cell("trust_name", ""), cell("trust_uid", ""), "trust_uid")
    if entry.trust is not None:
        for scheme, column in (("ukprn", "trust_ukprn"), ("trust_ref", "trust_ref"), ("companies_house",) * 2):
            add_identifier(entry, entry.trust, scheme, cell(column, ""), column)
        entry.joined_on = day_of(entry, "dateJoined", cell("dateJoined", ""))
    return entry


def add_identifier(entry: Entry, data: dict[str, Any], scheme: str, value: str, column: str) -> None:
    """Adds an optional identifier; an unsound one is left out with a warning."""
    if not value:
        return
    form, meaning = IDENTIFIER_FORMS[scheme]
    if re.fullmatch(form, value, re.ASCII):
        data["identifiers"].append({"scheme": scheme, "value": value})
    else:
        entry.warn(column, f"{value} is left out: a {scheme} is {meaning}")


def add_text(entry: Entry, member: str, text: str) -> None:
    if text.lower() not in NOTHING:
        entry.school[member] = text[:300]


def add_pupils(entry: Entry, text: str) -> None:
    if text.isdigit() and int(text) <= 20_000:
        entry.school["pupils"] = int(text)
    elif text:
        entry.warn("NumberOfPupils", f"{text} is no number of pupils; left out")


def add_closing(entry: Entry, status: str, closes_on: date | None) -> None:
    """A school that the register calls closed is closed on its date; a date alone is only reported."""
    if status.lower() == "closed" and closes_on is None:
        entry.warn("CloseDate", "closed without a day; registered as open")
    elif status.lower() == "closed":
        entry.closed_on = closes_on
    elif closes_on is not None:
        entry.warn("CloseDate", f"proposed to close on {closes_on}; registered as open")


def add_trust(entry: Entry, name: str, uid: str, column: str) -> None:
    if not name and not uid:
        return
    if not re.fullmatch(IDENTIFIER_FORMS["trust_uid"][0], uid, re.ASCII) or not 0 < len(name) <= 200:
        entry.warn(column, f"{uid or 'nothing'} is no trust's UID with a name; the school is registered without it")
        return
    entry.trust_uid = uid
    entry.trust = {"name": name, "kind": "trust", "identifiers": [{"scheme": "trust_uid", "value": uid}]}


def day_of(entry: Entry, column: str, text: str) -> date | None:
    """A day written `dd-mm-yyyy`, `dd/mm/yyyy` or `yyyy-mm-dd`; another form is a warning."""
    if not text:
        return None
    for candidate in forms_of(text):
        try:
            return date.fromisoformat(candidate)
        except ValueError:
            continue
    entry.warn(column, f"{text} is no day; left out")
    return None


def forms_of(text: str) -> Iterator[str]:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        yield text
    found = re.fullmatch(r"(\d\d)[-/](\d\d)[-/](\d{4})", text)
    if found:
        yield f"{found[3]}-{found[2]}-{found[1]}"
