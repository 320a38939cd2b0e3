"""Runs every benchmark, prints one table, and writes `bench/results/latest.json`.

A benchmark is a module of this folder with a `measure(server, folder)` that gives rows. `python -m bench [NAME …]` runs
those of the given names only, and leaves the other rows of the file as they are.
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
RESULTS = HERE / "results" / "latest.json"


def main(names: Sequence[str]) -> None:
    """Measure, print, write."""
    console = Console(width=140)
    found = []
    for row in _measured(names or sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("__"))):
        console.print(f"{row.name}: {row.ours:,.1f} / {row.other:,.1f} {row.unit} = {row.ratio:.2f}")
        found.append(row)
    console.print(_table(found))
    rows = [_entry(row) for row in found]
    if names and RESULTS.exists():
        measured = {row.name for row in found}
        rows = [row for row in json.loads(RESULTS.read_text())["rows"] if row["name"] not in measured] + rows
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"rows": rows}, indent=1) + "\n")


def _measured(names: Sequence[str]) -> Iterator[Row]:
    for name in names:
        measure = getattr(import_module(f"bench.{name}"), "measure", None)
        if measure is None:
            continue
        # The server's watcher may write its last line while the folder is being removed.
        with (
            tempfile.TemporaryDirectory(prefix="pledger-bench-", ignore_cleanup_errors=True) as folder,
            embedded.start(Path(folder)) as server,
        ):
            yield from measure(server, Path(folder))


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
