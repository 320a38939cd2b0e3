"""`pledger keys`: whom a key speaks for is said by name, URN or id, and is there."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from ledger.settings import Settings
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


def keys_of(terminal: Terminal) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = terminal.done("keys", "list")["items"]
    return items


def key_of(terminal: Terminal, name: str) -> dict[str, Any]:
    [found] = [one for one in keys_of(terminal) if one["name"] == name]
    return found


def voices(terminal: Terminal, name: str) -> list[str]:
    return list(key_of(terminal, name)["organisations"])


@pytest.mark.parametrize("word", ["Northfield Primary", "northfield", "900001", "urn:900001"])
def test_a_school_by_name_or_urn(terminal: Terminal, word: str) -> None:
    terminal.key("office", "member", "--organisation", word)
    assert voices(terminal, "office") == [terminal.ids["Northfield Primary"]]


def test_a_trust_by_name(terminal: Terminal) -> None:
    terminal.key("auditor", "auditor", "--trust", "Oak Trust")
    assert key_of(terminal, "auditor")["trust"] == terminal.ids["Oak Trust"]


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
    before = len(keys_of(terminal))
    assert terminal.run("keys", "create", "--name", "office", "--role", *options).code == 3
    assert len(keys_of(terminal)) == before


def test_a_client_may_speak_for_whom_it_will_register(terminal: Terminal) -> None:
    terminal.key("system", "client", "--organisation", NOBODY, "--organisation", "northfield")
    assert set(voices(terminal, "system")) == {NOBODY, terminal.ids["Northfield Primary"]}


def test_only_an_admin_makes_keys(terminal: Terminal) -> None:
    words = ("keys", "create", "--name", "office", "--role", "admin")
    assert terminal.run(*words, "--key", terminal.keys["Northfield Primary"]).code == 3


def test_people_read_names_and_programs_ids(terminal: Terminal) -> None:
    northfield, trust = terminal.ids["Northfield Primary"], terminal.ids["Oak Trust"]
    terminal.key("system", "client", "--organisation", NOBODY, "--organisation", "northfield")
    terminal.key("auditor", "auditor", "--trust", "Oak Trust")
    terminal.key("all", "auditor", "--whole-ledger")
    rows = list(csv.DictReader(io.StringIO(terminal.run("keys", "list", "--csv").out)))
    shown = {row["name"]: row["organisations"] for row in rows}
    assert set(shown["system"].split(", ")) == {NOBODY, "Northfield Primary"}
    assert (shown["auditor"], shown["all"]) == ("Oak Trust", "whole ledger")
    listed = terminal.done("keys", "list")
    assert listed["names"] == {northfield: "Northfield Primary", trust: "Oak Trust"}
    assert not any(
        key in terminal.run("keys", "list", *form).out for key in terminal.keys.values() for form in ((), ("--json",))
    )


def test_one_key_is_shown_without_its_secret(terminal: Terminal) -> None:
    secret = terminal.key("office", "member", "--organisation", "northfield")
    id_ = key_of(terminal, "office")["id"]
    shown = terminal.done("keys", "show", id_)
    assert (shown["name"], shown["role"]) == ("office", "member")
    assert shown["names"] == {terminal.ids["Northfield Primary"]: "Northfield Primary"}
    printed = terminal.run("keys", "show", id_.upper())
    assert (printed.code, "Northfield Primary" in printed.out, secret in printed.out) == (0, True, False)
    assert terminal.run("keys", "show", NOBODY).code == 3


def test_a_key_is_replaced_and_the_one_before_goes_on_or_ends(terminal: Terminal) -> None:
    first = terminal.key("office", "member", "--organisation", "northfield")
    id_ = key_of(terminal, "office")["id"]
    rotated = terminal.done("keys", "rotate", id_, "--overlap-hours", "2")
    second = rotated["api_key"]
    assert (rotated["id"], "former_until" in rotated) == (id_, True)
    asked = ("balance", "Northfield Primary", "--json", "--key")
    assert [terminal.run(*asked, key).code for key in (first, second)] == [0, 0]
    third = terminal.run("keys", "rotate", id_, "--overlap-hours", "0").out.splitlines()[-1]
    assert [terminal.run(*asked, key).code for key in (first, second, third)] == [3, 3, 0]


@pytest.mark.parametrize("hours", ["-1", "169", "a"])
def test_an_overlap_is_at_most_a_week(terminal: Terminal, hours: str) -> None:
    assert terminal.run("keys", "rotate", NOBODY, "--overlap-hours", hours).code == 2


def test_what_was_ended_gets_no_other_key(terminal: Terminal) -> None:
    terminal.key("office", "member", "--organisation", "northfield")
    id_ = key_of(terminal, "office")["id"]
    assert terminal.run("keys", "revoke", id_).code == 0
    refused = terminal.run("keys", "rotate", id_)
    assert (refused.code, "credential-ended" in refused.err) == (1, True)


def test_only_an_admin_replaces_and_shows_keys(terminal: Terminal) -> None:
    member = ("--key", terminal.keys["Northfield Primary"])
    id_ = key_of(terminal, "Northfield Primary")["id"]
    for words in (("rotate", id_), ("show", id_), ("revoke", id_), ("list",), ("rotate-signing",)):
        assert terminal.run("keys", *words, *member).code == 3, words


def test_the_key_that_signs_tokens_is_replaced(terminal: Terminal, settings: Settings) -> None:
    def files() -> set[str]:
        return {file.name for file in settings.keys_dir.glob("token-*.key")}

    assert terminal.run("keys", "rotate-signing").code == 0
    assert terminal.run("keys", "rotate-signing").code == 0
    assert files() == {"token-1.key", "token-2.key"}
    assert terminal.run("keys", "rotate-signing", "--at-once").code == 0
    assert files() == {"token-3.key"}
