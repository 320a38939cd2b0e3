"""What became of each row of an import, for people and for a file."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

import click

from cli.output import harmless, print_table

Outcome = Literal["registered", "changed", "recorded", "unchanged", "warned", "refused"]
SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one cell; `column` is None where the whole row is meant."""

    line: int
    column: str | None
    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """`outcomes` holds one outcome per row, by line: together they are all the rows there were."""

    outcomes: dict[int, Outcome]
    remarks: list[Remark]

    def totals(self) -> dict[str, int]:
        return dict(Counter(self.outcomes.values()))


def show(report: Report, title: str) -> None:
    """The totals, then the remarks as a table (the first 40)."""
    click.echo(f"{title}: {summary(report)}")
    if not report.remarks:
        return
    rows = [(one.line, one.column or "", one.outcome, one.reason) for one in report.remarks[:SHOWN]]
    print_table("", ("line", "column", "outcome", "reason"), rows, frozenset({0}), wrap={3})
    if len(report.remarks) > SHOWN:
        click.echo(f"and {len(report.remarks) - SHOWN} more; --report FILE holds them all.")


def summary(report: Report) -> str:
    """How many rows are in, how many of them with a remark, how many refused, and what became of the others."""
    totals = report.totals()
    remarked, refused = totals.pop("warned", 0), totals.pop("refused", 0)
    remarks = f" ({remarked} with a remark)" if remarked else ""
    others = ", ".join(f"{count} {outcome}" for outcome, count in sorted(totals.items()))
    said = f"{sum(totals.values()) + remarked} rows are in{remarks}, {refused} refused."
    return f"{said} Without a remark: {others}." if others else said


def write(report: Report, file: Path) -> None:
    """Writes the whole report: JSON when the name ends so, else CSV."""
    remarks = sorted(report.remarks, key=lambda one: one.line)
    if file.suffix == ".json":
        content: dict[str, Any] = {
            "rows": len(report.outcomes),
            "totals": report.totals(),
            "remarks": [asdict(one) for one in remarks],
        }
        file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
        return
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("line", "column", "outcome", "reason"))
        writer.writerows(cells_of(one) for one in remarks)


def cells_of(one: Remark) -> Sequence[Any]:
    return (one.line, harmless(one.column or ""), one.outcome, harmless(one.reason))
