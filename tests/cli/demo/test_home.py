"""The home of a demonstration is its owner's alone, and one process serves it at a time."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from cli.demo.command import settings_of
from cli.demo.home import ACCESS_FILE, AlreadyServed, served_alone
from ledger.guard import guard
from ledger.settings import load


def test_a_ledger_may_be_made_beside_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("PLEDGER_HOME", raising=False)
    demonstration = settings_of(None, 0).home
    for folder in (demonstration, demonstration.parent, demonstration.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    environ = {"XDG_DATA_HOME": str(tmp_path / "data")}
    settings = load(environ)
    assert settings.home == demonstration.parent
    guard(settings, environ)


def test_an_empty_folder_is_made_private(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    assert stat.S_IMODE(settings_of(home, 0).home.stat().st_mode) == 0o700


def test_one_serves_a_home_at_a_time(tmp_path: Path) -> None:
    with served_alone(tmp_path):
        with pytest.raises(AlreadyServed) as early, served_alone(tmp_path):
            pass
        assert early.value.url is None
        (tmp_path / ACCESS_FILE).write_text(json.dumps({"url": "http://127.0.0.1:8080"}), "utf-8")
        with pytest.raises(AlreadyServed) as late, served_alone(tmp_path):
            pass
        assert late.value.url == "http://127.0.0.1:8080"
    with served_alone(tmp_path):
        pass
