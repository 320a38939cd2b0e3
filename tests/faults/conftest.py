"""A home with a ledger that clients may write to, and the certificate of what the faults did to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.settings import Settings, load

CERTIFICATE = Path(__file__).parents[2] / "faults.json"
TOTALS = ("acknowledged", "lost", "forks", "doubled")


@pytest.fixture
def home_settings(tmp_path: Path) -> Settings:
    """The settings of a ledger on an embedded database of its own."""
    return load({"PLEDGER_HOME": str(tmp_path / "home"), "PLEDGER_ORIGIN": "faults.example"})


@pytest.fixture(scope="session")
def certify() -> Callable[[dict[str, Any]], None]:
    """Takes one row per test; the certificate is written after each, so that it says what has been seen so far."""
    rows: list[dict[str, Any]] = []

    def take(row: dict[str, Any]) -> None:
        rows.append(row)
        totals = {name: sum(one[name] for one in rows) for name in TOTALS}
        CERTIFICATE.write_text(json.dumps({"totals": totals, "tests": rows}, indent=2) + "\n", "utf-8")

    CERTIFICATE.unlink(missing_ok=True)
    return take
