"""`pledger report`: a programme of partnerships, a trust, and one side for governors."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from api.schemas.programme import GovernorsSupport, ProgrammePartnership
from api.schemas.reciprocity import Crossing
from cli.answering import Answering, answering
from cli.asking import Question, question_options
from cli.explaining import explain_option, print_workings
from cli.figures import print_records
from cli.naming import Directory
from cli.opening import Said, key_option
from cli.output import Form, form_options, print_json
from cli.reports import print_governors, print_programme, print_trust
from cli.saying import headed
from cli.spreadsheets import write_sheet, xlsx_option
from projections.programme.giving import Rate
from projections.reciprocity.windows import WINDOWS, Window

MOST_PENCE: Final = 10_000_000
PROGRAMME: Final = ("partnership_id", "partnership", "coordinator_id", "coordinator")
GOVERNORS: Final = ("side", "partner_id", "partner", "category", "basis", "confirmed_minutes", "unconfirmed_minutes")
TRUST: Final = ("organisation_id", "organisation", "given_minutes", "received_minutes", "net_minutes")


@click.group(short_help="Reports to hand on: a programme, a trust, governors.")
def report() -> None:
    """Reports to hand on as they are: over a programme of partnerships, over a trust, one side for governors.

    \b
    Example:  pledger report programme --from 2026-09-01 --to 2027-07-31
              pledger report governors "Northfield Primary"
    """


@report.command(short_help="A report over a set of partnerships.")
@click.argument("words", nargs=-1)
@click.option("--coordinator", "of_coordinator", help="Those of this coordinator (by name, id or URN).")
@click.option("--trust", "of_trust", help="Those with a school of this trust among their partners.")
@click.option(
    "--pence-per-day", type=click.IntRange(0, MOST_PENCE), default=Rate().pence, show_default=True,
    help="The value of a day of support.",
)  # fmt: skip
@click.option(
    "--supplier-pence-per-day", type=click.IntRange(0, MOST_PENCE), default=Rate().supplier_pence, show_default=True,
    help="Of it, for the school that gives.",
)  # fmt: skip
@question_options
@explain_option
@xlsx_option
@form_options
@key_option
def programme(
    said: Said,
    form: Form,
    words: tuple[str, ...],
    of_coordinator: str | None,
    of_trust: str | None,
    pence_per_day: int,
    supplier_pence_per_day: int,
    question: Question,
    explain: bool,
    xlsx: Path | None,
) -> None:
    """Report on partnerships (by name or id; without any, on all in sight): what was set out, given and came of it.

    \b
    Example:  pledger report programme --coordinator "Harbour Hub" --from 2026-09-01 --to 2028-02-28
              pledger report programme "Harbour Cluster" "Coast Cluster" --csv
              pledger report programme --pence-per-day 40000 --explain
              pledger report programme --xlsx programme.xlsx
    """
    if supplier_pence_per_day > pence_per_day:
        raise click.BadParameter("must be at most --pence-per-day", param_hint="--supplier-pence-per-day")
    rate = {"pence_per_day": pence_per_day, "supplier_pence_per_day": supplier_pence_per_day}
    with answering(said) as ledger:
        which = chosen(ledger, words, coordinator=of_coordinator, trust=of_trust)
        answer = ledger.get("/v1/programmes/report", **question, **which, **rate, explain=explain or None)
    if xlsx is not None:
        write_sheet(xlsx, answer, "partnerships", ProgrammePartnership, "programme")
    elif form == "json":
        print_json(answer)
    elif form == "csv":
        print_records([named(one, answer["names"]) for one in answer["partnerships"]], PROGRAMME)
    else:
        click.echo(headed("Programme report", answer))
        print_programme(answer)
        print_workings(answer)


def chosen(ledger: Answering, words: tuple[str, ...], **sides: str | None) -> dict[str, Any]:
    """The partnerships that are meant, as parameters. Raises NobodyOfThisName."""
    directory = ledger.directory() if words or any(sides.values()) else Directory([])
    meant = {name: None if one is None else directory.one(one, "organisation").id for name, one in sides.items()}
    return {**meant, "partnership": [directory.one(word, "partnership").id for word in words] or None}


@report.command(short_help="A trust at a glance.")
@click.argument("word")
@click.option("--window", type=click.Choice(WINDOWS), default="all", show_default=True, help="Over which stretch.")
@question_options
@explain_option
@xlsx_option
@form_options
@key_option
def trust(
    said: Said, form: Form, word: str, window: Window, question: Question, explain: bool, xlsx: Path | None
) -> None:
    """Report on a trust (by name, id or identifier): its schools' balances, what crosses its edge, its partnerships.

    \b
    Example:  pledger report trust "Oak Trust" --window academic_year
              pledger report trust "Oak Trust" --csv
    """
    with answering(said) as ledger:
        meant = ledger.directory().one(word, "organisation")
        path = f"/v1/trusts/{meant.id}/overview"
        answer = ledger.get(path, **question, window=window, explain=explain or None)
    if xlsx is not None:
        write_sheet(xlsx, answer, "members", Crossing, "trust")
    elif form == "json":
        print_json(answer)
    elif form == "csv":
        print_records([named(one, answer["names"]) for one in answer["members"]], TRUST)
    else:
        click.echo(headed(meant.name, answer))
        print_trust(answer)
        print_workings(answer)


@report.command(short_help="One side for governors.")
@click.argument("word")
@question_options
@explain_option
@xlsx_option
@form_options
@key_option
def governors(said: Said, form: Form, word: str, question: Question, explain: bool, xlsx: Path | None) -> None:
    """Report to the governors of an organisation (by name, id or URN) on the term: what we gave and got, in words.

    \b
    Example:  pledger report governors "Northfield Primary"
              pledger report governors 100012 --from 2026-09-01 --to 2026-12-18
    """
    with answering(said) as ledger:
        meant = ledger.directory().one(word, "organisation")
        answer = ledger.get(f"/v1/organisations/{meant.id}/governors", **question, explain=explain or None)
    if xlsx is not None:
        write_sheet(xlsx, answer, "support", GovernorsSupport, "governors")
    elif form == "json":
        print_json(answer)
    elif form == "csv":
        print_records([named(one, answer["names"]) for one in answer["support"]], GOVERNORS)
    else:
        print_governors(answer)
        print_workings(answer)


def named(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A row with the name of each id beside it."""
    ids = {name: value for name, value in row.items() if name.endswith("_id") and value in names}
    return row | {name.removesuffix("_id"): names[value] for name, value in ids.items()}
