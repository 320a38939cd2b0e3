"""A trust's own spreadsheet of past support: each row becomes a delivery that its receiver may still confirm."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cli.imports.alike import Alike, Told, minutes_told, tariff_on
from cli.imports.report import Remark, Report
from cli.imports.schools import reason_of
from cli.imports.table import Row, Table
from cli.naming import Directory
from ledger.domain.fact import Speaker
from ledger.errors import Refusal
from ledger.posted import Posted, Receipt
from ledger.service import Ledger
from ledger.voice import require_role

FIELDS: Final = {
    "giver": "who gave the support (a name as in the directory, a URN or an id)",
    "receiver": "who received it",
    "date": "the day, as 2026-03-14 or 14/03/2026",
    "quantity": "how much, a number",
    "unit": "minute, hour, lesson, session, half_day, day or twilight",
    "category": "a category of support, such as maths",
}
UNITS: Final = {
    "min": "minute", "mins": "minute", "minutes": "minute", "h": "hour", "hr": "hour", "hrs": "hour", "hours": "hour",
    "days": "day", "d": "day", "sessions": "session", "half day": "half_day", "half days": "half_day",
    "lessons": "lesson", "twilights": "twilight",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where each field comes from: a column of the file, or (for unit and category) one value for all rows."""

    columns: Mapping[str, str]
    fixed: Mapping[str, str]

    def value(self, row: Row, name: str) -> str:
        column = self.columns.get(name)
        return self.fixed.get(name, "") if column is None else row.cells.get(column, "")

    def column(self, name: str) -> str:
        return self.columns.get(name, name)


class SupportImport:
    """One run over one file. `source` and each row's content make its id, so that a second run changes nothing."""

    def __init__(
        self, ledger: Ledger, speaker: Speaker, directory: Directory, mapping: ColumnMapping, source: str,
        partnership_id: str | None, progress: Callable[[int, int], None], *, allow_alike: bool = False,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._speaker = speaker
        self._directory = directory
        self._mapping = mapping
        self._source = source
        self._partnership_id = partnership_id
        self._progress = progress
        self._allow_alike = allow_alike
        self._seen: dict[str, int] = {}

    def run(self, table: Table) -> Report:
        """Goes through the rows in order and answers what became of each. Safe to interrupt and to run again.

        Raises ColumnsMissing, and RoleForbidden before anything is read.
        """
        require_role("support.delivered", self._speaker)
        report = Report({}, [])
        table.require(self._mapping.columns.values())
        days = {on for row in table.rows if (on := day_of(self._mapping.value(row, "date"))) is not None}
        alike = Alike(self._ledger, self._speaker, self._source, days)
        for done, row in enumerate(table.rows, 1):
            remark = self._row(row, report, alike)
            if remark is not None:
                report.outcomes[row.line] = remark.outcome
                report.remarks.append(remark)
            if done % 20 == 0 or done == len(table.rows):
                self._progress(done, len(table.rows))
        return report

    def _row(self, row: Row, report: Report, alike: Alike) -> Remark | None:
        read = self._read(row)
        if isinstance(read, Remark):
            return read
        place = None if self._allow_alike else alike.place_of(self._told(read), row.line)
        if place is not None:
            return Remark(row.line, None, "refused", f"looks like {place}; --allow-alike takes it all the same")
        try:
            receipt: Receipt = self._ledger.post(self._speaker, read)
        except Refusal as refusal:
            return Remark(row.line, None, "refused", reason_of(refusal))
        report.outcomes[row.line] = "unchanged" if receipt.replayed else "recorded"
        return None

    def _read(self, row: Row) -> Posted | Remark:
        if row.broken is not None:
            return Remark(row.line, None, "refused", row.broken)
        ids = {}
        for name in ("giver", "receiver"):
            text = self._mapping.value(row, name)
            found = self._directory.find(text)
            if len(found) != 1:
                return self._wrong(row, name, f"{text} is {'more than one' if found else 'no'} organisation here")
            ids[name] = found[0].id
        text = self._mapping.value(row, "date")
        on = day_of(text)
        if on is None:
            return self._wrong(row, "date", f"{text} is no day: write 2026-10-05 or 05/10/2026")
        if not self._mapping.value(row, "quantity"):
            return self._wrong(row, "quantity", "")
        return self._posted(row, ids, on)

    def _wrong(self, row: Row, name: str, reason: str) -> Remark:
        """A remark on the cell of a field; an empty one is called empty, whatever else is wrong with it."""
        said = reason if self._mapping.value(row, name) else "the cell is empty"
        return Remark(row.line, self._mapping.column(name), "refused", said)

    def _told(self, posted: Posted) -> Told:
        data = posted.data
        on = date.fromisoformat(data["delivered_on"])
        tariff = tariff_on(self._ledger, self._partnership_id, on)
        minutes = minutes_told(data["amount"]["quantity"], data["amount"]["unit"], tariff)
        return Told(data["giver_id"], data["receiver_id"], on, minutes, data["category"])

    def _posted(self, row: Row, ids: dict[str, str], on: date) -> Posted:
        unit = self._mapping.value(row, "unit").lower()
        quantity = re.sub(r"^(\d+),(\d+)$", r"\1.\2", self._mapping.value(row, "quantity"))
        category = self._mapping.value(row, "category").lower().replace(" ", "_").replace("&", "and")
        content = "|".join((ids["giver"], ids["receiver"], on.isoformat(), quantity, unit, category))
        count = self._seen[content] = self._seen.get(content, 0) + 1
        digest = hashlib.sha256(f"{content}|{count}".encode()).hexdigest()[:32]
        data: dict[str, Any] = {
            "delivery_id": f"imported-{digest[:16]}",
            "amount": {"quantity": quantity, "unit": UNITS.get(unit, unit)},
            "delivered_on": on.isoformat(),
            "giver_id": ids["giver"],
            "receiver_id": ids["receiver"],
            "category": category or "other",
            "imported": True,
        }
        if self._partnership_id is not None:
            data["partnership_id"] = self._partnership_id
        own = self._speaker.organisations == {ids["giver"]}
        recorded_for = None if own else ids["giver"]
        return Posted(type="support.delivered", data=data, source=self._source, id=digest, recordedfor=recorded_for)


def day_of(text: str) -> date | None:
    """A day written year first or, as in the United Kingdom, day first."""
    found = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
    try:
        if found:
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        return None
