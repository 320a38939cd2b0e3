"""`pledger doctor` finds what is wrong; it never fails at it, and looking makes nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from api.operator import Listener, Operator
from cli.doctor import views
from ledger.readers import Endpoint
from projections.status import ViewStatus
from tests.api.process import within
from tests.cli.terminal import Terminal


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else runs on this machine is not asked."""
    monkeypatch.setenv("PLEDGER_OPERATOR_ADDRESS", "off")


def states(terminal: Terminal) -> dict[str, str]:
    """The state of everything that it looks at, by name."""
    return {one["what"]: one["state"] for one in terminal.run("doctor", "--json").json()["findings"]}


def todo(terminal: Terminal, what: str) -> str:
    [found] = [one for one in terminal.run("doctor", "--json").json()["findings"] if one["what"] == what]
    return str(found.get("todo", ""))


def changed(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_a_ledger_that_was_set_up_is_in_order(terminal: Terminal) -> None:
    ran = terminal.run("doctor")
    assert ran.code == 0, ran.out
    assert states(terminal) == dict.fromkeys(
        (
            "settings", "disk", "database", "schema", "roles", "ledger", "keys", "token keys", "clock", "durability",
            "data checksums", "service", "views", "expiring keys", "webhooks",
        ),
        "in order",
    )  # fmt: skip


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
    changed(database_url, "ALTER TABLE pledger.ledger RENAME TO elsewhere")
    assert terminal.run("doctor").code == 4


def test_commits_that_are_not_durable_are_wrong(terminal: Terminal, database_url: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(str(name))))
    assert terminal.run("doctor").code == 4
    assert "synchronous_commit" in todo(terminal, "durability")


def test_a_key_file_that_others_may_read_is_wrong(terminal: Terminal) -> None:
    keys = Path(terminal.folder, "home", "keys")
    (keys / "content.key").chmod(0o640)
    assert states(terminal)["keys"] == "wrong"


def test_a_view_that_is_behind_is_advice_while_nothing_is_served(terminal: Terminal, database_url: str) -> None:
    earlier = "UPDATE pledger.log SET recorded_at = recorded_at - interval '2 minutes'"
    changed(database_url, f"SET session_replication_role = replica; {earlier}")
    assert (states(terminal)["views"], terminal.run("doctor").code) == ("advice", 0)
    assert "pledger worker" in todo(terminal, "views")


@pytest.mark.parametrize(
    ("state", "lag_seconds", "is_served", "found"),
    [
        ("working", 59.0, True, "in order"),
        ("working", 61.0, True, "wrong"),
        ("working", 61.0, False, "advice"),
        ("stopped", 0.0, False, "wrong"),
    ],
)
def test_what_a_view_does_decides_how_bad_it_is(state: Any, lag_seconds: float, is_served: bool, found: str) -> None:
    view = ViewStatus(
        view="directory", version=1, state=state, position=7, head=9, lag_seconds=lag_seconds, answers=True,
        failure=None, rebuild=None, standing=None, asked=False,
    )  # fmt: skip
    assert views([view], is_served).state == found


def test_keys_that_end_soon_are_advice(terminal: Terminal, database_url: str) -> None:
    changed(database_url, "UPDATE pledger.api_key SET expires_at = now() + interval '3 days'")
    assert (states(terminal)["expiring keys"], terminal.run("doctor").code) == ("advice", 0)


def test_a_webhook_that_is_paused_is_advice(terminal: Terminal, database_url: str) -> None:
    changed(
        database_url,
        "INSERT INTO pledger.webhook (id, credential_id, url, root, filters, texts, people, secret, state, position,"
        " next_try_at, made_at, changed_at) SELECT gen_random_uuid(), id, 'https://a.example/', 'https://b.example',"
        " '{}', false, false, '', 'paused', 0, now(), now(), now() FROM pledger.api_key LIMIT 1",
    )
    assert (states(terminal)["webhooks"], terminal.run("doctor").code) == ("advice", 0)


Listening = Callable[[bool, dict[str, Any], str], None]


@pytest.fixture
def listening(terminal: Terminal) -> Iterator[Listening]:
    """Has a service answer at the operator's address."""
    started: list[Listener] = []

    def listen(works: bool, checks: dict[str, Any], metrics: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = Endpoint(*free.getsockname())
        listener = Listener(address, Operator(lambda: (works, checks), metrics.encode))
        listener.start()
        started.append(listener)
        terminal.patch.setenv("PLEDGER_OPERATOR_ADDRESS", str(address))
        within(5, lambda: states(terminal)["service"] != "advice", True)

    yield listen
    for one in started:
        one.end()


def test_a_service_that_answers_is_asked(terminal: Terminal, listening: Listening) -> None:
    listening(True, {"database": {"ok": True}}, "pledger_access_log_queue_entries 12.0\n")
    found = states(terminal)
    assert (found["service"], found["access-log queue"]) == ("in order", "in order")


def test_what_a_service_says_is_wrong_is_told(terminal: Terminal, listening: Listening) -> None:
    checks = {"runner": {"ok": False, "why": "no connection"}, "webhooks": {"ok": True, "why": "they wait"}}
    listening(False, checks, "pledger_access_log_queue_entries 9000.0\n")
    found = {one["what"]: one for one in terminal.run("doctor", "--json").json()["findings"]}
    assert (found["service"]["state"], found["service"]["found"]) == ("wrong", "runner: no connection")
    assert found["access-log queue"]["state"] == "wrong"
    assert terminal.run("doctor").code == 4


def test_where_nobody_answers_that_is_advice(terminal: Terminal) -> None:
    terminal.patch.setenv("PLEDGER_OPERATOR_ADDRESS", "127.0.0.1:1")
    assert (states(terminal)["service"], terminal.run("doctor").code) == ("advice", 0)
