"""`pledger keys`: whom a key speaks for is said by name, URN or id, and is there."""

from __future__ import annotations

import pytest

from tests.cli.terminal import Terminal

NOBODY = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


@pytest.fixture(autouse=True)
def directory(terminal: Terminal) -> None:
    """Northfield with its URN, and a trust."""
    terminal.school("Northfield Primary")
    terminal.school("Oak Trust", "trust")
    urn = {"scheme": "urn", "value": "900001"}
    terminal.said(
        "admin", "organisation.details_changed", terminal.ids["Northfield Primary"], identifiers=[urn]
    )  # fmt: skip


def voices(terminal: Terminal, name: str) -> str:
    [found] = [one for one in terminal.done("keys", "list") if one["name"] == name]
    return str(found["organisations"])


@pytest.mark.parametrize("word", ["Northfield Primary", "northfield", "900001", "urn:900001"])
def test_a_school_by_name_or_urn(terminal: Terminal, word: str) -> None:
    terminal.key("office", "member", "--organisation", word)
    assert voices(terminal, "office") == terminal.ids["Northfield Primary"]


def test_a_trust_by_name(terminal: Terminal) -> None:
    terminal.key("auditor", "auditor", "--trust", "Oak Trust")
    assert voices(terminal, "auditor") == terminal.ids["Oak Trust"]


@pytest.mark.parametrize(
    "options",
    [
        ("member", "--organisation", NOBODY),
        ("member", "--organisation", "Elm"),
        ("auditor", "--trust", "Elm"),
        ("member", "--organisation", "northfield", "--person", NOBODY),
    ],
)
def test_who_is_not_there_gets_no_key(terminal: Terminal, options: tuple[str, ...]) -> None:
    before = len(terminal.done("keys", "list"))
    assert terminal.run("keys", "create", "--name", "office", "--role", *options).code == 3
    assert len(terminal.done("keys", "list")) == before


def test_a_client_may_speak_for_whom_it_will_register(terminal: Terminal) -> None:
    terminal.key("system", "client", "--organisation", NOBODY, "--organisation", "northfield")
    assert set(voices(terminal, "system").split(", ")) == {NOBODY, terminal.ids["Northfield Primary"]}


def test_only_an_admin_makes_keys(terminal: Terminal) -> None:
    words = ("keys", "create", "--name", "office", "--role", "admin")
    assert terminal.run(*words, "--key", terminal.keys["Northfield Primary"]).code == 3
