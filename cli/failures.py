"""How a refusal reads at the terminal, and which exit code each kind has: one table."""

from __future__ import annotations

from typing import Final

import click

from ledger.errors import Kind, Refusal
from ledger.posted import BatchRefused

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
}


def exit_code(refusal: Refusal) -> int:
    """0 done, 1 refused by a rule, 2 wrong input, 3 not found or not allowed, 4 unavailable, 5 integrity failure."""
    if isinstance(refusal, BatchRefused):
        return exit_code(refusal.fields["refusal"])
    return EXIT_CODES[refusal.kind]


def say(refusal: Refusal) -> None:
    """Writes what was refused, and every member that is wrong, to standard error."""
    click.echo(f"{click.style('Refused', bold=True)} ({refusal.code}): {refusal.detail}", err=True)
    inner = refusal.fields.get("refusal") if isinstance(refusal, BatchRefused) else refusal
    for error in (inner or refusal).errors:
        click.echo(f"  {error.pointer} {error.detail} ({error.code})", err=True)
