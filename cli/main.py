"""`pledger`: the ledger at the terminal. A command's module is read only when it is called, so that help is quick."""

from __future__ import annotations

import os
import sys
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import click

from api.calling.errors import ClientError
from cli.failures import code_of_answer, exit_code, say, say_answer
from ledger.errors import Refusal

COMMANDS: Final = {
    "demo": "cli.demo.command:demo",
    "init": "cli.setting_up:init",
    "migrate": "cli.setting_up:migrate",
    "config": "cli.configuration:config",
    "doctor": "cli.doctor:doctor",
    "serve": "cli.serving:serve",
    "worker": "cli.serving:worker",
    "post": "cli.posting:post",
    "import": "cli.imports.command:import_",
    "balance": "cli.figures:balance",
    "statement": "cli.figures:statement",
    "health": "cli.health:health",
    "reviews": "cli.reviews:reviews",
    "practices": "cli.practices:practices",
    "withdrawal": "cli.withdrawal:withdrawal",
    "history": "cli.history:history",
    "reciprocity": "cli.reciprocity:reciprocity",
    "measure": "cli.measuring:measure",
    "board": "cli.board:board",
    "support": "cli.support:support",
    "inbox": "cli.inbox:inbox",
    "landscape": "cli.landscape:landscape",
    "report": "cli.reporting:report",
    "find": "cli.finding:find",
    "partnerships": "cli.finding:partnerships",
    "keys": "cli.keys:keys",
    "users": "cli.users:users",
    "projections": "cli.projections:projections",
}
ELSEWHERE: Final = frozenset(
    {
        "post", "balance", "statement", "health", "reviews", "practices", "withdrawal", "history", "reciprocity",
        "board", "support", "inbox", "landscape", "report", "find", "partnerships", "keys", "measure",
    }
)  # fmt: skip
"""The commands that a ledger elsewhere answers too, and the one that needs no ledger."""
MOST_NEAR: Final = 3


class Commands(click.Group):
    """Finds a command by the table above; a word it does not know is answered with those that come near."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # click's
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: Any = getattr(import_module(module), name)
        return command  # type: ignore[no-any-return]  # the table names click commands only

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:  # click's
        word = args[0]
        if word not in COMMANDS and not word.startswith("-"):
            near = get_close_matches(word, COMMANDS, n=MOST_NEAR)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise click.UsageError(f"there is no command {word}{hint}", ctx)
        return super().resolve_command(ctx, args)


def program_version() -> str:
    try:
        return version("partnership-ledger")
    except PackageNotFoundError:
        return "0 (not installed)"


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    help="The folder of the ledger (PLEDGER_HOME), such as the demo's.",
)
@click.option("--url", metavar="URL", help="A ledger elsewhere is asked, such as https://ledger.example (PLEDGER_URL).")
@click.option("--key", metavar="KEY", help="The API key of who speaks or reads (PLEDGER_KEY).")
@click.version_option(program_version(), prog_name="pledger")
@click.pass_context
def pledger(context: click.Context, home: Path | None, url: str | None, key: str | None) -> None:
    """Keeps what schools give each other, and shows whether it goes both ways.

    \b
    Try it:     pledger demo
    Set it up:  pledger init, then pledger serve
    Elsewhere:  pledger --url https://ledger.example --key KEY inbox
    """
    given = {"PLEDGER_HOME": None if home is None else str(home.expanduser().absolute())}
    given |= {"PLEDGER_URL": url, "PLEDGER_KEY": key}
    os.environ.update({name: value for name, value in given.items() if value is not None})
    if os.environ.get("PLEDGER_URL") and context.invoked_subcommand not in ELSEWHERE:
        raise click.UsageError(
            f"{context.invoked_subcommand} works on the ledger's own machine only: leave out --url, unset PLEDGER_URL"
        )


def main() -> None:
    """Runs the command; a refusal becomes a sentence on standard error and an exit code of its kind."""
    try:
        pledger(prog_name="pledger", standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        click.echo("Stopped; what was acknowledged is kept.", err=True)
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(2)
    except Refusal as refusal:
        say(refusal)
        sys.exit(exit_code(refusal))
    except ClientError as error:
        say_answer(error)
        sys.exit(code_of_answer(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
