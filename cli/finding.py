"""`pledger find` and `pledger partnerships`: what there is, and under which id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import click

from cli.answering import Answering, answering
from cli.naming import Directory, Named
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_csv, print_json, print_table
from projections.reciprocity.balance_words import difference
from projections.wording import amount

FOUND: Final = ("id", "kind", "name", "urn", "trust")
PARTNERSHIP: Final = ("id", "name", "partners", "given_minutes", "widest_net_minutes", "widest_organisation")
MOST: Final = 1000


@click.command(short_help="Find organisations and partnerships, and their ids.")
@click.argument("word")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="At most so many.")
@form_options
@key_option
def find(said: Said, form: Form, word: str, limit: int) -> None:
    """Find organisations and partnerships by a word of their name, by URN or by id.

    \b
    Example:  pledger find northfield
              pledger find 900001 --json
    """
    with answering(said) as ledger:
        directory = ledger.directory()
        found = directory.containing(word)
        rows = [entry(ledger, directory, one) for one in found[:limit]]
    if form == "json":
        print_json({"items": [dict(zip(FOUND, row, strict=True)) for row in rows], "has_more": len(found) > limit})
    elif form == "csv":
        print_csv(FOUND, rows)
    else:
        print_table("", FOUND, rows, frozenset(), wrap={2, 4})
        if len(found) > limit:
            click.echo(f"{limit} of {len(found)}; --limit shows more.")


def entry(ledger: Answering, directory: Directory, one: Named) -> tuple[Any, ...]:
    """One line: what sort of organisation it is, its URN, and the trust it is part of today."""
    if one.kind != "organisation":
        return (one.id, one.kind, one.name, None, None)
    found = ledger.get(f"/v1/organisations/{one.id}")
    urn = next((each["value"] for each in found.get("identifiers", ()) if each["scheme"] == "urn"), None)
    trust = found.get("trust_id")
    return (one.id, found["kind"], one.name, urn, None if trust is None else directory.names.get(trust, trust))


@click.command(short_help="List the partnerships, the most one-sided first.")
@form_options
@key_option
def partnerships(said: Said, form: Form) -> None:
    """List the partnerships: partners, what was given in all, and whose net is widest; the widest come first.

    \b
    Example:  pledger partnerships
              pledger partnerships --csv
    """
    with answering(said) as ledger:
        rows = listed(ledger)
    if form == "json":
        print_json({"items": [dict(zip(PARTNERSHIP, row, strict=True)) for row in rows]})
    elif form == "csv":
        print_csv(PARTNERSHIP, rows)
    else:
        header = ("name", "partners", "given in all", "least even", "")
        print_table("", header, [row_of(*row[1:]) for row in rows], frozenset({1, 2}), wrap={0, 3})


def row_of(name: str, partners: int, given: int, net: int, whose: str | None) -> tuple[Any, ...]:
    """A line for people; where nobody gave more than it got, nobody is named."""
    return (name, partners, amount(given), whose or "", difference(net) if net else "even")


def listed(ledger: Answering) -> list[tuple[Any, ...]]:
    """One row for each partnership within sight, by how far its widest net lies from 0. Raises ClientError."""
    rows = [figures(ledger, one) for one in ledger.items("/v1/partnerships", limit=MOST)]
    return sorted(rows, key=lambda row: (-abs(row[4]), row[1].casefold()))


def figures(ledger: Answering, one: Mapping[str, Any]) -> tuple[Any, ...]:
    answer = ledger.get(f"/v1/partnerships/{one['id']}/balances")
    widest = max(answer["members"], key=lambda member: abs(member["net_minutes"]), default=None)
    net, whose = (0, None) if widest is None else (widest["net_minutes"], widest["organisation_id"])
    named = answer["names"].get(whose, whose) if net else None
    return (one["id"], one["name"], len(one["partners"]), answer["whole"]["given_minutes"], net, named)
