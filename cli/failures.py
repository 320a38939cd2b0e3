"""How a refusal reads at the terminal, and which exit code each kind has: one table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import click

from api.calling.errors import (
    ClientError,
    LimitReached,
    Malformed,
    NotAllowed,
    NotFound,
    RecordDiffers,
    RefusedByRule,
    Unavailable,
    Unreachable,
)
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

ANSWERED: Final[tuple[tuple[type[ClientError], int], ...]] = (
    (RefusedByRule, 1),
    (Malformed, 2),
    (NotAllowed, 3),
    (NotFound, 3),
    (LimitReached, 4),
    (Unavailable, 4),
    (RecordDiffers, 5),
)
"""The same by what a ledger answered over HTTP."""

HINTS: Final = {"port-taken": "Choose another with --port; --port 0 takes a free one."}
NOBODY_THERE: Final = (
    "Nothing was read or written that was not acknowledged. Look at --url (PLEDGER_URL), at the network, and whether"
    " URL/healthz answers; then run it again."
)
UNAVAILABLE: Final = 4


def exit_code(refusal: Refusal) -> int:
    """0 done, 1 refused by a rule, 2 wrong input, 3 not found or not allowed, 4 unavailable, 5 integrity failure."""
    if isinstance(refusal, BatchRefused):
        return exit_code(refusal.fields["refusal"])
    return EXIT_CODES[refusal.kind]


def code_of_answer(error: ClientError) -> int:
    """The same for what a ledger answered, or did not."""
    return next((code for kind, code in ANSWERED if isinstance(error, kind)), UNAVAILABLE)


def say_answer(error: ClientError) -> None:
    """Writes what a ledger answered in place of what was asked, to standard error."""
    problem = error.problem
    errors = (FieldError(one.pointer, one.code, one.detail) for one in problem.errors)
    told(problem.code, problem.detail, (one for one in errors if one.detail not in problem.detail))
    if isinstance(error, Unreachable):
        click.echo(NOBODY_THERE, err=True)


def told(code: str, detail: str, errors: Iterable[FieldError]) -> None:
    click.echo(f"{click.style('Refused', bold=True)} ({code}): {detail}", err=True)
    for error in errors:
        click.echo(f"  {error.pointer} {error.detail} ({error.code})", err=True)


def say(refusal: Refusal) -> None:
    """Writes what was refused, every member that is wrong, and what may be done, to standard error."""
    inner = inner_of(refusal)
    told(refusal.code, refusal.detail, (error for error in inner.errors if not is_told(error, inner)))
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
    return refusal.detail if organisation is None else said_for(refusal.detail, organisation.name)


def said_for(detail: str, name: str) -> str:
    """The sentence of a refusal that is one for the voice, with the name of whose it was."""
    return f"{detail}; this was said for {name}"
