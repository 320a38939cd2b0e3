"""Schemathesis against the served ledger: requests made from the document, good and bad, and in sequences.

Ordinarily a short look as one speaker; `--contract` is the whole, as each of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ledger.settings import Settings
from tests.api.calls import Town
from tests.api.process import living
from tests.contract.walking import lively

WITHOUT_LIMITS = {
    "PLEDGER_READS_PER_MINUTE": "0",
    "PLEDGER_REPORTS_PER_MINUTE": "0",
    "PLEDGER_FAILURES_PER_MINUTE": "0",
}
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("hooks.py")
WAIT_SECONDS = 900
SAMPLE = ("--phases", "examples,fuzzing", "--max-examples", "2")
WHOLE = ("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "10", "--max-time", "240")
# An admin that ends credentials ends its own: everybody else may try.
KEPT = ("--exclude-path", "/v1/credentials/{credential_id}")


@dataclass(frozen=True)
class Living:
    """A served town: its address, the keys of who speaks, and the ids of what is in it."""

    url: str
    keys: dict[str, str]
    ids: dict[str, str]


@pytest.fixture
def place(served: Town, settings: Settings) -> Iterator[Living]:
    ids = lively(served)
    with living(settings, **WITHOUT_LIMITS) as (url, _):
        yield Living(url, served.keys, ids)


def configured(place: Living, folder: Path) -> Path:
    """The configuration, with ids that are there for half of the requests."""
    lines = [CONFIGURATION.read_text("utf-8").replace("HOOKS", str(HOOKS)), "[dictionaries]"]
    lines += [
        f"{name} = {{ values = {json.dumps([int(value) if value.isdigit() else value])} }}"
        for name, value in place.ids.items()
    ]
    lines.append("[parameters]")
    lines += [f'"path.{name}" = {{ dictionary = "{name}", probability = 0.5 }}' for name in place.ids]
    file = folder / "schemathesis.toml"
    file.write_text("\n".join(lines), "utf-8")
    return file


def run(place: Living, who: str, folder: Path, *more: str) -> dict[str, Any]:
    """What a run as somebody found."""
    report = folder / "report.json"
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(configured(place, folder)),
        "run", f"{place.url}/openapi.json", "-H", f"Authorization: Bearer {place.keys[who]}",
        "--report-json-path", str(report), *more,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=WAIT_SECONDS)
    assert report.exists(), done.stdout[-4000:] + done.stderr[-4000:]
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    assert (found["failures"], found["errors"]) == ([], []), done.stdout[-20_000:]
    return found


def test_a_sample_of_requests_is_answered_as_documented(place: Living, tmp_path: Path) -> None:
    found = run(place, "Northfield", tmp_path, *SAMPLE)
    assert found["operations"]["tested"] == found["operations"]["selected"] > 75
    assert found["test_cases"]["generated"] > 200


@pytest.mark.contract
@pytest.mark.timeout(WAIT_SECONDS)
@pytest.mark.parametrize("who", ["Northfield", "auditor", "coordinator", "admin"])
def test_thousands_of_requests_are_answered_as_documented(place: Living, tmp_path: Path, who: str) -> None:
    found = run(place, who, tmp_path, *WHOLE, *(KEPT if who == "admin" else ()))
    assert found["test_cases"]["generated"] >= 2_000
    assert {phase["status"] for phase in found["phases"].values()} == {"success"}
