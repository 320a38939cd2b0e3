"""Every command of the table is there, with an example in its help; what nobody knows is a usage error."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from cli.main import COMMANDS, pledger
from tests.cli.terminal import Terminal


def leaves(name: str, command: click.Command | None) -> Iterator[tuple[str, click.Command]]:
    assert command is not None
    if not isinstance(command, click.Group):
        yield name, command
        return
    for inner, one in command.commands.items():
        yield from leaves(f"{name} {inner}", one)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_explains_itself_by_an_example(name: str) -> None:
    context = click.Context(pledger, info_name="pledger")
    assert isinstance(pledger, click.Group)
    for path, command in leaves(name, pledger.get_command(context, name)):
        text = command.get_help(click.Context(command, info_name=path))
        assert f"pledger {path}" in text.partition("Example")[2]
        assert 0 < len(command.get_short_help_str(limit=1000)) < 60


@pytest.mark.parametrize("words", [("sing",), ("post",), ("balance", "Northfield", "--as-of", "yesterday")])
def test_what_cannot_be_understood_is_a_usage_error(terminal: Terminal, words: tuple[str, ...]) -> None:
    assert terminal.run(*words).code == 2


def test_a_command_written_almost_right_is_suggested(terminal: Terminal) -> None:
    refused = terminal.run("helth", "Harbour Cluster")
    assert (refused.code, "health" in refused.err.splitlines()[-1]) == (2, True)


def test_json_and_csv_exclude_each_other(terminal: Terminal) -> None:
    assert terminal.run("history", "Northfield", "--json", "--csv").code == 2


@pytest.mark.parametrize(
    "option", [("--known-at", "later"), ("--known-at", "position:x"), ("--from", "2026-09-02", "--to", "2026-09-01")]
)
def test_a_question_that_makes_no_sense_is_a_usage_error(terminal: Terminal, option: tuple[str, ...]) -> None:
    terminal.school("Northfield")
    assert terminal.run("balance", "Northfield", *option).code == 2


def test_what_is_not_known_yet_is_unavailable(terminal: Terminal) -> None:
    terminal.school("Northfield")
    assert terminal.run("balance", "Northfield", "--known-at", "position:1000000").code == 4


def test_a_page_that_is_none_is_a_usage_error(terminal: Terminal) -> None:
    terminal.school("Northfield")
    assert terminal.run("statement", "Northfield", "--after", "nowhere").code == 2
