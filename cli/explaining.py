"""`--explain`: how each figure comes about, step by step, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

explain_option: Callable[[F], F] = click.option(
    "--explain", is_flag=True, help="Show how each figure comes about, step by step."
)


def print_workings(answer: Mapping[str, Any]) -> None:
    """The workings of an answer, one figure after the other; nothing where the answer has none."""
    for working in answer.get("working", ()):
        title = working["about"][:1].upper() + working["about"][1:]
        click.echo(f"\n{title} (how it comes about, by rule {working['rule_version']}):")
        for number, step in enumerate(working["steps"], 1):
            comes_to = "" if step["comes_to"] is None else f"  → {step['comes_to']}"
            facts = len(step["event_ids"])
            basis = "" if facts == 0 else f"  [{facts} fact{'' if facts == 1 else 's'}, first {step['event_ids'][0]}]"
            click.echo(f"  {number}. {step['says']}{comes_to}{basis}")
