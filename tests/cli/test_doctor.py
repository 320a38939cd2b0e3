"""`pledger doctor` finds what is wrong; it never fails at it, and looking makes nothing."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.cli.terminal import Terminal


def test_a_ledger_that_was_set_up_is_in_order(terminal: Terminal) -> None:
    ran = terminal.run("doctor")
    assert ran.code == 0, ran.out
    assert [line.split(":")[0].split()[-1] for line in ran.out.splitlines()] == [
        "settings", "disk", "database", "schema", "ledger", "keys", "clock",
    ]  # fmt: skip


def test_an_empty_home_stays_empty(terminal: Terminal, tmp_path: Path) -> None:
    terminal.patch.delenv("PLEDGER_DATABASE_URL")
    for home in (tmp_path / "empty", tmp_path / "missing"):
        terminal.patch.setenv("PLEDGER_HOME", str(home))
        home.with_name("empty").mkdir(mode=0o700, exist_ok=True)
        ran = terminal.run("doctor")
        assert ran.code == 4
        assert "pledger init" in ran.out
    assert list((tmp_path / "empty").iterdir()) == []
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("address", ["host=/nowhere dbname=pledger", "postgresql://127.0.0.1:1/pledger"])
def test_a_database_that_nobody_reaches_is_a_finding(terminal: Terminal, address: str) -> None:
    terminal.patch.setenv("PLEDGER_DATABASE_URL", address)
    ran = terminal.run("doctor")
    assert ran.code == 4
    assert "PLEDGER_DATABASE_URL" in ran.out


def test_an_empty_database_is_a_finding(terminal: Terminal, bare_database_url: str) -> None:
    terminal.patch.setenv("PLEDGER_DATABASE_URL", bare_database_url)
    ran = terminal.run("doctor")
    assert ran.code == 4
    assert "pledger migrate" in ran.out


def test_a_broken_table_is_a_finding(terminal: Terminal, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE pledger.ledger RENAME TO elsewhere")
    assert terminal.run("doctor").code == 4
