"""`pledger config check` says what a ledger would not start well with, before it is started."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from cli.looking import ROLES
from tests.architecture.sources import ROOT
from tests.cli.terminal import Terminal


def checked(terminal: Terminal) -> tuple[int, dict[str, str], dict[str, Any]]:
    """The exit code, the state of everything by its name, and the settings."""
    ran = terminal.run("config", "check", "--json")
    told = ran.json()
    assert told["ok"] is (ran.code == 0)
    return ran.code, {one["what"]: one["state"] for one in told["findings"]}, told["settings"]


def test_a_ledger_that_was_set_up_is_in_order_and_shows_no_secret(terminal: Terminal) -> None:
    terminal.patch.setenv("PLEDGER_KEY", "pl_test_a-secret-of-mine")
    code, states, settings = checked(terminal)
    assert code == 0
    assert states == dict.fromkeys(
        (
            "settings", "issuers", "leaked passwords", "webhooks", "traces", "database", "schema", "roles", "ledger",
            "keys", "token keys", "clock", "PLEDGER_ORIGIN", "PLEDGER_ZONE",
        ),
        "in order",
    )  # fmt: skip
    assert (settings["PLEDGER_PORT"], settings["PLEDGER_OIDC_FILE"]) == ("8080", None)
    assert settings["PLEDGER_KEY"] == settings["PLEDGER_DATABASE_URL"] == "(set, not shown)"
    ran = terminal.run("config", "check")
    assert (ran.code, "PLEDGER_PORT" in ran.out) == (0, True)
    assert "secret" not in ran.out


def test_every_setting_that_is_wrong_is_named(terminal: Terminal) -> None:
    terminal.patch.setenv("PLEDGER_PORT", "many")
    terminal.patch.setenv("PLEDGER_POTR", "8080")
    code, states, settings = checked(terminal)
    assert (code, states, settings) == (1, {"PLEDGER_PORT": "wrong", "PLEDGER_POTR": "wrong"}, {})


def test_a_folder_that_others_may_enter_is_wrong(terminal: Terminal) -> None:
    Path(terminal.folder, "home", "keys").chmod(0o750)
    assert checked(terminal)[:2] == (1, {"PLEDGER_KEYS_DIR": "wrong"})


def test_another_origin_than_the_ledgers_is_wrong(terminal: Terminal) -> None:
    terminal.patch.setenv("PLEDGER_ORIGIN", "elsewhere.example")
    terminal.patch.setenv("PLEDGER_ZONE", "Asia/Tokyo")
    code, states, _ = checked(terminal)
    assert (code, states["PLEDGER_ORIGIN"], states["PLEDGER_ZONE"]) == (1, "wrong", "wrong")


@pytest.mark.parametrize(
    ("entry", "state"), [("hooks.example,10.1.0.0/16", "in order"), ("0.0.0.0/0", "wrong"), ("::/0", "wrong")]
)
def test_webhooks_may_not_point_everywhere(terminal: Terminal, entry: str, state: str) -> None:
    terminal.patch.setenv("PLEDGER_WEBHOOK_ALLOW", entry)
    assert checked(terminal)[1]["webhooks"] == state


def test_a_file_of_issuers_is_read(terminal: Terminal) -> None:
    file = terminal.folder / "issuers.json"
    terminal.patch.setenv("PLEDGER_OIDC_FILE", str(file))
    assert checked(terminal)[1]["issuers"] == "wrong"
    file.write_text(json.dumps([{"name": "a", "label": "A", "issuer": "https://a.example", "client_id": "x"}]))
    assert checked(terminal)[1]["issuers"] == "in order"


def test_a_list_of_leaked_passwords_must_be_there(terminal: Terminal) -> None:
    terminal.patch.setenv("PLEDGER_LEAKED_PASSWORDS_FILE", str(terminal.folder / "missing.txt"))
    assert checked(terminal)[1]["leaked passwords"] == "wrong"


def test_a_signing_key_that_others_may_read_is_wrong(terminal: Terminal) -> None:
    key = Path(terminal.folder, "home", "keys", "token-1.key")
    key.write_bytes(bytes(31) + b"\x01")
    key.chmod(0o600)
    assert checked(terminal)[1]["token keys"] == "in order"
    key.chmod(0o644)
    assert checked(terminal)[1]["token keys"] == "wrong"


def test_a_database_that_lacks_a_migration_is_wrong(terminal: Terminal, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM pledger.migration WHERE number = (SELECT max(number) FROM pledger.migration)")
    code, states, _ = checked(terminal)
    assert (code, states["schema"]) == (1, "wrong")


def test_a_role_that_may_not_step_down_is_wrong(terminal: Terminal, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS doctors_patient")
        connection.execute("CREATE ROLE doctors_patient LOGIN")
        try:
            terminal.patch.setenv(
                "PLEDGER_DATABASE_URL", f"{psycopg.conninfo.make_conninfo(database_url, user='doctors_patient')}"
            )
            assert checked(terminal)[1]["roles"] == "wrong"
        finally:
            connection.execute("DROP ROLE doctors_patient")


def test_traces_that_cannot_be_made_are_advice(terminal: Terminal) -> None:
    terminal.patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318")
    terminal.patch.setitem(sys.modules, "opentelemetry.sdk", None)
    code, states, _ = checked(terminal)
    assert (code, states["traces"]) == (0, "advice")


def test_the_roles_that_are_looked_at_are_all(terminal: Terminal) -> None:
    page = (ROOT / "docs" / "operating.md").read_text("utf-8")
    assert set(ROLES) == set(re.findall(r"^\| `(pledger_[a-z]+)` \|", page, re.MULTILINE))
