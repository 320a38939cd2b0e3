"""Runs every benchmark, prints one table, and writes `bench/results/latest.json`.

`python -m bench [NAME …]` runs those of the given names only.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.rows import Row
from ledger.eventstore import embedded

HERE = Path(__file__).parent
NOT_A_QUESTION = {"__init__", "__main__", "rows", "contenders"}


def main(names: Sequence[str]) -> None:
    """Measure, print, write."""
    console = Console(width=140)
    found = []
    for row in _measured(names or sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NOT_A_QUESTION)):
        console.print(f"{row.name}: {row.ours:,.1f} / {row.other:,.1f} {row.unit} = {row.ratio:.2f}")
        found.append(row)
    console.print(_table(found))
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "latest.json").write_text(json.dumps({"rows": [_entry(row) for row in found]}, indent=1) + "\n")


def _measured(names: Sequence[str]) -> Iterator[Row]:
    for name in names:
        with tempfile.TemporaryDirectory(prefix="pledger-bench-") as folder, embedded.start(Path(folder)) as server:
            yield from import_module(f"bench.{name}").measure(server, Path(folder))


def _entry(row: Row) -> dict[str, object]:
    return {**asdict(row), "ratio": round(row.ratio, 3), "met": row.met}


def _table(rows: Sequence[Row]) -> Table:
    table = Table("what", "ours", "other", "unit", "ratio", "target", "met")
    for row in rows:
        sign = "≤" if row.at_most else "≥"
        table.add_row(
            row.name, f"{row.ours:,.1f}", f"{row.other:,.1f}", row.unit, f"{row.ratio:.2f}x",
            f"{sign} {row.target}x", "yes" if row.met else "no",
        )  # fmt: skip
    return table


if __name__ == "__main__":
    main(sys.argv[1:])
