"""Every step that an inbox leads to has its words."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import get_args

import projections.inbox
from ledger.eventstore.stored_names import STORED
from projections.inbox.items import WhyNot
from projections.inbox.steps import STEPS, WHY_NOT

ITEMS = ("deliveries", "memberships", "peer_reviews", "points", "supports")


def named_in(module: str) -> set[str]:
    """The types of events that a module of items names."""
    [folder] = projections.inbox.__path__
    tree = ast.parse((Path(folder) / f"{module}.py").read_text("utf-8"))
    return {one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and one.value in STORED}


def test_every_event_that_an_item_leads_to_has_words_and_no_other() -> None:
    assert {name for module in ITEMS for name in named_in(module)} == set(STEPS)
    assert set(get_args(WhyNot)) == set(WHY_NOT)


def test_words_are_no_codes() -> None:
    assert not any(set("._") & set(words) for words in (*STEPS.values(), *WHY_NOT.values()))
