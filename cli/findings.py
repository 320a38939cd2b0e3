"""What a look at something found, and what to do about it: a line each for people, JSON for programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import click
import psycopg

from cli.output import print_json
from ledger.errors import Refusal
from ledger.whereabouts import NotSetUp

State = Literal["in order", "advice", "wrong"]
RUN_INIT: Final = "run pledger init"
MARKS: Final = {"in order": "in order", "advice": "advice", "wrong": "look here"}
WIDTH: Final = 11


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found. `todo` is empty when it is in order; with `advice` the ledger works all the same."""

    what: str
    found: str
    todo: str = ""
    advice: bool = False

    @property
    def state(self) -> State:
        return "in order" if not self.todo else "advice" if self.advice else "wrong"

    def to_json(self) -> dict[str, Any]:
        todo = {"todo": self.todo} if self.todo else {}
        return {"what": self.what, "state": self.state, "found": self.found, **todo}


def are_in_order(findings: Sequence[Finding]) -> bool:
    """Whether nothing is wrong; there may be advice."""
    return all(one.state != "wrong" for one in findings)


def tell(findings: Sequence[Finding], *, as_json: bool, **more: Any) -> None:
    """Prints them; `more` is told beside in JSON."""
    if as_json:
        print_json({"ok": are_in_order(findings), **more, "findings": [one.to_json() for one in findings]})
        return
    for one in findings:
        mark = click.style(MARKS[one.state].ljust(WIDTH), fg="green" if not one.todo else None, bold=bool(one.todo))
        click.echo(f"{mark}{one.what}: {one.found}")
        if one.todo:
            click.echo(f"{' ' * WIDTH}{one.todo}")


def asked(what: str, look: Callable[[], str], todo: str) -> Finding:
    """What the look answers; `todo` where it is refused, by the ledger or by the database."""
    try:
        return Finding(what, look())
    except NotSetUp as refusal:
        return Finding(what, refusal.code, RUN_INIT)
    except Refusal as refusal:
        return Finding(what, f"{refusal.code}: {refusal.detail}", todo)
    except psycopg.Error as error:
        return Finding(what, str(error).strip().partition("\n")[0] or type(error).__name__, todo)
