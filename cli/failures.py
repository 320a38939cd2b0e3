"""How a refusal reads at the terminal, and which exit code each kind has: one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from ledger.errors import FieldError, Kind, Refusal
from ledger.posted import BatchRefused

if TYPE_CHECKING:  # every command reads this module, and not every command opens a ledger
    from ledger.service import Ledger

EXIT_CODES: Final[dict[Kind, int]] = {
    "rule": 1,
    "precondition": 1,
    "unreadable": 2,
    "claim": 2,
    "too_large": 2,
    "unsupported": 2,
    "unauthorised": 3,
    "forbidden": 3,
    "absent": 3,
    "busy": 4,
    "limited": 4,
}

HINTS: Final = {"port-taken": "Choose another with --port; --port 0 takes a free one."}


def exit_code(refusal: Refusal) -> int:
    """0 done, 1 refused by a rule, 2 wrong input, 3 not found or not allowed, 4 unavailable, 5 integrity failure."""
    if isinstance(refusal, BatchRefused):
        return exit_code(refusal.fields["refusal"])
    return EXIT_CODES[refusal.kind]


def say(refusal: Refusal) -> None:
    """Writes what was refused, every member that is wrong, and what may be done, to standard error."""
    inner = inner_of(refusal)
    click.echo(f"{click.style('Refused', bold=True)} ({refusal.code}): {refusal.detail}", err=True)
    for error in inner.errors:
        if not is_told(error, inner):
            click.echo(f"  {error.pointer} {error.detail} ({error.code})", err=True)
    if refusal.code in HINTS:
        click.echo(HINTS[refusal.code], err=True)


def inner_of(refusal: Refusal) -> Refusal:
    """What is behind a refused batch; else the refusal itself."""
    inner: Refusal = refusal.fields["refusal"] if isinstance(refusal, BatchRefused) else refusal
    return inner


def is_told(error: FieldError, refusal: Refusal) -> bool:
    """Whether the refusal's own sentence says this already."""
    placed = len(refusal.errors) == 1 or error.pointer in refusal.detail
    return placed and error.detail in refusal.detail


def with_voice(ledger: Ledger, refusal: Refusal) -> str:
    """The refusal's sentence; where it is one for the voice, with the name of the organisation that spoke."""
    voice = inner_of(refusal).fields.get("voice")
    organisation = None if voice is None else ledger.organisation(voice)
    return refusal.detail if organisation is None else f"{refusal.detail}; this was said for {organisation.name}"
