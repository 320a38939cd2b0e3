"""`pledger users` and the link of `pledger init`: who signs in is invited, listed and ended by an admin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyotp
import pytest

from ledger.service import open_ledger
from ledger.settings import Settings, load
from tests.cli.terminal import Terminal

PASSWORD = "seven green kettles sing"
NOBODY = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture(autouse=True)
def northfield(terminal: Terminal) -> None:
    terminal.school("Northfield")


def taken_up(settings: Settings, link: str, login: str) -> None:
    """Somebody opens a link and chooses a name, a password and an app."""
    with open_ledger(settings) as ledger:
        people, app = ledger.people, pyotp.TOTP(pyotp.random_base32())
        token = link.rpartition("/join/")[2]
        people.join(token, people.entry(login, PASSWORD), app.secret, app.at(ledger.clock.now()))


def row(terminal: Terminal, login: str) -> dict[str, Any]:
    [found] = [one for one in terminal.done("users", "list") if one["login"] == login]
    return dict(found)


def invited(terminal: Terminal, *options: str) -> dict[str, Any]:
    words = ("--name", "Ann", "--role", "member", "--organisation", "northfield")
    return dict(terminal.done("users", "invite", *words, *options))


def test_who_is_invited_takes_it_up_and_is_listed(terminal: Terminal, settings: Settings) -> None:
    made = invited(terminal)
    assert made["link"].startswith("http://127.0.0.1:8080/join/")
    [waiting] = [one for one in terminal.done("users", "list") if one["state"] == "invited"]
    assert (waiting["id"], waiting["organisations"]) == (made["id"], terminal.ids["Northfield"])
    taken_up(settings, made["link"], "ann")
    assert row(terminal, "ann")["state"] == "in force"
    assert made["link"] not in terminal.run("users", "list").out
    assert terminal.run("users", "list", "--csv").out.splitlines()[0].startswith("id,name,login")


def test_a_link_is_printed_for_people(terminal: Terminal) -> None:
    words = ("--name", "Bea", "--role", "auditor", "--whole-ledger")
    assert "/join/" in terminal.run("users", "invite", *words).out


def test_ending_and_resetting_by_name(terminal: Terminal, settings: Settings) -> None:
    taken_up(settings, invited(terminal)["link"], "ann")
    again = terminal.done("users", "reset-factor", "Ann")
    taken_up(settings, again["link"], "ann")
    assert terminal.run("users", "end", "ann").code == 0
    [ended] = [one for one in terminal.done("users", "list") if one["state"] == "ended"]
    assert (ended["login"], ended["name"]) == ("", "(ended)")
    assert terminal.run("users", "end", "ann").code == 3
    assert terminal.run("users", "reset-factor", NOBODY).code == 3


def test_ending_an_invitation(terminal: Terminal) -> None:
    made = invited(terminal)
    assert terminal.run("users", "end", made["id"]).code == 0
    assert terminal.done("users", "list") == []


def test_only_an_admin_sees_to_people(terminal: Terminal) -> None:
    for words in (("list",), ("end", NOBODY), ("reset-factor", NOBODY)):
        assert terminal.run("users", *words, "--key", terminal.keys["Northfield"]).code == 3


def test_init_prints_a_link_until_the_first_admin_has_come_in(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, bare_database_url: str, tmp_path: Path
) -> None:
    environ = {"PLEDGER_HOME": str(tmp_path / "fresh"), "PLEDGER_DATABASE_URL": bare_database_url}
    environ |= {"PLEDGER_ORIGIN": "fresh.example", "PLEDGER_PUBLIC_URL": "https://ledger.example"}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    settings = load(environ)
    first, second = terminal.run("init", "--test"), terminal.run("init", "--test")
    assert (first.code, second.code) == (0, 0)
    links = [ran.out.splitlines()[-1] for ran in (first, second)]
    assert all(link.startswith("https://ledger.example/join/") for link in links)
    assert "pl_test_" in first.out
    assert "pl_test_" not in second.out
    with open_ledger(settings) as ledger:
        assert ledger.people.awaits_enrolment()
    taken_up(settings, links[1], "ann")
    with open_ledger(settings) as ledger:
        assert not ledger.people.awaits_enrolment()
    assert terminal.run("init", "--test").code == 1


def test_a_ledger_for_machines_needs_no_link(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, bare_database_url: str, tmp_path: Path
) -> None:
    environ = {"PLEDGER_HOME": str(tmp_path / "fresh"), "PLEDGER_DATABASE_URL": bare_database_url}
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    ran = terminal.run("init", "--no-enrolment")
    assert ran.code == 0
    assert "/join/" not in ran.out
    with open_ledger(load(environ)) as ledger:
        assert not ledger.people.awaits_enrolment()
