"""`pledger practices`: what schools gave away, and what came back better."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import click

from api.schemas.practices import LineageStep, PracticeInShort
from cli.asking import Category, question_options, views_here
from cli.explaining import explain_option, print_workings
from cli.lines import print_lines
from cli.naming import Directory
from cli.opening import Said, key_option
from cli.output import Form, form_options, page_options, print_json, print_table
from cli.saying import headed, said_day, short
from ledger.service import Ledger
from projections.audit.telling import words_of
from projections.practices.answering import Wanted, list_practices, one_practice
from projections.practices.explaining import beside
from projections.practices.sight import PracticesReader
from projections.views import Asked, ReadModels
from projections.wording import several

Question = Callable[[ReadModels], Asked]
SCOPE: Final = "reports:read"
STATES: Final = ("assured", "needs_work", "shared")


@click.command(short_help="Practices: shared, assured, adopted, come back better.")
@click.argument("practice_id", required=False, type=click.UUID)
@click.option("--search", default="", help="Words of the title or summary.")
@click.option("--category", type=Category(), help="Of this category.")
@click.option("--author", help="Who shared it (name, id or URN).")
@click.option("--state", type=click.Choice(STATES), help="Where they stand.")
@page_options
@explain_option
@question_options
@form_options
@key_option
def practices(said: Said, form: Form, question: Question, explain: bool, practice_id: Any, **given: Any) -> None:
    """List the practices you may see, assured ones first, or show one with what became of it.

    \b
    Example:  pledger practices --search "phonics lesson" --state assured
              pledger practices --author "Northfield Primary" --explain
              pledger practices 0b9e3a1c-4f0e-4d67-9d3e-0a51f7c1a001 --json
    """
    with views_here(said) as (ledger, models):
        reader, asked = PracticesReader.of(ledger, said.reader(ledger, SCOPE)), question(models)
        if practice_id is not None:
            answer = models.answer(one_practice, asked, reader, str(practice_id), explain=explain).to_json()
        else:
            answer = listed(ledger, models, asked, reader, explain=explain, **given)
    if form == "json":
        print_json(answer)
    elif form == "csv":
        rows, of = ("items", PracticeInShort) if practice_id is None else ("lineage", LineageStep)
        print_lines(answer[rows], answer["names"], of)
    else:
        (show_list if practice_id is None else show_one)(answer)
        print_workings(answer)


def listed(
    ledger: Ledger,
    models: ReadModels,
    asked: Asked,
    reader: PracticesReader,
    *,
    search: str,
    category: str | None,
    author: str | None,
    state: str | None,
    limit: int,
    after: str,
    explain: bool,
) -> dict[str, Any]:
    """A page of practices as JSON. Raises NobodyOfThisName where nobody is meant by `author`."""
    author_id = None if author is None else Directory.of(ledger, reader.speaker).one(author, "organisation").id
    wanted = Wanted(words=tuple(search.split()), category=category, author_id=author_id, state=state)
    try:
        return models.answer(list_practices, asked, reader, wanted, after=after, limit=limit, explain=explain).to_json()
    except ValueError:
        raise click.BadParameter(f"{after!r} is no `next` of a list of practices", param_hint="--after") from None


def show_list(answer: Mapping[str, Any]) -> None:
    names = answer["names"]
    rows = [
        (
            one["title"],
            names.get(one["author_id"], one["author_id"]),
            words_of(one["category"]),
            one["state"].replace("_", " "),
            str(one["adopted"]),
            str(one["returned"]),
            one["id"],
        )
        for one in answer["items"]
    ]
    header = ("practice", "shared by", "category", "state", "adopted", "came back", "id")
    print_table(headed("Practices", answer), header, rows, frozenset({4, 5}), wrap={0, 1})
    click.echo(f"In all: {beside(answer['shared'], answer['adopted'], answer['returned'])}.")
    if answer["has_more"]:
        click.echo(f"There is more: --after '{answer['next']}'")


def show_one(answer: Mapping[str, Any]) -> None:
    names = answer["names"]
    author = names.get(answer["author_id"], answer["author_id"])
    category, on = words_of(answer["category"]), said_day(answer["shared_on"])
    title = f"{answer['title']} ({category}), shared by {author} on {on}"
    rows = [
        (short(one["on"]), WORDS[one["step"]], names.get(one["organisation_id"], one["organisation_id"]), remark(one))
        for one in answer["lineage"]
    ]
    print_table(title, ("day", "what", "by", ""), rows, frozenset(), wrap={2, 3})


WORDS: Final = {"assured": "assured", "needs_work": "needs work", "adopted": "adopted", "returned": "came back better"}


def remark(step: Mapping[str, Any]) -> str:
    """What was said with a step, and how long it took to come back."""
    days = [f"after {several(step['after_days'], 'day')}"] if "after_days" in step else []
    return "; ".join((*days, *(step[name] for name in ("criteria", "comment", "improvement", "link") if name in step)))
