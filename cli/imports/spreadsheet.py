"""A trust's own spreadsheet of past support: each row becomes a delivery that its receiver may still confirm."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from cli.imports.report import Remark, Report
from cli.imports.schools import reason_of
from cli.imports.table import Row, Table
from cli.naming import Directory
from ledger.domain.fact import Speaker
from ledger.errors import Refusal
from ledger.posted import Posted, Receipt
from ledger.service import Ledger

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
        partnership_id: str | None, progress: Callable[[int, int], None],
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._speaker = speaker
        self._directory = directory
        self._mapping = mapping
        self._source = source
        self._partnership_id = partnership_id
        self._progress = progress
        self._seen: dict[str, int] = {}

    def run(self, table: Table) -> Report:
        """Goes through the rows in order and answers what became of each. Safe to interrupt and to run again."""
        report = Report({}, [])
        table.require(self._mapping.columns.values())
        for done, row in enumerate(table.rows, 1):
            remark = self._row(row, report)
            if remark is not None:
                report.outcomes[row.line] = remark.outcome
                report.remarks.append(remark)
            if done % 20 == 0 or done == len(table.rows):
                self._progress(done, len(table.rows))
        return report

    def _row(self, row: Row, report: Report) -> Remark | None:
        read = self._read(row)
        if isinstance(read, Remark):
            return read
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
                reason = (
                    f"{text or 'nothing'} is {'no organisation' if not found else 'more than one organisation'} here"
                )
                return Remark(row.line, self._mapping.column(name), "refused", reason)
            ids[name] = found[0].id
        on = day_of(self._mapping.value(row, "date"))
        if on is None:
            text = self._mapping.value(row, "date")
            return Remark(row.line, self._mapping.column("date"), "refused", f"{text or 'nothing'} is no day")
        return self._posted(row, ids, on)

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


def waiting(ledger: Ledger, speaker: Speaker) -> list[tuple[str, str, Any]]:
    """The imported deliveries that the speaker's organisations may confirm: (support id, delivery id, delivery)."""
    from ledger.eventstore.searching import FactQuery

    found = []
    for organisation_id in sorted(speaker.organisations):
        query = FactQuery(types=("support.delivered",), organisation=organisation_id, limit=1000)
        while True:
            page = ledger.facts(query)
            for fact in page.facts:
                if not fact.data.imported:
                    continue
                state = ledger.state("support", fact.stream.id)
                delivery = state.deliveries[fact.data.delivery_id]
                if delivery.status == "claimed" and state.receiver_id == organisation_id:
                    found.append((fact.stream.id, fact.data.delivery_id, delivery))
            if not page.has_more:
                break
            query = FactQuery(
                types=query.types, organisation=organisation_id, limit=query.limit, after=page.last_position
            )
    return found
