"""A terminal on a ledger that was set up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.eventstore.embedded import Embedded
from ledger.setting_up import set_up
from ledger.settings import Settings
from tests.cli.terminal import Terminal, environment
from tests.conftest import fresh


@pytest.fixture
def database_url(postgres: Embedded, kept_template: str) -> Iterator[str]:
    """A fresh database whose views have been made."""
    yield from fresh(postgres, kept_template)


@pytest.fixture
def terminal(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Terminal:
    set_up(settings, kind="test")
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    return Terminal(monkeypatch, capsys, tmp_path)
