"""How the reports read at the terminal: sentences first, then tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

import click

from cli.output import print_table
from projections.audit.support_sentences import IMPACTS
from projections.audit.telling import words_of
from projections.health.bands import WORDS as BANDS
from projections.programme.explaining import pounds
from projections.wording import amount, day, percent, several

Answer = Mapping[str, Any]
AIMS: Final = {"open": "still open", "met": "done", "dropped": "dropped"}
BASES: Final = {"exchange": "in exchange", "gift": "as a gift", "paid": "paid for", "funded": "funded"}
WORDS: Final = {"two_way": "came back from the same partner", "comes_round": "came round", "one_way": "went one way"}


def print_programme(answer: Answer) -> None:
    """The whole report, section by section."""
    for title, lines in sections(answer):
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  {line}")
    click.echo("")
    rows = [partnership_row(one, answer["names"]) for one in answer["partnerships"]]
    header = ("partnership", "schools", "given", "not yet confirmed", "two-way", "how it goes", "state")
    print_table("Partnerships", header, rows, frozenset({1, 2, 3, 4}), wrap={0, 5})
    for title, name in (("How it was reckoned", "method"), ("What it does not say", "limits")):
        click.echo(f"\n{title}")
        for line in answer[name]:
            click.echo(f"  {line}")


def sections(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    counts = answer["counts"]
    together = f"{several(counts['partnerships'], 'partnership')}, {several(counts['schools'], 'school')}"
    yield "What was set out", [together, *aims(answer)]
    yield "What was given", list(support(answer))
    yield "What it is worth", list(worth(answer))
    yield "What came of it", list(outcomes(answer))
    yield "Did it go both ways?", list(ways(answer["reciprocity"]))
    yield "How the partnerships go", list(health(answer["health"]))
    yield "How things ended", list(endings(answer["endings"]))
    yield "Lines to read it by", list(benchmarks(answer))


def aims(answer: Answer) -> Iterator[str]:
    for one in answer["set_out"]:
        yield f"{answer['names'][one['partnership_id']]}: {one['purpose']}"
        for aim in one["aims"]:
            yield f"  {AIMS[aim['state']]}, due {day(date.fromisoformat(aim['due_on']))}: {aim['statement']}"


def support(answer: Answer) -> Iterator[str]:
    whole = answer["totals"]
    deliveries = several(whole["confirmed_deliveries"], "delivery", "deliveries")
    yield f"{amount(whole['confirmed_minutes'])} confirmed in {deliveries}"
    if whole["unconfirmed_deliveries"]:
        yield f"{several(whole['unconfirmed_deliveries'], 'delivery', 'deliveries')} recorded, not yet confirmed"
    for one in answer["support"]:
        yield f"{words_of(one['category'])}, {BASES[one['basis']]}: {amount(one['confirmed_minutes'])}"


def worth(answer: Answer) -> Iterator[str]:
    value, savings = answer["value"], answer["savings"]
    yield (
        f"{pounds(value['value_pence'])} at {pounds(value['pence_per_day'])} a day, of which"
        f" {pounds(value['supplier_pence'])} for the schools that gave"
    )
    yield (
        f"savings recorded: {pounds(savings['by_receivers_pence'])} by receivers,"
        f" {pounds(savings['by_givers_pence'])} by givers"
    )


def outcomes(answer: Answer) -> Iterator[str]:
    found = answer["outcomes"]
    for side, who in (("by_receivers", "receivers"), ("by_givers", "givers")):
        told = [
            f"{IMPACTS[one['impact']]} {one['engagements']}" for one in found[side]["by_impact"] if one["engagements"]
        ]
        yield f"in the words of the {who}: {', '.join(told) or 'nothing yet'}"
    of = several(found["engagements"], "engagement")
    yield f"no outcome recorded yet by the receiver ({found['without_receivers_word']} of {of})"


def ways(found: Answer) -> Iterator[str]:
    if not found["minutes"]:
        yield "no exchange was confirmed"
        return
    told = ", ".join(f"{percent(Fraction(found[name]['fraction']))} {says}" for name, says in WORDS.items())
    yield f"of {amount(found['minutes'])} exchanged {told}"


def health(found: Answer) -> Iterator[str]:
    for one in found["bands"]:
        if one["partnerships"]:
            yield f"{one['says']}: {several(one['partnerships'], 'partnership')}"
    yield f"known: {found['coverage']['known']} of {found['coverage']['of']} dimensions"


def endings(found: Answer) -> Iterator[str]:
    yield (f"partnerships: {found['completed']} completed, {found['withdrawn']} withdrawn, {found['running']} running")
    yield f"partners: {found['partners_left']} left, {found['partners_removed']} removed"
    yield f"supports: {found['supports_completed']} completed, {found['supports_cancelled']} cancelled"


def benchmarks(answer: Answer) -> Iterator[str]:
    for one in answer["benchmarks"]:
        ours = "unknown" if one["ours"] is None else percent(Fraction(one["ours"]["fraction"]))
        yield f"{one['name'].replace('_', ' ')}: {ours} ({one['says']})"


def partnership_row(one: Answer, names: Mapping[str, str]) -> tuple[Any, ...]:
    unconfirmed = sum(one[f"{status}_minutes"] for status in ("claimed", "disputed", "attested"))
    two_way = "" if one["two_way"] is None else percent(Fraction(one["two_way"]["fraction"]))
    known = f"{one['health_known']} of {one['health_of']} known"
    how = f"{BANDS[one['band']]} ({known})"
    name = names.get(one["partnership_id"], one["partnership_id"])
    return (name, one["schools"], amount(one["confirmed_minutes"]), amount(unconfirmed), two_way, how, one["ending"])


def print_trust(answer: Answer) -> None:
    """The schools' balances, what crosses the edge, and the partnerships."""
    names = answer["names"]
    rows = [
        (
            names.get(one["organisation_id"], one["organisation_id"]),
            *(amount(one[f"{name}_minutes"]) for name in ("given", "received", "net")),
            *(amount(one[f"outside_{name}_minutes"]) for name in ("given", "received")),
        )
        for one in answer["members"]
    ]
    header = ("organisation", "given", "got", "given, less got", "given outside", "got from outside")
    print_table("", header, rows, frozenset(range(1, len(header))), wrap={0})
    for line in ways(answer["reciprocity"]):
        click.echo(line)
    partnerships = [one["name"] for one in answer["partnerships"]]
    click.echo(f"partnerships: {', '.join(partnerships) or 'none'}")


def print_governors(answer: Answer) -> None:
    """One side: words, no table."""
    click.echo(answer["title"])
    for title, lines in (
        ("What we gave and got", answer["said"]),
        ("What came of it", [one["says"] for one in answer["outcomes"]] or ["Nothing to tell yet."]),
        ("Reviews", [dated(one) for one in answer["reviews"]] or ["None in these days."]),
        ("Next dates", [dated(one) for one in answer["next_dates"]] or ["None within four months."]),
        ("What we ask of the board", answer["ask"] or ["Nothing this term."]),
    ):
        click.echo(f"\n{title}")
        for line in lines:
            click.echo(f"  {line}")


def dated(one: Answer) -> str:
    return f"{day(date.fromisoformat(one['on']))}: {one['says']}"
