"""From facts to the directory. Pure: the same facts give the same rows, however they are cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from ledger.domain.fact import AnyFact
from projections.directory import organisations, partnerships
from projections.directory.draft import Draft
from projections.directory.rows import ALL
from projections.tables import Changes, Loader
from projections.view import View

VERSION: Final = 1
STEPS: Final[dict[str, Callable[[Draft, AnyFact], None]]] = organisations.STEPS | partnerships.STEPS


def directory_view(zone: ZoneInfo) -> View:
    """The view of who there is; `zone` is the ledger's, in which days are counted."""
    return View(
        name="directory",
        version=VERSION,
        types=frozenset(STEPS),
        schema=files(__package__).joinpath("schema.sql").read_text("utf-8"),
        tables=ALL,
        fold=partial(fold, zone=zone),
    )


def fold(facts: Sequence[AnyFact], loader: Loader, *, zone: ZoneInfo) -> Changes:
    """What these facts, in order of position, do to the directory that `loader` knows."""
    draft = Draft(facts, loader, zone)
    for fact in facts:
        STEPS[fact.type](draft, fact)
    return draft.changes
